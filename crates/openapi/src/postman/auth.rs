//! Credentials: what kind a request needs, never their values.

use serde_json::{Map, Value, json};

use super::{Reader, url::Entry};
use crate::{
    node::Node,
    outline::{Sketch, is_key_header, is_key_query},
    place::{Place, shorten},
};

/// What an `auth` says.
enum Auth {
    /// `noauth`.
    Nothing,
    Scheme(&'static str, Value),
    Unknown(String),
}

impl<'n, 'd> Reader<'n, 'd> {
    /// The nearest `auth` of request, folders and collection; then what headers
    /// and query carry.
    pub(super) fn security(
        &mut self,
        sketch: &mut Sketch,
        request: Option<&'n Node<'d>>,
        folder: Option<usize>,
        headers: &[Entry],
        query: &[Entry],
    ) {
        let own = request.and_then(|request| request.get("auth"));
        let own = own.map(|auth| (auth, format!("{}/auth", sketch.at)));
        let inherited = || {
            let folders = self
                .chain(folder)
                .filter_map(|folder| Some((folder.auth?, format!("{}/auth", folder.pointer))));
            let all = self.root.get("auth");
            let root = all.map(|auth| (auth, format!("{}/auth", self.pointer)));
            folders.chain(root).find(|(auth, _)| says_something(auth))
        };
        let effective = own
            .filter(|(auth, _)| says_something(auth))
            .or_else(inherited);
        let mut names: Vec<String> = Vec::new();
        let mut is_said = false;
        if let Some((auth, at)) = effective {
            match self.auth_of(auth) {
                Auth::Nothing => is_said = true,
                Auth::Scheme(name, scheme) => names.push(self.outline.scheme(name, &scheme)),
                Auth::Unknown(kind) => self.report.warn(
                    "postman-auth",
                    &Place::At(&at),
                    format!(
                        "The authorization `{}` cannot be described.",
                        shorten(&kind)
                    ),
                    "Set the header that it makes by hand, as an API key.",
                ),
            }
        }
        let has_own = !names.is_empty();
        for header in headers.iter().filter(|header| !header.disabled) {
            if let Some((name, scheme)) = header_scheme(header, has_own) {
                names.push(self.outline.scheme(name, &scheme));
            }
        }
        // A key in the query that a header carries as well is the same key.
        let in_header = |name: &str| {
            headers
                .iter()
                .any(|header| !header.disabled && header.name.eq_ignore_ascii_case(name))
        };
        for entry in query
            .iter()
            .filter(|entry| is_key_query(&entry.name) && !in_header(&entry.name))
        {
            let scheme = json!({ "type": "apiKey", "in": "query", "name": entry.name });
            names.push(self.outline.scheme("apiKey", &scheme));
        }
        let mut unique: Vec<String> = Vec::new();
        for name in names {
            if !unique.contains(&name) {
                unique.push(name);
            }
        }
        if !unique.is_empty() {
            sketch.security = Some(vec![unique]);
        } else if is_said {
            sketch.security = Some(Vec::new());
        }
    }

    fn auth_of(&self, auth: &Node<'_>) -> Auth {
        let kind = auth.text("type").unwrap_or_default();
        let http = |scheme: &str| json!({ "type": "http", "scheme": scheme });
        match kind {
            "noauth" => Auth::Nothing,
            "bearer" => Auth::Scheme("bearerAuth", http("bearer")),
            "jwt" => Auth::Scheme(
                "bearerAuth",
                json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" }),
            ),
            "basic" => Auth::Scheme("basicAuth", http("basic")),
            "digest" => Auth::Scheme("digestAuth", http("digest")),
            "hawk" => Auth::Scheme("hawkAuth", http("hawk")),
            "ntlm" => Auth::Scheme("ntlmAuth", http("ntlm")),
            "oauth1" => Auth::Scheme("oauth1", http("oauth")),
            "awsv4" => Auth::Scheme("awsSignature", http("aws4-hmac-sha256")),
            "edgegrid" => Auth::Scheme("edgeGrid", http("eg1-hmac-sha256")),
            "apikey" => api_key(auth),
            "oauth2" => Auth::Scheme("oauth2", self.oauth2(auth)),
            _ => Auth::Unknown(kind.to_owned()),
        }
    }

    /// The one flow that the collection uses.
    fn oauth2(&self, auth: &Node<'_>) -> Value {
        let get = |key: &str| setting(auth, "oauth2", key);
        let grant = get("grant_type").unwrap_or_default();
        let flow = match grant.as_str() {
            "client_credentials" => "clientCredentials",
            "password_credentials" => "password",
            "implicit" => "implicit",
            _ => "authorizationCode",
        };
        let mut out = Map::new();
        let urls = [
            ("authorizationUrl", "authUrl"),
            ("tokenUrl", "accessTokenUrl"),
        ];
        for (name, key) in urls {
            let url = get(key).and_then(|url| self.filled(&url));
            if let Some(url) = url.filter(|url| url.contains("://")) {
                out.insert(name.to_owned(), json!(url));
            }
        }
        let scopes = get("scope")
            .filter(|scope| !scope.contains("{{"))
            .unwrap_or_default();
        let scopes: Map<String, Value> = scopes
            .split([' ', ','])
            .filter(|scope| !scope.is_empty())
            .take(200)
            .map(|scope| (scope.to_owned(), json!("")))
            .collect();
        out.insert("scopes".to_owned(), Value::Object(scopes));
        json!({ "type": "oauth2", "flows": { flow: out } })
    }
}

/// `null` and an object without type leave it to the folder around.
fn says_something(auth: &Node<'_>) -> bool {
    auth.text("type").is_some_and(|kind| kind != "inherit")
}

/// A header that is a credential. `Authorization` beside an `auth` repeats it.
fn header_scheme(header: &Entry, has_auth: bool) -> Option<(&'static str, Value)> {
    if is_key_header(&header.name) {
        let scheme = json!({ "type": "apiKey", "in": "header", "name": header.name });
        return Some(("apiKey", scheme));
    }
    if has_auth || !header.name.eq_ignore_ascii_case("authorization") {
        return None;
    }
    let value = header
        .value
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    Some(match value.split_whitespace().next() {
        Some("bearer") => ("bearerAuth", json!({ "type": "http", "scheme": "bearer" })),
        Some("basic") => ("basicAuth", json!({ "type": "http", "scheme": "basic" })),
        _ => ("apiKey", own_authorization(header)),
    })
}

/// `Authorization` of a kind of its own; the word before its key is told, as
/// whoever sets the key has to write it too.
fn own_authorization(header: &Entry) -> Value {
    let value = header.value.as_deref().unwrap_or_default().trim();
    let end = value.find([' ', '=']).unwrap_or_default();
    let is_word = (2..=20).contains(&end)
        && value
            .bytes()
            .take(end)
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let written = value.get(..=end).filter(|_| is_word);
    let mut scheme = json!({ "type": "apiKey", "in": "header", "name": "Authorization" });
    if let (Some(written), Some(fields)) = (written, scheme.as_object_mut()) {
        let about = format!("The value starts with `{}`.", written.trim());
        fields.insert("description".to_owned(), json!(about));
    }
    scheme
}

/// A setting of an `auth`: 2.1 lists `{key, value}`, 2.0 has an object.
fn setting(auth: &Node<'_>, kind: &str, key: &str) -> Option<String> {
    let settings = auth.get(kind)?;
    let found = match settings.as_array() {
        Some(items) => items
            .iter()
            .find(|item| item.get("key").and_then(Node::as_str) == Some(key))?
            .text("value"),
        None => settings.text(key),
    };
    found.map(str::to_owned)
}

fn api_key(auth: &Node<'_>) -> Auth {
    let Some(name) = setting(auth, "apikey", "key").filter(|name| !name.contains("{{")) else {
        return Auth::Unknown("apikey without a name".to_owned());
    };
    let place = setting(auth, "apikey", "in").unwrap_or_default();
    let place = if place == "query" { "query" } else { "header" };
    let scheme = json!({ "type": "apiKey", "in": place, "name": name });
    Auth::Scheme("apiKey", scheme)
}

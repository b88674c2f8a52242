//! Security schemes and requirements.

use indexmap::IndexMap;

use super::Walker;
use crate::{
    model::{Dialect, Location, OAuthFlow, SecurityKind, SecurityRequirement, SecurityScheme},
    node::Node,
    place::{Place, shorten},
};

/// More ways to sign in than any API offers.
const MAX_ALTERNATIVES: usize = 64;

/// The scheme that AWS names in `Authorization`, in lower case.
const AWS_SIGNATURE: &str = "aws4-hmac-sha256";

impl<'d> Walker<'d> {
    pub(super) fn security_schemes(&mut self) -> IndexMap<String, SecurityScheme> {
        let root = self.source.root;
        let place = Place::ROOT;
        let components = place.key("components");
        let (listed, place) = match self.dialect {
            Dialect::Swagger20 => (
                root.get("securityDefinitions"),
                place.key("securityDefinitions"),
            ),
            _ => (
                root.get("components")
                    .and_then(|components| components.get("securitySchemes")),
                components.key("securitySchemes"),
            ),
        };
        let mut found = IndexMap::new();
        for (name, written) in listed.and_then(Node::as_object).unwrap_or_default() {
            if name.starts_with("x-") && written.get("type").is_none() {
                continue;
            }
            let at = place.key(name);
            let Some(followed) = self.follow(written, "security scheme", &at) else {
                continue;
            };
            let at = followed.place(&at);
            match security_kind(followed.node) {
                Ok(kind) => {
                    let scheme = SecurityScheme {
                        kind,
                        description: followed.description().map(str::to_owned),
                    };
                    found.insert(name.to_string(), scheme);
                }
                Err(what) => self.report.error(
                    "invalid-security-scheme",
                    &at,
                    format!(
                        "The security scheme `{}` is left out: {what}.",
                        shorten(name)
                    ),
                    "Correct the scheme, or credentials of this kind will not be sent.",
                ),
            }
        }
        found
    }

    /// A `security` list: alternatives of schemes that apply together.
    pub(super) fn requirements(
        &mut self,
        node: &'d Node<'d>,
        place: &Place<'_>,
        schemes: &IndexMap<String, SecurityScheme>,
    ) -> &'d [SecurityRequirement<'d>] {
        // One alternative without its list is clear enough.
        let items = match node {
            Node::Array(items) => items,
            Node::Object(_) => std::slice::from_ref(node),
            _ => &[],
        };
        let arena = self.source.arena;
        let mut found: Vec<SecurityRequirement<'d>> = Vec::new();
        for (index, alternative) in items.iter().enumerate().take(MAX_ALTERNATIVES) {
            let at = place.index(index);
            let mut requirement: Vec<(&'d str, &'d [&'d str])> = Vec::new();
            let mut known = true;
            for (name, scopes) in alternative.as_object().unwrap_or_default() {
                if !schemes.contains_key(*name) {
                    known = false;
                    self.report.warn(
                        "unknown-security-scheme",
                        &at.key(name),
                        format!("The security scheme `{}` is not declared.", shorten(name)),
                        "Declare it under `securitySchemes`.",
                    );
                    continue;
                }
                let scopes = scopes.as_array().unwrap_or_default().iter();
                let scopes: Vec<&str> = scopes.filter_map(Node::as_text).collect();
                requirement.push((name, arena.slice(&scopes)));
            }
            if known && !found.contains(&requirement.as_slice()) {
                found.push(arena.slice(&requirement));
            }
        }
        arena.slice(&found)
    }
}

fn security_kind(node: &Node<'_>) -> Result<SecurityKind, String> {
    let Some(kind) = node.text("type") else {
        return Err("it has no `type`".to_owned());
    };
    match kind.to_ascii_lowercase().as_str() {
        // API Gateway's extension: what is called a key is a signature of the request.
        "apikey" if node.text("x-amazon-apigateway-authtype") == Some("awsSigv4") => {
            Ok(SecurityKind::HttpOther {
                scheme: AWS_SIGNATURE.to_owned(),
            })
        }
        "apikey" => api_key(node),
        "basic" => Ok(SecurityKind::HttpBasic),
        "http" => {
            let scheme = node
                .text("scheme")
                .ok_or("it has no `scheme`")?
                .to_ascii_lowercase();
            Ok(match scheme.as_str() {
                "basic" => SecurityKind::HttpBasic,
                "bearer" => SecurityKind::HttpBearer {
                    format: node.text("bearerFormat").map(str::to_owned),
                },
                _ => SecurityKind::HttpOther { scheme },
            })
        }
        "oauth2" => Ok(SecurityKind::OAuth2 { flows: flows(node) }),
        "openidconnect" => {
            let url = node
                .text("openIdConnectUrl")
                .ok_or("it has no `openIdConnectUrl`")?;
            Ok(SecurityKind::OpenIdConnect {
                url: url.to_owned(),
            })
        }
        "mutualtls" => Ok(SecurityKind::MutualTls),
        other => Err(format!("its type `{}` is not known", shorten(other))),
    }
}

fn api_key(node: &Node<'_>) -> Result<SecurityKind, String> {
    let name = node.text("name").ok_or("it has no `name`")?;
    let location = match node
        .text("in")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "header" => Location::Header,
        "query" => Location::Query,
        "cookie" => Location::Cookie,
        _ => return Err("its `in` is none of header, query and cookie".to_owned()),
    };
    Ok(SecurityKind::ApiKey {
        name: name.to_owned(),
        location,
    })
}

fn flows(node: &Node<'_>) -> Vec<OAuthFlow> {
    if let Some(flow) = node.text("flow") {
        // 2.0 has one flow, under older names.
        let kind = match flow {
            "accessCode" => "authorizationCode",
            "application" => "clientCredentials",
            other => other,
        };
        return vec![flow_of(kind, node)];
    }
    let flows = node
        .get("flows")
        .and_then(Node::as_object)
        .unwrap_or_default();
    let known = [
        "authorizationCode",
        "clientCredentials",
        "implicit",
        "password",
        "deviceAuthorization",
    ];
    flows
        .iter()
        .filter(|(kind, _)| known.contains(kind))
        .map(|(kind, flow)| flow_of(kind, flow))
        .collect()
}

fn flow_of(kind: &str, node: &Node<'_>) -> OAuthFlow {
    let scopes = match node.get("scopes") {
        Some(Node::Object(entries)) => entries
            .iter()
            .map(|(scope, text)| {
                (
                    scope.to_string(),
                    text.as_text().unwrap_or_default().to_owned(),
                )
            })
            .collect(),
        Some(Node::Array(items)) => items
            .iter()
            .filter_map(Node::as_text)
            .map(|scope| (scope.to_owned(), String::new()))
            .collect(),
        _ => IndexMap::new(),
    };
    OAuthFlow {
        kind: kind.to_owned(),
        authorization_url: node.text("authorizationUrl").map(str::to_owned),
        token_url: node.text("tokenUrl").map(str::to_owned),
        refresh_url: node.text("refreshUrl").map(str::to_owned),
        scopes,
    }
}

//! Authentication: which credentials there are, what the user has to give, and
//! which operation takes which.

mod client;
mod doubled;
mod secrets;
#[cfg(test)]
mod tests;
mod undeclared;

pub(crate) use doubled::{NOTE as SENT_ALREADY, is_named as is_token};

use std::collections::{HashMap, HashSet};

use mcpengine_openapi::{
    ApiDescription, Diagnostic, Dialect, Location, Operation, Parameter, SecurityKind,
    SecurityScheme, Severity,
};

use crate::convert;
use crate::text;
use crate::words::fingerprint;
use crate::{AuthAlternative, AuthKind, AuthPlan, AuthScheme, OAuthFlow, SecretSpec};
use secrets::{SecretNames, secret_kind};

/// The id of the scheme that stands for an undeclared `Authorization` header.
const AUTHORIZATION: &str = "authorization";

/// The credentials of a document.
#[derive(Debug)]
pub(crate) struct Credentials {
    /// Scheme name in the document to scheme id.
    ids: HashMap<String, String>,
    unsupported: HashSet<String>,
    /// Parameters that carry an API key, to the scheme that fills them.
    carriers: HashMap<(Location, String), String>,
    /// Schemes, by their names in the document, whose token is asked for as a
    /// parameter too.
    doubled: HashSet<String>,
    pub(crate) plan: AuthPlan,
}

impl Credentials {
    pub(crate) fn new(
        api: &ApiDescription<'_>,
        env_prefix: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut credentials = Self {
            ids: HashMap::new(),
            unsupported: HashSet::new(),
            carriers: HashMap::new(),
            doubled: doubled::senders(api),
            plan: AuthPlan {
                schemes: Vec::new(),
            },
        };
        let usage = Usage::of(api);
        let mut names = SecretNames {
            prefix: env_prefix,
            kinds: &usage.kinds,
            taken: HashSet::new(),
        };
        for (name, scheme) in &api.security_schemes {
            let id = credentials.claim_id(name);
            let planned = plan_scheme(id.clone(), name, scheme, &mut names);
            if let AuthKind::Unsupported { reason } = &planned.kind {
                diagnostics.push(Diagnostic {
                    code: "unsupported-auth",
                    severity: Severity::Warning,
                    pointer: pointer(api.dialect, name),
                    message: format!("the security scheme `{name}` cannot be used: {reason}"),
                    help: "Use another scheme of the API, or add the credential in src/custom.ts."
                        .to_owned(),
                });
                credentials.unsupported.insert(id.clone());
            }
            if let AuthKind::ApiKey { .. } = planned.kind
                && let SecurityKind::ApiKey { name, location } = &scheme.kind
            {
                credentials
                    .carriers
                    .insert((*location, carrier(*location, name)), id);
            }
            credentials.plan.schemes.push(planned);
        }
        if usage.bare_authorization {
            credentials.add_authorization(&mut names);
        }
        for (location, name) in &usage.undeclared {
            credentials.add_undeclared(*location, name, &mut names);
        }
        credentials
    }

    /// Some documents declare no scheme and ask for the `Authorization` header
    /// as a parameter. A model must not fill in a credential, so it becomes one.
    fn add_authorization(&mut self, names: &mut SecretNames<'_>) {
        let id = self.claim_id(AUTHORIZATION);
        let secret = names.secret("AUTHORIZATION", AUTHORIZATION, "Authorization header", None);
        self.carriers
            .insert((Location::Header, AUTHORIZATION.to_owned()), id.clone());
        self.plan.schemes.push(AuthScheme {
            id,
            kind: AuthKind::ApiKey {
                name: "Authorization".to_owned(),
                location: convert::location(Location::Header),
            },
            description: Some(
                "The whole value of the Authorization header, e.g. `Bearer …`.".to_owned(),
            ),
            secrets: vec![secret],
            client_credentials: None,
        });
    }

    /// The same for an API key.
    fn add_undeclared(&mut self, location: Location, name: &str, names: &mut SecretNames<'_>) {
        let id = self.claim_id(name);
        let (kind, title) = undeclared::secret(name);
        let secret = names.secret(kind, name, title, None);
        self.carriers
            .insert((location, carrier(location, name)), id.clone());
        self.plan.schemes.push(AuthScheme {
            id,
            kind: AuthKind::ApiKey {
                name: name.to_owned(),
                location: convert::location(location),
            },
            description: None,
            secrets: vec![secret],
            client_credentials: None,
        });
    }

    fn claim_id(&mut self, name: &str) -> String {
        let mut id: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                    c
                } else {
                    '_'
                }
            })
            .take(64)
            .collect();
        if id.trim_matches('_').is_empty() {
            id = format!("scheme_{}", fingerprint(name));
        }
        while self.ids.values().any(|taken| *taken == id) {
            id = format!(
                "{}_{}",
                id.chars().take(57).collect::<String>(),
                fingerprint(&format!("{name}{id}"))
            );
        }
        self.ids.insert(name.to_owned(), id.clone());
        id
    }

    /// Whether a parameter is filled with a credential and not by the caller.
    pub(crate) fn holds(&self, parameter: &Parameter<'_>) -> bool {
        self.carriers.contains_key(&(
            parameter.location,
            carrier(parameter.location, parameter.name),
        ))
    }

    /// One request has one `Authorization` header: of several schemes that each send
    /// a token in it, as Google's documents list two for one consent, the first will do.
    fn without_second_token(&self, mut ids: AuthAlternative) -> AuthAlternative {
        let is_token = |id: &String| {
            let scheme = self.plan.schemes.iter().find(|scheme| scheme.id == *id);
            scheme.is_some_and(|scheme| {
                matches!(
                    scheme.kind,
                    AuthKind::Bearer { .. }
                        | AuthKind::OAuth2 { .. }
                        | AuthKind::OpenIdConnect { .. }
                )
            })
        };
        let mut has_token = false;
        ids.retain(|id| !(is_token(id) && std::mem::replace(&mut has_token, true)));
        ids
    }

    /// Whether a token among the inputs of an operation is sent without them.
    pub(crate) fn doubles(&self, operation: &Operation<'_>) -> bool {
        doubled::is_sent(operation, &self.doubled)
    }

    /// The alternatives of an operation: usable ones first, anonymous last, so
    /// that a credential that was given is used.
    pub(crate) fn alternatives(
        &self,
        operation: &Operation<'_>,
        unknown: &mut HashSet<String>,
    ) -> Vec<AuthAlternative> {
        let mut found: Vec<AuthAlternative> = Vec::new();
        for requirement in operation.security {
            let ids: Option<Vec<String>> = requirement
                .iter()
                .map(|(name, _)| {
                    let id = self.ids.get(*name).cloned();
                    if id.is_none() {
                        unknown.insert((*name).to_owned());
                    }
                    id
                })
                .collect();
            let ids = ids.map(|ids| self.without_second_token(ids));
            found.extend(ids.filter(|ids| !found.contains(ids)));
        }
        // Keys that are only declared as parameters are still sent.
        if operation.security.is_empty() {
            let (ids, required) = self.bare(operation);
            if !ids.is_empty() {
                found.push(ids);
                if !required {
                    found.push(Vec::new());
                }
            }
        }
        found.sort_by_key(|ids| {
            (
                ids.is_empty(),
                ids.iter().any(|id| self.unsupported.contains(id)),
            )
        });
        if found.iter().all(Vec::is_empty) {
            Vec::new()
        } else {
            found
        }
    }
}

impl Credentials {
    /// The schemes whose keys an operation lists among its parameters, and whether it
    /// requires one of them.
    fn bare(&self, operation: &Operation<'_>) -> (AuthAlternative, bool) {
        let (mut ids, mut required) = (Vec::new(), false);
        for parameter in &operation.parameters {
            let (location, name) = (parameter.location, parameter.name);
            if let Some(id) = self.carriers.get(&(location, carrier(location, name)))
                && !ids.contains(id)
            {
                ids.push(id.clone());
                required |= parameter.required;
            }
        }
        (ids, required)
    }
}

/// Where the document declares a scheme (RFC 6901).
fn pointer(dialect: Dialect, scheme: &str) -> String {
    let home = match dialect {
        Dialect::Swagger20 => "/securityDefinitions",
        _ => "/components/securitySchemes",
    };
    format!("{home}/{}", scheme.replace('~', "~0").replace('/', "~1"))
}

fn carrier(location: Location, name: &str) -> String {
    if location == Location::Header {
        name.to_ascii_lowercase()
    } else {
        name.to_owned()
    }
}

/// What the document's schemes and parameters are, counted once.
struct Usage<'a> {
    kinds: HashMap<&'static str, usize>,
    /// Some operation has an `Authorization` header parameter, and no scheme
    /// of the document would fill it.
    bare_authorization: bool,
    /// Keys that no scheme of the document would fill.
    undeclared: Vec<(Location, &'a str)>,
}

impl<'a> Usage<'a> {
    fn of(api: &ApiDescription<'a>) -> Self {
        let mut kinds = HashMap::new();
        for scheme in api.security_schemes.values() {
            *kinds.entry(secret_kind(&scheme.kind)).or_insert(0) += 1;
        }
        let bare_authorization = api.security_schemes.is_empty()
            && api
                .operations
                .iter()
                .flat_map(|operation| &operation.parameters)
                .any(|parameter| {
                    parameter.location == Location::Header
                        && parameter.name.eq_ignore_ascii_case(AUTHORIZATION)
                });
        let undeclared = undeclared::undeclared(api);
        for (_, name) in &undeclared {
            *kinds.entry(undeclared::secret(name).0).or_insert(0) += 1;
        }
        Self {
            kinds,
            bare_authorization,
            undeclared,
        }
    }
}

fn plan_scheme(
    id: String,
    name: &str,
    scheme: &SecurityScheme,
    names: &mut SecretNames<'_>,
) -> AuthScheme {
    let about = scheme.description.as_deref();
    let (kind, secrets) = match &scheme.kind {
        SecurityKind::ApiKey {
            name: key,
            location,
        } if *location != Location::Path && !key.is_empty() => (
            AuthKind::ApiKey {
                name: key.clone(),
                location: convert::location(*location),
            },
            vec![names.secret("API_KEY", name, "API key", about)],
        ),
        SecurityKind::ApiKey { .. } => {
            unsupported("the document does not say where the key is sent")
        }
        SecurityKind::HttpBasic => (
            AuthKind::Basic,
            vec![
                names.secret("USERNAME", name, "User name", about),
                names.secret("PASSWORD", name, "Password", None),
            ],
        ),
        SecurityKind::HttpBearer { format } => (
            AuthKind::Bearer {
                format: format.clone(),
            },
            vec![names.secret("TOKEN", name, "Bearer token", about)],
        ),
        SecurityKind::OAuth2 { flows } => (
            AuthKind::OAuth2 {
                flows: flows.iter().map(flow).collect(),
            },
            vec![names.secret("ACCESS_TOKEN", name, "OAuth 2.0 access token", about)],
        ),
        SecurityKind::OpenIdConnect { url } => (
            AuthKind::OpenIdConnect { url: url.clone() },
            vec![names.secret("ACCESS_TOKEN", name, "OpenID Connect access token", about)],
        ),
        SecurityKind::HttpOther { scheme } if scheme == "aws4-hmac-sha256" => {
            unsupported("AWS wants a signature of each request (Signature Version 4)")
        }
        SecurityKind::HttpOther { scheme } => {
            unsupported(&format!("HTTP {scheme} authentication needs a handshake"))
        }
        SecurityKind::MutualTls => unsupported("mutual TLS needs a client certificate"),
    };
    let description = about
        .map(|text| text::clean(text, 500))
        .filter(|text| !text.is_empty());
    let client_credentials = match &scheme.kind {
        SecurityKind::OAuth2 { flows } => client::credentials(flows, name, names),
        _ => None,
    };
    AuthScheme {
        id,
        kind,
        description,
        secrets,
        client_credentials,
    }
}

fn flow(flow: &mcpengine_openapi::OAuthFlow) -> OAuthFlow {
    OAuthFlow {
        kind: flow.kind.clone(),
        authorization_url: flow.authorization_url.clone(),
        token_url: flow.token_url.clone(),
        scopes: flow.scopes.keys().cloned().collect(),
    }
}

fn unsupported(reason: &str) -> (AuthKind, Vec<SecretSpec>) {
    (
        AuthKind::Unsupported {
            reason: reason.to_owned(),
        },
        Vec::new(),
    )
}

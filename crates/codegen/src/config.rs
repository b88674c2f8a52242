//! `src/config.ts`: the service, its base URLs and its credentials.

use mcpengine_plan::{
    AuthKind, AuthScheme, ClientCredentials, ParamLocation, ServerMode, ServerPlan, ServerVariable,
    UpstreamServer,
};
use serde_json::{Map, Value, json};

use crate::documents::About;
use crate::names::env_name;
use crate::{dynamic, print};

/// Instructions for the model are cut to this many characters.
const MAX_INSTRUCTIONS: usize = 1_000;

pub(crate) fn module(plan: &ServerPlan, about: &About) -> String {
    let servers: Value = plan.servers.iter().map(upstream_server).collect();
    let mut schemes = Map::new();
    for scheme in &plan.auth.schemes {
        schemes.insert(scheme.id.clone(), auth_scheme(scheme));
    }
    let servers_head = "export const servers: readonly UpstreamServer[] = ";
    let schemes_head = "export const schemes: Readonly<Record<string, AuthScheme>> = ";
    format!(
        "/** What this server is, and which API it calls. */\n\n\
         import type {{ AuthScheme, Service, UpstreamServer }} from \"./tool.js\";\n\n\
         export const service: Service = {};\n\n\
         /** Base URLs of the API; the first is used unless API_BASE_URL is set. */\n\
         {servers_head}{};\n\n\
         /** Ways to authenticate. Secrets are named, never written here. */\n\
         {schemes_head}{};\n",
        print::object(&service(plan, about)),
        print::literal(&servers, 0, servers_head.len()),
        if schemes.is_empty() {
            "{}".to_owned()
        } else {
            print::object(&schemes)
        },
    )
}

fn service(plan: &ServerPlan, about: &About) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("name".into(), json!(about.slug));
    out.insert("title".into(), json!(about.title));
    out.insert("version".into(), json!(about.version));
    let instructions = instructions(plan);
    if !instructions.is_empty() {
        out.insert("instructions".into(), json!(instructions));
    }
    if let Some(url) = about.docs_url.as_deref() {
        out.insert("websiteUrl".into(), json!(url));
    }
    out
}

/// What the API is about, after how its tools are found where they are not listed.
fn instructions(plan: &ServerPlan) -> String {
    let about = plan.service.description.as_deref().unwrap_or_default();
    let about: String = about.trim().chars().take(MAX_INSTRUCTIONS).collect();
    match plan.mode {
        ServerMode::Direct => about,
        ServerMode::Dynamic => format!("{}\n\n{about}", dynamic::usage(plan))
            .trim_end()
            .to_owned(),
    }
}

/// A base URL as data of `tool.ts`.
pub(crate) fn upstream_server(server: &UpstreamServer) -> Value {
    let mut out = Map::new();
    out.insert("url".into(), json!(server.url));
    if !server.variables.is_empty() {
        out.insert(
            "variables".into(),
            server.variables.iter().map(variable).collect(),
        );
    }
    Value::Object(out)
}

fn variable(variable: &ServerVariable) -> Value {
    let mut out = Map::new();
    out.insert("name".into(), json!(variable.name));
    out.insert("env".into(), json!(env_name(&variable.env)));
    if let Some(default) = &variable.default {
        out.insert("default".into(), json!(default));
    }
    if !variable.allowed.is_empty() {
        out.insert("allowed".into(), json!(variable.allowed));
    }
    Value::Object(out)
}

fn client_credentials(client: &ClientCredentials) -> Value {
    let names = client.secrets.iter().map(|secret| env_name(&secret.name));
    let mut out = Map::new();
    out.insert("tokenUrl".into(), json!(client.token_url));
    out.insert("secrets".into(), names.collect());
    if !client.scopes.is_empty() {
        out.insert("scopes".into(), json!(client.scopes));
    }
    Value::Object(out)
}

fn auth_scheme(scheme: &AuthScheme) -> Value {
    let secrets: Vec<_> = scheme
        .secrets
        .iter()
        .map(|secret| env_name(&secret.name))
        .collect();
    match &scheme.kind {
        AuthKind::ApiKey { name, location } => {
            // A key in the path is not a thing; the header is what is meant.
            let location = match location {
                ParamLocation::Query => "query",
                ParamLocation::Cookie => "cookie",
                ParamLocation::Header | ParamLocation::Path => "header",
            };
            json!({"type": "apiKey", "in": location, "name": name, "secrets": secrets})
        }
        AuthKind::Basic => json!({"type": "basic", "secrets": secrets}),
        AuthKind::Bearer { .. } | AuthKind::OAuth2 { .. } | AuthKind::OpenIdConnect { .. } => {
            let mut out = Map::new();
            out.insert("type".into(), json!("bearer"));
            out.insert("secrets".into(), json!(secrets));
            if let Some(client) = &scheme.client_credentials {
                out.insert("client".into(), client_credentials(client));
            }
            Value::Object(out)
        }
        AuthKind::Unsupported { reason } => json!({"type": "unsupported", "reason": reason}),
    }
}

//! `package.json`, `server.json`, `.env.example`: what the project says of itself.

use std::collections::HashSet;

use mcpengine_plan::{ServerPlan, ServerVariable, Tool};
use serde_json::{Value, json};

use crate::ProjectOptions;
use crate::credentials::{Credentials, Needed};
use crate::names::{self, env_name};
use crate::print::is_hidden;

/// The exact versions that every project is tested with.
const SDK: &str = "2.4.0";
const TYPESCRIPT: &str = "7.0.2";
const NODE_TYPES: &str = "24.19.2";

/// Values that a registry lets people choose among.
const MAX_CHOICES: usize = 100;

/// The setting that takes the place of the document's own base URL.
pub(crate) const BASE_URL: &str = "API_BASE_URL";

/// What several files say of the project, already safe where it has to be.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) slug: String,
    /// One line, not empty.
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) package_name: String,
    pub(crate) public_url: Option<String>,
    pub(crate) docs_url: Option<String>,
    pub(crate) credentials: Credentials,
    /// Parts of the base URLs, and the base URL itself where the document does not
    /// name one.
    pub(crate) variables: Vec<Setting>,
    /// The document's own, e.g. `https://api.example.com/v1`.
    pub(crate) base_url: Option<String>,
}

/// An environment variable.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) name: String,
    /// One line.
    pub(crate) about: String,
    pub(crate) needed: Needed,
    pub(crate) default: Option<String>,
    /// The only values there are; empty for any.
    pub(crate) choices: Vec<String>,
}

impl About {
    pub(crate) fn new(plan: &ServerPlan, options: &ProjectOptions) -> Self {
        let slug = names::service_slug(&plan.service.slug);
        let title = one_line(&plan.service.name, 80);
        Self {
            title: if title.is_empty() {
                slug.clone()
            } else {
                title
            },
            version: names::version(options.version.as_deref(), &plan.service.version),
            package_name: names::package_name(options.package_name.as_deref(), &slug),
            public_url: options
                .public_url
                .as_deref()
                .and_then(names::plain_url)
                .map(str::to_owned),
            docs_url: plan
                .service
                .docs_url
                .as_deref()
                .and_then(names::plain_url)
                .map(str::to_owned),
            credentials: Credentials::new(plan),
            variables: variables(plan),
            base_url: plan
                .servers
                .first()
                .map(|server| server.url.clone())
                .filter(|url| !url.starts_with('/')),
            slug,
        }
    }

    /// The name of the command that the package installs.
    pub(crate) fn command(&self) -> &str {
        self.package_name
            .rsplit('/')
            .next()
            .unwrap_or(&self.package_name)
    }
}

impl Setting {
    /// What it is and when it is needed, in one line.
    fn description(&self) -> String {
        match self.needed.note().filter(|_| self.default.is_none()) {
            Some(note) => format!("{}; {note}", self.about.trim_end_matches('.')),
            None => self.about.clone(),
        }
    }
}

/// Without line breaks and hidden characters.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let visible: String = text
        .chars()
        .map(|it| if is_hidden(it) { ' ' } else { it })
        .collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    words.join(" ").chars().take(limit).collect()
}

/// The variables of the base URLs that are used, each once, and the base URL
/// itself where a tool cannot be called without.
fn variables(plan: &ServerPlan) -> Vec<Setting> {
    let of_tools = plan
        .tools
        .iter()
        .filter(|tool| tool.enabled)
        .filter_map(|tool| tool.request.server.as_ref());
    let servers = plan.servers.first().into_iter().chain(of_tools);
    let mut listed: HashSet<String> = HashSet::new();
    let mut out: Vec<Setting> = Vec::new();
    for variable in servers.flat_map(|it| &it.variables) {
        let name = env_name(&variable.env);
        if listed.insert(name.clone()) {
            let about = variable_about(variable);
            let default = variable.default.as_deref().map(|text| one_line(text, 200));
            out.push(Setting {
                name,
                about,
                needed: match default {
                    Some(_) => Needed::Never,
                    None => Needed::Always,
                },
                default,
                choices: choices(variable),
            });
        }
    }
    out.extend(base_url(plan));
    out
}

/// The setting of the base URL, where the document names no host and a tool has
/// no server of its own.
fn base_url(plan: &ServerPlan) -> Option<Setting> {
    let own = plan.servers.first().map(|server| server.url.as_str());
    let path = match own {
        Some(url) if !url.starts_with('/') => return None,
        path => path.unwrap_or_default().trim_end_matches('/'),
    };
    let needs_it = |tool: &Tool| {
        let server = tool.request.server.as_ref();
        tool.enabled && server.is_none_or(|server| server.url.starts_with('/'))
    };
    plan.tools.iter().any(needs_it).then(|| Setting {
        name: BASE_URL.to_owned(),
        about: format!(
            "Base URL of the API, for example https://api.example.com{}",
            one_line(path, 200)
        ),
        needed: Needed::Always,
        default: None,
        choices: Vec::new(),
    })
}

/// The values of a variable, where they are few and can be written as they are.
fn choices(variable: &ServerVariable) -> Vec<String> {
    let plain = |value: &String| one_line(value, 200) == *value && !value.is_empty();
    let values = variable.allowed.iter().chain(&variable.default);
    if variable.allowed.len() <= MAX_CHOICES && values.clone().all(plain) {
        variable.allowed.clone()
    } else {
        Vec::new()
    }
}

fn variable_about(variable: &ServerVariable) -> String {
    let mut about = one_line(
        variable.description.as_deref().unwrap_or(&variable.name),
        200,
    );
    if !variable.allowed.is_empty() {
        let allowed: Vec<_> = variable
            .allowed
            .iter()
            .take(12)
            .map(|it| one_line(it, 60))
            .collect();
        about.push_str(&format!(" (one of: {})", allowed.join(", ")));
    }
    about
}

pub(crate) fn package_json(about: &About) -> String {
    let mut document = json!({
        "name": about.package_name,
        "version": about.version,
        "description": format!("MCP server for {}", about.title),
        // Whoever publishes it decides on a name and a licence first.
        "private": true,
        "license": "UNLICENSED",
        "mcpName": server_name(about),
        "type": "module",
        "engines": { "node": ">=20.12" },
        "bin": { about.command(): "dist/node.js" },
        "files": ["dist"],
        "scripts": {
            "build": "tsc",
            "check": "tsc --noEmit",
            "prestart": "npm run --silent build",
            "start": "node dist/node.js",
            "pretest": "npm run --silent build",
            "test": "node --test test/server.test.js",
            "prepack": "npm run --silent build",
        },
        "dependencies": { "@modelcontextprotocol/server": SDK },
        "devDependencies": { "@types/node": NODE_TYPES, "typescript": TYPESCRIPT },
    });
    if let (Some(url), Some(map)) = (&about.docs_url, document.as_object_mut()) {
        map.insert("homepage".into(), json!(url));
    }
    pretty(&document)
}

/// The server's name in the MCP registry, which wants the npm package that
/// `server.json` names to have it as `mcpName`
/// (<https://github.com/modelcontextprotocol/registry/blob/main/docs/modelcontextprotocol-io/package-types.mdx>).
fn server_name(about: &About) -> String {
    format!("run.mcpengine/{}", about.slug)
}

/// For the MCP registry, schema of 2025-12-11.
pub(crate) fn server_json(about: &About) -> String {
    let mut document = json!({
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": server_name(about),
        "title": one_line(&about.title, 100),
        "description": one_line(&format!("MCP server for {}", about.title), 100),
        "version": about.version,
    });
    let variables: Vec<Value> = settings(about)
        .map(|(setting, secret)| input(setting, secret))
        .collect();
    let mut package = json!({
        "registryType": "npm",
        "identifier": about.package_name,
        "version": about.version,
        "transport": { "type": "stdio" },
    });
    if let (false, Some(map)) = (variables.is_empty(), package.as_object_mut()) {
        map.insert("environmentVariables".into(), Value::Array(variables));
    }
    if let Some(map) = document.as_object_mut() {
        map.insert("packages".into(), json!([package]));
        if let Some(url) = &about.public_url {
            map.insert("remotes".into(), json!([remote(url)]));
        }
    }
    pretty(&document)
}

/// A variable that a registry's client asks its user for.
fn input(setting: &Setting, secret: bool) -> Value {
    let mut entry = json!({
        "name": setting.name,
        "description": setting.description(),
        "isRequired": setting.needed.is_required(),
        "isSecret": secret,
    });
    if let Some(map) = entry.as_object_mut() {
        if let Some(default) = &setting.default {
            map.insert("default".into(), json!(default));
        }
        if !setting.choices.is_empty() {
            map.insert("choices".into(), json!(setting.choices));
        }
    }
    entry
}

/// The hosted server: its user is asked for the token, not for the whole header.
fn remote(url: &str) -> Value {
    json!({
        "type": "streamable-http",
        "url": url,
        "headers": [{
            "name": "Authorization",
            "value": "Bearer {access_token}",
            "variables": { "access_token": {
                "description": "Access token of this server",
                "isRequired": true,
                "isSecret": true,
            } },
            "isRequired": true,
            "isSecret": true,
        }],
    })
}

/// All settings, and whether each is a secret.
pub(crate) fn settings(about: &About) -> impl Iterator<Item = (&Setting, bool)> {
    let variables = about.variables.iter().map(|it| (it, false));
    let secrets = about.credentials.secrets.iter().map(|it| (it, true));
    secrets.chain(variables)
}

/// JSON with a line break at the end.
pub(crate) fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

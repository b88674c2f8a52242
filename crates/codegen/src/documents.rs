//! `package.json`, `server.json`, `.env.example`: what the project says of itself.

use mcpengine_plan::{AuthScheme, ServerPlan, ServerVariable};
use serde_json::{Value, json};

use crate::ProjectOptions;
use crate::names::{self, env_name};
use crate::print::{comment, is_hidden};

/// The exact versions that every project is tested with.
const SDK: &str = "2.4.0";
const TYPESCRIPT: &str = "7.0.2";
const NODE_TYPES: &str = "24.19.2";

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
    pub(crate) secrets: Vec<Setting>,
    pub(crate) variables: Vec<Setting>,
    /// The document names no host.
    pub(crate) needs_base_url: bool,
    /// Of an example, e.g. `https://api.example.com/v1`.
    pub(crate) base_url: Option<String>,
}

/// An environment variable.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) name: String,
    /// One line.
    pub(crate) about: String,
    pub(crate) default: Option<String>,
    pub(crate) required: bool,
}

impl About {
    pub(crate) fn new(plan: &ServerPlan, options: &ProjectOptions) -> Self {
        let slug = names::service_slug(&plan.service.slug);
        let title = one_line(&plan.service.name, 80);
        let base_url = plan.servers.first().map(|server| server.url.clone());
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
            secrets: secrets(plan),
            variables: variables(plan),
            needs_base_url: base_url.as_deref().is_none_or(|url| url.starts_with('/')),
            base_url,
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

/// Without line breaks and hidden characters.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let visible: String = text
        .chars()
        .map(|it| if is_hidden(it) { ' ' } else { it })
        .collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    words.join(" ").chars().take(limit).collect()
}

/// The secrets of all schemes that an enabled tool can use, each once.
fn secrets(plan: &ServerPlan) -> Vec<Setting> {
    let enabled = || plan.tools.iter().filter(|tool| tool.enabled);
    let used = |scheme: &&AuthScheme| {
        enabled().any(|tool| tool.auth.iter().flatten().any(|id| *id == scheme.id))
    };
    let mut out: Vec<Setting> = Vec::new();
    for scheme in plan.auth.schemes.iter().filter(used) {
        for secret in &scheme.secrets {
            let name = env_name(&secret.name);
            if out.iter().any(|it| it.name == name) {
                continue;
            }
            let about = match &secret.description {
                Some(text) => format!("{}: {}", one_line(&secret.title, 80), one_line(text, 200)),
                None => one_line(&secret.title, 80),
            };
            // Needed when no tool that asks for a credential can go without it.
            let optional = |tool: &mcpengine_plan::Tool| {
                tool.auth.is_empty() || tool.auth.iter().any(|way| !way.contains(&scheme.id))
            };
            let required = enabled().any(|tool| !optional(tool));
            out.push(Setting {
                name,
                about,
                default: None,
                required,
            });
        }
    }
    out
}

/// The variables of the base URLs that are used, each once.
fn variables(plan: &ServerPlan) -> Vec<Setting> {
    let of_tools = plan
        .tools
        .iter()
        .filter(|tool| tool.enabled)
        .filter_map(|tool| tool.request.server.as_ref());
    let mut out: Vec<Setting> = Vec::new();
    for variable in plan
        .servers
        .first()
        .into_iter()
        .chain(of_tools)
        .flat_map(|it| &it.variables)
    {
        let name = env_name(&variable.env);
        if !out.iter().any(|it| it.name == name) {
            let about = variable_about(variable);
            let default = variable.default.as_deref().map(|text| one_line(text, 200));
            out.push(Setting {
                name,
                about,
                required: default.is_none(),
                default,
            });
        }
    }
    out
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

/// For the MCP registry, schema of 2025-12-11.
pub(crate) fn server_json(about: &About) -> String {
    let mut document = json!({
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": format!("run.mcpengine/{}", about.slug),
        "title": one_line(&about.title, 100),
        "description": one_line(&format!("MCP server for {}", about.title), 100),
        "version": about.version,
    });
    let variables: Vec<Value> = settings(about)
        .map(|(setting, secret)| {
            let mut entry = json!({
                "name": setting.name,
                "description": setting.about,
                "isRequired": setting.required,
                "isSecret": secret,
            });
            if let (Some(default), Some(map)) = (&setting.default, entry.as_object_mut()) {
                map.insert("default".into(), json!(default));
            }
            entry
        })
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
            map.insert(
                "remotes".into(),
                json!([{
                    "type": "streamable-http",
                    "url": url,
                    "headers": [{
                        "name": "Authorization",
                        "description": "Bearer token of this server",
                        "isRequired": true,
                        "isSecret": true,
                    }],
                }]),
            );
        }
    }
    pretty(&document)
}

/// All settings, and whether each is a secret.
pub(crate) fn settings(about: &About) -> impl Iterator<Item = (&Setting, bool)> {
    let variables = about.variables.iter().map(|it| (it, false));
    about.secrets.iter().map(|it| (it, true)).chain(variables)
}

pub(crate) fn env_example(plan: &ServerPlan, about: &About) -> String {
    let mut out = String::from("# Copy this file to .env and fill it in. Never commit .env.\n");
    for setting in &about.secrets {
        let optional = if setting.required { "" } else { " (optional)" };
        out.push_str(&format!(
            "\n# {}{optional}\n{}=\n",
            comment(&setting.about, 200),
            setting.name
        ));
    }
    for setting in &about.variables {
        out.push_str(&format!("\n# {}\n", comment(&setting.about, 300)));
        match &setting.default {
            Some(default) => {
                out.push_str(&format!("#{}={}\n", setting.name, comment(default, 200)));
            }
            None => out.push_str(&format!("{}=\n", setting.name)),
        }
    }
    out.push_str("\n# Base URL of the API");
    if about.needs_base_url {
        out.push_str(": its description does not name one.\nAPI_BASE_URL=\n");
    } else {
        let url = plan
            .servers
            .first()
            .map_or("", |server| server.url.as_str());
        out.push_str(&format!(
            ", in place of its own.\n#API_BASE_URL={}\n",
            comment(url, 300)
        ));
    }
    out.push_str(
        "\n# Limits of one call\n#API_TIMEOUT_MS=30000\n#API_MAX_RESPONSE_BYTES=1000000\n\
         #API_MAX_TEXT_CHARS=100000\n\
         \n# Over HTTP: the token that clients have to send, or MCP_PUBLIC=1 for none\n\
         #MCP_ACCESS_TOKEN=\n\
         \n# Over HTTP: host names, with commas, of web pages that may call, or *\n\
         #MCP_ALLOWED_ORIGINS=\n\
         # Over HTTP: the only host names that this server answers to\n\
         #MCP_ALLOWED_HOSTS=\n\
         # Over HTTP: the address that clients know, behind a proxy\n\
         #MCP_URL=https://mcp.example.com/mcp\n",
    );
    out
}

/// JSON with a line break at the end.
pub(crate) fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

//! The part of `README.md` that is pasted into clients.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::documents::{About, pretty, settings};

/// Stands for the address of a server that is not hosted yet.
const ADDRESS: &str = "https://mcp.example.com/mcp";

pub(crate) fn section(about: &About) -> String {
    format!("{}{}{}", local(about), remote(about), connectors(about))
}

/// Clients that start the server themselves.
fn local(about: &About) -> String {
    let slug = about.slug.as_str();
    let path = format!("/path/to/{slug}/dist/node.js");
    let env = enough(about);
    let flags: String = env.keys().map(|name| format!(" --env {name}=…")).collect();
    let told = match (env.is_empty(), about.credentials.has_choice()) {
        (true, _) => "",
        (false, false) => " and the values in place of `…`",
        (false, true) => {
            " and the values in place of `…`. The credentials that are shown are enough; \
             others that will do are under Settings"
        }
    };
    let mut entry = json!({ "command": "node", "args": [path] });
    if let (false, Some(map)) = (env.is_empty(), entry.as_object_mut()) {
        map.insert("env".into(), Value::Object(env));
    }
    format!(
        "\n## Clients\n\nRun `npm install && npm run build` once. Put the real path in place of \
         `/path/to/{slug}`{told}.\n\n\
         Claude Desktop (`claude_desktop_config.json`) and Cursor (`.cursor/mcp.json`):\n\n\
         ```json\n{}```\n\nVS Code (`.vscode/mcp.json`):\n\n```json\n{}```\n\n\
         Claude Code:\n\n```sh\nclaude mcp add {slug}{flags} -- node {path}\n```\n",
        pretty(&json!({ "mcpServers": { slug: entry } })),
        pretty(&json!({ "servers": { slug: with_type("stdio", &entry) } })),
    )
}

/// Names of the settings that the server cannot go without, and of the credentials
/// that are enough.
pub(crate) fn names(about: &About) -> Vec<String> {
    enough(about).into_iter().map(|(name, _)| name).collect()
}

/// They, with a mark in place of each value.
fn enough(about: &About) -> Map<String, Value> {
    let credentials: HashSet<&String> = about.credentials.enough.iter().collect();
    settings(about)
        .filter(|(setting, secret)| {
            if *secret {
                credentials.contains(&setting.name)
            } else {
                setting.needed.is_required()
            }
        })
        .map(|(setting, _)| (setting.name.clone(), json!("…")))
        .collect()
}

/// VS Code wants the transport before the rest.
fn with_type(transport: &str, entry: &Value) -> Value {
    let mut typed = json!({ "type": transport });
    if let (Some(to), Some(from)) = (typed.as_object_mut(), entry.as_object()) {
        to.extend(from.clone());
    }
    typed
}

/// Clients that reach a running server, and can send a header.
fn remote(about: &About) -> String {
    let slug = about.slug.as_str();
    let (head, url) = match &about.public_url {
        Some(url) => (
            "The hosted server, with its access token in place of `…`.".to_owned(),
            url.as_str(),
        ),
        None => (
            format!(
                "A server that runs elsewhere (a container, a Worker), with its address in place \
                 of `{ADDRESS}`\nand its `MCP_ACCESS_TOKEN` in place of `…`. One on this machine is \
                 at `http://127.0.0.1:3000/mcp`,\nand needs the header only where a token is set."
            ),
            ADDRESS,
        ),
    };
    let entry = json!({ "url": url, "headers": { "Authorization": "Bearer …" } });
    format!(
        "\n### Over HTTP\n\n{head}\n\n\
         Claude Code:\n\n```sh\n\
         claude mcp add --transport http {slug} '{url}' --header \"Authorization: Bearer …\"\n```\n\n\
         Cursor (`.cursor/mcp.json`):\n\n```json\n{}```\n\n\
         VS Code (`.vscode/mcp.json`):\n\n```json\n{}```\n",
        pretty(&json!({ "mcpServers": { slug: entry } })),
        pretty(&json!({ "servers": { slug: with_type("http", &entry) } })),
    )
}

/// The connectors of claude.ai and ChatGPT sign in with OAuth, or not at all.
fn connectors(about: &About) -> String {
    let address = about.public_url.as_deref().unwrap_or(ADDRESS);
    let how = match about.public_url {
        Some(_) => "by deploying it with the access `public`",
        None => "with `MCP_PUBLIC=1` in place of `MCP_ACCESS_TOKEN`",
    };
    let open = if about.credentials.secrets.is_empty() {
        "Everyone who knows the address may then use the API through this server."
    } else {
        "Everyone who knows the address may then do all that the tools do, with your \
         credentials: right only where that is meant."
    };
    format!(
        "\nclaude.ai and ChatGPT reach servers on the internet only, and their connectors sign in \
         with OAuth or\nnot at all: they do not send the access token of this server. What there is \
         to do:\n\n\
         * Put a proxy in front of it that does OAuth and sends `Authorization: Bearer …` with the \
         access token on,\n  and add the proxy's address as a connector.\n\
         * Let everyone in, {how}, and add \
         `{address}`.\n  {open}\n\n\
         Connectors are added in claude.ai under Settings, Connectors, and in ChatGPT with \
         developer mode on.\n",
    )
}

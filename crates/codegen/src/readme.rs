//! `README.md`: what the server is, its tools, its settings, how to use it.

use mcpengine_plan::{ServerMode, ServerPlan};
use serde_json::{Map, Value, json};

use crate::documents::{About, pretty, settings};
use crate::markdown::{code, escape, escape_line};
use crate::{dynamic, tools};

pub(crate) fn readme(plan: &ServerPlan, about: &About) -> String {
    let mut out = format!(
        "# {}\n\n",
        escape(&format!("{} MCP server", about.title), 200)
    );
    out.push_str(&introduction(plan, about));
    out.push_str(&start(about));
    if plan.mode == ServerMode::Dynamic {
        out.push_str(SEARCH_AND_CALL);
    }
    out.push_str(&tool_table(plan));
    out.push_str(&setting_table(about));
    out.push_str(&clients(about));
    out.push_str(&dynamic::in_mode(LAYOUT, plan.mode));
    out
}

fn introduction(plan: &ServerPlan, about: &About) -> String {
    let count = plan.tools.iter().filter(|tool| tool.enabled).count();
    let tools = if count == 1 { "tool" } else { "tools" };
    let mut out = format!(
        "An [MCP](https://modelcontextprotocol.io) server with {count} {tools} for {}, version {}.\n",
        escape(&about.title, 100),
        escape(&plan.service.version, 40),
    );
    if let Some(description) = &plan.service.description {
        let text = escape_line(description, 600);
        if !text.is_empty() {
            out.push_str(&format!("\n> {text}\n"));
        }
    }
    if let Some(url) = &about.docs_url {
        out.push_str(&format!("\nDocumentation of the API: <{url}>\n"));
    }
    out
}

fn start(about: &About) -> String {
    let settings = if settings(about).next().is_some() || about.needs_base_url {
        "cp .env.example .env         # and fill it in\n"
    } else {
        ""
    };
    let command = about.slug.as_str();
    format!(
        "\n## Start\n\nNode.js 20.12 or newer.\n\n```sh\nnpm install\n{settings}\
         npm start                    # over stdio\n\
         npm start -- --http          # over HTTP, at http://127.0.0.1:3000/mcp\n\
         npm test                     # without the API and its credentials\n```\n\n\
         In a container: `docker build -t {command} .` and\n\
         `docker run --env-file .env -p 3000:3000 {command}` (set `MCP_ACCESS_TOKEN` in `.env`).\n\
         On your own Cloudflare account: \
         `npx wrangler deploy src/worker.ts --name {command} --compatibility-date 2026-11-01`,\n\
         with the settings as secrets (`npx wrangler secret put NAME`).\n",
    )
}

fn tool_table(plan: &ServerPlan) -> String {
    let mut out = String::from("\n## Tools\n");
    let groups = tools::groups(plan);
    if groups.is_empty() {
        out.push_str("\nNo tool is enabled.\n");
    }
    for (group, tools) in groups {
        out.push_str(&format!("\n### {}\n\n", escape(&group.title, 100)));
        out.push_str("| Tool | What it does | Request |\n| --- | --- | --- |\n");
        for tool in tools {
            let what = if tool.title.trim().is_empty() {
                &tool.description
            } else {
                &tool.title
            };
            let request = format!("{} {}", tool.request.method, tool.request.path);
            out.push_str(&format!(
                "| {} | {} | {} |\n",
                code(&tool.name),
                escape(what, 160),
                code(&request),
            ));
        }
    }
    out
}

fn setting_table(about: &About) -> String {
    let mut out = String::from(
        "\n## Settings\n\nEnvironment variables, or the file `.env`.\n\n\
         | Name | What it is | |\n| --- | --- | --- |\n",
    );
    for (setting, secret) in settings(about) {
        let kind = match (secret, setting.required, &setting.default) {
            (true, true, _) => "secret, required".to_owned(),
            (true, false, _) => "secret".to_owned(),
            (false, _, Some(default)) => format!("default {}", code(default)),
            (false, _, None) => "required".to_owned(),
        };
        out.push_str(&format!(
            "| `{}` | {} | {kind} |\n",
            setting.name,
            escape(&setting.about, 300)
        ));
    }
    let base = match &about.base_url {
        Some(url) if !about.needs_base_url => format!("default {}", code(url)),
        _ => "required".to_owned(),
    };
    out.push_str(&format!(
        "| `API_BASE_URL` | Base URL of the API | {base} |\n"
    ));
    out.push_str(
        "| `API_TIMEOUT_MS` | Time limit of one attempt, in milliseconds | default `30000` |\n\
         | `API_MAX_RESPONSE_BYTES` | Longer answers are cut | default `1000000` |\n\
         | `API_MAX_TEXT_CHARS` | Longer texts are cut before the model sees them | default `100000` |\n\
         | `MCP_ACCESS_TOKEN` | Over HTTP: the bearer token that clients send | |\n\
         | `MCP_PUBLIC` | Over HTTP: `1` lets everyone in without a token | |\n\
         | `MCP_ALLOWED_ORIGINS` | Over HTTP: host names of web pages that may call, with commas, or `*` | default: its own |\n\
         | `MCP_ALLOWED_HOSTS` | Over HTTP: the only host names it answers to, with commas | |\n\
         | `MCP_URL` | Over HTTP: the address that clients know, for its server card | |\n",
    );
    out
}

fn clients(about: &About) -> String {
    let slug = about.slug.as_str();
    let path = format!("/path/to/{slug}/dist/node.js");
    let env: Map<String, Value> = settings(about)
        .filter(|(setting, _)| setting.required)
        .map(|(setting, _)| (setting.name.clone(), json!("…")))
        .chain(
            about
                .needs_base_url
                .then(|| ("API_BASE_URL".to_owned(), json!("…"))),
        )
        .collect();
    let flags: String = env.keys().map(|name| format!(" --env {name}=…")).collect();
    let mut entry = json!({ "command": "node", "args": [path] });
    if let (false, Some(map)) = (env.is_empty(), entry.as_object_mut()) {
        map.insert("env".into(), Value::Object(env));
    }
    let mut vs_code = json!({ "type": "stdio" });
    if let (Some(to), Some(from)) = (vs_code.as_object_mut(), entry.as_object()) {
        to.extend(from.clone());
    }
    let mut out = format!(
        "\n## Clients\n\nRun `npm install && npm run build` once, and put the real path in place of \
         `/path/to/{slug}`.\n\n\
         Claude Desktop (`claude_desktop_config.json`) and Cursor (`.cursor/mcp.json`):\n\n\
         ```json\n{}```\n\nVS Code (`.vscode/mcp.json`):\n\n```json\n{}```\n\n\
         Claude Code:\n\n```sh\nclaude mcp add {slug}{flags} -- node {path}\n```\n",
        pretty(&json!({ "mcpServers": { slug: entry } })),
        pretty(&json!({ "servers": { slug: vs_code } })),
    );
    let address = about.public_url.as_deref();
    let address = address.unwrap_or("https://your-server.example/mcp");
    out.push_str(&format!(
        "\nChatGPT and claude.ai reach servers on the internet only: deploy it, then add \
         `{address}`\nas a connector (in ChatGPT with developer mode on; in claude.ai under \
         Settings, Connectors).\n"
    ));
    if let Some(url) = &about.public_url {
        out.push_str(&format!(
            "\nThe hosted server, with its access token:\n\n```sh\n\
             claude mcp add --transport http {slug} '{url}' --header \"Authorization: Bearer …\"\n```\n\n\
             ```json\n{}```\n",
            pretty(&json!({ "mcpServers": { slug: {
                "type": "http",
                "url": url,
                "headers": { "Authorization": "Bearer …" },
            } } })),
        ));
    }
    out
}

const SEARCH_AND_CALL: &str = "
## Search and call

Clients see four tools in place of those below, so that a large API leaves a model
room for its work:

| Tool | What it does |
| --- | --- |
| `search_tools` | Finds tools by words: `{ query, group?, limit? }` |
| `describe_tool` | Gives the input schemas of up to five: `{ name }` or `{ names }` |
| `call_read_tool` | Calls a tool that changes nothing: `{ name, arguments }` |
| `call_write_tool` | Calls any other tool: `{ name, arguments }` |

Reading and writing are apart, so that a client can let the one through unasked.
Arguments are checked against the tool's own input schema before the API is called.
Tools of `src/custom.ts` are listed beside the four. To list all tools instead,
generate the project in the mode `direct`.
";

const LAYOUT: &str = "
## Files

| File | What it is |
| --- | --- |
| `src/tools/` | The tools: names, descriptions, schemas, requests |
| `src/config.ts` | The API: base URLs and credentials |
| `src/custom.ts` | Your own tools, resources and prompts; never generated again |
| `src/server.ts` | Makes the MCP server |
// #dynamic
| `src/dynamic.ts`, `src/dynamic/` | Searches, describes and calls the tools |
// #end
| `src/http.ts`, `src/http/` | Sends requests, reads answers |
| `src/pages.ts` | Finds out what the next page of a list is |
| `src/endpoint.ts`, `src/card.ts` | What is answered over HTTP: MCP, access, the server card |
| `src/node.ts`, `src/worker.ts` | Entry points for Node.js and Cloudflare Workers |
| `test/` | Checks that need neither the API nor its credentials |
";

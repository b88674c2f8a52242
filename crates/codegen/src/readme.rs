//! `README.md`: what the server is, its tools, its settings, how to use it.

use mcpengine_plan::{ServerMode, ServerPlan};

use crate::documents::{About, BASE_URL, Setting, settings};
use crate::markdown::{code, escape, escape_line};
use crate::{clients, dynamic, tools};

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
    out.push_str(&clients::section(about));
    out.push_str(&publishing(about));
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
    let has_settings = settings(about).next().is_some();
    let copy = if has_settings {
        "cp .env.example .env         # and fill it in\n"
    } else {
        ""
    };
    // Docker refuses a file of settings that is not there.
    let (run, token) = if has_settings {
        ("--env-file .env", " (set `MCP_ACCESS_TOKEN` in `.env`)")
    } else {
        ("-e MCP_ACCESS_TOKEN=…", "")
    };
    let command = about.slug.as_str();
    format!(
        "\n## Start\n\nNode.js 20.12 or newer.\n\n```sh\nnpm install\n{copy}\
         npm start                    # over stdio\n\
         npm start -- --http          # over HTTP, at http://127.0.0.1:3000/mcp\n\
         npm test                     # without the API and its credentials\n```\n\n\
         In a container: `docker build -t {command} .` and\n\
         `docker run {run} -p 3000:3000 {command}`{token}.\n\
         On your own Cloudflare account: \
         `npx wrangler deploy src/worker.ts --name {command} --compatibility-date 2026-11-01`,\n\
         with the settings, `MCP_ACCESS_TOKEN` among them, as secrets \
         (`npx wrangler secret put NAME --name {command}`).\n",
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
    let mut out = String::from("\n## Settings\n\nEnvironment variables, or the file `.env`.\n");
    out.push_str(&choice_of_credentials(about));
    out.push_str("\n| Name | What it is | |\n| --- | --- | --- |\n");
    for (setting, secret) in settings(about) {
        out.push_str(&format!(
            "| `{}` | {} | {} |\n",
            setting.name,
            escape(&setting.about, 300),
            kind(setting, secret)
        ));
    }
    if !about.variables.iter().any(|it| it.name == BASE_URL) {
        let default = about
            .base_url
            .as_deref()
            .map(|url| format!("default {}", code(url)));
        out.push_str(&format!(
            "| `{BASE_URL}` | Base URL of the API, in place of its own | {} |\n",
            default.unwrap_or_default()
        ));
    }
    out.push_str(SETTINGS_OF_ALL);
    if about.credentials.has_access_token {
        out.push_str(ACCESS_TOKENS);
        out.push_str(if about.credentials.has_client {
            CLIENT_CREDENTIALS
        } else {
            NO_NEW_TOKENS
        });
    }
    out
}

fn kind(setting: &Setting, secret: bool) -> String {
    let needed = setting.needed.in_short();
    match &setting.default {
        Some(default) => format!("default {}", code(default)),
        None if secret => format!("secret, {needed}"),
        None => needed,
    }
}

/// Which of the credentials have to be set, where there is a choice.
fn choice_of_credentials(about: &About) -> String {
    let lines = about.credentials.in_words(code);
    match lines.as_slice() {
        [] => String::new(),
        [only] => format!("\nOne of these credentials is enough: {only}.\n"),
        several => {
            let items: String = several.iter().map(|line| format!("* {line}\n")).collect();
            format!("\nThe credentials that the tools need:\n\n{items}")
        }
    }
}

/// Names of other people's packages and servers are not the author's to take.
fn publishing(about: &About) -> String {
    format!(
        "\n## Publish\n\n\
         `server.json` tells the [MCP registry](https://registry.modelcontextprotocol.io) what this \
         server is. Before you\npublish it:\n\n\
         1. In `package.json`, choose `name` and `license`, and take `private` out, which keeps \
         `npm publish` from\n   happening by accident.\n\
         2. Give the server a name that you may use, such as `io.github.YOU/{slug}`: as `mcpName` in\n   \
         `package.json` and as `name` in `server.json`. The registry wants the two to be equal.\n\
         3. In `server.json`, write the name and version of the package under `packages`.\n\
         4. `npm publish`, then `mcp-publisher login github` and `mcp-publisher publish`.\n\n\
         Generating the project again writes both files anew.\n",
        slug = about.slug,
    )
}

const ACCESS_TOKENS: &str = "
Access tokens of OAuth 2.0 are got as the API's documentation says. They expire";

const NO_NEW_TOKENS: &str = "; this server does not
fetch new ones.
";

const CLIENT_CREDENTIALS: &str = ": where a client id and
secret are set, this server gets its tokens with them (grant `client_credentials`), and new ones in
time.
";

const SETTINGS_OF_ALL: &str = "\
| `API_TIMEOUT_MS` | Time limit of one attempt, in milliseconds | default `30000` |
| `API_MAX_RESPONSE_BYTES` | Most that is read of an answer: longer text is cut, longer JSON is an error | default `1000000` |
| `API_MAX_TEXT_CHARS` | Most characters of a text of a result; its structured content is not cut | default `100000` |
| `MCP_ACCESS_TOKEN` | Over HTTP: the bearer token that clients send | |
| `MCP_PUBLIC` | Over HTTP: `1` lets everyone in without a token; set `MCP_ALLOWED_HOSTS` too | |
| `MCP_ALLOWED_ORIGINS` | Over HTTP: host names of web pages that may call, with commas, or `*` | default: its own |
| `MCP_ALLOWED_HOSTS` | Over HTTP: the only host names it answers to, with commas | default: any |
| `MCP_URL` | Over HTTP: the address that clients know, for its server card | |

On the local machine (`--http` without `--host`) no token is asked for where none is set, and only
local host names are answered. Elsewhere `MCP_PUBLIC=1` without `MCP_ALLOWED_HOSTS` accepts any
`Host`: a web page can then reach a server in your own network under a name of its own (DNS
rebinding).

A client that speaks a protocol before 2026-07-28 over HTTP cannot cancel a call: the request to the
API goes on until it is answered or `API_TIMEOUT_MS` is over.
";

const SEARCH_AND_CALL: &str = "
## Search and call

Clients see four tools in place of those below, so that a large API leaves a model
room for its work:

| Tool | What it does |
| --- | --- |
| `search_tools` | Finds tools by words: `{ query, group?, limit?, offset? }` |
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

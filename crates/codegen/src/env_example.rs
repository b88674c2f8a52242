//! `.env.example`: the settings of a project, as a file to fill in.
//!
//! Node.js reads the copy, and `docker run --env-file`, which knows neither quotes
//! nor comments behind a value.

use crate::credentials::Needed;
use crate::documents::{About, BASE_URL};
use crate::print::comment;

pub(crate) fn env_example(about: &About) -> String {
    let mut out = String::from("# Copy this file to .env and fill it in. Never commit .env.\n");
    out.push_str(&choice_of_credentials(about));
    for setting in &about.credentials.secrets {
        let note = match &setting.needed {
            Needed::Always => String::new(),
            Needed::Choice(_) => " (one of several, see above)".to_owned(),
            needed => format!(" ({})", needed.in_short()),
        };
        out.push_str(&format!(
            "\n# {}{note}\n{}=\n",
            comment(&setting.about, 300),
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
    if !about.variables.iter().any(|it| it.name == BASE_URL) {
        let url = about.base_url.as_deref().unwrap_or_default();
        out.push_str(&format!(
            "\n# Base URL of the API, in place of its own\n#{BASE_URL}={}\n",
            comment(url, 300)
        ));
    }
    out.push_str(OF_ALL);
    out
}

/// Which of the credentials have to be set, where there is a choice.
fn choice_of_credentials(about: &About) -> String {
    let lines = about.credentials.in_words(str::to_owned);
    match lines.as_slice() {
        [] => String::new(),
        [only] => format!("\n# One of these credentials is enough: {only}\n"),
        several => {
            let items: String = several.iter().map(|line| format!("# - {line}\n")).collect();
            format!("\n# The credentials that the tools need:\n{items}")
        }
    }
}

const OF_ALL: &str = "
# Limits of one call
#API_TIMEOUT_MS=30000
#API_MAX_RESPONSE_BYTES=1000000
#API_MAX_TEXT_CHARS=100000

# Over HTTP: the token that clients have to send, a long random text. MCP_PUBLIC=1
# lets everyone in without; then name the hosts below too.
#MCP_ACCESS_TOKEN=

# Over HTTP: the only host names that this server answers to, with commas
#MCP_ALLOWED_HOSTS=mcp.example.com
# Over HTTP: host names, with commas, of web pages that may call, or *
#MCP_ALLOWED_ORIGINS=
# Over HTTP: the address that clients know, behind a proxy
#MCP_URL=https://mcp.example.com/mcp
";

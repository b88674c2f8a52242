//! What JSON-RPC messages say of a call: which tool it is for, how it ended.

use std::borrow::Cow;

use mcpengine_store::calls::{Outcome, TOOLS_CALL};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Methods of the protocol's revisions. Any other is counted as [`OTHER`], so
/// that a caller cannot make rows.
const METHODS: [&str; 21] = [
    "completion/complete",
    "initialize",
    "logging/setLevel",
    "notifications/cancelled",
    "notifications/initialized",
    "notifications/progress",
    "notifications/roots/list_changed",
    "ping",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/subscribe",
    "resources/templates/list",
    "resources/unsubscribe",
    "server/discover",
    "subscriptions/listen",
    "tasks/get",
    "tasks/list",
    TOOLS_CALL,
    "tools/list",
];
const OTHER: &str = "(other)";

/// Longest name of a tool (MCP 2026-07-28, tool names).
const MAX_NAME_CHARS: usize = 128;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    /// Empty where it calls no tool, or one whose name is none.
    pub(crate) tool: String,
}

impl Asked {
    pub(crate) fn new(method: &str, name: Option<&str>) -> Self {
        let known = METHODS.into_iter().find(|known| *known == method);
        let name = name.filter(|name| method == TOOLS_CALL && is_name(name));
        Self {
            method: known.unwrap_or(OTHER),
            tool: name.unwrap_or_default().to_owned(),
        }
    }

    /// Reads it off a request's body; what is no JSON-RPC request is [`OTHER`].
    pub(crate) fn from_body(text: &str) -> Self {
        let request: Request<'_> = serde_json::from_str(text).unwrap_or_default();
        let name = request.params.and_then(|params| params.name);
        Self::new(&request.method, name.as_deref())
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME_CHARS && name.bytes().all(|byte| byte.is_ascii_graphic())
}

#[derive(Default, Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow, default)]
    params: Option<Params<'a>>,
}

#[derive(Deserialize)]
struct Params<'a> {
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
}

/// How a call ended, and the error's text where it is one, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) error: Option<String>,
}

/// Reads the verdict off an answer: its status and the end of its body, which is
/// JSON or server-sent events. A message of which the beginning is not there is
/// judged by the status alone.
pub(crate) fn verdict(status: u16, text: &str) -> Verdict {
    let failed = |outcome, error: String| Verdict {
        outcome,
        error: Some(error),
    };
    let answer = text
        .lines()
        .rev()
        .filter_map(|line| line.strip_prefix("data:"))
        .find_map(answer)
        .or_else(|| answer(text));
    match answer {
        Some(Answer {
            error: Some(error), ..
        }) => failed(Outcome::ProtocolError, error.message.into_owned()),
        Some(Answer {
            result: Some(result),
            ..
        }) if result.is_error => {
            let texts = result.content.into_iter();
            let text = texts.filter_map(|content| content.text).next();
            failed(Outcome::ToolError, text.unwrap_or_default().into_owned())
        }
        Some(_) => OK,
        None if status >= 400 => {
            failed(Outcome::HttpError, format!("The server answered {status}"))
        }
        None => OK,
    }
}

const OK: Verdict = Verdict {
    outcome: Outcome::Ok,
    error: None,
};

/// The message where it answers a request: notifications come before it.
fn answer(json: &str) -> Option<Answer<'_>> {
    let answer: Answer<'_> = serde_json::from_str(json).ok()?;
    (answer.error.is_some() || answer.result.is_some()).then_some(answer)
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    error: Option<RpcError<'a>>,
    #[serde(borrow, default)]
    result: Option<ToolResult<'a>>,
}

#[derive(Deserialize)]
struct RpcError<'a> {
    #[serde(borrow)]
    message: Cow<'a, str>,
}

/// Of any method: others than `tools/call` have neither field, or have content
/// of another form.
#[derive(Deserialize)]
struct ToolResult<'a> {
    #[serde(rename = "isError", default)]
    is_error: bool,
    #[serde(borrow, default)]
    content: Vec<Content<'a>>,
    #[serde(rename = "structuredContent", default)]
    _structured: IgnoredAny,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_its_method_and_tool() {
        for (body, method, tool) in [
            (
                r#"{"method":"tools/call","params":{"name":"a\u0062"}}"#,
                TOOLS_CALL,
                "ab",
            ),
            (
                r#"{"method":"tools/call","params":{"name":"two words"}}"#,
                TOOLS_CALL,
                "",
            ),
            (r#"{"method":"tools/call","params":{"name":7}}"#, OTHER, ""),
            (r#"{"method":"tools/call"}"#, TOOLS_CALL, ""),
            (
                r#"{"method":"prompts/get","params":{"name":"x"}}"#,
                "prompts/get",
                "",
            ),
            (r#"{"method":"made/up"}"#, OTHER, ""),
            (r#"[{"method":"ping"}]"#, OTHER, ""),
            ("", OTHER, ""),
        ] {
            let expected = Asked {
                method,
                tool: tool.to_owned(),
            };
            assert_eq!(Asked::from_body(body), expected, "{body}");
        }
        assert_eq!(Asked::new(TOOLS_CALL, Some(&"x".repeat(129))).tool, "");
    }

    #[test]
    fn an_answer_tells_how_the_call_ended() {
        let progress = r#"data: {"method":"notifications/progress","params":{}}"#;
        let failed =
            r#"{"result":{"content":[{"type":"image"},{"text":"no \"luck\""}],"isError":true}}"#;
        let ok = r#"{"result":{"content":[],"structuredContent":{"isError":true}}}"#;
        let refused = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown"}}"#;
        for (status, text, outcome, error) in [
            (200, ok.to_owned(), Outcome::Ok, None),
            (
                200,
                failed.to_owned(),
                Outcome::ToolError,
                Some("no \"luck\""),
            ),
            (
                200,
                refused.to_owned(),
                Outcome::ProtocolError,
                Some("Unknown"),
            ),
            (
                400,
                refused.to_owned(),
                Outcome::ProtocolError,
                Some("Unknown"),
            ),
            (
                200,
                format!("{progress}\n\nevent: message\ndata: {failed}\n\n"),
                Outcome::ToolError,
                Some("no \"luck\""),
            ),
            (
                200,
                format!("{progress}\n\ndata:{ok}\n\n"),
                Outcome::Ok,
                None,
            ),
            // The beginning is not there.
            (200, failed.replacen("{\"res", "", 1), Outcome::Ok, None),
            (202, String::new(), Outcome::Ok, None),
            (
                500,
                String::new(),
                Outcome::HttpError,
                Some("The server answered 500"),
            ),
            (
                200,
                r#"{"result":{"isError":true}}"#.to_owned(),
                Outcome::ToolError,
                Some(""),
            ),
        ] {
            let expected = Verdict {
                outcome,
                error: error.map(str::to_owned),
            };
            assert_eq!(verdict(status, &text), expected, "{status} {text}");
        }
    }
}

//! What a heading or a line above something says about it.

use super::inline::bare;
use crate::outline::Place;

/// What follows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Part {
    /// Nothing was said.
    #[default]
    Open,
    /// Parameters, and where they go if that was said.
    Fields(Option<Place>),
    /// What is sent.
    Body,
    /// What comes back, with its status if that was said.
    Answer(Option<String>),
    /// Something of its own: errors, notes.
    Other,
}

/// Words that headings of parts are made of. A heading with another word names
/// something of its own: `Query users`.
const VOCABULARY: &str = " path query url uri route request requests response responses body \
    header headers parameter parameters param params argument arguments arg args example \
    examples sample samples payload form data json success successful error errors status code \
    codes field fields attribute attributes returns return value values optional required http \
    curl input output and the of with a in for details schema format string usage result results \
    content type possible available body/json notes note endpoint method call bash shell \
    properties property object options filters ok created default template definition base ";

/// A heading that starts a part of an endpoint; `None` for one with a subject of
/// its own.
pub(super) fn of_heading(text: &str) -> Option<Part> {
    if let Some(part) = chinese(text) {
        return Some(part);
    }
    let lower = text.to_lowercase();
    let mut words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    // `404: Not found`, and what it says of it.
    if let Some(status) = status_in(words.peek()?) {
        return Some(Part::Answer(Some(status)));
    }
    let is_known = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_digit()) || VOCABULARY.contains(&format!(" {word} "))
    };
    if !words.all(is_known) {
        return None;
    }
    Some(of_text(text).unwrap_or(Part::Other))
}

/// A heading above all that is said of an endpoint, without a name of its own.
pub(super) fn is_above_all(text: &str) -> bool {
    matches!(text.trim(), "基本信息")
}

/// A list item that announces a part: `Request body:`, `Success response: 200 OK`.
pub(super) fn of_item(text: &str) -> Option<Part> {
    if text.starts_with('`') {
        return None;
    }
    let text = bare(text);
    let (key, value) = text.trim().split_once(':')?;
    let value = value.trim();
    let part = of_heading(key)?;
    match part {
        Part::Other => key.to_lowercase().contains("note").then_some(Part::Other),
        Part::Answer(known) => {
            let is_named = key.to_lowercase().contains("response");
            let status = known.or_else(|| status_in(value));
            (value.is_empty() || is_named).then_some(Part::Answer(status))
        }
        part => value.is_empty().then_some(part),
    }
}

/// What a list item such as `Auth required: No` says of who may call: whether anybody
/// may. `None` for one about something else.
pub(super) fn access(text: &str) -> Option<bool> {
    const OPEN: [&str; 5] = ["no", "none", "not", "false", "public"];
    const CLOSED: [&str; 4] = ["yes", "required", "optional", "true"];
    let lower = bare(text).to_lowercase();
    let (key, value) = lower.split_once(':')?;
    let mut words = key.split_whitespace();
    let of_rights = words.clone().any(|word| word.starts_with("permission"));
    let of_credentials =
        words.any(|word| ["auth", "authentication", "authorization"].contains(&word));
    let mut verdict = value
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let verdict = verdict.next().unwrap_or_default();
    let is_open = OPEN.contains(&verdict);
    let is_verdict = is_open || CLOSED.contains(&verdict) || verdict.is_empty();
    // Who needs no rights may still have to say who they are.
    ((of_rights || of_credentials) && (key.contains("required") || is_verdict))
        .then_some(is_open && of_credentials)
}

/// The usual headings of Chinese documentation.
fn chinese(text: &str) -> Option<Part> {
    let text = text.trim().trim_end_matches(['：', ':', ' ']);
    Some(match text {
        "接口说明" | "接口描述" | "接口地址" | "请求地址" | "请求方式" | "请求方法"
        | "请求示例" | "请求" | "调用示例" => Part::Open,
        "参数列表" | "参数" | "参数说明" | "请求参数" | "请求参数说明" | "入参" => {
            Part::Fields(None)
        }
        "路径参数" => Part::Fields(Some(Place::Path)),
        "请求头" | "请求头部" => Part::Fields(Some(Place::Header)),
        "请求体" | "请求正文" => Part::Body,
        "返回数据" | "返回参数" | "返回参数说明" | "返回示例" | "返回结果" | "返回值" | "返回"
        | "响应" | "响应参数" | "响应示例" | "出参" => Part::Answer(None),
        "错误码" | "备注" | "说明" | "注意" | "注意事项" => Part::Other,
        _ => return None,
    })
}

/// What a short line says of what follows.
pub(super) fn of_text(text: &str) -> Option<Part> {
    if text.len() > 160 {
        return None;
    }
    if let Some(part) = chinese(text) {
        return (part != Part::Other).then_some(part);
    }
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let fields = has(&["param", "argument", "attribute", "field", "propert"]);
    let answer = has(&["response", "returns", "returned", "result", "output"]);
    if answer && !has(&["request body", "in the body"]) || status_in(text).is_some() && !fields {
        return Some(Part::Answer(status_in(text)));
    }
    if has(&["error"]) {
        return Some(Part::Answer(Some("default".to_owned())));
    }
    if has(&["query", "filters"]) {
        return Some(Part::Fields(Some(Place::Query)));
    }
    if has(&[
        "path param",
        "url param",
        "uri param",
        "route param",
        "path variable",
        "path argument",
    ]) {
        return Some(Part::Fields(Some(Place::Path)));
    }
    if has(&[
        "body",
        "payload",
        "form",
        "json param",
        "data param",
        "post data",
        "to post the following",
        "sample post",
        "sample put",
    ]) {
        return Some(Part::Body);
    }
    if has(&["header"]) {
        return Some(Part::Fields(Some(Place::Header)));
    }
    if fields || has(&["options", "input"]) {
        return Some(Part::Fields(None));
    }
    if is_aside(&lower) {
        return Some(Part::Other);
    }
    has(&["request", "example", "sample", "curl", "usage"]).then_some(Part::Open)
}

/// `Limits:`, `Other info:` and the like: what they list are sentences.
fn is_aside(lower: &str) -> bool {
    let subjects = [
        "limit",
        "rule",
        "note",
        "info",
        "restriction",
        "permission",
        "behavior",
    ];
    lower.trim_end().ends_with(':')
        && lower.split_whitespace().count() <= 3
        && subjects.iter().any(|word| lower.contains(word))
}

/// The first number that can be a status.
pub(super) fn status_in(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .find(|word| {
            word.len() == 3
                && word.starts_with(['1', '2', '3', '4', '5'])
                && word.bytes().all(|byte| byte.is_ascii_digit())
                && word.get(1..).is_some_and(|rest| rest < "60")
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_announce_parts() {
        let cases = [
            ("Request Body:", Some(Part::Body)),
            ("Query parameters:", Some(Part::Fields(Some(Place::Query)))),
            (
                "Success Response: `201 CREATED`",
                Some(Part::Answer(Some("201".to_owned()))),
            ),
            ("Response: the new user", Some(Part::Answer(None))),
            ("`response`: the body", None),
            ("Notes: at most ten", Some(Part::Other)),
            ("status: the state of the user", None),
            ("Format: one of a, b", None),
            ("Query users:", None),
            ("no colon", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(of_item(text), wanted, "{text}");
        }
        for (text, wanted) in [
            ("Auth Required: Yes (Admin only)", Some(false)),
            ("Auth required: `No`", Some(true)),
            ("Authentication: Not required", Some(true)),
            ("Auth required: Normal users", Some(false)),
            ("Permissions required: None", Some(false)),
            ("Permissions required: `users.get`", Some(false)),
            ("Authorization: the header to send", None),
            ("author: who wrote it", None),
        ] {
            assert_eq!(access(text), wanted, "{text}");
        }
    }

    #[test]
    fn headings_of_parts_are_told_from_subjects() {
        let cases = [
            ("Parameters", Some(Part::Fields(None))),
            ("Path Parameters:", Some(Part::Fields(Some(Place::Path)))),
            ("Query string", Some(Part::Fields(Some(Place::Query)))),
            ("Request Body", Some(Part::Body)),
            ("Response (201)", Some(Part::Answer(Some("201".to_owned())))),
            ("Example response", Some(Part::Answer(None))),
            ("Headers", Some(Part::Fields(Some(Place::Header)))),
            ("HTTP Request", Some(Part::Open)),
            (
                "401: Unauthorized",
                Some(Part::Answer(Some("401".to_owned()))),
            ),
            ("返回参数说明", Some(Part::Answer(None))),
            ("请求地址：", Some(Part::Open)),
            ("获取邀请列表", None),
            ("Query users", None),
            ("Request a refund", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(of_heading(text), wanted, "{text}");
        }
    }
}

//! Conditional requests (RFC 9110 §13): entity tags of what can be edited, so that
//! nobody overwrites what they have not seen.

use base64::Engine as _;
use serde::Serialize;
use sha2::{Digest, Sha256};
use worker::{Request, Response};

use crate::error::ApiError;
use crate::http::{header, json_response, set_header};

/// A strong tag: another representation has another one.
///
/// `revision` is what the representation depends on and does not show.
pub(crate) fn tag<T: Serialize>(value: &T, revision: i64) -> Result<String, ApiError> {
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(value)?);
    hash.update(revision.to_be_bytes());
    Ok(quoted(&hash.finalize()))
}

/// A tag of what a representation is made from, where making it is the cost that a
/// client's copy saves. It is weak: another version of this program may tell the
/// same in other bytes.
pub(crate) fn weak_tag(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    format!("W/{}", quoted(&hash.finalize()))
}

fn quoted(digest: &[u8]) -> String {
    let short = digest.get(..16).unwrap_or(digest);
    let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(short);
    format!("\"{text}\"")
}

/// Whether the request says `If-Match`; then it matches.
///
/// # Errors
/// `precondition_failed` (412) where it names other tags than the current one;
/// `invalid_precondition` (400) where it cannot be read: a client that says so
/// wants to be protected.
pub(crate) fn check_if_match(request: &Request, current: &str) -> Result<bool, ApiError> {
    let Some(given) = given(request, "if-match") else {
        return Ok(false);
    };
    if Condition::read(&given, "If-Match")?.matches_strongly(current) {
        return Ok(true);
    }
    Err(precondition_failed())
}

/// A header that is there and not empty.
fn given(request: &Request, name: &str) -> Option<String> {
    header(request.headers(), name).filter(|value| !value.trim().is_empty())
}

/// What was edited has changed meanwhile.
pub(crate) fn precondition_failed() -> ApiError {
    ApiError::new(
        412,
        "precondition_failed",
        "It was changed meanwhile. Load it again and repeat the change",
    )
}

/// 304 where the client has the representation of this tag already.
///
/// # Errors
/// `invalid_precondition` (400) where `If-None-Match` cannot be read.
pub(crate) fn not_modified(request: &Request, tag: &str) -> Result<Option<Response>, ApiError> {
    let Some(given) = given(request, "if-none-match") else {
        return Ok(None);
    };
    if !Condition::read(&given, "If-None-Match")?.matches_weakly(tag) {
        return Ok(None);
    }
    tagged(Response::builder().with_status(304).empty(), tag).map(Some)
}

/// `value` with its tag.
pub(crate) fn tagged_json<T: Serialize>(value: &T, tag: &str) -> Result<Response, ApiError> {
    tagged(json_response(200, value)?, tag)
}

/// It may be kept, and asked about each time.
pub(crate) fn tagged(mut response: Response, tag: &str) -> Result<Response, ApiError> {
    set_header(&mut response, "etag", tag)?;
    set_header(&mut response, "cache-control", "private, no-cache")?;
    Ok(response)
}

/// The value of `If-Match` or `If-None-Match`.
#[derive(Debug, PartialEq, Eq)]
enum Condition {
    Any,
    /// Whether each is weak, and its opaque part with quotes.
    Tags(Vec<(bool, String)>),
}

impl Condition {
    fn read(text: &str, name: &str) -> Result<Self, ApiError> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        let tags = tags(text).filter(|tags| !tags.is_empty());
        tags.map(Self::Tags).ok_or_else(|| {
            ApiError::bad_request(
                "invalid_precondition",
                format!("{name} is * or a list of ETags, each in double quotes"),
            )
        })
    }

    /// RFC 9110 §8.8.3.2: no weak tag matches anything.
    fn matches_strongly(&self, current: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|(weak, tag)| !weak && tag == current),
        }
    }

    fn matches_weakly(&self, current: &str) -> bool {
        let current = current.strip_prefix("W/").unwrap_or(current);
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|(_, tag)| tag == current),
        }
    }
}

/// The list of RFC 9110 §8.8.3; a comma may stand inside of a tag.
fn tags(mut rest: &str) -> Option<Vec<(bool, String)>> {
    let mut tags = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(tags);
        }
        let weak = rest.starts_with("W/");
        let opaque = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let (tag, after) = opaque.split_once('"')?;
        let is_tag_character = |c: char| c == '!' || ('#'..='~').contains(&c) || c >= '\u{80}';
        let separated = after.trim_start().is_empty() || after.trim_start().starts_with(',');
        if !tag.chars().all(is_tag_character) || !separated {
            return None;
        }
        tags.push((weak, format!("\"{tag}\"")));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Condition, u16> {
        Condition::read(text, "If-Match").map_err(|error| error.status)
    }

    #[test]
    fn lists_of_tags_are_read() {
        let one = |weak, tag: &str| (weak, tag.to_owned());
        for (text, expected) in [
            ("*", Condition::Any),
            (" * ", Condition::Any),
            ("\"a\"", Condition::Tags(vec![one(false, "\"a\"")])),
            ("W/\"a\"", Condition::Tags(vec![one(true, "\"a\"")])),
            ("\"\"", Condition::Tags(vec![one(false, "\"\"")])),
            (
                "\"a,b\" , W/\"c\",,\"d\"",
                Condition::Tags(vec![
                    one(false, "\"a,b\""),
                    one(true, "\"c\""),
                    one(false, "\"d\""),
                ]),
            ),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            " ",
            ",",
            "a",
            "\"a",
            "a\"",
            "w/\"a\"",
            "\"a\"\"b\"",
            "\"a\" \"b\"",
            "\"a b\"",
            "*, \"a\"",
            "W/",
            "'a'",
        ] {
            assert_eq!(read(text), Err(400), "{text}");
        }
    }

    #[test]
    fn weak_tags_are_good_for_reading_only() {
        let strong = read("\"x\", \"a\"").expect("a list");
        assert!(strong.matches_strongly("\"a\"") && strong.matches_weakly("\"a\""));
        assert!(strong.matches_weakly("W/\"a\"") && !strong.matches_strongly("W/\"a\""));
        let weak = read("W/\"a\"").expect("a list");
        assert!(weak.matches_weakly("\"a\"") && !weak.matches_strongly("\"a\""));
        assert!(!weak.matches_strongly("W/\"a\"") && !weak.matches_weakly("\"b\""));
        let any = read("*").expect("any");
        assert!(any.matches_strongly("\"b\"") && any.matches_weakly("\"b\""));
    }

    #[test]
    fn a_tag_changes_with_all_that_it_stands_for() {
        let tag = |value: &str, revision| tag(&value, revision).expect("JSON");
        assert_eq!(tag("a", 1), tag("a", 1));
        assert_ne!(tag("a", 1), tag("a", 2));
        assert_ne!(tag("a", 1), tag("b", 1));
        assert_ne!(weak_tag(&["ab", "c"]), weak_tag(&["a", "bc"]));
        for made in [tag("a", 1), weak_tag(&["a"])] {
            assert!(read(&made).is_ok(), "{made}");
        }
    }
}

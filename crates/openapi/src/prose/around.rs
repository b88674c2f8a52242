//! The words around an endpoint in a line or heading.

use super::{
    endpoint::Match,
    inline::{bare, folded},
};

/// The text with a capital at its start, where that is a plain word.
pub(super) fn capitalised(text: &str) -> String {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    match word.as_bytes().split_first() {
        Some((first, others)) if others.iter().all(u8::is_ascii_lowercase) => {
            let first = char::from(*first).to_ascii_uppercase();
            let others = word.get(1..).unwrap_or_default();
            format!("{first}{others}{rest}")
        }
        _ => text.to_owned(),
    }
}

/// Whether a line is about the endpoint in it: it stands at the start, behind a
/// label at most.
pub(super) fn is_definition(text: &str, found: &[Match]) -> bool {
    let Some(first) = found.first() else {
        return false;
    };
    let before = text.get(..first.start).unwrap_or_default();
    let words = before.trim_matches(|c: char| !c.is_alphanumeric());
    words.is_empty() || (words.len() <= 30 && bare(before).trim_end().ends_with(':'))
}

/// The words behind the last endpoint of a line.
pub(super) fn behind(text: &str, found: &[Match]) -> String {
    let rest = found
        .last()
        .and_then(|last| text.get(last.end..))
        .unwrap_or_default();
    let rest = folded(rest);
    // `(HMAC SHA256)`, `(ADMIN)`: a mark, not words.
    let mark = rest
        .trim()
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'));
    if mark.is_some_and(|mark| !mark.contains(|c: char| c.is_lowercase())) {
        return String::new();
    }
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = rest
        .strip_prefix("HTTP/1.1")
        .or_else(|| rest.strip_prefix("HTTP/2"))
        .unwrap_or(rest);
    let rest = rest.trim_matches(['|', ' ', '`']);
    // The end of a bracket that the endpoint stands in.
    let is_closed = |open: char, close: char| {
        rest.ends_with(close) && rest.matches(close).count() > rest.matches(open).count()
    };
    let rest = match is_closed('(', ')') || is_closed('[', ']') {
        true => rest.get(..rest.len() - 1).unwrap_or(rest),
        false => rest,
    };
    rest.trim_matches(['|', ' ', '`']).to_owned()
}

/// The words of a heading around its endpoints.
pub(super) fn without(text: &str, found: &[Match]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for one in found {
        out.push_str(text.get(at..one.start).unwrap_or_default());
        out.push(' ');
        at = one.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    let out = folded(&bare(&out));
    let marks = |c: char| !c.is_alphanumeric() && c != '(' && c != ')';
    if found.is_empty() {
        out
    } else {
        out.trim_matches(marks).trim_matches(['(', ')']).to_owned()
    }
}

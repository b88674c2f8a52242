//! The words around an endpoint: in its line or heading, and right below.

use super::{
    block::Block,
    builder::{Builder, MAX_TEXT},
    endpoint::Match,
    inline::{bare, folded},
    label,
};
use crate::outline::method_named;

/// Longer words behind an endpoint are its description, not its summary.
const MAX_SUMMARY: usize = 120;

impl Builder {
    /// A few words below an endpoint describe it, unless they are a label, such as
    /// `Data constraints`: that has code, a list or a table below.
    pub(super) fn decide_words(&mut self, next: Option<&Block>) {
        let Some(words) = self.words.take() else {
            return;
        };
        let describes = match next {
            None | Some(Block::Heading { .. } | Block::Text(_)) => true,
            Some(Block::Code(code)) => code.contains("curl "),
            Some(_) => false,
        };
        if describes && let Some(current) = self.current_endpoint() {
            current.sketch.description.get_or_insert(words);
        }
    }

    /// Words behind an endpoint say what it does.
    pub(super) fn add_about(&mut self, about: &str) {
        let is_part = method_named(about).is_some() || label::of_heading(about).is_some();
        if about.is_empty() || is_part {
            return;
        }
        let kept = about.get(..about.floor_char_boundary(MAX_TEXT));
        // What is said of `GET, PUT /config` names neither.
        let is_short = about.len() <= MAX_SUMMARY && self.newest.len() < 2;
        let is_continued = about.starts_with(|c: char| c.is_ascii_lowercase());
        let kept = kept.map(capitalised);
        for at in &self.newest {
            let Some(one) = self.endpoints.get_mut(*at) else {
                continue;
            };
            one.is_continued |= is_continued;
            let slot = if is_short {
                &mut one.sketch.summary
            } else {
                &mut one.sketch.description
            };
            if slot.is_none() {
                slot.clone_from(&kept);
            }
        }
    }
}

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
    // `?sort=year,make`: the end of an example. `?sort=year # Newest`: of that example.
    let is_example = found
        .last()
        .is_some_and(|last| !last.target.query.is_empty());
    if rest.starts_with([',', ';', '&', '='])
        || is_example && rest.trim_start().starts_with(['#', '/'])
    {
        return String::new();
    }
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

/// `200: all is well` as status and description.
pub(super) fn status_item(text: &str) -> Option<(String, String)> {
    let text = bare(text);
    let text = text.trim();
    let status = label::status_in(text.get(..3)?)?;
    let about = text.get(3..)?;
    let is_apart = about.is_empty() || about.starts_with(|c: char| !c.is_alphanumeric());
    let about = about.trim_start_matches(|c: char| !c.is_alphanumeric());
    is_apart.then(|| (status, about.to_owned()))
}

/// `2.1 Users` without its number.
pub(super) fn unnumbered(heading: &str) -> &str {
    let rest = heading.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = heading
        .get(..heading.len() - rest.len())
        .unwrap_or_default();
    let rest = rest.strip_prefix(')').unwrap_or(rest);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && (number.contains('.') || heading.contains(')'));
    match is_number && rest.starts_with(' ') && !rest.trim().is_empty() {
        true => rest.trim_start(),
        false => heading,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_headings_go() {
        for (heading, wanted) in [
            ("1. Sign in", "Sign in"),
            ("2.1 Users", "Users"),
            ("3) Orders", "Orders"),
            ("24 hour prices", "24 hour prices"),
            ("2FA", "2FA"),
            ("1.", "1."),
            ("3D (beta)", "3D (beta)"),
        ] {
            assert_eq!(unnumbered(heading), wanted);
        }
    }
}

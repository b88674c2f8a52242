//! One block's text without emphasis, links, images and escapes.

use std::borrow::Cow;

use super::shield::{own, shielded};

/// Bytes of a link's target.
const MOST: usize = 2_000;

pub(super) fn inline(text: &str) -> Cow<'_, str> {
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    let is_linked = has(|byte| matches!(byte, b'[' | b'\\' | b'|' | b'`'));
    if !is_linked {
        return if has(|byte| matches!(byte, b'*' | b'_')) {
            unemphasised(text)
        } else {
            Cow::Borrowed(text)
        };
    }
    let mut out = String::with_capacity(text.len());
    unlinked(text, &mut out);
    Cow::Owned(unemphasised(&out).into_owned())
}

/// Without links, images, escapes, alerts and the lines of tables.
fn unlinked(text: &str, out: &mut String) {
    let mut rest = text;
    let is_mark = |byte: u8| matches!(byte, b'[' | b'!' | b'\\' | b'|' | b'`');
    while let Some(at) = rest.bytes().position(is_mark) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        // `items[0][id]` is an index.
        let is_link = !out.ends_with(|c: char| c.is_ascii_alphanumeric());
        if let Some((label, after)) = link(from).or_else(|| reference(from).filter(|_| is_link)) {
            // It has no bracket, so that there is no link in it.
            unlinked(label, out);
            rest = after;
            continue;
        }
        if let Some(after) = alert(from) {
            // The lines of its quote may have become one.
            if out.ends_with("> ") {
                out.truncate(out.len() - 2);
            }
            rest = after;
            continue;
        }
        let mut characters = from.chars();
        let mark = characters.next();
        rest = characters.as_str();
        match mark {
            Some('\\') => {
                let escaped = rest.chars().next().filter(char::is_ascii_punctuation);
                if let Some(escaped) = escaped {
                    out.push(shielded(escaped));
                    rest = rest.get(1..).unwrap_or_default();
                } else {
                    out.push('\\');
                }
            }
            Some('|') => out.push(' '),
            // A tick without another.
            Some('`') => {}
            Some(c) => out.push(c),
            None => {}
        }
    }
    out.push_str(rest);
}

/// `[label](target)` or `![alt](target)`: the label (nothing of an image), and
/// the rest. A label that is an image is none.
fn link(text: &str) -> Option<(&str, &str)> {
    if let Some(image) = text.strip_prefix('!') {
        let (_, after) = plain_link(image)?;
        return Some(("", after));
    }
    let Some(image) = text.strip_prefix("[!") else {
        return plain_link(text);
    };
    let (_, after) = plain_link(image)?;
    Some(("", target(after.strip_prefix("](")?)?))
}

fn plain_link(text: &str) -> Option<(&str, &str)> {
    let body = text.strip_prefix('[')?;
    let end = body.find(['[', ']'])?;
    let (label, after) = body.split_at(end);
    Some((label, target(after.strip_prefix("](")?)?))
}

/// `[label][reference]`.
fn reference(text: &str) -> Option<(&str, &str)> {
    let body = text.strip_prefix('[')?;
    let (label, after) = body.split_at(body.find(['[', ']'])?);
    let place = after.strip_prefix("][")?;
    let end = within(place, ']')?;
    let is_label = label.contains(char::is_alphabetic);
    is_label.then_some((label, place.get(end + 1..)?))
}

/// What follows a link's target.
fn target(text: &str) -> Option<&str> {
    let end = within(text, ')')?;
    text.get(end + 1..)
}

/// Where a character is among the first bytes.
fn within(text: &str, end: char) -> Option<usize> {
    text.get(..text.floor_char_boundary(MOST))?.find(end)
}

/// What follows the mark of an alert, `[!NOTE]`
/// (<https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts>).
fn alert(text: &str) -> Option<&str> {
    let body = text.strip_prefix("[!")?;
    let kinds = ["NOTE]", "TIP]", "IMPORTANT]", "WARNING]", "CAUTION]"];
    let after = kinds.iter().find_map(|kind| body.strip_prefix(kind))?;
    let quoted = after.trim_start().strip_prefix("> ");
    Some(quoted.unwrap_or(after))
}

/// A run of stars or underscores.
struct Marks {
    at: usize,
    length: usize,
    /// Its first marks that are taken away, and its last.
    closing: usize,
    opening: usize,
    opens: bool,
    closes: bool,
}

impl Marks {
    fn left(&self) -> usize {
        self.length - self.closing - self.opening
    }
}

/// Without stars and underscores that stand in pairs at the borders of words
/// (<https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis>): `2*3*4`,
/// `*/*` and `__init__` keep theirs.
fn unemphasised(text: &str) -> Cow<'_, str> {
    let mut runs = runs(text);
    if runs.len() < 2 {
        return Cow::Borrowed(text);
    }
    // Runs that may still open something: of stars, of underscores.
    let mut open: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
    for at in 0..runs.len() {
        let (before, from) = runs.split_at_mut(at);
        let Some(run) = from.first_mut() else { break };
        let is_star = text.as_bytes().get(run.at) == Some(&b'*');
        let [stars, lines] = &mut open;
        let stack = if is_star { stars } else { lines };
        while run.closes && run.left() > 0 {
            let Some(opener) = stack.last().and_then(|place| before.get_mut(*place)) else {
                break;
            };
            let content = text.get(opener.at + opener.length..run.at);
            if !is_star && opener.length == 2 && content.is_some_and(is_identifier) {
                break;
            }
            let count = opener.left().min(run.left());
            opener.opening += count;
            run.closing += count;
            if opener.left() == 0 {
                stack.pop();
            }
        }
        if run.opens && run.left() > 0 {
            stack.push(at);
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for run in &runs {
        out.push_str(text.get(from..run.at).unwrap_or_default());
        let kept = run.at + run.closing;
        out.push_str(text.get(kept..kept + run.left()).unwrap_or_default());
        from = run.at + run.length;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

fn runs(text: &str) -> Vec<Marks> {
    let mut runs = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    let is_mark = |byte: u8| matches!(byte, b'*' | b'_');
    while let Some(step) = text
        .get(at..)
        .and_then(|rest| rest.bytes().position(is_mark))
    {
        at += step;
        let mark = bytes.get(at).copied();
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| Some(**byte) == mark).count();
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let mut following = text.get(at + length..).unwrap_or_default().chars();
        let after = following.next();
        let second = following.next();
        let strong = length > 1 && mark == Some(b'*');
        runs.push(Marks {
            at,
            length,
            closing: 0,
            opening: 0,
            opens: opens(before.map(own), after.map(own), strong)
                || (strong && begins_path(before, after, second)),
            closes: closes(before.map(own), after.map(own), strong),
        });
        at += length;
    }
    runs
}

/// Whether marks between these may begin emphasis; strong ones also within a word.
fn opens(before: Option<char>, after: Option<char>, strong: bool) -> bool {
    let is_border = match before {
        None => true,
        Some(c) if c.is_alphanumeric() => strong || !c.is_ascii(),
        Some(c) => c.is_whitespace() || !c.is_ascii() || "([{\"'<>*_-:,;|~`=+&".contains(c),
    };
    let begins = after.is_some_and(|c| !c.is_whitespace() && !"/.,;:)]}?!".contains(c));
    is_border && begins
}

/// Whether strong marks stand before a path, as in `**/payments**`; `**/*.ts` has none.
fn begins_path(before: Option<char>, after: Option<char>, second: Option<char>) -> bool {
    before.is_none_or(char::is_whitespace)
        && after == Some('/')
        && second.is_some_and(char::is_alphanumeric)
}

/// Whether marks between these may end emphasis.
fn closes(before: Option<char>, after: Option<char>, strong: bool) -> bool {
    let is_border = match after {
        None => true,
        Some(c) if c.is_alphanumeric() => strong || !c.is_ascii(),
        Some(c) => c.is_whitespace() || !c.is_ascii() || ")]}\"'<>*_-:,;.!?|~`=+&".contains(c),
    };
    let ends = before.is_some_and(|c| !c.is_whitespace() && !"/([{".contains(c));
    is_border && ends
}

/// `init` of Python's `__init__`.
fn is_identifier(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

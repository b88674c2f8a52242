//! Prose from documents, made fit for a model: no markup, no invisible
//! characters, no instructions to the model, a bounded length.
//!
//! A description ends up verbatim in the prompt of whoever connects to the
//! server, so the author of an API description must not be able to give orders
//! there.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use instruction::{is_instruction, may_instruct};

mod html;
mod inline;
mod instruction;
mod markdown;
mod shield;
#[cfg(test)]
mod tests;

/// Texts of one document, cleaned once each: schemas write the same description
/// for every tool and every measure of detail.
#[derive(Debug, Default)]
pub(crate) struct Prose<'a> {
    known: RefCell<HashMap<*const u8, Known>>,
    texts: std::marker::PhantomData<&'a str>,
}

/// The length of a text, by whose place it is found, and what it became; `None`
/// where it was clean.
type Known = (usize, Option<Rc<str>>);

/// A cleaned text.
pub(crate) enum Cleaned<'a> {
    AsWritten(&'a str),
    Rewritten(Rc<str>),
}

impl std::ops::Deref for Cleaned<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::AsWritten(text) => text,
            Self::Rewritten(text) => text,
        }
    }
}

impl<'a> Prose<'a> {
    /// The text as [`plain`] makes it.
    pub(crate) fn clean(&self, text: &'a str) -> Cleaned<'a> {
        let mut known = self.known.borrow_mut();
        if let Some((length, cleaned)) = known.get(&text.as_ptr())
            && *length == text.len()
        {
            return match cleaned {
                None => Cleaned::AsWritten(text),
                Some(cleaned) => Cleaned::Rewritten(Rc::clone(cleaned)),
            };
        }
        let cleaned = plain(text);
        if cleaned == text {
            known.insert(text.as_ptr(), (text.len(), None));
            return Cleaned::AsWritten(text);
        }
        let cleaned: Rc<str> = cleaned.into();
        known.insert(text.as_ptr(), (text.len(), Some(Rc::clone(&cleaned))));
        Cleaned::Rewritten(cleaned)
    }
}

/// Cleans prose and cuts it to `limit` characters at the end of a sentence,
/// else of a word.
pub(crate) fn clean(text: &str, limit: usize) -> String {
    cut(&plain(text), limit).into_owned()
}

/// Whether cleaning the text removes a sentence that addresses the model.
pub(crate) fn addresses_model(text: &str) -> bool {
    judged(text).1
}

/// A cheap test that most texts fail. Stars within words hide nothing.
fn instructs(text: &str) -> bool {
    if text.contains('*') {
        may_instruct(&text.replace('*', ""))
    } else {
        may_instruct(text)
    }
}

/// The text without markup, invisible characters and instructions, on one line.
pub(crate) fn plain(text: &str) -> String {
    judged(text).0
}

/// The text as [`plain`] makes it, and whether it had an instruction.
pub(crate) fn judged(text: &str) -> (String, bool) {
    let text = unmarked(text);
    if !instructs(&text) {
        return (text, false);
    }
    let all = sentences(&text);
    let kept: Vec<&str> = all
        .iter()
        .copied()
        .filter(|sentence| !is_instruction(sentence))
        .collect();
    (kept.concat().trim().to_owned(), kept.len() < all.len())
}

fn unmarked(text: &str) -> String {
    let text = text.trim();
    // What is left alone: most texts are looked at once and copied.
    let mut before = 0_u8;
    let is_plain = text.bytes().all(|byte| {
        let fits =
            CLASSES.get(usize::from(byte)) == Some(&PLAIN) && !(byte == b' ' && before == byte);
        before = byte;
        fits
    });
    if is_plain {
        return text.to_owned();
    }
    let all_visible = text
        .bytes()
        .all(|byte| byte == b'\n' || CLASSES.get(usize::from(byte)) != Some(&OTHER));
    let visible: Cow<'_, str> = if all_visible {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter_map(visible).collect())
    };
    let unfenced = markdown::unfenced(&visible);
    markdown::strip(&html::strip(unfenced.as_deref().unwrap_or(&visible)))
}

/// Printable ASCII that means nothing in HTML or Markdown.
const PLAIN: u8 = 0;
/// Printable ASCII that may be a mark.
const MARK: u8 = 1;
const OTHER: u8 = 2;

const CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        #[expect(clippy::indexing_slicing, reason = "a constant, made by the compiler")]
        {
            classes[byte as usize] = match byte {
                b'<' | b'>' | b'&' | b'*' | b'_' | b'`' | b'[' | b']' | b'#' | b'|' | b'~'
                | b'\\' => MARK,
                _ => PLAIN,
            };
        }
        byte += 1;
    }
    classes
};

/// Control characters become spaces; bidirectional controls, zero-width
/// characters, tags and private-use characters vanish.
fn visible(c: char) -> Option<char> {
    match c {
        '\n' => Some('\n'),
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{e0000}'..='\u{10ffff}' => None,
        '\u{2028}' | '\u{2029}' => Some('\n'),
        c if c.is_control() || c == '\u{a0}' => Some(' '),
        c => Some(c),
    }
}

/// Whether a character has no place in prose that a model reads.
pub(crate) fn is_invisible(c: char) -> bool {
    visible(c) != Some(c)
}

/// The sentences of a line, each with the space that follows it.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((_, c)) = characters.next() {
        let ends = matches!(c, '.' | '!' | '?' | '。')
            && characters
                .peek()
                .is_none_or(|(_, next)| next.is_whitespace() || c == '。');
        if ends {
            while characters
                .next_if(|(_, next)| next.is_whitespace())
                .is_some()
            {}
            let end = characters.peek().map_or(text.len(), |(next, _)| *next);
            found.extend(text.get(start..end));
            start = end;
        }
    }
    found.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    found
}

/// At most `limit` characters, ending at a sentence where one ends in the
/// second half, else after a word with an ellipsis.
pub(crate) fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let Some((end, _)) = text.char_indices().nth(limit.saturating_sub(1)) else {
        return Cow::Borrowed(text);
    };
    let (head, rest) = text.split_at(end);
    if rest.chars().nth(1).is_none() {
        return Cow::Borrowed(text);
    }
    let mut end = 0;
    for sentence in sentences(head) {
        // The last piece was cut in its middle unless a full stop closes it.
        if sentence.trim_end().ends_with(['.', '!', '?', '。']) {
            end += sentence.len();
        }
    }
    if end * 2 >= head.len() {
        return Cow::Borrowed(head.get(..end).unwrap_or("").trim_end());
    }
    let words = head.rsplit_once(' ').map_or(head, |(words, _)| words);
    let words = if words.len() * 2 < head.len() {
        head
    } else {
        words
    };
    Cow::Owned(format!(
        "{}…",
        words.trim_end_matches([' ', ',', ';', ':', '-'])
    ))
}

/// The text with a full stop, unless it already ends a sentence.
pub(crate) fn closed(mut text: String) -> String {
    if text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '"' | '\'')) {
        text.push('.');
    }
    text
}

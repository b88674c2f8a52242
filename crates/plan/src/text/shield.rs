//! What must not be read as a mark: the contents of code spans, and what a backslash
//! escapes.
//!
//! Each such character is exchanged for one of the private use area, of which
//! [`super::visible`] has left none in the text, and gets its own back at the end.

/// Where the shielded characters begin.
const BASE: u32 = 0xe000;
/// The first byte of each in UTF-8.
pub(super) const SHIELD: u8 = 0xee;

/// The character as one that is no mark.
pub(super) fn shielded(c: char) -> char {
    if c.is_ascii_punctuation() {
        char::from_u32(BASE + u32::from(c)).unwrap_or(c)
    } else {
        c
    }
}

/// The character that stands for itself, or for a shielded one.
pub(super) fn own(c: char) -> char {
    u32::from(c)
        .checked_sub(BASE)
        .and_then(char::from_u32)
        .filter(char::is_ascii_punctuation)
        .unwrap_or(c)
}

/// A code span (<https://spec.commonmark.org/0.31.2/#code-spans>): where it begins,
/// its contents, and where it ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) inside: (usize, usize),
    pub(super) end: usize,
}

/// The code spans of a text, in their order: a run of backticks up to the next one of
/// the same length in the same paragraph.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    if !text.contains('`') {
        return spans;
    }
    let runs = runs(text);
    // Of each run the next one like it, found from the end backwards.
    let mut next: Vec<Option<usize>> = vec![None; runs.len()];
    let mut last: Vec<Option<usize>> = vec![None; MOST_TICKS + 1];
    let mut paragraph = usize::MAX;
    for (at, run) in runs.iter().enumerate().rev() {
        if run.paragraph != paragraph {
            paragraph = run.paragraph;
            last.fill(None);
        }
        if let (Some(last), Some(next)) = (last.get_mut(run.length), next.get_mut(at)) {
            *next = last.replace(at);
        }
    }
    let mut at = 0;
    while let Some(open) = runs.get(at) {
        let close = next.get(at).copied().flatten().filter(|_| open.opens);
        match close.and_then(|close| Some((close, runs.get(close)?))) {
            Some((place, close)) => {
                spans.push(Span {
                    start: open.start,
                    inside: (open.start + open.length, close.start),
                    end: close.start + close.length,
                });
                at = place + 1;
            }
            None => at += 1,
        }
    }
    spans
}

/// Longer runs open no span.
const MOST_TICKS: usize = 16;

/// A run of backticks.
struct Run {
    start: usize,
    length: usize,
    paragraph: usize,
    opens: bool,
}

fn runs(text: &str) -> Vec<Run> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let (mut at, mut paragraph) = (0, 0);
    // Where the line begins.
    let mut line = 0;
    let is_mark = |byte: &u8| matches!(byte, b'`' | b'\n');
    while let Some(step) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(is_mark))
    {
        at += step;
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.first() == Some(&b'\n') {
            let before = bytes.get(line..at).unwrap_or_default();
            paragraph += usize::from(before.iter().all(u8::is_ascii_whitespace));
            at += 1;
            line = at;
            continue;
        }
        let length = rest.iter().take_while(|byte| **byte == b'`').count();
        // Within code a backslash means nothing: it may end a span.
        runs.push(Run {
            start: at,
            length,
            paragraph,
            opens: at == 0 || bytes.get(at - 1) != Some(&b'\\'),
        });
        at += length;
    }
    runs
}

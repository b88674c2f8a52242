//! What is written as a `pattern` and is none as it stands: one between delimiters,
//! or words.

use crate::schema::types::STRING_FORMATS;

/// `/^a$/g` as in PHP or JavaScript source: the slashes are not the pattern's. Where
/// they are, what stands between them still matches.
pub(super) fn without_delimiters(pattern: &str) -> Result<&str, &'static str> {
    let Some(rest) = pattern.strip_prefix('/') else {
        return Ok(pattern);
    };
    let Some((inner, flags)) = rest.rsplit_once('/') else {
        return Ok(pattern);
    };
    // ECMA-262 §22.2.4.1, PCRE's `x` and `u` among them.
    if inner.ends_with('\\') || !flags.bytes().all(|flag| b"dgimsuvxy".contains(&flag)) {
        return Ok(pattern);
    }
    if flags.contains('x') {
        return Err("its flag `x` has no counterpart");
    }
    if flags.contains('i') && tells_case_apart(inner) {
        return Err("its flag `i` has no counterpart");
    }
    Ok(inner)
}

/// Whether a letter stands in the pattern for itself.
fn tells_case_apart(pattern: &str) -> bool {
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter.is_alphabetic() {
            return true;
        }
    }
    false
}

/// A `pattern` that is a word for what it means: a format, or how a date is laid
/// out. As a regular expression, no real value would match it.
pub(in crate::schema) enum Word {
    Format,
    Prose,
}

/// What a text without anything of a regular expression says, where that is clear.
pub(in crate::schema) fn word(pattern: &str) -> Option<Word> {
    if pattern.contains([
        '\\', '^', '$', '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|',
    ]) {
        return None;
    }
    if STRING_FORMATS.contains(&pattern) {
        return Some(Word::Format);
    }
    let is_list = pattern.contains(", ");
    let is_layout = ["YYYY", "yyyy", "HH:", "hh:"]
        .iter()
        .any(|part| pattern.contains(part));
    (is_list || is_layout).then_some(Word::Prose)
}

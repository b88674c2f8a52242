//! Bytes to text: byte-order marks, UTF-8 and UTF-16, and what is no text at all.

use std::borrow::Cow;

use crate::diagnostic::{Limits, Position, Refusal};

/// Decodes the document and removes its byte-order mark.
///
/// # Errors
/// `document_empty`, `document_not_text` or `document_too_large`.
pub(crate) fn decode<'t>(bytes: &'t [u8], limits: &Limits) -> Result<Cow<'t, str>, Refusal> {
    // UTF-16 is at most twice as long as the UTF-8 that is made from it.
    if bytes.len() > limits.bytes.saturating_mul(2) {
        return Err(too_large(limits));
    }
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Cow::Borrowed(utf8(rest)?),
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)?),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)?),
        _ => Cow::Borrowed(utf8(bytes)?),
    };
    if text.len() > limits.bytes {
        return Err(too_large(limits));
    }
    if text.trim().is_empty() {
        return Err(Refusal {
            code: "document_empty",
            message: "The document is empty.".to_owned(),
            help: "Give an OpenAPI document as JSON or YAML.".to_owned(),
            position: None,
            pointer: None,
        });
    }
    if let Some(at) = text.bytes().position(|byte| byte == 0) {
        return Err(not_text("holds a NUL character", Some(position(&text, at))));
    }
    Ok(text)
}

fn utf8(bytes: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(bytes).map_err(|error| {
        if let Some(kind) = binary_kind(bytes) {
            return not_text(kind, None);
        }
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let before = std::str::from_utf8(valid).unwrap_or_default();
        not_text("is not UTF-8", Some(position(before, before.len())))
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Refusal> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return Err(not_text("is UTF-16 with half a character at its end", None));
    };
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map_err(|_| not_text("is not valid UTF-16", None))
}

/// Formats that people upload in place of a description.
fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some("is a ZIP archive"),
        [0x1F, 0x8B, ..] => Some("is a gzip file"),
        [b'%', b'P', b'D', b'F', ..] => Some("is a PDF file"),
        [0x89, b'P', b'N', b'G', ..] => Some("is a PNG image"),
        _ => None,
    }
}

fn not_text(what: &str, position: Option<Position>) -> Refusal {
    let place = position
        .map(|at| format!(" at line {}, column {}", at.line, at.column))
        .unwrap_or_default();
    Refusal {
        code: "document_not_text",
        message: format!("The document {what}{place}."),
        help: "Save it as UTF-8 text (JSON or YAML) and try again.".to_owned(),
        position,
        pointer: None,
    }
}

fn too_large(limits: &Limits) -> Refusal {
    Refusal {
        code: "document_too_large",
        message: format!("The document is larger than {} MiB.", limits.bytes >> 20),
        help: "Remove the parts of the API that are not needed, or split the document.".to_owned(),
        position: None,
        pointer: None,
    }
}

/// Line and column (1-based, in characters) of the byte at `offset`.
pub(crate) fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    Position { line, column }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> Result<String, (&'static str, Option<Position>)> {
        decode(
            bytes,
            &Limits {
                bytes: 64,
                ..Limits::WORKER
            },
        )
        .map(Cow::into_owned)
        .map_err(|refusal| (refusal.code, refusal.position))
    }

    #[test]
    fn text_comes_in_several_encodings() {
        assert_eq!(code(b"\xEF\xBB\xBFa"), Ok("a".to_owned()));
        assert_eq!(code(b"\xFF\xFEa\0\xE9\0"), Ok("aé".to_owned()));
        assert_eq!(code(b"\xFE\xFF\0a"), Ok("a".to_owned()));
        assert_eq!(code("aé".as_bytes()), Ok("aé".to_owned()));
    }

    #[test]
    fn what_is_not_text_is_refused() {
        let at = |line, column| Some(Position { line, column });
        assert_eq!(code(b""), Err(("document_empty", None)));
        assert_eq!(code(b" \n\t"), Err(("document_empty", None)));
        assert_eq!(code(b"\xEF\xBB\xBF"), Err(("document_empty", None)));
        assert_eq!(
            code(b"ab\n\xC3\xA9\xFF"),
            Err(("document_not_text", at(2, 2)))
        );
        assert_eq!(code(b"a\0"), Err(("document_not_text", at(1, 2))));
        assert_eq!(code(b"\xFF\xFEa"), Err(("document_not_text", None)));
        assert_eq!(code(b"PK\x03\x04\xFF"), Err(("document_not_text", None)));
        assert_eq!(code(&[b'a'; 65]), Err(("document_too_large", None)));
        assert_eq!(code(&[b'a'; 129]), Err(("document_too_large", None)));
    }
}

//! JSON of large values, with no more memory than it needs.
//!
//! WebAssembly memory never shrinks, and a buffer that doubles as it fills needs
//! up to three times its length while it moves: for the plan of 16,000 tools that
//! would be the isolate's peak.

mod unescape;

use std::io::{self, Write};

use serde::Serialize;

pub(crate) use unescape::unescape;

/// Length of a piece, except of the last.
const PIECE: usize = 256 << 10;

/// Writes a value as JSON in pieces: no buffer of the whole length has to be free.
///
/// # Errors
///
/// What `serde_json` says of a value JSON has no form for.
pub(crate) fn to_json_pieces<T: Serialize>(value: &T) -> serde_json::Result<Vec<Vec<u8>>> {
    let mut pieces = Pieces(Vec::new());
    serde_json::to_writer(&mut pieces, value)?;
    Ok(pieces.0)
}

/// Writes a value as JSON into a buffer of just its length: twice, the first time
/// only to count.
///
/// # Errors
///
/// What `serde_json` says of a value JSON has no form for.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value)?;
    let mut bytes = Vec::with_capacity(length.0);
    serde_json::to_writer(&mut bytes, value)?;
    Ok(bytes)
}

/// The same as text.
///
/// # Errors
///
/// Those of [`to_json`].
pub(crate) fn to_json_text<T: Serialize>(value: &T) -> serde_json::Result<String> {
    String::from_utf8(to_json(value)?).map_err(serde::ser::Error::custom)
}

/// Keeps what is written to it in pieces.
struct Pieces(Vec<Vec<u8>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let last = match self.0.last_mut() {
            Some(last) if last.len() < PIECE => last,
            _ => self.0.push_mut(Vec::with_capacity(PIECE)),
        };
        let taken = bytes.len().min(PIECE - last.len());
        last.extend_from_slice(bytes.get(..taken).unwrap_or(bytes));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts what is written to it.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{PIECE, to_json, to_json_pieces, to_json_text};

    #[test]
    fn the_buffer_is_as_long_as_its_json() {
        let value = serde_json::json!({"tools": ["a", "ü", 1.5, null], "note": "\"\n"});
        let bytes = to_json(&value).expect("JSON");
        assert_eq!(bytes, serde_json::to_vec(&value).expect("JSON"));
        assert_eq!(bytes.capacity(), bytes.len());
        assert_eq!(to_json_text(&value).expect("JSON"), value.to_string());
    }

    #[test]
    fn pieces_are_the_same_json() {
        for length in [0, 1, PIECE - 3, PIECE - 2, PIECE, 3 * PIECE] {
            let value = ["a".repeat(length)];
            let pieces = to_json_pieces(&value).expect("JSON");
            let whole = pieces.iter().all(|piece| piece.capacity() == PIECE);
            assert!(whole, "{length}");
            assert_eq!(pieces.len(), (length + 4).div_ceil(PIECE), "{length}");
            assert_eq!(pieces.concat(), serde_json::to_vec(&value).expect("JSON"));
        }
    }
}

//! JSON of a known length.

use std::io::{self, Write};

use serde::Serialize;

/// Writes a value as JSON into a buffer of just its length.
///
/// A buffer that doubles as it fills needs up to three times its length while it
/// moves, and WebAssembly memory never shrinks: for the plan of 16,000 tools that
/// is the isolate's peak. Writing twice, the first time only to count, is cheaper.
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
    use super::{to_json, to_json_text};

    #[test]
    fn the_buffer_is_as_long_as_its_json() {
        let value = serde_json::json!({"tools": ["a", "ü", 1.5, null], "note": "\"\n"});
        let bytes = to_json(&value).expect("JSON");
        assert_eq!(bytes, serde_json::to_vec(&value).expect("JSON"));
        assert_eq!(bytes.capacity(), bytes.len());
        assert_eq!(to_json_text(&value).expect("JSON"), value.to_string());
    }
}

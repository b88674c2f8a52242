//! A JSON string decoded where it lies.

/// Decodes `raw`, a JSON string with its quotes (RFC 8259 §7), in its own buffer.
///
/// A description can be a string of 16 MiB in a request's JSON. `serde_json` would
/// collect it in a buffer that doubles and copy that again: three times the
/// memory, which WebAssembly never gives back.
///
/// `None` where it is no such string, also where half of a surrogate pair is
/// missing. That it is UTF-8 is not looked at.
pub(crate) fn unescape(mut raw: Vec<u8>) -> Option<Vec<u8>> {
    if raw.len() < 2 || !raw.starts_with(b"\"") || !raw.ends_with(b"\"") {
        return None;
    }
    let end = raw.len() - 1;
    let (mut read, mut write) = (1, 0);
    while read < end {
        let rest = raw.get(read..end)?;
        let plain = memchr::memchr2(b'\\', b'"', rest).unwrap_or(rest.len());
        raw.copy_within(read..read + plain, write);
        read += plain;
        write += plain;
        if read < end {
            let (char, length) = escape(raw.get(read..end)?)?;
            let mut utf8 = [0; 4];
            // Never longer than its escape, so what is ahead stays as it is.
            for byte in char.encode_utf8(&mut utf8).bytes() {
                *raw.get_mut(write)? = byte;
                write += 1;
            }
            read += length;
        }
    }
    raw.truncate(write);
    Some(raw)
}

/// The character of the escape that `text` starts with, and its length.
fn escape(text: &[u8]) -> Option<(char, usize)> {
    let char = match text.strip_prefix(b"\\")?.first()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((char, 2))
}

fn unicode(text: &[u8]) -> Option<(char, usize)> {
    let first = unit(text)?;
    if !(0xD800..0xDC00).contains(&first) {
        return Some((char::from_u32(first)?, 6));
    }
    let second = unit(text.get(6..)?)?;
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    Some((
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + low)?,
        12,
    ))
}

/// The UTF-16 code unit of `\uXXXX`.
fn unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, digit| {
        Some(unit * 16 + char::from(*digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::unescape;

    fn decoded(raw: &str) -> Option<String> {
        unescape(raw.as_bytes().to_vec()).and_then(|bytes| String::from_utf8(bytes).ok())
    }

    #[test]
    fn every_escape_is_decoded() {
        let raw = r#""a\"b\\c\/d\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00é€😀""#;
        let expected: String = serde_json::from_str(raw).expect("a JSON string");
        assert_eq!(decoded(raw), Some(expected));
        assert_eq!(decoded("\"\""), Some(String::new()));
    }

    #[test]
    fn what_is_no_string_is_refused() {
        for raw in [
            "",
            "\"",
            "1",
            "\"a",
            "a\"",
            r#""\"#,
            r#""\""#,
            r#""\x""#,
            r#""\u12""#,
            r#""\u+123""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\n""#,
            r#""\ud83d\ud83d""#,
            r#""\ude00""#,
        ] {
            assert_eq!(decoded(raw), None, "{raw}");
        }
    }

    #[test]
    fn serde_json_says_the_same() {
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        let parts = [
            "\\\"", "\\\\", "\\u", "\\ud83d", "\\ude00", "00e9", "\\n", "x", "é", "😀", "\\", "12",
        ];
        for _ in 0..20_000 {
            let mut raw = String::from("\"");
            for _ in 0..seed % 9 {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                raw.push_str(parts[usize::try_from(seed >> 32).unwrap_or(0) % parts.len()]);
            }
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            raw.push('"');
            assert_eq!(decoded(&raw), serde_json::from_str(&raw).ok(), "{raw}");
        }
    }
}

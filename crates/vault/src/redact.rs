//! Text of others that is kept or shown, without the secrets that it may repeat.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// What stands where something was taken out.
pub const REDACTED: &str = "[redacted]";

/// A secret of fewer characters is not looked for in data.
const MIN_DISTINCT_CHARS: usize = 12;

/// Runs of this many characters with letters and digits are taken for keys.
const MIN_KEY_CHARS: usize = 24;

/// The first `limit` characters of `text` in one line, without:
/// * any of `secrets`, as it is, in JSON, in a URL, in base64 or in hexadecimal;
/// * what follows `Bearer` or `Basic`;
/// * what looks like a key: 24 characters or more with letters and digits.
///
/// A secret that begins within the limit is found as long as all of it is in
/// `text`. Control characters and white space become one space.
#[must_use]
pub fn redact(text: &str, secrets: &[&str], limit: usize) -> String {
    let forms: Vec<String> = secrets.iter().flat_map(|secret| forms(secret)).collect();
    let mut out = Output::default();
    let mut rest = text;
    let mut starts_word = true;
    let mut after_scheme = false;
    while let Some(next) = rest.chars().next() {
        if out.chars >= limit {
            break;
        }
        let word = word(rest);
        let is_secret = starts_word && !word.is_empty() && (after_scheme || looks_like_key(word));
        let taken = longest_match(rest, &forms).max(if is_secret { word.len() } else { 0 });
        if taken > 0 {
            out.push_str(REDACTED);
            let taken = with_overlaps(rest, taken, &forms);
            rest = rest.get(taken..).unwrap_or_default();
            (starts_word, after_scheme) = (true, false);
            continue;
        }
        if starts_word && !word.is_empty() {
            after_scheme = ["bearer", "basic"]
                .iter()
                .any(|scheme| word.eq_ignore_ascii_case(scheme));
        }
        starts_word = !is_word(next);
        out.push(next);
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    out.text.trim().chars().take(limit).collect()
}

/// `content` without any of `secrets`, in the forms that [`redact`] knows and
/// otherwise as it is; `None` where none of them is in it.
#[must_use]
pub fn without(content: &[u8], secrets: &[&str]) -> Option<Vec<u8>> {
    let mut forms: Vec<String> = secrets.iter().flat_map(|secret| forms(secret)).collect();
    // The longest first: one may begin as another does.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    let mut out = Vec::with_capacity(content.len());
    let mut rest = content;
    let mut found = false;
    while let Some((first, after)) = rest.split_first() {
        let form = forms.iter().find(|form| rest.starts_with(form.as_bytes()));
        if let Some(form) = form {
            out.extend_from_slice(REDACTED.as_bytes());
            rest = rest.get(form.len()..).unwrap_or_default();
            found = true;
        } else {
            out.push(*first);
            rest = after;
        }
    }
    found.then_some(out)
}

/// The forms, as [`redact`] knows them, of those secrets that other data does not hold
/// by chance: a short one, a number or a word may well be in it.
#[must_use]
pub fn forms_in_data<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let is_distinct = |secret: &&str| {
        let is_name = |c: char| c.is_whitespace() || ".@-".contains(c) || c.is_ascii_digit();
        secret.chars().count() >= MIN_DISTINCT_CHARS
            && secret.contains(|c: char| c.is_ascii_digit())
            && !secret.chars().all(is_name)
    };
    let mut all: Vec<String> = secrets
        .into_iter()
        .filter(is_distinct)
        .flat_map(forms)
        .collect();
    all.sort();
    all.dedup();
    all
}

#[derive(Default)]
struct Output {
    text: String,
    chars: usize,
}

impl Output {
    fn push(&mut self, next: char) {
        if !next.is_control() && !next.is_whitespace() {
            self.text.push(next);
        } else if self.text.ends_with(' ') {
            return;
        } else {
            self.text.push(' ');
        }
        self.chars += 1;
    }

    fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
        self.chars += text.chars().count();
    }
}

/// Characters of keys, tokens and base64.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_+/=.~".contains(c)
}

fn word(text: &str) -> &str {
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Paths are words with slashes, so each part is looked at for itself.
fn looks_like_key(word: &str) -> bool {
    word.split('/').any(|part| {
        let has = |is: fn(&u8) -> bool| part.as_bytes().iter().any(is);
        part.len() >= MIN_KEY_CHARS && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
    })
}

/// The end of what has to go, where a secret begins in it and ends after it.
fn with_overlaps(text: &str, taken: usize, forms: &[String]) -> usize {
    let mut end = taken;
    let mut at = 0;
    while at < end {
        if let Some(rest) = text.get(at..) {
            end = end.max(at + longest_match(rest, forms));
        }
        at += 1;
    }
    end
}

fn longest_match(text: &str, forms: &[String]) -> usize {
    forms
        .iter()
        .filter(|form| text.starts_with(form.as_str()))
        .map(String::len)
        .max()
        .unwrap_or_default()
}

/// How a secret may be written down.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let mut hex = String::new();
    let mut url = [String::new(), String::new(), String::new()];
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
        let is_plain = byte.is_ascii_alphanumeric();
        // As `encodeURIComponent`, as RFC 3986, and as a form.
        for (kept, text) in ["-_.!~*'()", "-_.~", "-_.*"].iter().zip(&mut url) {
            let c = char::from(*byte);
            if is_plain || kept.contains(c) {
                text.push(c);
            } else if kept.len() == 4 && kept.ends_with('*') && c == ' ' {
                text.push('+');
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    let mut all = vec![
        secret.to_owned(),
        in_json(secret),
        STANDARD_NO_PAD.encode(bytes),
        hex.to_uppercase(),
        hex,
    ];
    all.extend(url.iter().map(|text| text.to_lowercase()));
    all.extend(url);
    all.retain(|form| !form.is_empty());
    all.sort();
    all.dedup();
    all
}

/// As in a JSON string, without its quotes (RFC 8259 §7).
fn in_json(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{forms_in_data, redact, without};

    #[test]
    fn plain_text_stays_in_one_line() {
        for (text, expected) in [
            ("", ""),
            (
                "The API answered 404 Not Found to GET /answers/missing.",
                "",
            ),
            (" a\r\n\t b\u{0}c\u{1b}[31m\u{2028}d ", "a b c [31m d"),
            ("Set HARBOUR_OFFICE_COOKIE_API_KEY or HARBOUR_PASSWORD", ""),
            ("GET /v1/organisations/members/invitations/pending", ""),
            ("a bearer of bad news", "a bearer [redacted] bad news"),
        ] {
            let expected = if expected.is_empty() { text } else { expected };
            assert_eq!(redact(text, &[], 300), expected);
        }
        assert_eq!(redact("ünïcode", &[], 3), "ünï");
    }

    #[test]
    fn a_secret_is_taken_out_in_every_form() {
        let secrets = ["pass:wörd \"x\"", "short", "a"];
        for text in [
            "token pass:wörd \"x\"!",
            r#"token pass:wörd \"x\"!"#,
            "token pass%3Aw%C3%B6rd%20%22x%22!",
            "token pass%3aw%c3%b6rd%20%22x%22!",
            "token pass%3Aw%C3%B6rd+%22x%22!",
            "token cGFzczp3w7ZyZCAieCI!",
            "token 706173733a77c3b6726420227822!",
            "token 706173733A77C3B6726420227822!",
            "token short!",
        ] {
            assert_eq!(
                redact(text, &secrets[..2], 300),
                "token [redacted]!",
                "{text}"
            );
        }
        assert_eq!(redact("b a", &secrets, 300), "b [redacted]");
        // One that begins in another, or in what looks like a key.
        for text in ["token abcd!", "token 0123456789abcdef01234567ab cd!"] {
            assert_eq!(
                redact(text, &["abc", "bcd", "ab cd"], 300),
                "token [redacted]!"
            );
        }
        // The longer of two that begin at the same place.
        assert_eq!(redact("abcdef", &["abc", "abcdef"], 300), "[redacted]");
    }

    #[test]
    fn data_is_searched_for_what_it_does_not_hold_by_chance() {
        for common in [
            "",
            "short-1",
            "0123456789012",
            "192.168.100.200",
            "password-phrase",
        ] {
            assert_eq!(forms_in_data([common]), [""; 0], "{common}");
        }
        assert_eq!(
            forms_in_data(["tide/key-0123", "tide/key-0123"]),
            [
                "746964652F6B65792D30313233",
                "746964652f6b65792d30313233",
                "dGlkZS9rZXktMDEyMw",
                "tide%2Fkey-0123",
                "tide%2fkey-0123",
                "tide/key-0123",
            ]
        );
    }

    #[test]
    fn the_rest_stays_byte_for_byte() {
        let check = |content: &[u8]| without(content, &["abc", "abcdef", "p:\u{fc} \"q\""]);
        for untouched in [&b""[..], b"ab", b"\xff\xfe {\n \"a\": 1 }", b"xabxcx"] {
            assert_eq!(check(untouched), None);
        }
        for (content, expected) in [
            (
                &b"{\"a\":\n \"abc\"}"[..],
                &b"{\"a\":\n \"[redacted]\"}"[..],
            ),
            (b"\xffabcdef\xfe", b"\xff[redacted]\xfe"),
            (b"abcabc", b"[redacted][redacted]"),
            ("\"p:\u{fc} \\\"q\\\"\"".as_bytes(), b"\"[redacted]\""),
            (b"?k=p%3A%C3%BC%20%22q%22&", b"?k=[redacted]&"),
        ] {
            assert_eq!(check(content).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_secret_at_the_end_does_not_show_its_beginning() {
        let text = format!("{} canary-1", "x ".repeat(148));
        let found = redact(&text, &["canary-1"], 300);
        assert_eq!(found, format!("{}[re", "x ".repeat(148)) + "d");
    }

    #[test]
    fn what_looks_like_a_key_is_taken_out() {
        for text in [
            "key mcpe_0123456789abcdef0123456789abcdef",
            "key eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            "key sk-live-4eC39HqLyjWDarjtT1zdp7dc",
        ] {
            assert_eq!(redact(text, &[], 300), "key [redacted]");
        }
        assert_eq!(
            redact("Authorization: Bearer abc; basic dTpw", &[], 300),
            "Authorization: Bearer [redacted]; basic [redacted]"
        );
    }
}

//! Hints at credentials: header names, words for schemes.

use serde_json::{Value, json};

/// What was hinted at, with the line of the first hint.
#[derive(Debug, Default)]
pub(super) struct Auth {
    pub(super) found: Vec<Hint>,
}

#[derive(Debug)]
pub(super) struct Hint {
    pub(super) line: usize,
    pub(super) name: &'static str,
    pub(super) scheme: Value,
    /// For a sentence.
    pub(super) what: String,
}

/// Headers that are looked for in any text, as they are rarely meant otherwise.
const HEADERS: [&str; 8] = [
    "X-API-Key",
    "X-Api-Token",
    "X-Auth-Token",
    "X-Access-Token",
    "X-Auth-Key",
    "Api-Key:",
    "Private-Token",
    "Ocp-Apim-Subscription-Key",
];

impl Auth {
    /// Looks for hints in a text or a piece of code.
    pub(super) fn read(&mut self, text: &str, line: usize) {
        let lower = text.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if has(&[
            "authorization: bearer",
            "authorization: `bearer",
            "bearer token",
            "bearer auth",
        ]) {
            self.bearer(line);
        } else if has(&["authorization: basic", "basic auth", "http basic"]) {
            self.basic(line);
        } else if has(&[
            "authorization: token ",
            "authorization: apikey",
            "authorization: api-key",
            "authorization: key ",
        ]) {
            self.header("Authorization", line);
        }
        for header in HEADERS {
            let found = lower.find(&header.to_ascii_lowercase());
            let written =
                found.and_then(|at| text.get(at..at + header.trim_end_matches(':').len()));
            // `x-api-key`, not the end of a longer name.
            let is_whole = found.is_some_and(|at| {
                let before = at.checked_sub(1).and_then(|at| lower.as_bytes().get(at));
                !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            });
            if let (Some(written), true) = (written, is_whole) {
                self.header(written, line);
            }
        }
        for name in ["api_key", "apikey", "access_token"] {
            if has(&[&format!("?{name}="), &format!("&{name}=")]) {
                self.query(name, line);
            }
        }
    }

    pub(super) fn bearer(&mut self, line: usize) {
        let scheme = json!({ "type": "http", "scheme": "bearer" });
        self.add(line, "bearerAuth", scheme, "a bearer token".to_owned());
    }

    pub(super) fn basic(&mut self, line: usize) {
        let scheme = json!({ "type": "http", "scheme": "basic" });
        self.add(line, "basicAuth", scheme, "HTTP basic".to_owned());
    }

    pub(super) fn header(&mut self, name: &str, line: usize) {
        let scheme = json!({ "type": "apiKey", "in": "header", "name": name });
        self.add(line, "apiKey", scheme, format!("the header `{name}`"));
    }

    pub(super) fn query(&mut self, name: &str, line: usize) {
        let scheme = json!({ "type": "apiKey", "in": "query", "name": name });
        self.add(
            line,
            "apiKey",
            scheme,
            format!("the query parameter `{name}`"),
        );
    }

    /// The value of an `Authorization` header.
    pub(super) fn authorization(&mut self, value: &str, line: usize) {
        let scheme = value.split_whitespace().next().unwrap_or_default();
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => self.bearer(line),
            "basic" => self.basic(line),
            _ => self.header("Authorization", line),
        }
    }

    fn add(&mut self, line: usize, name: &'static str, scheme: Value, what: String) {
        let is_known = self
            .found
            .iter()
            .any(|hint| hint.what.eq_ignore_ascii_case(&what));
        if !is_known && self.found.len() < 8 {
            self.found.push(Hint {
                line,
                name,
                scheme,
                what,
            });
        }
    }
}

/// Whether a text says that no credential is needed.
pub(super) fn is_public(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "no authentication",
        "no auth required",
        "does not require auth",
        "doesn't require auth",
        "auth required: no",
        "auth required : no",
        "authentication: none",
        "authentication: not required",
        "without authentication",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

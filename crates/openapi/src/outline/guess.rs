//! What names and texts give away about values.

use serde_json::{Value, json};

/// Names whose digits are numbers. Other digits may be an id, a postcode, a
/// search: text always fits, as it is sent as text.
const COUNTS: [&str; 14] = [
    "limit", "offset", "page", "size", "count", "skip", "take", "top", "first", "last", "max",
    "min", "perpage", "pagesize",
];

/// Type and example of a value that is written as text.
pub(crate) fn typed(name: &str, value: &str) -> (&'static str, Value) {
    let plain = letters(name);
    let counts = COUNTS.contains(&plain.as_str())
        || plain.ends_with("limit")
        || plain.ends_with("count")
        || plain.ends_with("size");
    if counts && let Ok(number) = value.parse::<i64>() {
        return ("integer", json!(number));
    }
    match value {
        "true" => ("boolean", json!(true)),
        "false" => ("boolean", json!(false)),
        _ => ("string", json!(value)),
    }
}

/// Headers that carry a credential and nothing else, without marks and case.
const KEY_HEADERS: [&str; 8] = [
    "authentication",
    "authtoken",
    "authkey",
    "accesstoken",
    "apitoken",
    "privatetoken",
    "xauthorization",
    "ocpapimsubscriptionkey",
];

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Whether a header of this name carries a credential: `X-API-Key`, and what a
/// vendor puts around such words.
pub(crate) fn is_key_header(name: &str) -> bool {
    let letters = letters(name);
    letters == "xtoken"
        || letters.ends_with("apikey")
        || KEY_HEADERS.iter().any(|known| letters.ends_with(known))
}

/// Whether a query parameter of this name carries a credential.
pub(crate) fn is_key_query(name: &str) -> bool {
    ["apikey", "xapikey", "accesstoken"].contains(&letters(name).as_str())
}

/// Whether a value of this name is for its owner alone, so that the one in the
/// source is no example.
pub(crate) fn is_secret(name: &str) -> bool {
    const WORDS: [&str; 14] = [
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "apikey",
        "accesskey",
        "privatekey",
        "signature",
        "credential",
        "assertion",
        "authorization",
        "sessionid",
    ];
    let letters = letters(name);
    WORDS.iter().any(|word| letters.contains(word))
}

/// Whether a text is a credential whatever it is called: what an
/// `Authorization` header holds, or a JSON Web Token.
pub(crate) fn is_credential(text: &str) -> bool {
    let (scheme, rest) = text.split_once(' ').unwrap_or_default();
    let is_scheme = ["bearer", "basic", "token"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme));
    (is_scheme && !rest.is_empty() && !rest.contains(' ')) || text.starts_with("eyJ")
}

/// Headers that a client sets itself, or that other parts of a description say.
pub(crate) fn is_own_header(name: &str) -> bool {
    const OWN: [&str; 14] = [
        "content-type",
        "accept",
        "authorization",
        "host",
        "content-length",
        "connection",
        "user-agent",
        "accept-encoding",
        "postman-token",
        "cookie",
        "cache-control",
        "pragma",
        "dnt",
        "upgrade-insecure-requests",
    ];
    OWN.iter().any(|known| known.eq_ignore_ascii_case(name))
        || name
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("sec-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed_only_where_that_is_clear() {
        assert_eq!(typed("page_size", "20"), ("integer", json!(20)));
        assert_eq!(typed("id", "20"), ("string", json!("20")));
        assert_eq!(typed("limit", "all"), ("string", json!("all")));
        assert_eq!(typed("active", "true"), ("boolean", json!(true)));
    }

    #[test]
    fn names_of_credentials_are_known() {
        for name in ["X-API-Key", "x-acme-apikey", "X-Acme-Auth-Token", "API_KEY"] {
            assert!(is_key_header(name), "{name}");
        }
        for name in ["Idempotency-Key", "X-Api-Version", "X-Token-Type", "Page"] {
            assert!(!is_key_header(name), "{name}");
        }
        for name in [
            "client_secret",
            "newPassword",
            "refreshToken",
            "X-Signature",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["key", "passenger", "author", "signed"] {
            assert!(!is_secret(name), "{name}");
        }
        assert!(is_credential("Bearer abc") && is_credential("eyJhbGciOi"));
        assert!(!is_credential("Basic facts of life") && !is_credential("abc"));
    }
}

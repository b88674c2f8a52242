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
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
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

/// Headers that carry a credential and nothing else.
const KEY_HEADERS: [&str; 14] = [
    "x-api-key",
    "x-apikey",
    "api-key",
    "apikey",
    "api_key",
    "x-api-token",
    "x-auth-token",
    "x-access-token",
    "x-auth-key",
    "x-token",
    "auth-token",
    "private-token",
    "x-rapidapi-key",
    "ocp-apim-subscription-key",
];

/// Whether a header of this name carries a credential.
pub(crate) fn is_key_header(name: &str) -> bool {
    KEY_HEADERS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a query parameter of this name carries a credential.
pub(crate) fn is_key_query(name: &str) -> bool {
    ["api_key", "apikey", "api-key", "access_token"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// Headers that a client sets itself, or that other parts of a description say.
pub(crate) fn is_own_header(name: &str) -> bool {
    const OWN: [&str; 10] = [
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
    ];
    OWN.iter().any(|known| known.eq_ignore_ascii_case(name))
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
}

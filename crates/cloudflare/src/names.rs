//! What enters an address or a header. What is refused here would be refused by
//! Cloudflare too, but later and less clearly.

/// A name or an id that Cloudflare would not take. The message never quotes a
/// token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// `account_id`, `api_token`, `script_name`, `namespace` or `subdomain`.
    pub what: &'static str,
    pub message: &'static str,
}

/// An account's id: 32 hexadecimal digits.
pub fn check_account_id(text: &str) -> Result<(), Invalid> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    check(
        "account_id",
        text.len() == 32 && text.bytes().all(is_digit),
        "an account id is 32 digits from 0 to 9 and a to f; the dashboard shows it under Workers & Pages",
    )
}

/// A Worker's name, which is a part of its address too: a DNS label (RFC 1035
/// §2.3.1, RFC 1123 §2.1) of lower-case letters, digits and hyphens.
pub fn check_script_name(text: &str) -> Result<(), Invalid> {
    check(
        "script_name",
        is_label(text),
        "a Worker's name has 1 to 63 characters, a to z, 0 to 9 and hyphens inside",
    )
}

/// A dispatch namespace's name.
pub fn check_namespace(text: &str) -> Result<(), Invalid> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    check(
        "namespace",
        (1..=63).contains(&text.len()) && text.bytes().all(is_plain),
        "a dispatch namespace's name has 1 to 63 letters, digits, hyphens and underscores",
    )
}

/// An account's sub-domain of `workers.dev`.
pub fn check_subdomain(text: &str) -> Result<(), Invalid> {
    check(
        "subdomain",
        is_label(text),
        "a workers.dev subdomain has 1 to 63 characters, a to z, 0 to 9 and hyphens inside",
    )
}

/// An API token: the characters that a bearer token has (RFC 6750 §2.1).
pub fn check_api_token(text: &str) -> Result<(), Invalid> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    check(
        "api_token",
        (20..=500).contains(&text.len()) && text.bytes().all(is_plain),
        "an API token has 20 to 500 letters, digits and -._~+/=, without \"Bearer\" before it",
    )
}

fn check(what: &'static str, holds: bool, message: &'static str) -> Result<(), Invalid> {
    if holds {
        Ok(())
    } else {
        Err(Invalid { what, message })
    }
}

fn is_label(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=63).contains(&text.len())
        && text.bytes().all(is_plain)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

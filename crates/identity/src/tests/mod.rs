mod cache;
mod claims;
mod clerk;
mod issue;
mod keys;
mod token;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub(super) const NOW: i64 = 1_800_000_000;
pub(super) const ISSUER: &str = "https://clerk.example.com";
pub(super) const ORIGIN: &str = "https://studio.example.com";

/// A token of this text for header and claims; its signature is four bytes.
pub(super) fn raw(header: &str, claims: &str) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.AAECAw", encode(header), encode(claims))
}

pub(super) fn header() -> Value {
    json!({ "alg": "RS256", "kid": "key-1", "typ": "JWT" })
}

pub(super) fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "user_1", "azp": ORIGIN,
        "iat": NOW - 10, "nbf": NOW - 10, "exp": NOW + 50,
    })
}

/// The value with these members, `null` taking one out.
pub(super) fn with(mut value: Value, changes: &Value) -> Value {
    let members = value.as_object_mut().unwrap();
    for (name, change) in changes.as_object().unwrap() {
        if change.is_null() {
            members.shift_remove(name);
        } else {
            members.insert(name.clone(), change.clone());
        }
    }
    value
}

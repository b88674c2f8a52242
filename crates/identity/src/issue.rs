//! The issuer's side of a token, for the built-in issuer of development.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Algorithm;

/// The part of a token that is signed: header and claims (RFC 7515 §5.1).
///
/// # Errors
/// Only where the claims hold something that JSON cannot express.
pub fn signing_input<T: Serialize>(
    token_type: &str,
    algorithm: Algorithm,
    key_id: &str,
    claims: &T,
) -> Result<String, serde_json::Error> {
    let header = json!({ "alg": algorithm.name(), "kid": key_id, "typ": token_type });
    let claims = serde_json::to_vec(claims)?;
    Ok(format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims)
    ))
}

/// The token of a signing input and its signature.
#[must_use]
pub fn compact(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The key set that publishes an ES256 key pair, given as a private JWK: its
/// public members alone. `None` where it is no such key.
#[must_use]
pub fn public_key_set(private: &Value) -> Option<Value> {
    let text = |name: &str| private.get(name)?.as_str();
    if text("kty") != Some("EC") || text("crv") != Some("P-256") {
        return None;
    }
    let key = json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": Algorithm::Es256.name(),
        "kid": text("kid")?, "x": text("x")?, "y": text("y")?,
    });
    Some(json!({ "keys": [key] }))
}

/// Whether the verifier is the one of the challenge (RFC 7636 §4.6, S256).
#[must_use]
pub fn verifies(verifier: &str, challenge: &str) -> bool {
    let in_bounds = (43..=128).contains(&verifier.len());
    in_bounds && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge
}

//! The form and the header of a token.

use jwt_compact::{Header, UntrustedToken};
use serde_json::{Map, Value};

use crate::{Algorithm, Refused};

/// Longest token that is read. Those of the common issuers have 1 to 2 kB.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// A key's name is looked up and logged: it is short.
const MAX_KEY_ID_BYTES: usize = 256;

/// A token in whose form nothing is wrong. Nothing that it says is to be believed
/// before its signature is verified.
#[derive(Debug)]
pub struct Unverified<'a> {
    pub(crate) token: UntrustedToken<'a, Map<String, Value>>,
    signed: &'a str,
    key_id: String,
    algorithm: Algorithm,
}

impl<'a> Unverified<'a> {
    /// Reads a JWS in compact form (RFC 7515 §7.1).
    ///
    /// # Errors
    /// `malformed`, `algorithm` for one that is not in [`Algorithm`], `header` for
    /// a header that names a key by anything but its id, asks for an extension or
    /// says that this is no access token.
    pub fn read(text: &'a str) -> Result<Self, Refused> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(Refused::new("malformed", "The token is too long"));
        }
        let malformed = Refused::new("malformed", "This is not a signed JSON Web Token");
        // Strict base64url without padding; one spelling for each token.
        let token = UntrustedToken::try_from(text).map_err(|_| malformed.clone())?;
        let (signed, _) = text.rsplit_once('.').ok_or(malformed)?;
        let algorithm = Algorithm::of(token.algorithm()).ok_or(Refused::new(
            "algorithm",
            "The token is signed with an algorithm that is not accepted",
        ))?;
        let key_id = check_header(token.header())?;
        Ok(Self {
            token,
            signed,
            key_id,
            algorithm,
        })
    }

    /// The `kid`: 1 to 256 bytes.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What is signed.
    #[must_use]
    pub const fn signed(&self) -> &[u8] {
        self.signed.as_bytes()
    }

    /// As the algorithm writes it; for ES256 that is `r` and `s`, 32 bytes each.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        self.token.signature_bytes()
    }
}

/// The key's id. The key is looked up by it and by nothing else: a token that
/// brings its key along, or says where to fetch it, signs itself (RFC 8725 §3.10).
fn check_header(header: &Header<Map<String, Value>>) -> Result<String, Refused> {
    let foreign_key = header.key_set_url.is_some()
        || header.certificate_url.is_some()
        || ["jwk", "x5c"]
            .iter()
            .any(|name| header.other_fields.contains_key(*name));
    if foreign_key {
        return Err(Refused::new("header", "The token brings its own key"));
    }
    // `crit` (RFC 7515 §4.1.11): none of its extensions is understood here; one
    // of them, `b64` (RFC 7797), would change what is signed.
    if ["crit", "b64", "zip", "enc"]
        .iter()
        .any(|name| header.other_fields.contains_key(*name))
    {
        let message = "The token's header asks for an extension";
        return Err(Refused::new("header", message));
    }
    let types = ["jwt", "at+jwt", "application/at+jwt"];
    if header
        .token_type
        .as_ref()
        .is_some_and(|name| !types.iter().any(|known| name.eq_ignore_ascii_case(known)))
    {
        let message = "The token is of another type than an access token";
        return Err(Refused::new("header", message));
    }
    match &header.key_id {
        Some(id) if (1..=MAX_KEY_ID_BYTES).contains(&id.len()) => Ok(id.clone()),
        _ => Err(Refused::new("key", "The token does not name its key")),
    }
}

//! Who asks: JSON Web Tokens of an OIDC issuer, read and judged.
//!
//! Nothing here fetches, verifies a signature or asks for the time. A token goes
//! through in three steps, and only the last one's result may be believed:
//!
//! 1. [`Unverified::read`]: form and header (RFC 7515, RFC 8725).
//! 2. The caller finds the key in a [`KeySet`], which [`KeyCache`] says when to
//!    fetch, and has the platform verify [`Unverified::signed`] with it.
//! 3. [`Unverified::claims`]: issuer, party, times (RFC 7519, RFC 9068).
//!
//! [`issue`] is the other side, for the issuer that development brings along.
//! [`clerk`] reads what one such issuer tells by itself, by webhook.

mod cache;
mod claims;
pub mod clerk;
pub mod issue;
mod keys;
#[cfg(test)]
mod tests;
mod token;

pub use cache::{FRESH_MILLIS, KeyCache, STALE_MILLIS, Step, UNKNOWN_MILLIS};
pub use claims::{Identity, Policy, SKEW_SECS};
pub use keys::{Algorithm, Jwk, KeySet, KeySetError, MAX_KEY_SET_BYTES};
pub use token::{MAX_TOKEN_BYTES, Unverified};

/// Why a token is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// Stable: `malformed`, `header`, `algorithm`, `key`, `signature`, `claims`,
    /// `issuer`, `party`, `subject`, `expired`, `not_yet_valid`, `pending`.
    pub reason: &'static str,
    /// A sentence that quotes nothing of the token.
    pub message: &'static str,
}

impl Refused {
    #[must_use]
    pub const fn new(reason: &'static str, message: &'static str) -> Self {
        Self { reason, message }
    }
}

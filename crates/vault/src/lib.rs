//! Secrets at rest and tokens.
//!
//! Keys, nonces and random bytes are arguments: this crate asks for none. No
//! `Debug` output of its types holds a secret.
//!
//! * [`seal`] and [`open`]: envelopes of credentials, AES-256-GCM under a key
//!   that is derived for each user.
//! * [`redact`] and [`without`]: text of others without the secrets that it repeats.
//! * [`token`]: bearer tokens that are shown once and stored as a hash.
//! * [`webhook`]: who sent a webhook, by its signature.

mod envelope;
mod keyring;
mod redact;
mod secret;
#[cfg(test)]
mod tests;
pub mod token;
pub mod webhook;

pub use envelope::{Context, key_id, open, rewrap, seal};
pub use keyring::Keyring;
pub use redact::{REDACTED, forms_in_data, redact, without};
pub use secret::{Secret, last4};

/// Why an envelope or a key was refused. It never quotes what it refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// A root key is not 32 bytes of base64, or its id is not `[a-z0-9]{1,16}`.
    #[error("a root key must be an id of a-z and 0-9 and 32 bytes in base64")]
    InvalidKey,
    /// Sealed under a key that this installation does not have (any more).
    #[error("the secret was sealed under a key that is not configured")]
    UnknownKey,
    /// Not an envelope of this version.
    #[error("the stored secret does not have the form of an envelope")]
    Malformed,
    /// Changed, moved to another row, or sealed by somebody else's key.
    #[error("the stored secret failed its integrity check")]
    Refused,
    /// The plaintext is over [`MAX_PLAINTEXT_BYTES`].
    #[error("a secret has at most 65536 bytes")]
    TooLarge,
}

/// Longest secret. Private keys and JSON credentials of service accounts fit.
pub const MAX_PLAINTEXT_BYTES: usize = 64 * 1024;

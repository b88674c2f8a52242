//! Envelopes: `v1.<key id>.<nonce>.<check>.<ciphertext and tag>`, the last three
//! in base64url without padding.
//!
//! The additional data binds version, key, user, project, secret and field, so
//! that an envelope cannot be moved to another row. GCM does not commit to its
//! key: a ciphertext can be made that opens under two keys. The check value,
//! derived beside the encryption key and compared first, closes that.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::keyring::is_id;
use crate::{Keyring, MAX_PLAINTEXT_BYTES, Secret, VaultError};

const VERSION: &str = "v1";

/// What an envelope belongs to. All of it is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    pub user: &'a str,
    pub project: &'a str,
    /// Which secret of the project, e.g. the environment variable's name.
    pub secret: &'a str,
    /// Column that holds the envelope.
    pub field: &'a str,
}

/// Seals a plaintext under the current key.
///
/// `nonce` is 12 fresh random bytes for every call: the same one twice under one
/// user's key gives both plaintexts away. Random ones are safe for 2^32
/// envelopes of a user (NIST SP 800-38D §8.3).
pub fn seal(
    ring: &Keyring,
    context: &Context<'_>,
    plaintext: &[u8],
    nonce: [u8; 12],
) -> Result<String, VaultError> {
    if plaintext.len() > MAX_PLAINTEXT_BYTES {
        return Err(VaultError::TooLarge);
    }
    let key_id = ring.current();
    let check = check_value(ring, key_id, context.user)?;
    let data = additional_data(key_id, context);
    let sealed = cipher(ring, key_id, context.user)?
        .encrypt(
            &Nonce::from(nonce),
            Payload {
                msg: plaintext,
                aad: &data,
            },
        )
        .map_err(|_| VaultError::TooLarge)?;
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Ok([
        VERSION,
        key_id,
        &part(&nonce),
        &part(&check),
        &part(&sealed),
    ]
    .join("."))
}

/// Opens what [`seal`] made for this very context.
pub fn open(ring: &Keyring, context: &Context<'_>, envelope: &str) -> Result<Secret, VaultError> {
    let parts = Parts::parse(envelope)?;
    let check = check_value(ring, parts.key_id, context.user)?;
    if !bool::from(check.as_slice().ct_eq(&parts.check)) {
        return Err(VaultError::Refused);
    }
    let data = additional_data(parts.key_id, context);
    let payload = Payload {
        msg: &parts.sealed,
        aad: &data,
    };
    cipher(ring, parts.key_id, context.user)?
        .decrypt(&Nonce::from(parts.nonce), payload)
        .map(|plaintext| Secret::new(Zeroizing::new(plaintext)))
        .map_err(|_| VaultError::Refused)
}

/// Seals anew under the current key; `None` when it already is. Safe to repeat,
/// so that rotation can stop and go on anywhere. `nonce` as in [`seal`].
pub fn rewrap(
    ring: &Keyring,
    context: &Context<'_>,
    envelope: &str,
    nonce: [u8; 12],
) -> Result<Option<String>, VaultError> {
    let plaintext = open(ring, context, envelope)?;
    if key_id(envelope)? == ring.current() {
        return Ok(None);
    }
    seal(ring, context, plaintext.expose(), nonce).map(Some)
}

/// Id of the root key that an envelope was sealed under.
pub fn key_id(envelope: &str) -> Result<&str, VaultError> {
    Parts::parse(envelope).map(|parts| parts.key_id)
}

/// How an envelope under this key begins, and none under another.
pub(crate) fn prefix(key_id: &str) -> String {
    format!("{VERSION}.{key_id}.")
}

struct Parts<'a> {
    key_id: &'a str,
    nonce: [u8; 12],
    check: Vec<u8>,
    sealed: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn parse(envelope: &'a str) -> Result<Self, VaultError> {
        // Checked before anything is decoded; a third more than the bytes, and the rest.
        if envelope.len() > MAX_PLAINTEXT_BYTES * 4 / 3 + 256 {
            return Err(VaultError::Malformed);
        }
        let mut parts = envelope.split('.');
        let mut part = || parts.next().ok_or(VaultError::Malformed);
        let (version, key_id) = (part()?, part()?);
        let (nonce, check, sealed) = (decode(part()?)?, decode(part()?)?, decode(part()?)?);
        if version != VERSION || !is_id(key_id) || parts.next().is_some() {
            return Err(VaultError::Malformed);
        }
        let nonce = nonce.try_into().map_err(|_| VaultError::Malformed)?;
        Ok(Self {
            key_id,
            nonce,
            check,
            sealed,
        })
    }
}

/// Refuses padding and set trailing bits: one envelope has one spelling.
fn decode(text: &str) -> Result<Vec<u8>, VaultError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| VaultError::Malformed)
}

fn cipher(ring: &Keyring, key_id: &str, user: &str) -> Result<Aes256Gcm, VaultError> {
    let key = ring.derive(key_id, "secret", user)?;
    Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| VaultError::InvalidKey)
}

/// 16 bytes of a key that is used for nothing else.
fn check_value(ring: &Keyring, key_id: &str, user: &str) -> Result<Vec<u8>, VaultError> {
    let key = ring.derive(key_id, "check", user)?;
    Ok(key.iter().take(16).copied().collect())
}

fn additional_data(key_id: &str, context: &Context<'_>) -> Vec<u8> {
    framed(&[
        VERSION,
        key_id,
        context.user,
        context.project,
        context.secret,
        context.field,
    ])
}

/// Each field behind its length, so that no two lists of fields look alike
/// (`a|b` and `c` against `a` and `b|c`).
pub(crate) fn framed(fields: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
        bytes.extend_from_slice(field.as_bytes());
    }
    bytes
}

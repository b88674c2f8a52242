//! Root keys by id, and the keys of users that are derived from them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::VaultError;

pub(crate) type Key = Zeroizing<[u8; 32]>;

/// The root keys of an installation. New envelopes are sealed under the current
/// one; older ones stay readable until every envelope is rewrapped.
#[derive(Clone)]
pub struct Keyring {
    current: String,
    keys: Vec<(String, Key)>,
}

impl Keyring {
    /// Keys as `(id, base64 of 32 bytes)`; `current` names the one to seal under.
    pub fn new(current: &str, keys: &[(&str, &str)]) -> Result<Self, VaultError> {
        let mut ring = Self {
            current: current.to_owned(),
            keys: Vec::new(),
        };
        for (id, encoded) in keys {
            let decoded = Zeroizing::new(
                STANDARD
                    .decode(encoded.trim())
                    .map_err(|_| VaultError::InvalidKey)?,
            );
            let mut key: Key = Zeroizing::new([0; 32]);
            if decoded.len() != key.len() || !is_id(id) || ring.find(id).is_some() {
                return Err(VaultError::InvalidKey);
            }
            key.copy_from_slice(&decoded);
            ring.keys.push(((*id).to_owned(), key));
        }
        if ring.find(current).is_none() {
            return Err(VaultError::UnknownKey);
        }
        Ok(ring)
    }

    /// From one configuration value, `v2:<base64>,v1:<base64>`, the current key
    /// first. A value without `:` is a single key with the id `v1`.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let keys: Vec<(&str, &str)> = text
            .split(',')
            .map(|entry| entry.trim().split_once(':').unwrap_or(("v1", entry.trim())))
            .collect();
        let (current, _) = keys.first().copied().ok_or(VaultError::InvalidKey)?;
        Self::new(current, &keys)
    }

    /// Id of the key that new envelopes are sealed under.
    #[must_use]
    pub fn current(&self) -> &str {
        &self.current
    }

    /// How every envelope under the current key begins.
    #[must_use]
    pub fn prefix_of_current(&self) -> String {
        crate::envelope::prefix(&self.current)
    }

    fn find(&self, id: &str) -> Option<&Key> {
        self.keys
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, key)| key)
    }

    /// The key of one user and purpose (RFC 5869). A user's key stays apart from
    /// all others even where one of them is lost.
    pub(crate) fn derive(&self, id: &str, purpose: &str, user: &str) -> Result<Key, VaultError> {
        let root = self.find(id).ok_or(VaultError::UnknownKey)?;
        let info = crate::envelope::framed(&["mcpengine", purpose, user, id]);
        expand(root.as_slice(), b"mcpengine vault v1", &info)
    }
}

pub(crate) fn expand(root: &[u8], salt: &[u8], info: &[u8]) -> Result<Key, VaultError> {
    let mut key: Key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), root)
        .expand(info, key.as_mut_slice())
        .map_err(|_| VaultError::InvalidKey)?;
    Ok(key)
}

/// `[a-z0-9]{1,16}`: an id is a part of the envelope's text.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=16).contains(&id.len())
        && id
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<&str> = self.keys.iter().map(|(id, _)| id.as_str()).collect();
        f.debug_struct("Keyring")
            .field("current", &self.current)
            .field("ids", &ids)
            .finish()
    }
}

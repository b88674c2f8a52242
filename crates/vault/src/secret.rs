//! A plaintext that wipes itself and does not print.

use zeroize::Zeroizing;

#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub(crate) const fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes. What is made of them is the caller's to keep secret.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The same as text; `None` when it is not UTF-8.
    #[must_use]
    pub fn expose_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The last four characters of a secret, the only part that is ever shown again.
/// `None` for a secret so short that four characters would give too much away.
#[must_use]
pub fn last4(secret: &str) -> Option<String> {
    let count = secret.chars().count();
    (count >= MIN_CHARS_TO_SHOW).then(|| secret.chars().skip(count - 4).collect())
}

/// Four characters are then at most a third.
const MIN_CHARS_TO_SHOW: usize = 12;

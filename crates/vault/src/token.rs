//! Bearer tokens: `mcpe_` and 70 hexadecimal digits, of which 64 are random and
//! the last 6 a checksum. A double click selects the whole, secret scanners
//! find it by its form, and a mistyped one is refused without a look-up.
//!
//! Only the SHA-256 of a token is stored. With 256 random bits no salt and no
//! slow hash is needed.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Prefix of endpoint tokens.
pub const ENDPOINT_PREFIX: &str = "mcpe";

/// Prefix of personal access tokens.
pub const PERSONAL_PREFIX: &str = "mcpp";

/// Prefix of the tokens in invitations.
pub const INVITATION_PREFIX: &str = "mcpi";

const RANDOM_DIGITS: usize = 64;
const CHECK_DIGITS: usize = 6;

/// A new token, whose text is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    text: Zeroizing<String>,
    /// SHA-256 of the text in lower-case hex: what is stored.
    pub hash: String,
    /// What is shown later.
    pub last4: String,
}

impl Token {
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("last4", &self.last4)
            .finish_non_exhaustive()
    }
}

/// The token of these random bytes. `prefix` is `[a-z]+`: [`ENDPOINT_PREFIX`],
/// [`PERSONAL_PREFIX`] or [`INVITATION_PREFIX`].
#[must_use]
pub fn mint(prefix: &str, random: [u8; 32]) -> Token {
    let random = Zeroizing::new(random);
    let body = Zeroizing::new(hex(random.as_slice()));
    let text = Zeroizing::new(format!(
        "{prefix}_{}{}",
        body.as_str(),
        checksum(prefix, &body)
    ));
    let hash = hash(&text);
    let last4 = text.chars().skip(text.chars().count() - 4).collect();
    Token { text, hash, last4 }
}

/// SHA-256 in lower-case hex.
#[must_use]
pub fn hash(text: &str) -> String {
    hex(Sha256::digest(text.as_bytes()).as_slice())
}

/// The hash of a text that is a token of this prefix, `None` for anything else:
/// other forms, other prefixes, typing errors.
#[must_use]
pub fn parse(prefix: &str, text: &str) -> Option<String> {
    let digits = text.strip_prefix(prefix)?.strip_prefix('_')?;
    if digits.len() != RANDOM_DIGITS + CHECK_DIGITS
        || !digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    {
        return None;
    }
    let (body, check) = digits.split_at_checked(RANDOM_DIGITS)?;
    same(&checksum(prefix, body), check).then(|| hash(text))
}

/// The token of an `Authorization` header, `Bearer <token>`; the scheme in any
/// case (RFC 9110 §11.1).
#[must_use]
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Compares in a time that does not tell where the two differ.
#[must_use]
pub fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// No secret and no authentication: it finds typing errors, 1 in 2^24 apart.
fn checksum(prefix: &str, body: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"mcpengine token checksum|");
    digest.update(prefix.as_bytes());
    digest.update(b"|");
    digest.update(body.as_bytes());
    hex(digest.finalize().as_slice())
        .chars()
        .take(CHECK_DIGITS)
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .filter_map(|nibble| DIGITS.get(usize::from(nibble)).copied())
        .collect()
}

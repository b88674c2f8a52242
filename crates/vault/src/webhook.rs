//! Signatures of webhooks: HMAC-SHA256 over the raw body and the time of sending.
//!
//! * Standard Webhooks, as Svix sends them for Clerk
//!   (<https://www.standardwebhooks.com>,
//!   <https://docs.svix.com/receiving/verifying-payloads/how-manual>): signed is
//!   `id.timestamp.body`, the key is what `whsec_` precedes, in base64.
//! * Stripe (<https://docs.stripe.com/webhooks#verify-manually>): signed is
//!   `timestamp.body`, the key is the whole text of the secret.
//!
//! A sender signs with each of its secrets while they are exchanged, so every
//! signature of a request is tried with every secret of ours, all of them whatever
//! the first ones gave, and compared in constant time. What is not `v1` is ignored.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

/// How far the time of sending may be from ours, in seconds, to both sides.
pub const TOLERANCE_SECONDS: i64 = 300;

/// Secrets that count at once: the one in use and the one that takes its place.
const MAX_SECRETS: usize = 2;

/// Signatures of one request that are looked at. Senders give one a secret.
const MAX_SIGNATURES: usize = 8;

/// Longest header that is read, in bytes.
const MAX_HEADER_BYTES: usize = 4 << 10;

const PREFIX: &str = "whsec_";

/// Standard Webhooks asks for keys of this many bytes.
const STANDARD_KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Shortest secret of Stripe's that is taken for one; real ones have 38.
const MIN_STRIPE_CHARS: usize = 24;

/// Why no secrets can be made of a text. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecrets {
    #[error("there is no secret: without one nothing can be accepted")]
    Empty,
    #[error("there are more than two secrets: the one in use and its successor")]
    TooMany,
    #[error("a secret does not have the form of one, whsec_ and what follows")]
    Malformed,
}

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("a header of the signature is missing")]
    Missing,
    #[error("a header of the signature does not have its form")]
    Malformed,
    #[error("it was sent more than five minutes ago")]
    TooOld,
    #[error("it was sent more than five minutes in the future")]
    TooNew,
    #[error("no signature is one of ours")]
    NoMatch,
}

impl Refused {
    /// Stable, for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::TooOld => "too_old",
            Self::TooNew => "too_new",
            Self::NoMatch => "no_match",
        }
    }
}

/// One key or two, wiped when dropped.
#[derive(Clone)]
pub struct SigningSecrets(Vec<Zeroizing<Vec<u8>>>);

impl std::fmt::Debug for SigningSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningSecrets({})", self.0.len())
    }
}

impl SigningSecrets {
    /// Secrets of Standard Webhooks, between commas: `whsec_` and 24 to 64 bytes
    /// in base64.
    ///
    /// # Errors
    /// [`InvalidSecrets`].
    pub fn standard(text: &str) -> Result<Self, InvalidSecrets> {
        Self::each(text, |secret| {
            let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
            STANDARD_KEY_BYTES.contains(&key.len()).then_some(key)
        })
    }

    /// Secrets of Stripe, between commas.
    ///
    /// # Errors
    /// [`InvalidSecrets`].
    pub fn stripe(text: &str) -> Result<Self, InvalidSecrets> {
        Self::each(text, |secret| {
            let visible = secret.bytes().all(|byte| byte.is_ascii_graphic());
            let whole = secret.starts_with(PREFIX) && secret.len() >= MIN_STRIPE_CHARS;
            (visible && whole).then(|| secret.as_bytes().to_vec())
        })
    }

    fn each(text: &str, key: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Self, InvalidSecrets> {
        if text.trim().is_empty() {
            return Err(InvalidSecrets::Empty);
        }
        let keys = text
            .split(',')
            .map(|secret| key(secret.trim()).map(Zeroizing::new))
            .collect::<Option<Vec<_>>>()
            .ok_or(InvalidSecrets::Malformed)?;
        if keys.len() > MAX_SECRETS {
            return Err(InvalidSecrets::TooMany);
        }
        Ok(Self(keys))
    }

    /// Whether one of the signatures is of one of the keys.
    fn verify(&self, signed: &[&[u8]], signatures: &[Vec<u8>]) -> Result<(), Refused> {
        let mut found = Choice::from(0);
        for key in &self.0 {
            // HMAC takes keys of any length.
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
                continue;
            };
            for part in signed {
                mac.update(part);
            }
            let expected = mac.finalize().into_bytes();
            for signature in signatures {
                found |= signature.as_slice().ct_eq(expected.as_slice());
            }
        }
        if bool::from(found) {
            Ok(())
        } else {
            Err(Refused::NoMatch)
        }
    }
}

/// The headers of a standard webhook, as they came.
#[derive(Debug, Clone, Copy)]
pub struct StandardHeaders<'a> {
    /// `webhook-id` or `svix-id`: the same each time one message is sent.
    pub id: Option<&'a str>,
    /// `webhook-timestamp` or `svix-timestamp`.
    pub timestamp: Option<&'a str>,
    /// `webhook-signature` or `svix-signature`.
    pub signature: Option<&'a str>,
}

/// Whether a body came from who has the secret; the id of its message. `now` is in
/// seconds since the epoch.
///
/// # Errors
/// [`Refused`]; then nothing may be done with the body.
pub fn verify_standard<'a>(
    secrets: &SigningSecrets,
    headers: StandardHeaders<'a>,
    body: &[u8],
    now: i64,
) -> Result<&'a str, Refused> {
    let id = bounded(headers.id)?;
    let timestamp = bounded(headers.timestamp)?;
    let signatures: Vec<Vec<u8>> = bounded(headers.signature)?
        .split(' ')
        .filter_map(|entry| entry.strip_prefix("v1,"))
        .filter_map(|text| STANDARD.decode(text).ok())
        .take(MAX_SIGNATURES)
        .collect();
    // A full stop in the id would let two messages sign the same text.
    if id.contains('.') || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refused::Malformed);
    }
    let sent = seconds(timestamp)?;
    let signed: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    secrets.verify(&signed, &signatures)?;
    in_time(sent, now)?;
    Ok(id)
}

/// Whether a body came from Stripe, by the header `Stripe-Signature`. `now` is in
/// seconds since the epoch.
///
/// # Errors
/// [`Refused`]; then nothing may be done with the body.
pub fn verify_stripe(
    secrets: &SigningSecrets,
    header: Option<&str>,
    body: &[u8],
    now: i64,
) -> Result<(), Refused> {
    let mut timestamp = None;
    let mut signatures = Vec::new();
    for element in bounded(header)?.split(',') {
        match element.trim().split_once('=') {
            Some(("t", _)) if timestamp.is_some() => return Err(Refused::Malformed),
            Some(("t", value)) => timestamp = Some(value),
            Some(("v1", value)) if signatures.len() < MAX_SIGNATURES => {
                signatures.extend(unhex(value));
            }
            _ => {}
        }
    }
    let timestamp = timestamp.ok_or(Refused::Malformed)?;
    let sent = seconds(timestamp)?;
    secrets.verify(&[timestamp.as_bytes(), b".", body], &signatures)?;
    in_time(sent, now)
}

fn bounded(header: Option<&str>) -> Result<&str, Refused> {
    match header {
        None | Some("") => Err(Refused::Missing),
        Some(text) if text.len() > MAX_HEADER_BYTES => Err(Refused::Malformed),
        Some(text) => Ok(text),
    }
}

/// Digits alone: `+5` and ` 5` would be signed as they stand and read as 5.
fn seconds(text: &str) -> Result<i64, Refused> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    number.ok_or(Refused::Malformed)
}

fn in_time(sent: i64, now: i64) -> Result<(), Refused> {
    match now.saturating_sub(sent) {
        age if age > TOLERANCE_SECONDS => Err(Refused::TooOld),
        age if age < -TOLERANCE_SECONDS => Err(Refused::TooNew),
        _ => Ok(()),
    }
}

/// The 32 bytes of 64 digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let digits = text
        .as_bytes()
        .iter()
        .map(digit)
        .collect::<Option<Vec<u8>>>()?;
    let pairs = digits.chunks_exact(2);
    (digits.len() == 64).then(|| {
        pairs
            .filter_map(|pair| Some(pair.first()? << 4 | pair.get(1)?))
            .collect()
    })
}

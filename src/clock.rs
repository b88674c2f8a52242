//! Time and randomness: the edge asks for them, the crates are given them.

use uuid::Uuid;

use crate::error::ApiError;

/// Milliseconds since the epoch. On Cloudflare it advances only with I/O.
pub(crate) fn now_millis() -> u64 {
    worker::Date::now().as_millis()
}

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn now() -> String {
    rfc3339(now_millis())
}

/// `millis` since the epoch as RFC 3339 in UTC.
pub(crate) fn rfc3339(millis: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "exact until the year 287396")]
    let date = js_sys::Date::new(&(millis as f64).into());
    String::from(date.to_iso_string())
}

/// The inverse of [`rfc3339`].
pub(crate) fn millis(time: &str) -> Option<u64> {
    let millis = js_sys::Date::parse(time);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and not negative, as checked"
    )]
    (millis >= 0.0).then_some(millis as u64)
}

/// A UUID v7: unique, and in the order of creation.
///
/// # Errors
/// `unavailable` where the platform gives no randomness.
pub(crate) fn new_id() -> Result<String, ApiError> {
    let random: [u8; 10] = random()?;
    let id = uuid::Builder::from_unix_timestamp_millis(now_millis(), &random).into_uuid();
    Ok(hyphenated(id))
}

fn hyphenated(id: Uuid) -> String {
    id.hyphenated().to_string()
}

/// Cryptographically secure random bytes.
///
/// # Errors
/// `unavailable` where the platform gives no randomness.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| ApiError::internal(&format!("no randomness: {error}")))?;
    Ok(bytes)
}

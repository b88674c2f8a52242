//! Whether and when the same request is sent again. Each POST carries an
//! `Idempotency-Key`, so that Stripe does once what it is asked twice
//! (<https://docs.stripe.com/error-low-level#idempotency>).

use crate::failure::{Failure, Kind};

/// How often one request is sent at most.
pub const ATTEMPTS: u32 = 3;

/// Longest wait in milliseconds: a person waits for the page.
pub const MAX_WAIT_MS: u64 = 5_000;

const FIRST_WAIT_MS: u64 = 500;

/// Milliseconds until the next attempt; `None` where there is none. `attempt`
/// counts from 1 and has failed; `random` spreads the waits of many clients.
#[must_use]
pub fn wait_ms(attempt: u32, failure: &Failure, random: u8) -> Option<u64> {
    let is_passing = matches!(
        failure.kind,
        Kind::Conflict | Kind::RateLimited | Kind::Unavailable
    );
    if attempt >= ATTEMPTS || !failure.should_retry.unwrap_or(is_passing) {
        return None;
    }
    if let Some(seconds) = failure.retry_after {
        let wait = seconds.saturating_mul(1_000);
        return (wait <= MAX_WAIT_MS).then_some(wait);
    }
    let doubled = FIRST_WAIT_MS << attempt.saturating_sub(1).min(8);
    // Up to a half more.
    let spread = doubled * u64::from(random) / 512;
    Some((doubled + spread).min(MAX_WAIT_MS))
}

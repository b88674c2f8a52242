//! Whether and when the same request is sent again. Each of ours may be repeated:
//! an upload replaces a script by the same, and a script that is gone stays gone.

use crate::failure::{Failure, Kind};

/// How often one request is sent at most.
pub const ATTEMPTS: u32 = 4;

/// Longest wait that is worth it, in milliseconds. Cloudflare's rate limit blocks
/// for up to five minutes; nobody watches a deployment for that long.
pub const MAX_WAIT_MS: u64 = 20_000;

const FIRST_WAIT_MS: u64 = 500;

/// Milliseconds until the next attempt; `None` where there is none. `attempt`
/// counts from 1 and has failed; `random` spreads the waits of many clients.
///
/// What Cloudflare says in `Retry-After` is kept to the second, never shortened.
#[must_use]
pub fn wait_ms(attempt: u32, failure: &Failure, random: u8) -> Option<u64> {
    let is_passing = matches!(
        failure.kind,
        Kind::RateLimited | Kind::Unavailable | Kind::Busy
    );
    if !is_passing || attempt >= ATTEMPTS {
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

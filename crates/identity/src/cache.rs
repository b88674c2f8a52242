//! When an issuer's key set is fetched. Times are milliseconds since the epoch.

use crate::{Algorithm, Jwk, KeySet};

/// A set is used without asking for so long.
pub const FRESH_MILLIS: u64 = 60 * 60 * 1_000;
/// A set that cannot be fetched anew is used for so long.
pub const STALE_MILLIS: u64 = 24 * FRESH_MILLIS;
/// After a key id that the issuer does not know either, the next unknown one
/// makes no fetch for so long: strangers choose key ids.
pub const UNKNOWN_MILLIS: u64 = 5 * 60 * 1_000;
/// After a fetch that failed: with keys at hand, and without.
const RETRY_MILLIS: u64 = 30 * 1_000;
const RETRY_EMPTY_MILLIS: u64 = 1_000;
/// Of withdrawn keys the latest are remembered.
const MAX_WITHDRAWN: usize = 64;
/// A fetch that has not ended by then never will: its request is gone.
const LEASE_MILLIS: u64 = 20 * 1_000;

/// What is to be done for a token of some key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Verify with this key.
    Use(Jwk),
    /// The same, and fetch the set behind the answer: it is no longer fresh.
    UseAndFetch(Jwk),
    /// Fetch the set, say so to the cache, and ask again.
    Fetch,
    /// Another request fetches: ask again a moment later.
    Wait,
    /// The issuer has no such key.
    Unknown,
    /// There is no set, and the issuer was not reached just now.
    Unavailable,
}

/// The key set of one issuer in one isolate: single flight, stale while error,
/// and unknown keys bounded.
#[derive(Debug, Default)]
pub struct KeyCache {
    held: Option<Held>,
    fetching_since: Option<u64>,
    failed_at: Option<u64>,
    unknown_at: Option<u64>,
    /// Ids that the issuer had before its latest set: tokens of theirs are about
    /// for a while, and are no reason to fetch.
    withdrawn: Vec<String>,
}

#[derive(Debug)]
struct Held {
    set: KeySet,
    fetched_at: u64,
}

impl KeyCache {
    #[must_use]
    pub const fn new() -> Self {
        Self {
            held: None,
            fetching_since: None,
            failed_at: None,
            unknown_at: None,
            withdrawn: Vec::new(),
        }
    }

    /// The next step. `Fetch` and `UseAndFetch` make the caller the one who
    /// fetches, until it calls [`Self::fetched`] or [`Self::failed`].
    pub fn step(&mut self, key_id: &str, algorithm: Algorithm, now: u64) -> Step {
        let within = |at: Option<u64>, millis| at.is_some_and(|at| now < at.saturating_add(millis));
        let fetching = within(self.fetching_since, LEASE_MILLIS);
        let Some(held) = self.usable(now) else {
            return if fetching {
                Step::Wait
            } else if within(self.failed_at, RETRY_EMPTY_MILLIS) {
                Step::Unavailable
            } else {
                self.begin(now, Step::Fetch)
            };
        };
        if let Some(key) = held.set.find(key_id, algorithm) {
            let key = key.clone();
            let fresh = now < held.fetched_at.saturating_add(FRESH_MILLIS);
            return if fresh || fetching || within(self.failed_at, RETRY_MILLIS) {
                Step::Use(key)
            } else {
                self.begin(now, Step::UseAndFetch(key))
            };
        }
        // A key of this id for another algorithm is no reason to fetch.
        if held.set.knows(key_id)
            || self.withdrawn.iter().any(|id| id == key_id)
            || within(self.unknown_at, UNKNOWN_MILLIS)
        {
            Step::Unknown
        } else if fetching {
            Step::Wait
        } else if within(self.failed_at, RETRY_EMPTY_MILLIS) {
            Step::Unavailable
        } else {
            self.begin(now, Step::Fetch)
        }
    }

    fn begin(&mut self, now: u64, step: Step) -> Step {
        self.fetching_since = Some(now);
        step
    }

    fn usable(&self, now: u64) -> Option<&Held> {
        self.held
            .as_ref()
            .filter(|held| now < held.fetched_at.saturating_add(STALE_MILLIS))
    }

    /// The issuer's set has come. `wanted` is the key id that it was fetched for.
    pub fn fetched(&mut self, set: KeySet, wanted: &str, now: u64) {
        self.unknown_at = (!set.knows(wanted)).then_some(now);
        if let Some(held) = &self.held {
            let gone = held.set.ids().filter(|id| !set.knows(id));
            self.withdrawn.extend(gone.map(str::to_owned));
            let surplus = self.withdrawn.len().saturating_sub(MAX_WITHDRAWN);
            self.withdrawn.drain(..surplus);
        }
        self.held = Some(Held {
            set,
            fetched_at: now,
        });
        self.fetching_since = None;
        self.failed_at = None;
    }

    /// The issuer was not reached, or answered with something else.
    pub fn failed(&mut self, now: u64) {
        self.fetching_since = None;
        self.failed_at = Some(now);
    }

    /// A set that was fetched at `fetched_at` and kept elsewhere. It never takes
    /// the place of a newer one.
    pub fn restored(&mut self, set: KeySet, fetched_at: u64) {
        if self
            .held
            .as_ref()
            .is_none_or(|held| held.fetched_at < fetched_at)
        {
            self.held = Some(Held { set, fetched_at });
        }
    }

    /// Whether any set is at hand.
    #[must_use]
    pub fn is_empty(&self, now: u64) -> bool {
        self.usable(now).is_none()
    }
}

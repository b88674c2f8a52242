//! A sliding window: of any stretch of time as long as the window, no more than
//! `limit` fall into it. Each use counts for exactly one window and then not at all.

/// So many in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    pub limit: u32,
    pub window_millis: u64,
}

/// What is used of a rate at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    pub limit: u32,
    pub used: u32,
    /// When one more becomes possible than is now; at the limit, the first moment
    /// at which anything is. `None` while nothing is used.
    pub reset_at: Option<u64>,
}

impl Standing {
    #[must_use]
    pub const fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }

    /// Whole seconds until [`Standing::reset_at`], rounded up so that who waits for
    /// them does not come too early; 0 where there is nothing to wait for.
    #[must_use]
    pub fn reset_seconds(&self, now: u64) -> u64 {
        self.reset_at
            .map_or(0, |at| at.saturating_sub(now).div_ceil(1_000))
    }
}

/// Whether something of that time still counts.
#[must_use]
pub const fn counts(at: u64, window_millis: u64, now: u64) -> bool {
    at.saturating_add(window_millis) > now
}

/// Judges uses by their times, oldest first. Those that do not count any more may
/// be among them. A limit that was lowered meanwhile is met late: `reset_at` is when
/// so many have gone that one is free.
#[must_use]
pub fn standing(times: &[u64], rate: Rate, now: u64) -> Standing {
    let counting = || {
        times
            .iter()
            .filter(|at| counts(**at, rate.window_millis, now))
    };
    let used = u32::try_from(counting().count()).unwrap_or(u32::MAX);
    // How many have to go besides the oldest.
    let over = usize::try_from(used.saturating_sub(rate.limit)).unwrap_or(usize::MAX);
    Standing {
        limit: rate.limit,
        used,
        reset_at: counting()
            .nth(over)
            .map(|at| at.saturating_add(rate.window_millis)),
    }
}

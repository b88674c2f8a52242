//! What each tier has: the one table that limits are enforced from and that
//! people are shown. And the arithmetic of its rates, in [`window`].
//!
//! Nothing here asks for the time or keeps anything: times are milliseconds since
//! 1970 and are handed in.

mod table;
#[cfg(test)]
mod tests;
pub mod window;

pub use table::{Allowances, Collaboration, Figure, Source, of};

/// What an account or a team has, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    Free,
    Pro,
    Team,
    Enterprise,
}

impl Tier {
    /// From least to most.
    pub const ALL: [Self; 4] = [Self::Free, Self::Pro, Self::Team, Self::Enterprise];

    /// As it is stored and sent: `free`, `pro`, `team`, `enterprise`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
            Self::Team => "team",
            Self::Enterprise => "enterprise",
        }
    }

    /// The inverse of [`Tier::name`].
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }

    /// The one above.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| *tier > self)
    }
}

/// States of a subscription in which it counts; `past_due` is the time in which
/// the payment is tried again (Stripe, "Subscription statuses").
const COUNTING: [&str; 3] = ["active", "trialing", "past_due"];

/// Whether a subscription in this state gives what it is for.
#[must_use]
pub fn counts(subscription_status: &str) -> bool {
    COUNTING.contains(&subscription_status)
}

/// The tier that a team has: that of its subscription while it counts, else free.
/// A tier that is not known is free as well.
#[must_use]
pub fn of_team(tier: &str, subscription_status: &str) -> Tier {
    if counts(subscription_status) {
        Tier::parse(tier).unwrap_or(Tier::Free)
    } else {
        Tier::Free
    }
}

/// What is counted in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    Analyze,
    Generate,
    Deploy,
}

impl Action {
    pub const ALL: [Self; 3] = [Self::Analyze, Self::Generate, Self::Deploy];

    /// As it is stored and sent: `analyze`, `generate`, `deploy`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Analyze => "analyze",
            Self::Generate => "generate",
            Self::Deploy => "deploy",
        }
    }

    /// The inverse of [`Action::name`].
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// The window in which it is counted, in seconds.
    #[must_use]
    pub const fn window_seconds(self) -> u32 {
        match self {
            Self::Analyze | Self::Generate => 3_600,
            Self::Deploy => LONGEST_WINDOW_SECONDS,
        }
    }
}

/// No action is counted for longer than this.
pub const LONGEST_WINDOW_SECONDS: u32 = 86_400;

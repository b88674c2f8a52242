//! The table.

use crate::{Action, Tier};

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The product's brief: promised.
    Brief,
    /// Ours, where the brief is silent.
    Default,
}

impl Source {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brief => "brief",
            Self::Default => "default",
        }
    }
}

/// A limit and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Figure {
    /// `None` is without limit.
    pub limit: Option<u32>,
    pub source: Source,
}

/// Whether projects may belong to a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Collaboration {
    pub included: bool,
    pub source: Source,
}

/// What one tier has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Allowances {
    pub tier: Tier,
    /// In each [`Action::window_seconds`].
    pub analyze: Figure,
    pub generate: Figure,
    pub deploy: Figure,
    /// Projects that hold a name below the domain of servers.
    pub servers: Figure,
    /// Members of a team, its owner included.
    pub seats: Figure,
    pub collaboration: Collaboration,
}

impl Allowances {
    #[must_use]
    pub const fn rate(&self, action: Action) -> Figure {
        match action {
            Action::Analyze => self.analyze,
            Action::Generate => self.generate,
            Action::Deploy => self.deploy,
        }
    }
}

const fn brief(limit: u32) -> Figure {
    Figure {
        limit: Some(limit),
        source: Source::Brief,
    }
}

const fn default(limit: u32) -> Figure {
    Figure {
        limit: Some(limit),
        source: Source::Default,
    }
}

const fn unlimited(source: Source) -> Figure {
    Figure {
        limit: None,
        source,
    }
}

const fn collaboration(included: bool) -> Collaboration {
    Collaboration {
        included,
        source: Source::Brief,
    }
}

/// What the tier has. The rates are §9 of the brief, the three servers its §6, the
/// five seats and collaboration from team up its §5 and §8.
#[must_use]
pub const fn of(tier: Tier) -> Allowances {
    match tier {
        Tier::Free => Allowances {
            tier,
            analyze: brief(5),
            generate: brief(3),
            deploy: brief(2),
            servers: brief(3),
            seats: default(1),
            collaboration: collaboration(false),
        },
        Tier::Pro => Allowances {
            tier,
            analyze: brief(50),
            generate: brief(30),
            deploy: brief(20),
            servers: default(25),
            seats: default(1),
            collaboration: collaboration(false),
        },
        Tier::Team => Allowances {
            tier,
            analyze: brief(200),
            generate: brief(100),
            deploy: brief(50),
            servers: default(100),
            seats: brief(5),
            collaboration: collaboration(true),
        },
        Tier::Enterprise => Allowances {
            tier,
            analyze: unlimited(Source::Brief),
            generate: unlimited(Source::Brief),
            deploy: unlimited(Source::Brief),
            servers: unlimited(Source::Default),
            seats: unlimited(Source::Default),
            collaboration: collaboration(true),
        },
    }
}

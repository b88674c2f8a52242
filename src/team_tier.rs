//! What a team has by what it pays for.

use mcpengine_store::teams::Team;
use mcpengine_tiers::Tier;

use crate::config::Config;

/// What the team may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowed {
    pub(crate) tier: Tier,
    /// Members and open invitations; `None` for any number.
    pub(crate) seats: Option<u32>,
}

/// The seats that were bought, and at least those that the tier has.
pub(crate) fn of(config: &Config, team: &Team) -> Allowed {
    let tier = mcpengine_tiers::of_team(&team.tier, &team.subscription_status);
    let tier = tier.max(config.minimum_tier);
    let included = mcpengine_tiers::of(tier).seats.limit;
    let bought = u32::try_from(team.max_seats).unwrap_or_default();
    let seats = match tier {
        Tier::Team => included.map(|included| included.max(bought)),
        _ => included,
    };
    Allowed { tier, seats }
}

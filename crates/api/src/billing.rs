use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Tier;

/// `GET /api/billing`: what the account has bought, and the teams that it owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Billing {
    /// Whether anything can be bought on this installation.
    pub configured: bool,
    pub account: AccountBilling,
    /// By name; at most 100.
    pub teams: Vec<TeamBilling>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountBilling {
    /// What is bought; an installation may give more to everybody.
    pub tier: Tier,
    /// Null where nothing was ever bought.
    pub subscription: Option<SubscriptionSummary>,
    /// Whether there is something for the billing portal to show.
    pub manageable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamBilling {
    pub id: String,
    pub name: String,
    /// Free while no subscription is in force.
    pub tier: Tier,
    /// Seats that it has.
    pub seats: u32,
    /// Seats that are taken.
    pub seats_used: u32,
    /// Null where nothing was ever bought.
    pub subscription: Option<SubscriptionSummary>,
    /// Whether there is something for the billing portal to show.
    pub manageable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionSummary {
    /// Stripe's word: `active`, `trialing`, `past_due`, `incomplete`, `unpaid`,
    /// `paused`, `canceled`, `incomplete_expired`, or `unknown` for a newer one.
    pub status: String,
    /// Whether it gives what it is for.
    pub in_force: bool,
    /// What is paid ends there.
    pub period_end: Option<String>,
    /// It ends there where nobody changes that.
    pub ends_at: Option<String>,
    /// When a payment did not go through last.
    pub payment_failed_at: Option<String>,
}

/// `POST /api/billing/checkout`: the page on which to subscribe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartCheckout {
    pub plan: CheckoutPlan,
    /// With `team`: one that you own.
    #[serde(default)]
    pub team_id: Option<String>,
    /// With `team`: 1 to 500, and as many as are taken at least; 5 where absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 500)]
    pub seats: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum CheckoutPlan {
    /// For yourself.
    Pro,
    Team,
}

/// `POST /api/billing/portal`: the page on which to change or end a subscription.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenPortal {
    /// A team that you own; your own account where absent.
    #[serde(default)]
    pub team_id: Option<String>,
}

/// Where the browser has to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillingPage {
    pub url: String,
}

/// What became of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookReceipt {
    /// It had been received before; nothing was done.
    pub duplicate: bool,
}

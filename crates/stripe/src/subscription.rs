//! What of a subscription counts here.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{TEAM, USER};

/// <https://docs.stripe.com/api/subscriptions/object#subscription_object-status>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Active,
    Trialing,
    /// The last invoice is not paid; Stripe goes on trying. It still counts.
    PastDue,
    /// The first payment is not through yet.
    Incomplete,
    Unpaid,
    Paused,
    Canceled,
    /// The first payment did not come within 23 hours.
    IncompleteExpired,
    /// One that Stripe has added since; it gives nothing.
    #[serde(other)]
    Unknown,
}

impl Status {
    /// As Stripe writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Trialing => "trialing",
            Self::PastDue => "past_due",
            Self::Incomplete => "incomplete",
            Self::Unpaid => "unpaid",
            Self::Paused => "paused",
            Self::Canceled => "canceled",
            Self::IncompleteExpired => "incomplete_expired",
            Self::Unknown => "unknown",
        }
    }

    /// Whether what it is for may be used.
    #[must_use]
    pub const fn is_live(self) -> bool {
        self.standing() <= LIVE
    }

    /// Of several subscriptions the one of the lowest counts.
    #[must_use]
    pub const fn standing(self) -> u8 {
        match self {
            Self::Active | Self::Trialing => 0,
            Self::PastDue => LIVE,
            Self::Incomplete | Self::Unpaid | Self::Paused | Self::Unknown => 2,
            Self::Canceled | Self::IncompleteExpired => 3,
        }
    }
}

/// The last standing of what is live.
const LIVE: u8 = 1;

/// Who has a subscription, as the studio wrote it into its metadata.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    User(String),
    Team(String),
}

impl Owner {
    /// The member of the metadata, and its value.
    #[must_use]
    pub fn entry(&self) -> (&'static str, &str) {
        match self {
            Self::User(id) => (USER, id),
            Self::Team(id) => (TEAM, id),
        }
    }

    pub(crate) fn of(metadata: &Value) -> Option<Self> {
        let text = |name| metadata.get(name)?.as_str().map(str::to_owned);
        text(TEAM)
            .map(Self::Team)
            .or_else(|| text(USER).map(Self::User))
    }
}

/// A subscription at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub status: Status,
    /// Of its first item.
    pub price: Option<String>,
    /// Seats.
    pub quantity: u32,
    /// Seconds since the epoch: what is paid ends there.
    pub period_end: Option<i64>,
    pub cancel_at_period_end: bool,
    /// Seconds since the epoch.
    pub cancel_at: Option<i64>,
    pub owner: Option<Owner>,
}

impl Snapshot {
    /// When it ends where nobody changes that, in seconds since the epoch.
    #[must_use]
    pub fn ends_at(&self) -> Option<i64> {
        let at_period_end = self.period_end.filter(|_| self.cancel_at_period_end);
        self.cancel_at.or(at_period_end)
    }

    /// Reads the subscription object, of an event or of the API.
    #[must_use]
    pub fn read(object: &Value) -> Option<Self> {
        let item = first_item(object);
        Some(Self {
            status: status(object.get("status")?)?,
            price: price(item),
            quantity: quantity(item).or_else(|| quantity(object)).unwrap_or(1),
            period_end: period_end(item).or_else(|| period_end(object)),
            cancel_at_period_end: object
                .get("cancel_at_period_end")
                .and_then(Value::as_bool)
                .unwrap_or_default(),
            cancel_at: object.get("cancel_at").and_then(Value::as_i64),
            owner: Owner::of(object.get("metadata").unwrap_or(&Value::Null)),
        })
    }
}

/// What an update changed, as it was before; absent is what stayed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Previous {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period_end: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_at_period_end: Option<bool>,
    /// That there was none is told as null.
    #[serde(skip_serializing_if = "Option::is_none", with = "nullable")]
    cancel_at: Option<Option<i64>>,
}

impl Previous {
    /// Reads `data.previous_attributes`.
    pub(crate) fn read(object: &Value) -> Self {
        let item = first_item(object);
        Self {
            status: object.get("status").and_then(status),
            price: price(item),
            quantity: quantity(item).or_else(|| quantity(object)),
            period_end: period_end(item).or_else(|| period_end(object)),
            cancel_at_period_end: object.get("cancel_at_period_end").and_then(Value::as_bool),
            cancel_at: object.get("cancel_at").map(Value::as_i64),
        }
    }

    /// Whether `before` can be what was there: something changed, and each thing
    /// that changed was so.
    pub(crate) fn is_of(&self, before: &Snapshot) -> bool {
        *self != Self::default()
            && self.status.is_none_or(|it| it == before.status)
            && self.quantity.is_none_or(|it| it == before.quantity)
            && (self.price.is_none() || self.price == before.price)
            && (self.period_end.is_none() || self.period_end == before.period_end)
            && self.cancel_at.is_none_or(|it| it == before.cancel_at)
            && self
                .cancel_at_period_end
                .is_none_or(|it| it == before.cancel_at_period_end)
    }
}

fn first_item(object: &Value) -> &Value {
    object.pointer("/items/data/0").unwrap_or(&Value::Null)
}

fn status(value: &Value) -> Option<Status> {
    serde_json::from_value(value.clone()).ok()
}

fn price(item: &Value) -> Option<String> {
    item.pointer("/price/id")?.as_str().map(str::to_owned)
}

fn quantity(holder: &Value) -> Option<u32> {
    u32::try_from(holder.get("quantity")?.as_u64()?).ok()
}

/// Of the item since 2025-03-31, of the subscription itself before.
fn period_end(holder: &Value) -> Option<i64> {
    holder.get("current_period_end")?.as_i64()
}

/// Keeps "it was null" apart from "it is not said".
mod nullable {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        value: &Option<Option<i64>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.flatten().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Option<i64>>, D::Error> {
        Option::<i64>::deserialize(from).map(Some)
    }
}

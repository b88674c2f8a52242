//! Events as they come: <https://docs.stripe.com/api/events/object>. Whatever else
//! an event holds is not looked at.

use serde_json::Value;

use crate::subscription::Previous;
use crate::{Owner, Snapshot};

/// Longest id that is taken for one.
const MAX_ID_CHARS: usize = 255;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `evt_…`, the same each time it is sent.
    pub id: String,
    /// `customer.subscription.updated` and the like.
    pub kind: String,
    /// Seconds since the epoch: when it happened, not when it was sent.
    pub created: i64,
    pub about: About,
}

/// What happened, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// `customer.subscription.created`, `.updated` and `.deleted`.
    Subscription(Box<Change>),
    /// `checkout.session.completed` of a subscription.
    Checkout {
        subscription: String,
        customer: Option<String>,
        owner: Option<Owner>,
    },
    /// `invoice.payment_failed` of a subscription.
    PaymentFailed { subscription: String },
    /// Any other event.
    Nothing,
}

/// A subscription came to be, changed or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub subscription: String,
    pub customer: Option<String>,
    /// Seconds since the epoch: when the subscription was made.
    pub started: Option<i64>,
    pub step: Step,
    pub snapshot: Snapshot,
    pub previous: Previous,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Created,
    Updated,
    Deleted,
}

/// Why a body is no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("the body is not JSON")]
    NotJson,
    #[error("the event has no valid {0}")]
    Member(&'static str),
}

impl Event {
    /// # Errors
    /// [`Malformed`]: it does not have the documented form.
    pub fn read(body: &[u8]) -> Result<Self, Malformed> {
        let event: Value = serde_json::from_slice(body).map_err(|_| Malformed::NotJson)?;
        let kind = event.get("type").and_then(Value::as_str);
        let kind = kind.ok_or(Malformed::Member("type"))?;
        let object = event.pointer("/data/object");
        let object = object.ok_or(Malformed::Member("data.object"))?;
        Ok(Self {
            id: id(event.get("id")).ok_or(Malformed::Member("id"))?,
            created: seconds(&event, "created").ok_or(Malformed::Member("created"))?,
            about: about(kind, &event, object)?,
            kind: kind.chars().take(MAX_ID_CHARS).collect(),
        })
    }

    /// The subscription that it is about.
    #[must_use]
    pub fn subscription(&self) -> Option<&str> {
        match &self.about {
            About::Subscription(change) => Some(&change.subscription),
            About::Checkout { subscription, .. } | About::PaymentFailed { subscription } => {
                Some(subscription)
            }
            About::Nothing => None,
        }
    }
}

fn about(kind: &str, event: &Value, object: &Value) -> Result<About, Malformed> {
    let step = match kind {
        "customer.subscription.created" => Step::Created,
        "customer.subscription.updated" => Step::Updated,
        "customer.subscription.deleted" => Step::Deleted,
        "checkout.session.completed" => return Ok(checkout(object)),
        "invoice.payment_failed" => return Ok(payment_failed(object)),
        _ => return Ok(About::Nothing),
    };
    let snapshot = Snapshot::read(object);
    let previous = event.pointer("/data/previous_attributes");
    Ok(About::Subscription(Box::new(Change {
        subscription: id(object.get("id")).ok_or(Malformed::Member("data.object.id"))?,
        customer: reference(object.get("customer")),
        started: seconds(object, "created"),
        step,
        snapshot: snapshot.ok_or(Malformed::Member("data.object.status"))?,
        previous: previous.map(Previous::read).unwrap_or_default(),
    })))
}

fn checkout(session: &Value) -> About {
    let Some(subscription) = reference(session.get("subscription")) else {
        return About::Nothing;
    };
    About::Checkout {
        subscription,
        customer: reference(session.get("customer")),
        owner: session.get("metadata").and_then(Owner::of),
    }
}

/// The subscription is in `parent` since 2025-03-31, in the invoice itself before.
fn payment_failed(invoice: &Value) -> About {
    let parent = invoice.pointer("/parent/subscription_details/subscription");
    match reference(parent).or_else(|| reference(invoice.get("subscription"))) {
        Some(subscription) => About::PaymentFailed { subscription },
        None => About::Nothing,
    }
}

/// An id, or the object that it stands for where that was asked for.
fn reference(value: Option<&Value>) -> Option<String> {
    let value = value?;
    id(Some(value)).or_else(|| id(value.get("id")))
}

fn id(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?;
    is_id(text).then(|| text.to_owned())
}

/// Letters, digits and underscores: what may stand in a path.
pub(crate) fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.len() <= MAX_ID_CHARS && text.bytes().all(allowed)
}

/// Times after the year 9999 have no text of the usual form.
fn seconds(object: &Value, name: &str) -> Option<i64> {
    let seconds = object.get(name)?.as_i64()?;
    (0..=253_402_300_799).contains(&seconds).then_some(seconds)
}

//! All that is known of one subscription: a function of the set of its events, not
//! of the order in which they came in (docs/decisions/0014-billing-events-are-a-set.md).
//!
//! * The event of the latest second tells the state. `deleted` is the end, whatever
//!   comes with a later time.
//! * Seconds are coarse: a checkout's `created` and `updated` share one. Then
//!   `updated` counts before `created`, and of several `updated` the one that no
//!   other follows. Each tells what it changed (`previous_attributes`), so one
//!   follows another where that had what the later one changed. All events of the
//!   second are kept for that.
//! * Where they follow each other in a ring, the events cannot tell their order.
//!   Then the greatest id counts until the subscription is asked for at Stripe; that
//!   answer counts for the whole second.

use serde::{Deserialize, Serialize};

use crate::event::{About, Change, Event, Step};
use crate::subscription::Previous;
use crate::{Owner, Snapshot, Status};

/// Events of one second that are kept; a subscription has two or three.
const MAX_TIED: usize = 32;

/// What is stored of a subscription, as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// Events of the latest second, by id.
    last: Vec<Told>,
    /// Who bought it, as the checkout says.
    buyer: Option<Owner>,
    customer: Option<String>,
    started: Option<i64>,
    payment_failed: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    id: String,
    created: i64,
    by: By,
    snapshot: Snapshot,
    #[serde(default)]
    previous: Previous,
}

/// In the order in which they count within one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Created,
    Updated,
    /// Asked for at Stripe, after the second had passed.
    Asked,
    Deleted,
}

/// What follows from the history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub owner: Option<Owner>,
    pub customer: Option<String>,
    /// Seconds since the epoch, as all times here.
    pub started: Option<i64>,
    /// `None` until an event of the subscription itself has come.
    pub snapshot: Option<Snapshot>,
    /// The latest time at which a payment did not go through.
    pub payment_failed: Option<i64>,
    /// The second whose events do not tell their order: Stripe has to be asked.
    pub unsettled: Option<i64>,
}

impl State {
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.snapshot.as_ref().map(|snapshot| snapshot.status)
    }
}

impl History {
    /// With one event more. The same event again changes nothing.
    #[must_use]
    pub fn with(mut self, event: &Event) -> Self {
        match &event.about {
            About::Subscription(change) => self.change(event, change),
            About::Checkout {
                customer, owner, ..
            } => {
                greatest(&mut self.buyer, owner);
                greatest(&mut self.customer, customer);
            }
            About::PaymentFailed { .. } => {
                greatest(&mut self.payment_failed, &Some(event.created));
            }
            About::Nothing => {}
        }
        self
    }

    /// With what Stripe answered about the second that was not settled.
    #[must_use]
    pub fn settled(mut self, second: i64, snapshot: Snapshot) -> Self {
        self.tell(Told {
            id: "asked".to_owned(),
            created: second,
            by: By::Asked,
            snapshot,
            previous: Previous::default(),
        });
        self
    }

    #[must_use]
    pub fn state(&self) -> State {
        let (told, is_settled) = self.latest();
        let snapshot = told.map(|told| told.snapshot.clone());
        State {
            owner: snapshot
                .as_ref()
                .and_then(|snapshot| snapshot.owner.clone())
                .or_else(|| self.buyer.clone()),
            customer: self.customer.clone(),
            started: self.started,
            snapshot,
            payment_failed: self.payment_failed,
            unsettled: told.map(|told| told.created).filter(|_| !is_settled),
        }
    }

    fn change(&mut self, event: &Event, change: &Change) {
        greatest(&mut self.customer, &change.customer);
        greatest(&mut self.started, &change.started);
        self.tell(Told {
            id: event.id.clone(),
            created: event.created,
            by: match change.step {
                Step::Created => By::Created,
                Step::Updated => By::Updated,
                Step::Deleted => By::Deleted,
            },
            snapshot: change.snapshot.clone(),
            previous: change.previous.clone(),
        });
    }

    /// Keeps the latest second: the end comes after everything.
    fn tell(&mut self, told: Told) {
        let moment = |told: &Told| (told.by == By::Deleted, told.created);
        match self.last.first().map(moment) {
            Some(last) if moment(&told) < last => return,
            Some(last) if moment(&told) > last => self.last.clear(),
            _ => {}
        }
        match self.last.binary_search_by(|it| it.id.cmp(&told.id)) {
            Ok(place) => {
                // What Stripe says now counts before what it said then.
                if let Some(known) = self.last.get_mut(place).filter(|it| it.by == By::Asked) {
                    *known = told;
                }
            }
            Err(place) => {
                self.last.insert(place, told);
                self.last.truncate(MAX_TIED);
            }
        }
    }

    /// The one that tells the state, and whether that is certain.
    fn latest(&self) -> (Option<&Told>, bool) {
        let Some(highest) = self.last.iter().map(|told| told.by).max() else {
            return (None, true);
        };
        let rank: Vec<&Told> = self.last.iter().filter(|told| told.by == highest).collect();
        if highest != By::Updated {
            return (rank.last().copied(), true);
        }
        let is_last = |told: &&Told| {
            !rank.iter().any(|other| {
                other.snapshot != told.snapshot && other.previous.is_of(&told.snapshot)
            })
        };
        let ends: Vec<&Told> = rank.iter().copied().filter(is_last).collect();
        let among = if ends.is_empty() { &rank } else { &ends };
        let told = among.last().copied();
        let agree = among
            .iter()
            .all(|other| told.is_some_and(|told| told.snapshot == other.snapshot));
        let is_whole = self.last.len() < MAX_TIED;
        (told, agree && is_whole)
    }
}

/// Events about one thing say the same; where they do not, the order does not decide.
fn greatest<T: Ord + Clone>(known: &mut Option<T>, told: &Option<T>) {
    if told.is_some() && *told > *known {
        known.clone_from(told);
    }
}

//! Stripe: what its events say, in which order they count, what is asked of its
//! API and what the answers mean.
//!
//! Pure: whoever sends gives the time, the idempotency key and the random part of a
//! wait. Sources: <https://docs.stripe.com/api>, <https://docs.stripe.com/webhooks>.
//!
//! * [`event`]: the events that this studio listens to.
//! * [`History`]: all that is known of one subscription, whatever the order in which
//!   its events came in.
//! * [`request`]: the forms of the requests that are made.
//! * [`answer`]: a [`Failure`] says what Stripe refused and why.
//! * [`retry`]: whether and when the same request is sent again.

pub mod answer;
pub mod event;
mod failure;
mod history;
pub mod request;
pub mod retry;
mod subscription;
#[cfg(test)]
mod tests;

pub use event::Event;
pub use failure::{Failure, Kind};
pub use history::{History, State};
pub use subscription::{Owner, Snapshot, Status};

/// The API, without a slash at its end.
pub const API_URL: &str = "https://api.stripe.com";

/// The version whose forms and answers these are, for the header `Stripe-Version`.
/// Events come in the version of their endpoint; [`event`] reads older ones too.
pub const API_VERSION: &str = "2026-07-29.dahlia";

/// Members of a subscription's metadata that say whose it is.
pub(crate) const USER: &str = "mcpengine_user";
pub(crate) const TEAM: &str = "mcpengine_team";

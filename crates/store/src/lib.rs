//! Everything the studio keeps: SQL, typed rows, object keys and the two ports
//! (a database of atomic batches, an object store) that the edge implements.
//!
//! Nothing here asks for the time, an id or randomness: they are arguments.
//! Times are RFC 3339 UTC with milliseconds, `2026-11-23T02:00:00.000Z`, because
//! they are compared as text ([`time::check`]). Every function on a user's data
//! takes a [`Principal`] and its SQL carries that scope as `?1`; what has no
//! principal (a request to a hosted server, the sweeper, a webhook) is in
//! [`hosting`], [`calls::record`], [`rotation`], [`sweep`], [`directory`],
//! [`billing::receive`] and [`webhook_events`].
//!
//! D1 has batches and no interactive transactions, so each change is one batch
//! whose statements are conditional on the same state. Either all of them take
//! effect or none, and the count of changed rows says which.
#![allow(
    async_fn_in_trait,
    reason = "the Worker is single-threaded: its futures hold JavaScript values and are not Send"
)]

pub mod api_keys;
pub mod audit;
pub mod billing;
pub mod calls;
mod decode;
pub mod deployments;
pub mod directory;
pub mod edits;
pub mod ended;
mod error;
pub mod hosting;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod limits;
pub mod migrations;
pub mod personal_tokens;
mod port;
mod principal;
pub mod projects;
pub mod rotation;
pub mod slugs;
pub mod sweep;
pub mod teams;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod tiers;
pub mod time;
pub mod tokens;
pub mod tools;
pub mod usage;
pub mod users;
pub mod webhook_events;

pub use error::StoreError;
pub use port::{Database, ObjectStore, Outcome, Param, Row, Statement, delete_prefixes};
pub use principal::{Principal, Role};

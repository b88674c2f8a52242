//! Wire types of the studio's HTTP API, and the OpenAPI 3.1 document made from
//! them. JSON is camelCase, times are RFC 3339 in UTC, ids are lower-case UUIDs.
//!
//! These types know nothing of the plan or the store: the edge fills them.
//! `docs/openapi.json` and the front end's types are generated from here by
//! `cargo xtask bless`.

mod account;
mod analysis;
mod audit;
mod billing;
mod calls;
mod changes;
mod deploy;
mod document;
mod error;
mod event;
mod generate;
mod job;
mod objects;
mod personal_token;
mod project;
mod secret;
mod studio;
mod team;
mod tier;
mod token;
mod usage;

pub use account::*;
pub use analysis::*;
pub use audit::*;
pub use billing::*;
pub use calls::*;
pub use changes::*;
pub use deploy::*;
pub use document::{document, document_json};
pub use error::*;
pub use event::*;
pub use generate::*;
pub use job::*;
pub use objects::from_json;
pub use personal_token::*;
pub use project::*;
pub use secret::*;
pub use studio::*;
pub use team::*;
pub use tier::*;
pub use token::*;
pub use usage::*;

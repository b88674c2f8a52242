//! Tests of the crate over a real SQLite with D1's limits.

mod audit;
mod billing;
mod calls;
mod deployments;
mod directory;
mod ended;
mod faults;
mod idempotency;
mod jobs;
mod limits;
mod migrations;
mod personal_tokens;
mod projects;
mod rollback;
mod rotation;
mod shuffle;
mod slugs;
mod support;
mod teams;
mod tenancy;
mod tiers;
mod tokens;
mod users;
mod workers;

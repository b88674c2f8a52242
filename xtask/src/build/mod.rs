//! `cargo xtask build`: runtime bundle, front end, Worker.

mod bindgen;
mod shim;
mod size;
mod web;
mod worker;

use anyhow::Result;

pub(crate) use worker::{Profile, TARGET};

use crate::setup;

/// Builds all that `wrangler` needs to run or deploy the studio.
pub(crate) fn all(profile: Profile) -> Result<()> {
    setup::ensure()?;
    // The Worker embeds the runtime bundle, and wrangler serves the front end.
    web::runtime()?;
    web::front_end()?;
    worker::build(profile)
}

/// The runtime of hosted servers, for tests that run generated projects alone.
pub(crate) fn runtime_only() -> Result<()> {
    web::runtime()
}

/// Builds the Worker and what it embeds, without the front end.
pub(crate) fn worker_only(profile: Profile) -> Result<()> {
    setup::ensure()?;
    web::runtime()?;
    worker::build(profile)
}

//! The ports of the crates over the platform's bindings, one file per binding.

pub(crate) mod cloudflare_api;
pub(crate) mod d1;
pub(crate) mod dispatch;
pub(crate) mod fetch;
pub(crate) mod limiter;
pub(crate) mod loader;
pub(crate) mod npm_registry;
pub(crate) mod r2;
pub(crate) mod stripe;

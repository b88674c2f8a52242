//! What is refused and what passes, as tables.

mod allow;
mod deny;
mod hosts;
mod redirect;

use crate::Policy;

/// Production's, but with plain http, so that a table shows the reason meant.
fn policy() -> Policy {
    Policy {
        allow_loopback: false,
        require_https: false,
        own_domains: vec!["mcpengine.run".into(), "Studio.Example.".into()],
    }
}

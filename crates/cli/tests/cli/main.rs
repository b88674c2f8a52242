//! The built binary, run as people run it.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "these tests read and write files, and a panic fails them"
)]

mod choices;
mod command_line;
mod dynamic;
mod support;

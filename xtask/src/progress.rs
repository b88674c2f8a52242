//! What a person sees while a command runs: one line per step, with seconds.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Prints one line to standard output.
#[expect(clippy::print_stdout, reason = "a command-line tool talks to its user")]
pub(crate) fn say(line: impl AsRef<str>) {
    println!("{}", line.as_ref());
}

/// The one clock of this tool.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask runs natively, where the clock works"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Runs a step between a line that names it and a line with the time it took.
pub(crate) fn step<T>(name: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    say(format!("▸ {name}"));
    let start = now();
    let result = run();
    let seconds = start.elapsed().as_secs_f64();
    match &result {
        Ok(_) => say(format!("  ✓ {name} ({seconds:.1} s)")),
        Err(_) => say(format!("  ✗ {name} ({seconds:.1} s)")),
    }
    result
}

/// Says that a step had nothing to do.
pub(crate) fn fresh(name: &str) {
    say(format!("  ✓ {name} (unchanged)"));
}

/// Waits without doing anything.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask runs natively, and polls its children"
)]
pub(crate) fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

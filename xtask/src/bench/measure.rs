//! Whole processes: how long they take, and how much memory.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::progress::{now, pause};
use crate::run;

/// Runs to the end, its output thrown away.
pub(crate) fn seconds(command: &mut Command) -> Result<f64> {
    let shown = run::display(command);
    let start = now();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let seconds = start.elapsed().as_secs_f64();
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(seconds)
}

/// Peak of resident memory in bytes, as the system last told before the end;
/// `None` where it does not tell. Asking slows the process: no time is taken.
pub(crate) fn peak_memory(command: &mut Command) -> Result<Option<u64>> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait()?.is_none() {
        peak = high_water(Path::new(&status)).or(peak);
        pause(Duration::from_micros(500));
    }
    Ok(peak)
}

fn high_water(status: &Path) -> Option<u64> {
    let text = crate::fs::read_text(status).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1_024)
}

/// The value in the middle.
pub(crate) fn median<T: PartialOrd + Copy>(values: &mut [T]) -> Option<T> {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&mut [3, 1, 2]), Some(2));
        assert_eq!(median::<u8>(&mut []), None);
    }
}

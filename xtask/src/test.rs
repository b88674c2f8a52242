//! `cargo xtask test`: runs suites, shows their own summaries, adds them up.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::build::{self, Profile};
use crate::progress::{now, say, step};
use crate::suites::{Needs, SUITES, Suite};
use crate::summary::{self, Counts};
use crate::{browser, run, schemathesis, setup};

struct Outcome {
    name: &'static str,
    lines: Vec<String>,
    counts: Counts,
    elapsed: Duration,
}

/// Runs the chosen suites; true means that all passed. The last line printed is
/// `N passed, N failed`. `fuzz` is in minutes, for the tests that take any time.
pub(crate) fn run(quick: bool, only: &[String], fuzz: Option<u16>) -> Result<bool> {
    let chosen = choose(quick, only)?;
    setup::ensure()?;
    let profile = if quick {
        Profile::Dev
    } else {
        Profile::Deployed
    };
    let needs = |wanted: &[Needs]| chosen.iter().any(|suite| wanted.contains(&suite.needs));
    if needs(&[
        Needs::Studio,
        Needs::StudioAndCommandLine,
        Needs::Browser,
        Needs::Schemathesis,
    ]) {
        build::all(profile)?;
    }
    if needs(&[Needs::CommandLine, Needs::StudioAndCommandLine]) {
        build::runtime_only()?;
        step("the command line", || {
            run::run_quiet(run::command("cargo").args(["build", "-q", "-p", "mcpengine-cli"]))
                .map(drop)
        })?;
    }
    let mut outcomes = Vec::new();
    for suite in chosen {
        say(format!("\n▸ {}", suite.name));
        let outcome = run_suite(suite, quick, fuzz)?;
        for line in &outcome.lines {
            say(format!("  {line}"));
        }
        outcomes.push(outcome);
    }
    Ok(report(&outcomes))
}

fn choose(quick: bool, only: &[String]) -> Result<Vec<&'static Suite>> {
    if let Some(unknown) = only
        .iter()
        .find(|name| !SUITES.iter().any(|s| s.name == *name))
    {
        let names: Vec<&str> = SUITES.iter().map(|suite| suite.name).collect();
        bail!(
            "there is no suite {unknown:?}; there are {}",
            names.join(", ")
        );
    }
    Ok(SUITES
        .iter()
        .filter(|suite| {
            if only.is_empty() {
                suite.quick || !quick
            } else {
                only.iter().any(|n| n == suite.name)
            }
        })
        .collect())
}

fn run_suite(suite: &'static Suite, quick: bool, fuzz: Option<u16>) -> Result<Outcome> {
    let start = now();
    let mut command = suite.command(quick);
    // The inner loop has two minutes for everything.
    let minutes = fuzz.map(f64::from).or(quick.then_some(0.1));
    if let Some(minutes) = minutes {
        command.env("MCPENGINE_FUZZ_MINUTES", minutes.to_string());
    }
    if suite.needs == Needs::Browser {
        command.env("CHROME", browser::find_or_install()?);
    }
    if suite.needs == Needs::Schemathesis {
        command.env("SCHEMATHESIS", schemathesis::find_or_install()?);
    }
    let (success, output) = watch(&mut command)?;
    let (mut lines, mut counts) = summary::read(suite.runner, &output, success);
    if counts.total() == 0 {
        lines.push("found no test to run, which is a failure".to_owned());
        counts.failed = 1;
    }
    if counts.failed > 0 {
        lines.push(format!(
            "✗ run it alone with: cargo xtask test --suite {}",
            suite.name
        ));
    }
    Ok(Outcome {
        name: suite.name,
        lines,
        counts,
        elapsed: start.elapsed(),
    })
}

/// Runs a command, shows what it prints as it comes, and keeps it.
fn watch(command: &mut Command) -> Result<(bool, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", run::display(command)))?;
    let stdout = child.stdout.take().context("no standard output")?;
    let stderr = child.stderr.take().context("no standard error")?;
    let output = std::thread::scope(|scope| {
        let errors = scope.spawn(|| copy(stderr));
        let mut output = copy(stdout);
        output.push_str(&errors.join().unwrap_or_default());
        output
    });
    Ok((child.wait()?.success(), output))
}

fn copy(stream: impl Read) -> String {
    let mut text = String::new();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        say(format!("    {line}"));
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn report(outcomes: &[Outcome]) -> bool {
    say("\nsuite            passed  failed  minutes");
    let mut sum = Counts::default();
    for outcome in outcomes {
        let Counts { passed, failed } = outcome.counts;
        let minutes = outcome.elapsed.as_secs_f64() / 60.0;
        say(format!(
            "{:<16} {passed:>6}  {failed:>6}  {minutes:>7.2}",
            outcome.name
        ));
        sum.add(outcome.counts);
    }
    say(format!("\n{} passed, {} failed", sum.passed, sum.failed));
    sum.failed == 0
}

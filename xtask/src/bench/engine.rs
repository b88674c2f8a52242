//! `cargo xtask bench engine`: what the tools are worth, how fast they are made,
//! and with how much memory. Prints side by side; nothing is a gate.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::documents::{self, Document};
use super::measure::{median, peak_memory, seconds};
use super::quality::Quality;
use crate::build::{self, Profile};
use crate::progress::{say, step};
use crate::{fs, repo, run};

/// Single runs differ by half: whoever else uses the memory of the machine decides.
const ROUNDS: usize = 15;
/// Smaller documents are read faster than a process starts.
const MIN_BYTES: u64 = 1_000_000;
/// What the Worker takes.
const MAX_WORKER_BYTES: u64 = 16 << 20;

/// The best of seven other tools in each row, over 402 public documents, a
/// quarter of which are among the shared ones; measured in November 2026 on
/// another machine.
const PEERS: [(&str, &str); 15] = [
    ("documents accepted", "387 of 402"),
    ("clean documents", "151 of 240"),
    ("operations to tools", "99.1 %"),
    ("invalid schemas", "10"),
    ("bad names", "0"),
    ("duplicate names", "0"),
    ("unresolved references", "0"),
    ("roots with combinators", "0"),
    ("bad property keys", "0"),
    ("hollow tools", "2"),
    ("opaque bodies", "3"),
    ("path placeholders bound", "100 %"),
    ("output schemas", "12468"),
    ("bytes of a tool, median", "732"),
    ("bytes of a tool, largest", "167963"),
];

/// The fastest other tool, whole process, measured as above.
const FASTEST: [(&str, &str); 3] = [
    ("api.github.com.json", "0.59 s"),
    ("stripe.com.json", "0.26 s"),
    ("large.json", "3.89 s for one like it"),
];

/// Programs that are built for this.
struct Programs {
    mcpengine: PathBuf,
    judge: PathBuf,
    baseline: PathBuf,
}

pub(crate) fn run(wasm: bool) -> Result<()> {
    let programs = programs()?;
    let own = documents::own()?;
    let shared = documents::shared()?;
    compare(&programs, &own, &shared)?;
    let mut timed: Vec<Document> = shared.into_iter().filter(is_timed).collect();
    timed.push(documents::large()?);
    let times = time(&programs, &timed)?;
    if wasm {
        in_the_worker(&timed, &times)?;
    } else {
        say("\n--wasm times the same documents under workerd as well");
    }
    Ok(())
}

fn programs() -> Result<Programs> {
    let build = |arguments: &[&str]| {
        let mut command = run::command("cargo");
        command.args(["build", "--release", "-q"]).args(arguments);
        run::run_quiet(&mut command).map(drop)
    };
    step("release builds", || {
        build(&["-p", "mcpengine-cli"])?;
        build(&["-p", "mcpengine-plan", "--example", "judge"])?;
        // On its own: with others, Cargo would give it their features.
        build(&["-p", "baseline"])
    })?;
    let folder = repo::workspace()?.target.join("release");
    let program = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    Ok(Programs {
        mcpengine: program("mcpengine"),
        judge: program("examples/judge"),
        baseline: program("baseline"),
    })
}

fn is_timed(document: &Document) -> bool {
    let is_json = document.file.extension().is_some_and(|it| it == "json");
    is_json && documents::bytes(&document.file) >= MIN_BYTES && document.operations != Some(0)
}

fn compare(programs: &Programs, own: &[Document], shared: &[Document]) -> Result<()> {
    let own = Quality::of(&programs.judge, own)?;
    let shared = (!shared.is_empty())
        .then(|| Quality::of(&programs.judge, shared))
        .transpose()?;
    say(format!(
        "\n{:<26} {:>16} {:>18} {:>14}",
        "", "own documents", "shared documents", "best of peers"
    ));
    let others = shared.as_ref().map(Quality::rows).unwrap_or_default();
    for (at, (name, mine)) in own.rows().into_iter().enumerate() {
        let other = others.get(at).map_or("–", |(_, count)| count);
        let peers = PEERS.iter().find(|(row, _)| *row == name);
        let peers = peers.map_or("–", |(_, count)| count);
        say(format!("{name:<26} {mine:>16} {other:>18} {peers:>14}"));
    }
    say("peers: measured earlier on another machine, over other documents besides");
    for fault in own
        .faults()
        .iter()
        .chain(&shared.map(|it| it.faults()).unwrap_or_default())
    {
        say(format!("  not clean: {fault}"));
    }
    Ok(())
}

/// Seconds of the whole process by document.
fn time(programs: &Programs, timed: &[Document]) -> Result<Vec<f64>> {
    say(format!(
        "\nfile to JSON, whole process, median of {ROUNDS}, in turns with serde_json::from_slice"
    ));
    say(format!(
        "{:<32} {:>7} {:>9} {:>11} {:>7} {:>9}  fastest peer",
        "", "MB in", "ms", "serde ms", "ratio", "peak MB"
    ));
    let mut all = Vec::new();
    for document in timed {
        let (mut whole, mut parse) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            whole.push(seconds(&mut analyze(programs, document))?);
            let output = run::run_quiet(Command::new(&programs.baseline).arg(&document.file))?;
            parse.push(output.trim().parse::<f64>()? / 1e6);
        }
        let peak = peak_memory(&mut analyze(programs, document))?;
        let whole = median(&mut whole).unwrap_or(0.0);
        let parse = median(&mut parse).unwrap_or(0.0);
        let name = document.name();
        let fastest = FASTEST.iter().find(|(file, _)| name.ends_with(file));
        say(format!(
            "{name:<32} {:>7.1} {:>9.1} {:>11.1} {:>6.1}× {:>9}  {}",
            documents::bytes(&document.file) as f64 / 1e6,
            whole * 1e3,
            parse * 1e3,
            whole / parse,
            peak.map_or("–".to_owned(), |peak| format!("{:.1}", peak as f64 / 1e6)),
            fastest.map_or("–", |(_, time)| time),
        ));
        all.push(whole);
    }
    Ok(all)
}

fn analyze(programs: &Programs, document: &Document) -> Command {
    let mut command = Command::new(&programs.mcpengine);
    command.arg("analyze").arg(&document.file).arg("--json");
    command
}

/// The documents that the Worker takes, there: time with all that it stores.
fn in_the_worker(timed: &[Document], times: &[f64]) -> Result<()> {
    build::all(Profile::Deployed)?;
    let list: Vec<_> = timed
        .iter()
        .zip(times)
        .filter(|(document, _)| documents::bytes(&document.file) <= MAX_WORKER_BYTES)
        .map(|(document, native)| serde_json::json!({"file": document.file, "native": native}))
        .collect();
    let file = repo::workspace()?.target.join("bench/documents.json");
    fs::write(&file, serde_json::to_vec(&list)?)?;
    run::run(
        run::command("node")
            .arg(repo::path("tests/bench/engine.mjs"))
            .arg(file),
    )
}

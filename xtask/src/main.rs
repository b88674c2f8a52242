//! `cargo xtask`: set-up, build, dev server, tests, benchmarks. See `--help`.

mod bench;
mod browser;
mod build;
mod dev;
mod fs;
mod node;
mod progress;
mod repo;
mod run;
mod schemathesis;
mod setup;
mod stamp;
mod state;
mod suites;
mod summary;
mod tasks;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use build::Profile;

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Builds, runs and tests the studio"
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Checks prerequisites and installs locked dependencies
    Setup,
    /// Builds runtime, front end and Worker, and checks the Worker's size
    Build {
        /// Compile the Worker quickly instead of small
        #[arg(long)]
        dev: bool,
        /// Leave the front end as it is
        #[arg(long)]
        worker_only: bool,
    },
    /// Builds and serves the studio locally, with sample data
    Dev {
        #[arg(long, default_value_t = 8787)]
        port: u16,
        /// Start with empty state
        #[arg(long)]
        fresh: bool,
    },
    /// Sets up and runs the tests
    Test {
        /// The inner loop: no browser, README, inspector or generated projects
        #[arg(long)]
        quick: bool,
        /// Only this suite; may be repeated
        #[arg(long = "suite", value_name = "NAME")]
        suites: Vec<String>,
        /// How long to fuzz: the engine in the suite `rust`, a minute by default; the
        /// API in `schemathesis`, four and a half by default
        #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u16).range(1..))]
        fuzz: Option<u16>,
    },
    /// What a commit has to pass: format, lints, tidy, tests
    Ready,
    /// Checks the shape of the repository
    Tidy,
    /// Rewrites generated files
    Bless,
    /// Measures: engine, hosting, main-job, structure, wasm-memory
    Bench {
        name: String,
        /// With engine: time the documents under workerd too
        #[arg(long)]
        wasm: bool,
    },
    /// Runs the whole chain over the documents of a folder with MANIFEST.tsv
    Corpus { folder: String },
    /// Writes package-lock.json anew from the package.json files
    Lock {
        /// Take the newest versions that fit, instead of keeping the old ones
        #[arg(long)]
        upgrade: bool,
    },
}

fn main() -> ExitCode {
    match perform(&Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        // What failed has been shown.
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            progress::say(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// False means that tests failed, which they have said themselves.
fn perform(task: &Task) -> Result<bool> {
    match task {
        Task::Test {
            quick,
            suites,
            fuzz,
        } => return test::run(*quick, suites, *fuzz),
        Task::Ready => return test::run(false, &[], None),
        Task::Tidy => return test::run(false, &["tidy".to_owned()], None),
        Task::Setup => setup::command()?,
        Task::Build { dev, worker_only } => {
            let profile = if *dev {
                Profile::Dev
            } else {
                Profile::Deployed
            };
            if *worker_only {
                build::worker_only(profile)?;
            } else {
                build::all(profile)?;
            }
        }
        Task::Dev { port, fresh } => dev::serve(*port, *fresh)?,
        Task::Bless => tasks::bless()?,
        Task::Bench { name, wasm } => bench::run(name, *wasm)?,
        Task::Corpus { folder } => tasks::corpus(folder)?,
        Task::Lock { upgrade } => tasks::lock(*upgrade)?,
    }
    Ok(true)
}

//! `cargo xtask`: set-up, build, dev server, tests, benchmarks. See `--help`.

mod build;
mod fs;
mod node;
mod progress;
mod repo;
mod run;
mod setup;
mod stamp;

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
}

fn main() -> ExitCode {
    match perform(&Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress::say(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: &Task) -> Result<()> {
    match *task {
        Task::Setup => setup::command(),
        Task::Build { dev, worker_only } => {
            let profile = if dev { Profile::Dev } else { Profile::Deployed };
            if worker_only {
                build::worker_only(profile)
            } else {
                build::all(profile)
            }
        }
    }
}

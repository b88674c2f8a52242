//! `mcpengine`, the native command line: the engine over files.
//!
//! Exit status: 0, a plan was produced, even with diagnostics; 1, the document
//! or the folder was refused; 2, the command line was not understood.

#![expect(
    clippy::disallowed_methods,
    reason = "this crate is native: files and standard streams are its work"
)]

mod failure;
mod folder;
mod human;
mod input;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use mcpengine_codegen::ProjectOptions;
use mcpengine_plan::PlanOptions;

use failure::Failure;

/// Turns API descriptions into MCP servers.
#[derive(Debug, Parser)]
#[command(name = "mcpengine", version, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read an API description and show the tools that it gives.
    Analyze {
        #[command(flatten)]
        source: Source,
        /// Print the whole report as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Generate the TypeScript project of an MCP server.
    Generate {
        #[command(flatten)]
        source: Source,
        /// The folder to write: new or empty.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Write into a folder that has files; src/custom.ts is kept.
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Args)]
struct Source {
    /// OpenAPI or Swagger, JSON or YAML; `-` reads standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The largest document to read, in bytes.
    #[arg(long, value_name = "N", default_value_t = mcpengine_openapi::Limits::CLI.bytes)]
    max_bytes: usize,
}

fn main() -> ExitCode {
    let command_line = match CommandLine::try_parse() {
        Ok(command_line) => command_line,
        Err(error) => {
            // Help and version are answers; everything else is misuse.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let done = match command_line.command {
        Command::Analyze { source, json } => analyze(&source, json),
        Command::Generate { source, out, force } => generate(&source, &out, force),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = write!(io::stderr().lock(), "{failure}");
            ExitCode::from(1)
        }
    }
}

/// A machine has more room than a Worker: schemas keep their detail for longer.
const MAX_PLAN_BYTES: usize = 64 << 20;

fn plan_options() -> PlanOptions {
    PlanOptions {
        max_bytes: MAX_PLAN_BYTES,
        ..PlanOptions::default()
    }
}

fn analyze(source: &Source, json: bool) -> Result<(), Failure> {
    let read = input::read(&source.file, source.max_bytes)?;
    let (plan, more) = mcpengine_plan::plan(&read.api, &plan_options());
    let mut diagnostics = read.diagnostics;
    diagnostics.extend(more);
    let out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = if json {
        let report = mcpengine_plan::into_report(&read.api, plan, &diagnostics);
        let written = print_json(out, &report);
        std::mem::forget(report);
        written
    } else {
        human::print(out, &plan, &diagnostics)
    };
    // The process ends here: freeing a million small values one by one would
    // only keep the caller waiting.
    std::mem::forget(read.api);
    quietly(written)
}

fn print_json(mut out: impl Write, report: &mcpengine_plan::Report) -> io::Result<()> {
    serde_json::to_writer(&mut out, report)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// A reader that has seen enough (`| head`) is no failure.
fn quietly(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(
            "output_failed",
            format!("standard output cannot be written: {error}"),
            "Check where the output goes.",
        )),
        _ => Ok(()),
    }
}

fn generate(source: &Source, out: &std::path::Path, force: bool) -> Result<(), Failure> {
    folder::check(out, force)?;
    let read = input::read(&source.file, source.max_bytes)?;
    mcpengine_openapi::require_operations(&read.diagnostics)
        .map_err(|refusal| Failure::of_document(refusal, &read.name))?;
    let (plan, more) = mcpengine_plan::plan(&read.api, &plan_options());
    let project = mcpengine_codegen::generate(&plan, &ProjectOptions::default());
    folder::write(out, &project)?;

    let enabled = plan.tools.iter().filter(|tool| tool.enabled).count();
    let mut stdout = io::stdout().lock();
    let noted = read.diagnostics.len() + more.len();
    quietly(
        writeln!(
            stdout,
            "{} files with {enabled} tools in {}\nNext: cd {} && npm install && npm start",
            project.files.len(),
            out.display(),
            out.display()
        )
        .and_then(|()| match noted {
            0 => Ok(()),
            _ => writeln!(stdout, "{noted} diagnostics: mcpengine analyze shows them"),
        }),
    )
}

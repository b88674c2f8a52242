//! `mcpengine`, the native command line: the engine over files.
//!
//! Exit status: 0, a plan was produced, even with diagnostics; 1, the document
//! or the folder was refused, or a check found something; 2, the command line
//! was not understood; 3 and 4 for the commands that ask a studio, see `remote`.

#![expect(
    clippy::disallowed_methods,
    reason = "this crate is native: files and standard streams are its work"
)]

mod args;
mod cost;
mod diff;
mod doctor;
mod failure;
mod folder;
mod human;
mod input;
mod remote;
mod with;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use mcpengine_codegen::ProjectOptions;
use mcpengine_openapi::{ApiDescription, Arena, Diagnostic};
use mcpengine_plan::{PlanOptions, ServerMode, ServerPlan};
use serde::Serialize;

use args::{Choice, Command, CommandLine, Source};
use failure::Failure;
use input::Document;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
        Command::Analyze {
            source,
            choice,
            cost,
            json,
        } => analyze(&source, &choice, cost, json).map(|()| ExitCode::SUCCESS),
        Command::Generate {
            source,
            choice,
            out,
            force,
        } => generate(&source, &choice, &out, force).map(|()| ExitCode::SUCCESS),
        Command::Doctor { source, json } => doctor::run(&source, json),
        Command::Diff {
            old,
            new,
            limit,
            json,
            exit_code,
        } => diff::run([&old, &new], limit, json, exit_code),
        Command::Login(arguments) => success(remote::login(&arguments)),
        Command::Import(arguments) => success(remote::import(&arguments)),
        Command::Deploy(arguments) => success(remote::deploy(&arguments)),
        Command::Logs(arguments) => success(remote::logs(&arguments)),
    };
    done.unwrap_or_else(|failure| {
        let _ = write!(io::stderr().lock(), "{failure}");
        ExitCode::from(failure.exit_status)
    })
}

fn success(done: Result<(), Failure>) -> Result<ExitCode, Failure> {
    done.map(|()| ExitCode::SUCCESS)
}

/// A description with the plan that was made of it.
struct Planned<'a> {
    api: ApiDescription<'a>,
    plan: ServerPlan,
    /// Of the reader, then of the planner.
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Planned<'a> {
    fn of(
        document: &'a Document,
        arena: &'a Arena,
        options: &PlanOptions,
    ) -> Result<Self, Failure> {
        let (api, mut diagnostics) = document.read(arena)?;
        let (plan, more) = mcpengine_plan::plan(&api, options);
        diagnostics.extend(more);
        let misses = options.filter.misses(&api, &plan);
        if !misses.is_empty() {
            return Err(Failure::of_filter(&misses));
        }
        Ok(Self {
            api,
            plan,
            diagnostics,
        })
    }
}

fn analyze(source: &Source, choice: &Choice, cost: bool, json: bool) -> Result<(), Failure> {
    let document = Document::load(source)?;
    let arena = Arena::new();
    let options = choice.options();
    let Planned {
        api,
        plan,
        diagnostics,
    } = Planned::of(&document, &arena, &options)?;
    let out = stdout();
    let written = if json {
        let report = mcpengine_plan::into_report(&api, plan, &diagnostics, options.threads);
        let written = if cost {
            print_json(out, &cost::WithCost::of(&report))
        } else {
            print_json(out, &report)
        };
        std::mem::forget(report);
        written
    } else if cost {
        let report = mcpengine_plan::into_report(&api, plan, &diagnostics, options.threads);
        cost::print(out, &report)
    } else {
        human::print(out, &plan, &diagnostics)
    };
    // The process ends here: freeing a million small values one by one would
    // only keep the caller waiting.
    std::mem::forget((api, diagnostics));
    std::mem::forget((arena, document));
    quietly(written)
}

fn stdout() -> impl Write {
    io::BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

fn print_json(mut out: impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut out, value)?;
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

fn generate(source: &Source, choice: &Choice, out: &Path, force: bool) -> Result<(), Failure> {
    folder::check(out, force)?;
    let document = Document::load(source)?;
    let arena = Arena::new();
    let planned = Planned::of(&document, &arena, &choice.options())?;
    mcpengine_openapi::require_operations(&planned.diagnostics)
        .map_err(|refusal| Failure::of_document(refusal, &document.name))?;
    let enabled = planned
        .plan
        .tools
        .iter()
        .filter(|tool| tool.enabled)
        .count();
    if enabled == 0 {
        return Err(Failure::new(
            "no_tools",
            "no tool is on: they are deprecated, or turned off by `x-mcp`".to_owned(),
            "Name those that are wanted with --tool; mcpengine analyze lists all.",
        ));
    }
    let project = mcpengine_codegen::generate(&planned.plan, &ProjectOptions::default());
    folder::write(out, &project)?;

    let listed = match planned.plan.mode {
        ServerMode::Direct => String::new(),
        ServerMode::Dynamic => {
            let listed = mcpengine_plan::listed_count(&planned.plan);
            format!(" (searched and called through {listed})")
        }
    };
    let mut stdout = io::stdout().lock();
    let noted = planned.diagnostics.len();
    quietly(
        writeln!(
            stdout,
            "{} files with {enabled} tools{listed} in {}\nNext: cd {} && npm install && npm start",
            project.files.len(),
            out.display(),
            out.display()
        )
        .and_then(|()| match noted {
            0 => Ok(()),
            1 => writeln!(stdout, "1 diagnostic: mcpengine doctor shows it"),
            _ => writeln!(stdout, "{noted} diagnostics: mcpengine doctor shows them"),
        }),
    )
}

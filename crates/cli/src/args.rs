//! The command line as it is written.

use std::path::PathBuf;

use crate::remote;
use clap::{Args, Parser, Subcommand, ValueEnum};
use mcpengine_plan::{Filter, PlanOptions, Selection, ServerMode};

/// Turns API descriptions into MCP servers.
#[derive(Debug, Parser)]
#[command(name = "mcpengine", version, arg_required_else_help = true)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read an API description and show the tools that it gives.
    Analyze {
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        choice: Choice,
        /// Show what the tools cost a model, in estimated tokens.
        #[arg(long)]
        cost: bool,
        /// Print the whole report as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Generate the TypeScript project of an MCP server.
    Generate {
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        choice: Choice,
        /// The folder to write: new or empty.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Write into a folder that has files; src/custom.ts is kept.
        #[arg(long)]
        force: bool,
    },
    /// Show what is wrong with an API description, and what to do about it.
    ///
    /// Exit status: 0, nothing was lost; 1, there are errors, or the document
    /// was refused as a whole.
    Doctor {
        #[command(flatten)]
        source: Source,
        /// Print the findings as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Show what a new version of an API description changes for its tools.
    Diff {
        /// The version before; `-` reads standard input.
        #[arg(value_name = "A")]
        old: PathBuf,
        /// The version after; `-` reads standard input.
        #[arg(value_name = "B")]
        new: PathBuf,
        #[command(flatten)]
        limit: Limit,
        /// Print the difference as one JSON object.
        #[arg(long)]
        json: bool,
        /// Exit with 1 where something differs.
        #[arg(long)]
        exit_code: bool,
    },
    Login(remote::Login),
    Import(remote::Import),
    Deploy(remote::Deploy),
    Logs(remote::Logs),
}

#[derive(Debug, Args)]
pub(crate) struct Source {
    /// OpenAPI or Swagger (JSON or YAML), a Postman collection, or documentation
    /// (Markdown, HTML or text); `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// More files that the description refers to; of a folder, the *.json, *.yaml
    /// and *.yml below it.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) with: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Limit {
    /// The largest document to read, in bytes; all files together.
    #[arg(long, value_name = "N", default_value_t = mcpengine_openapi::Limits::CLI.bytes)]
    pub(crate) max_bytes: usize,
}

/// Which tools are on. Options of one kind add up, kinds narrow each other down.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which tools")]
pub(crate) struct Choice {
    /// Tools with this tag, or of this group.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Tools of this HTTP method.
    #[arg(long, value_name = "METHOD")]
    method: Vec<String>,
    /// Tools whose path fits: `*` is anything within a segment, `**` anything.
    #[arg(long, value_name = "GLOB")]
    path: Vec<String>,
    /// The tool of this name or `METHOD /path`, also a deprecated one.
    #[arg(long, value_name = "NAME")]
    tool: Vec<String>,
    /// Only tools that change nothing.
    #[arg(long)]
    read_only: bool,
    /// Of more than 60 tools: the ones that most tasks need, or all.
    #[arg(long, value_enum, default_value_t = Select::Default)]
    select: Select,
    /// The same as `--select all`.
    #[arg(long, conflicts_with = "select")]
    all: bool,
    /// How the server offers its tools.
    #[arg(long, value_enum, default_value_t = Mode::Direct)]
    mode: Mode,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    /// It lists each of them.
    Direct,
    /// It lists four, which search, describe and call them: for large APIs.
    Dynamic,
}

impl From<Mode> for ServerMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Direct => Self::Direct,
            Mode::Dynamic => Self::Dynamic,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Select {
    Default,
    All,
}

/// A machine has more room than a Worker: schemas keep their detail for longer.
const MAX_PLAN_BYTES: usize = 64 << 20;

impl Choice {
    pub(crate) fn options(&self) -> PlanOptions {
        let selection = if self.all || self.select == Select::All {
            Selection::All
        } else {
            Selection::Default
        };
        PlanOptions {
            selection,
            mode: self.mode.into(),
            filter: Filter {
                tags: self.tag.clone(),
                methods: self.method.clone(),
                paths: self.path.clone(),
                tools: self.tool.clone(),
                read_only: self.read_only,
            },
            ..whole()
        }
    }
}

/// Options for a look at the whole document.
pub(crate) fn whole() -> PlanOptions {
    PlanOptions {
        max_bytes: MAX_PLAN_BYTES,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        selection: Selection::All,
        ..PlanOptions::default()
    }
}

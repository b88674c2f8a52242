//! The arguments of the commands that ask a studio.

use clap::{Args, ValueEnum};

const SIGNED_IN: &str = "Environment:
  MCPENGINE_STUDIO, MCPENGINE_TOKEN  used instead of what `mcpengine login` has kept

Exit status: 0, done; 1, the studio or a file refused; 2, wrong usage; 3, not signed \
in, or the token does not allow it; 4, the studio cannot be reached.";

/// Keep a studio's address and a personal access token for the other commands.
///
/// The token is made on the page Settings of the studio. It is read from standard
/// input, tried, and written to a file that only you can read.
#[derive(Debug, Args)]
#[command(after_help = SIGNED_IN)]
pub(crate) struct Login {
    /// Address of the studio.
    #[arg(long, value_name = "URL", default_value = "https://mcpengine.com")]
    pub(crate) studio: String,
    /// Print the account as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Analyse an API description in the studio: a new project, or a new version of one.
#[derive(Debug, Args)]
#[command(after_help = SIGNED_IN)]
pub(crate) struct Import {
    /// A file, an http(s) address, or `-` for standard input.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// The project to analyse into; without it one is made.
    #[arg(long, value_name = "ID")]
    pub(crate) project: Option<String>,
    /// The source is documentation in prose.
    #[arg(long)]
    pub(crate) docs: bool,
    /// Print the result of the analysis as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Generate a project's server and put it live.
#[derive(Debug, Args)]
#[command(after_help = SIGNED_IN)]
pub(crate) struct Deploy {
    /// Id of the project.
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Who may call the server.
    #[arg(long, value_enum, default_value_t = Access::Token)]
    pub(crate) access: Access,
    /// A credential of the API whose value is in the environment variable of the
    /// same name; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) secret: Vec<String>,
    /// A variable of the server, API_BASE_URL included; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) variable: Vec<String>,
    /// Print what is live as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Access {
    /// Whoever shows an endpoint token.
    Token,
    /// Everybody.
    Public,
}

/// Show the latest calls of a project's live server, oldest first.
#[derive(Debug, Args)]
#[command(after_help = SIGNED_IN)]
pub(crate) struct Logs {
    /// Id of the project.
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Go on with calls as they come, until interrupted.
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) limit: u32,
    /// Print one JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

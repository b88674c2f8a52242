//! The commands that ask a studio: `login`, `import`, `deploy`, `logs`. They are
//! signed in by a personal access token and print what the API answers.

mod args;
mod client;
mod credentials;
mod deploy;
mod events;
mod import;
mod login;
mod logs;

use std::io::{self, Write};

pub(crate) use args::{Deploy, Import, Login, Logs};

use crate::failure::Failure;
use client::Client;

pub(crate) fn login(arguments: &Login) -> Result<(), Failure> {
    login::run(arguments)
}

pub(crate) fn import(arguments: &Import) -> Result<(), Failure> {
    import::run(arguments, &Client::signed_in()?)
}

pub(crate) fn deploy(arguments: &Deploy) -> Result<(), Failure> {
    deploy::run(arguments, &Client::signed_in()?)
}

pub(crate) fn logs(arguments: &Logs) -> Result<(), Failure> {
    logs::run(arguments, &Client::signed_in()?)
}

/// Shows how far the work is: a line on standard error, which stays out of what
/// another program reads.
fn progress(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Prints lines, or one JSON value where `json` asks for it.
fn print(json: bool, value: &serde_json::Value, lines: &[String]) -> Result<(), Failure> {
    let out = io::stdout().lock();
    crate::quietly(if json {
        crate::print_json(out, value)
    } else {
        print_lines(out, lines)
    })
}

fn print_lines(mut out: impl Write, lines: &[String]) -> io::Result<()> {
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

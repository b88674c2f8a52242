//! What a new version of a document changes.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use mcpengine_openapi::Arena;
use mcpengine_plan::{Change, ChangeEntry, EntryKind, PlanDiff, Service};
use serde::Serialize;

use crate::args::{Limit, Source, whole};
use crate::failure::Failure;
use crate::input::Document;
use crate::{Planned, print_json, quietly, stdout};

#[derive(Serialize)]
struct Difference<'a> {
    old: Version<'a>,
    new: Version<'a>,
    breaking: usize,
    #[serde(flatten)]
    diff: &'a PlanDiff,
}

#[derive(Serialize)]
struct Version<'a> {
    service: &'a str,
    version: &'a str,
}

impl<'a> Version<'a> {
    fn of(service: &'a Service) -> Self {
        Self {
            service: &service.name,
            version: &service.version,
        }
    }
}

/// With `exit_code`, exit status 1 where something differs.
pub(crate) fn run(
    files: [&PathBuf; 2],
    limit: Limit,
    json: bool,
    exit_code: bool,
) -> Result<ExitCode, Failure> {
    let [old, new] = files;
    if old.as_os_str() == "-" && new.as_os_str() == "-" {
        return Err(Failure::new(
            "stdin_twice",
            "standard input has one document, not two".to_owned(),
            "Name a file for one of them.",
        ));
    }
    let planned = |file: &PathBuf| {
        let file = file.clone();
        let with = Vec::new();
        let document = Document::load(&Source { file, with, limit })?;
        let arena = Arena::new();
        Planned::of(&document, &arena, &whole()).map(|planned| planned.plan)
    };
    let (old, new) = (planned(old)?, planned(new)?);
    let diff = mcpengine_plan::diff(&old, &new);
    let out = stdout();
    quietly(if json {
        let difference = Difference {
            old: Version::of(&old.service),
            new: Version::of(&new.service),
            breaking: diff.breaking(),
            diff: &diff,
        };
        print_json(out, &difference)
    } else {
        print(out, &old.service, &new.service, &diff)
    })?;
    Ok(ExitCode::from(u8::from(exit_code && !diff.is_empty())))
}

fn print(mut out: impl Write, old: &Service, new: &Service, diff: &PlanDiff) -> io::Result<()> {
    writeln!(
        out,
        "{} {} -> {} {}",
        old.name, old.version, new.name, new.version
    )?;
    if !diff.service.is_empty() {
        writeln!(out, "\nAll tools")?;
        changes(&mut out, "  ", &diff.service)?;
    }
    let entries = diff.entries();
    for (kind, title, sign) in [
        (EntryKind::Removed, "Removed", '-'),
        (EntryKind::Renamed, "Renamed", '>'),
        (EntryKind::Changed, "Changed", '~'),
        (EntryKind::Added, "Added", '+'),
    ] {
        let of_kind: Vec<&ChangeEntry> =
            entries.iter().filter(|entry| entry.kind == kind).collect();
        if !of_kind.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        for entry in of_kind {
            let from = entry.from.as_deref().map(|from| format!("{from} -> "));
            let from = from.unwrap_or_default();
            writeln!(out, "  {sign} {from}{}  {}", entry.key, entry.name)?;
            changes(&mut out, "      ", &entry.changes)?;
        }
    }
    writeln!(
        out,
        "\n{} added, {} removed, {} changed, {} renamed; {} of them break callers",
        diff.added.len(),
        diff.removed.len(),
        diff.changed.len(),
        diff.renamed.len(),
        diff.breaking()
    )?;
    out.flush()
}

/// `!` is what breaks callers.
fn changes(out: &mut impl Write, indent: &str, changes: &[Change]) -> io::Result<()> {
    for change in changes {
        let mark = if change.breaks { '!' } else { ' ' };
        writeln!(out, "{indent}{mark} {}", change.message)?;
    }
    Ok(())
}

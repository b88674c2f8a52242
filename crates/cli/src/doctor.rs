//! Every finding about a document, by severity and code, with its remedy.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use mcpengine_openapi::{Arena, Diagnostic, Severity};
use serde::Serialize;

use crate::args::{Source, whole};
use crate::failure::Failure;
use crate::input::Document;
use crate::{Planned, print_json, quietly, stdout};

#[derive(Serialize)]
struct Checkup<'a> {
    service: &'a str,
    version: &'a str,
    operations: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Worst first, then by code.
    findings: Vec<Finding<'a>>,
}

/// Everything of one code and severity.
#[derive(Serialize)]
struct Finding<'a> {
    severity: Severity,
    code: &'a str,
    count: usize,
    places: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    pointer: &'a str,
    message: &'a str,
    help: &'a str,
}

/// Exit status 1 where something of the document was lost.
pub(crate) fn run(source: &Source, json: bool) -> Result<ExitCode, Failure> {
    let document = Document::load(source)?;
    let arena = Arena::new();
    let planned = Planned::of(&document, &arena, &whole())?;
    let count = |severity| {
        let of = |found: &&Diagnostic| found.severity == severity;
        planned.diagnostics.iter().filter(of).count()
    };
    let checkup = Checkup {
        service: &planned.plan.service.name,
        version: &planned.plan.service.version,
        operations: planned.api.operations.len(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Info),
        findings: grouped(&planned.diagnostics),
    };
    let out = stdout();
    quietly(if json {
        print_json(out, &checkup)
    } else {
        print(out, &checkup)
    })?;
    Ok(ExitCode::from(u8::from(checkup.errors > 0)))
}

fn grouped(diagnostics: &[Diagnostic]) -> Vec<Finding<'_>> {
    let mut groups: BTreeMap<(Reverse<Severity>, &str), Vec<Place<'_>>> = BTreeMap::new();
    for found in diagnostics {
        let group = groups
            .entry((Reverse(found.severity), found.code))
            .or_default();
        group.push(Place {
            pointer: &found.pointer,
            message: &found.message,
            help: &found.help,
        });
    }
    groups
        .into_iter()
        .map(|((Reverse(severity), code), places)| Finding {
            severity,
            code,
            count: places.len(),
            places,
        })
        .collect()
}

fn print(mut out: impl Write, checkup: &Checkup<'_>) -> io::Result<()> {
    writeln!(out, "{} {}", checkup.service, checkup.version)?;
    for finding in &checkup.findings {
        let label = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        writeln!(out, "\n{label}[{}]: {}", finding.code, times(finding.count))?;
        let mut said = None;
        for place in &finding.places {
            writeln!(out, "  {}", place.message)?;
            if !place.pointer.is_empty() {
                writeln!(out, "    at {}", place.pointer)?;
            }
            // One remedy for many places is told once.
            if said != Some(place.help) && !place.help.is_empty() {
                writeln!(out, "    help: {}", place.help)?;
            }
            said = Some(place.help);
        }
    }
    let verdict = if checkup.findings.is_empty() {
        "Nothing to remark"
    } else {
        "Found"
    };
    writeln!(
        out,
        "\n{verdict}: {} errors, {} warnings, {} notes on {} operations",
        checkup.errors, checkup.warnings, checkup.notes, checkup.operations
    )?;
    out.flush()
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

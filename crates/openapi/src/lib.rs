//! API descriptions in, [`ApiDescription`] and [`Diagnostic`]s out.
//!
//! The reader is a tolerant walk over values: one broken operation costs that
//! operation, with a diagnostic, never the document. Nothing is fetched, and no
//! input makes it panic, recurse without end or fill the memory.

mod detect;
mod diagnostic;
mod json;
mod model;
mod node;
mod place;
mod refs;
mod report;
mod schema;
mod text;
mod tree;
mod walk;
mod weight;
mod yaml;

pub use diagnostic::{Diagnostic, Limits, Position, Refusal, Severity, require_operations};
pub use model::*;

use node::Node;
use report::Report;
use walk::Walker;

/// Reads an OpenAPI 3.0, 3.1 or 3.2 or a Swagger 2.0 document, in JSON or YAML.
///
/// # Errors
/// A [`Refusal`] where the document as a whole cannot be read: it is no text, no
/// JSON or YAML, beyond `limits`, or no API description. Everything smaller is a
/// [`Diagnostic`]; a description without any operation is one with the error
/// `no-operations`, see [`require_operations`].
pub fn read(text: &[u8], limits: &Limits) -> Result<(ApiDescription, Vec<Diagnostic>), Refusal> {
    let text = text::decode(text, limits)?;
    if let Some(refusal) = detect::foreign_text(&text) {
        return Err(refusal);
    }
    if !text.trim_start().starts_with(['{', '[']) {
        let (root, findings) = yaml::parse(&text, limits)?;
        return describe(&root, findings, limits);
    }
    match json::parse(&text, limits) {
        Ok((root, findings)) => describe(&root, findings, limits),
        Err(refusal) if refusal.code == "document_syntax" => lenient(&text, limits, refusal),
        Err(refusal) => Err(refusal),
    }
}

/// Trailing commas and single quotes are no JSON, but they are YAML in flow style.
/// Where that leads nowhere, the JSON error is the one that helps.
fn lenient(
    text: &str,
    limits: &Limits,
    refusal: Refusal,
) -> Result<(ApiDescription, Vec<Diagnostic>), Refusal> {
    let (root, mut findings) = match yaml::parse(text, limits) {
        Ok(parsed) => parsed,
        Err(other) if other.code == "document_syntax" => return Err(refusal),
        Err(other) => return Err(other),
    };
    findings.push(Diagnostic {
        code: "lenient-json",
        severity: Severity::Warning,
        pointer: refusal.pointer.clone().unwrap_or_default(),
        message: format!("{} It was read as YAML instead.", refusal.message),
        help: refusal.help.clone(),
    });
    match describe(&root, findings, limits) {
        Ok(read) if !read.0.operations.is_empty() => Ok(read),
        _ => Err(refusal),
    }
}

fn describe(
    root: &Node<'_>,
    findings: Vec<Diagnostic>,
    limits: &Limits,
) -> Result<(ApiDescription, Vec<Diagnostic>), Refusal> {
    let mut report = Report::default();
    let dialect = detect::dialect(root, &mut report)?;
    let (api, report) = Walker::new(root, dialect, report, limits).description();
    Ok((api, report.finish(findings)))
}

//! API descriptions in, [`ApiDescription`] and [`Diagnostic`]s out.
//!
//! The reader is a tolerant walk over values: one broken operation costs that
//! operation, with a diagnostic, never the document. Nothing is fetched, and no
//! input makes it panic, recurse without end or fill the memory.

mod bundle;
mod detect;
mod diagnostic;
mod json;
mod model;
mod node;
mod outline;
mod place;
mod postman;
mod prose;
mod refs;
mod relaxed;
mod report;
mod schema;
mod text;
mod tree;
mod walk;
mod weight;
mod yaml;

pub use bundle::{SourceFile, read_files};
pub use diagnostic::{Diagnostic, Limits, Position, Refusal, Severity};
pub use model::*;

use node::Node;
use report::Report;
use walk::Walker;

/// Reads an OpenAPI 3.0, 3.1 or 3.2 or a Swagger 2.0 document in JSON or YAML, a
/// Postman Collection, or documentation in Markdown, HTML or plain text.
///
/// # Errors
/// A [`Refusal`] where the document as a whole cannot be used: it is no text, no
/// JSON or YAML, beyond `limits`, no API description, or without any operation.
/// Everything smaller is a [`Diagnostic`].
pub fn read(text: &[u8], limits: &Limits) -> Result<(ApiDescription, Vec<Diagnostic>), Refusal> {
    let text = text::decode(text, limits)?;
    let refusal = match structured(&text, limits) {
        Ok(read) => return Ok(read),
        Err(refusal) => refusal,
    };
    // Documentation holds endpoints; what has none stays refused for what it is.
    if detect::may_be_prose(&text, &refusal)
        && let Some(read) = prose::read(&text, limits)
    {
        return read;
    }
    Err(refusal)
}

/// Reads what is written for machines.
fn structured(text: &str, limits: &Limits) -> Result<(ApiDescription, Vec<Diagnostic>), Refusal> {
    if let Some(refusal) = detect::foreign_text(text) {
        return Err(refusal);
    }
    if !text.trim_start().starts_with(['{', '[']) {
        let (root, findings) = yaml::parse(text, limits)?;
        return describe(&root, findings, limits);
    }
    match json::parse(text, limits) {
        Ok((root, findings)) => describe(&root, findings, limits),
        Err(refusal) if refusal.code == "document_syntax" => lenient(text, limits, refusal),
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
    describe(&root, findings, limits).map_err(|_| refusal)
}

fn describe(
    root: &Node<'_>,
    findings: Vec<Diagnostic>,
    limits: &Limits,
) -> Result<(ApiDescription, Vec<Diagnostic>), Refusal> {
    if postman::is_collection(root) {
        return postman::read(root, findings, limits);
    }
    let mut report = Report::default();
    let dialect = detect::dialect(root, &mut report)?;
    let (api, report) = Walker::new(root, dialect, report, limits).description()?;
    Ok((api, report.finish(findings)))
}

//! API descriptions in, [`ApiDescription`] and [`Diagnostic`]s out.
//!
//! The reader is a tolerant walk over values: one broken operation costs that
//! operation, with a diagnostic, never the document. Nothing is fetched, and no
//! input makes it panic, recurse without end or fill the memory.

mod arena;
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

pub use arena::Arena;
pub use bundle::{SourceFile, read_files};
pub use diagnostic::{Diagnostic, Limits, Position, Refusal, Severity, require_operations};
pub use model::*;
pub use node::{Entry, Node, number, write_json_string};
pub use schema::{STRING_FORMATS, in_type};

use std::borrow::Cow;

use report::Report;
use walk::Walker;

/// Reads an OpenAPI 3.0, 3.1 or 3.2 or a Swagger 2.0 document in JSON or YAML, a
/// Postman Collection, or documentation in Markdown, HTML or plain text, into
/// `arena`.
///
/// # Errors
/// A [`Refusal`] where the document as a whole cannot be read: it is no text, no
/// JSON or YAML, beyond `limits`, or no API description. Everything smaller is a
/// [`Diagnostic`]; a description without any operation is one with the error
/// `no-operations`, see [`require_operations`].
pub fn read<'a>(
    arena: &'a Arena,
    text: &'a [u8],
    limits: &Limits,
) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal> {
    let text = match text::decode(text, limits)? {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => arena.text(&text),
    };
    let refusal = match structured(arena, text, limits) {
        Ok(read) => return Ok(read),
        Err(refusal) => refusal,
    };
    // Documentation holds endpoints; what has none stays refused for what it is.
    if detect::may_be_prose(text, &refusal) {
        if let Some(read) = prose::read(arena, text, limits) {
            return read;
        }
        if refusal.code != "document_too_deep" && detect::is_prose(text) {
            return Err(detect::no_endpoint());
        }
    }
    Err(refusal)
}

/// Reads what is written for machines.
fn structured<'a>(
    arena: &'a Arena,
    text: &'a str,
    limits: &Limits,
) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal> {
    if let Some(refusal) = detect::foreign_text(text) {
        return Err(refusal);
    }
    if !text.trim_start().starts_with(['{', '[']) {
        let (root, findings) = yaml::parse(arena, text, limits)?;
        return describe(arena, root, findings, limits);
    }
    match json::parse(arena, text, limits) {
        Ok((root, findings)) => describe(arena, root, findings, limits),
        Err(refusal) if refusal.code == "document_syntax" => lenient(arena, text, limits, refusal),
        Err(refusal) => Err(refusal),
    }
}

/// Trailing commas and single quotes are no JSON, but they are YAML in flow style.
/// Where that leads nowhere, the JSON error is the one that helps.
fn lenient<'a>(
    arena: &'a Arena,
    text: &'a str,
    limits: &Limits,
    refusal: Refusal,
) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal> {
    let (root, mut findings) = match yaml::parse(arena, text, limits) {
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
    match describe(arena, root, findings, limits) {
        Ok(read) if !read.0.operations.is_empty() => Ok(read),
        _ => Err(refusal),
    }
}

fn describe<'a>(
    arena: &'a Arena,
    root: Node<'a>,
    findings: Vec<Diagnostic>,
    limits: &Limits,
) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal> {
    let root = arena.value(root);
    if postman::is_collection(root) {
        return postman::read(arena, root, findings, limits);
    }
    let mut report = Report::default();
    let dialect = detect::dialect(root, &mut report)?;
    let (api, report) = Walker::new(arena, root, dialect, report, limits).description();
    Ok((api, report.finish(findings)))
}

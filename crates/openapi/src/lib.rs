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
mod yaml;

pub use diagnostic::{Diagnostic, Limits, Position, Refusal, Severity};
pub use model::*;

use node::Node;
use report::Report;
use walk::Walker;

/// Reads an OpenAPI 3.0, 3.1 or 3.2 or a Swagger 2.0 document, in JSON or YAML.
///
/// # Errors
/// A [`Refusal`] where the document as a whole cannot be used: it is no text, no
/// JSON or YAML, beyond `limits`, no API description, or without any operation.
/// Everything smaller is a [`Diagnostic`].
pub fn read(text: &[u8], limits: &Limits) -> Result<(ApiDescription, Vec<Diagnostic>), Refusal> {
    let text = text::decode(text, limits)?;
    let (root, findings) = parse(&text, limits)?;
    let mut report = Report::default();
    let dialect = detect::dialect(&root, &mut report)?;
    let (api, report) = Walker::new(&root, dialect, report, limits).description()?;
    Ok((api, report.finish(findings)))
}

/// JSON where the text starts like JSON, else YAML.
fn parse<'t>(text: &'t str, limits: &Limits) -> Result<(Node<'t>, Vec<Diagnostic>), Refusal> {
    if let Some(refusal) = detect::foreign_text(text) {
        return Err(refusal);
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return yaml::parse(text, limits);
    }
    // Comments and trailing commas are no JSON, but they are YAML in flow style.
    // Where that fails too, the JSON error is the one that helps.
    json::parse(text, limits).or_else(|refusal| {
        if refusal.code != "document_syntax" {
            return Err(refusal);
        }
        match yaml::parse(text, limits) {
            Ok((root @ Node::Object(_), findings)) => Ok((root, findings)),
            Err(other) if other.code != "document_syntax" => Err(other),
            _ => Err(refusal),
        }
    })
}

//! API descriptions in, [`ApiDescription`] and [`Diagnostic`]s out.
//!
//! The reader is a tolerant walk over values: one broken operation costs that
//! operation, with a diagnostic, never the document.

mod diagnostic;
mod model;

pub use diagnostic::{Diagnostic, Limits, Position, Refusal, Severity};
pub use model::*;

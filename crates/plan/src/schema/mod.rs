//! Schemas of a document, rewritten for one tool: self-contained, valid, small.

mod alternatives;
mod copy;
mod definitions;
mod description;
mod detail;
mod direction;
mod graph;
mod pattern;
mod properties;
mod text;
mod values;
mod view;

pub(crate) use copy::Copier;
pub(crate) use definitions::Definitions;
pub(crate) use detail::{Detail, INPUT_LADDER, OUTPUT_LADDER, first_fitting};
pub(crate) use direction::{Direction, hides};
pub(crate) use graph::ref_key;
pub(crate) use properties::{Properties, Together};
pub use text::Schema;
pub(crate) use values::size;
pub(crate) use view::{Parts, View, is_null};

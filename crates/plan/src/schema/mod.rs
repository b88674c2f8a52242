//! Schemas of a document, rewritten for one tool: self-contained, valid, small.

mod copy;
mod detail;
mod graph;
mod pattern;
mod text;
mod values;
mod view;

pub(crate) use copy::{Copier, Direction, hides};
pub(crate) use detail::{Detail, INPUT_LADDER, OUTPUT_LADDER};
pub use text::Schema;
pub(crate) use values::size;
pub(crate) use view::{Definitions, Parts, Properties, View, is_null};

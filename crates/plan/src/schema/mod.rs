//! Schemas of a document, rewritten for one tool: self-contained, valid, small.

mod copy;
mod detail;
mod graph;
mod pattern;
mod values;
mod view;

pub(crate) use copy::{Copier, Direction, drop_echo};
pub(crate) use detail::{Detail, INPUT_LADDER, OUTPUT_LADDER};
pub(crate) use values::{compact, size};
pub(crate) use view::{Definitions, View, is_null};

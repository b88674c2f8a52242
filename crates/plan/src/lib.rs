//! An `ApiDescription` in, a [`ServerPlan`] out: tools with names, inputs,
//! outputs and request recipes, groups, auth, app candidates, limits.

mod model;

pub use model::*;

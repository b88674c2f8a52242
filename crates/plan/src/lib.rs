//! An `ApiDescription` in, a [`ServerPlan`] out: tools with names, inputs,
//! outputs and request recipes, groups, auth, app candidates, limits.
//!
//! [`plan`] makes the engine's plan, [`apply`] lays people's [`Edit`]s over it,
//! [`report`](fn@report) says what was found. All three are pure and total:
//! the same input gives the same output, and no input makes them panic.

mod annotations;
mod apps;
mod auth;
mod convert;
mod diff;
mod dynamic;
mod edit;
mod filter;
#[cfg(test)]
mod fixtures;
mod fold;
mod groups;
mod hints;
mod input;
mod labels;
mod limits;
mod model;
mod naming;
mod notes;
mod output;
mod pagination;
mod parallel;
mod planner;
mod report;
mod schema;
mod selection;
mod service;
mod text;
mod tokens;
mod words;

pub use diff::{
    Carried, Change, ChangeEntry, ChangedField, ChangedTool, EntryKind, LostEdit, PlanChanges,
    PlanDiff, RenamedTool, ToolRef, carry, diff, rebase,
};
pub use dynamic::{
    ListCost, ListCosts, ListedTool, MANY_TOOLS, ServerMode, dynamic_tools, edited_mode,
    list_costs, listed_count, mode_edit,
};
pub use edit::{ConflictCode, Edit, EditConflict, ToolOverride, apply, overrides};
pub use filter::{Filter, Miss};
pub use fold::ascii_folded;
pub use model::*;
pub use pagination::{Pagination, PaginationStyle};
pub use planner::{PlanOptions, plan};
pub use report::{
    Endpoint, GroupReport, Report, ReportSummary, ToolReport, ToolSummary, into_report, report,
    summary, tool_summary,
};
pub use schema::Schema;
pub use selection::Selection;
pub use tokens::{Tokens, tokens};

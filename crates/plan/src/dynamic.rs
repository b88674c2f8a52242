//! Dynamic mode: four tools that stand for all of an API's.
//!
//! A client puts every listed tool in front of its model, and a thousand of them
//! leave no room for anything else. In dynamic mode a server lists four: one
//! searches the API's tools by words, one describes a few of them, one calls
//! those that only read, and one calls those that change something. Reading and
//! writing are apart, so that the annotations of both are true statements.

mod tools;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Annotations, Edit, Schema, ServerPlan, Tool};

pub use tools::dynamic_tools;

/// More enabled tools than this are better searched than listed.
pub const MANY_TOOLS: usize = 60;

/// How a generated server offers its tools.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ServerMode {
    /// Each enabled tool is listed.
    #[default]
    Direct,
    /// Four tools are listed, which find, describe and call the enabled ones.
    Dynamic,
}

impl ServerMode {
    /// For `skip_serializing_if`: plans of the default mode do not mention it.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the shape that serde asks for"
    )]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// As it is written in plans, edits and options.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Dynamic => "dynamic",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Direct, Self::Dynamic]
            .into_iter()
            .find(|mode| mode.as_str() == name)
    }
}

/// A tool as the protocol's `tools/list` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedTool {
    pub name: &'static str,
    pub title: &'static str,
    pub description: String,
    pub input_schema: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Value>,
    pub annotations: Annotations,
}

/// What the list of tools costs a client, in both modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListCosts {
    pub direct: ListCost,
    pub dynamic: ListCost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListCost {
    pub tools: usize,
    /// Of the tools as compact JSON.
    pub bytes: usize,
    /// An estimate: four bytes each.
    pub tokens: usize,
}

impl ListCost {
    fn of<T: Serialize>(tools: impl Iterator<Item = T>) -> Self {
        let mut cost = Self {
            tools: 0,
            bytes: 0,
            tokens: 0,
        };
        for tool in tools {
            cost.tools += 1;
            cost.bytes += serde_json::to_vec(&tool).map_or(0, |json| json.len());
        }
        cost.tokens = cost.bytes.div_ceil(4);
        cost
    }
}

/// How many tools the server lists.
#[must_use]
pub fn listed_count(plan: &ServerPlan) -> usize {
    match plan.mode {
        ServerMode::Direct => enabled(plan).count(),
        ServerMode::Dynamic => dynamic_tools(plan).len(),
    }
}

/// What the list of tools costs in each mode, whichever the plan has.
#[must_use]
pub fn list_costs(plan: &ServerPlan) -> ListCosts {
    ListCosts {
        direct: ListCost::of(enabled(plan).map(Listed::of)),
        dynamic: ListCost::of(dynamic_tools(plan).into_iter()),
    }
}

/// A tool of the API as it is listed in direct mode.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    name: &'a str,
    title: &'a str,
    description: &'a str,
    input_schema: &'a Schema,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_schema: Option<&'a Schema>,
    annotations: Annotations,
}

impl<'a> Listed<'a> {
    fn of(tool: &'a Tool) -> Self {
        Self {
            name: &tool.name,
            title: &tool.title,
            description: &tool.description,
            input_schema: &tool.input_schema,
            output_schema: tool.output_schema.as_ref(),
            annotations: tool.annotations,
        }
    }
}

/// The edit that gives the plan another mode; none where it has that mode.
#[must_use]
pub fn mode_edit(plan: &ServerPlan, mode: ServerMode) -> Option<Edit> {
    (plan.mode != mode).then(|| Edit {
        key: String::new(),
        path: vec!["mode".to_owned()],
        value: mode.as_str().into(),
        prev: plan.mode.as_str().into(),
    })
}

/// The mode of a plan that has `mode` once `edits` are applied to it: cheaper
/// than to apply them where nothing else is wanted.
#[must_use]
pub fn edited_mode(mode: ServerMode, edits: &[Edit]) -> ServerMode {
    let of_mode = |edit: &&Edit| edit.key.is_empty() && edit.path == ["mode"];
    edits.iter().filter(of_mode).fold(mode, |now, edit| {
        edit.value
            .as_str()
            .and_then(ServerMode::of)
            .filter(|_| edit.prev == now.as_str())
            .unwrap_or(now)
    })
}

fn enabled(plan: &ServerPlan) -> impl Iterator<Item = &Tool> {
    plan.tools.iter().filter(|tool| tool.enabled)
}

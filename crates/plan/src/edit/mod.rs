//! Edits: what people change in a plan, as data.
//!
//! The plan that people see is the engine's plan with edits applied in order.
//! An edit names a tool by its key (method and path template), so it survives
//! a new version of the document as long as the operation does.

mod fields;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::labels::MAX_DESCRIPTION;
use crate::words::{sentence, split};
use crate::{AuthKind, DisabledBecause, ServerMode, ServerPlan, Tool, ToolGroup, groups, naming};
pub(crate) use fields::steps;
use fields::{Refused, current, invalid, prose, unchanged, unknown_path};

/// One change of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Edit {
    /// A tool's key, `GET /pets/{petId}`; `""` is the plan itself.
    pub key: String,
    /// Of a tool: `[name]`, `[title]`, `[description]`, `[group]`, `[enabled]`,
    /// `[annotations, readOnlyHint]` and the other three hints. Of the plan:
    /// `[name]`, `[description]`, `[mode]`, `[auth, <scheme id>, enabled]`.
    pub path: Vec<String>,
    pub value: Value,
    /// The value that the editor saw.
    pub prev: Value,
}

/// An edit that was not applied, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EditConflict {
    pub edit: Edit,
    pub code: ConflictCode,
    /// One sentence for people.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictCode {
    /// The plan has no tool (or scheme) of that key.
    UnknownKey,
    /// There is no such field, or it cannot be edited.
    UnknownPath,
    /// The field has changed since the editor saw it.
    Changed,
    /// The value is not one that the field takes.
    InvalidValue,
}

/// What a caller wants of one tool, without knowing what it is now (the
/// `tools` of `POST /api/generate`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolOverride {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// The overrides as edits of the plan as it is; fields that already have the
/// wished value give none. A key that the plan does not have gives an edit
/// that [`apply`] answers with a conflict.
#[must_use]
pub fn overrides(plan: &ServerPlan, overrides: &[ToolOverride]) -> Vec<Edit> {
    let tools: HashMap<&str, &Tool> = plan
        .tools
        .iter()
        .map(|tool| (tool.key.as_str(), tool))
        .collect();
    let mut edits = Vec::new();
    for wished in overrides {
        let tool = tools.get(wished.key.as_str());
        let text = |value: &Option<String>| value.clone().map(Value::String);
        for (field, value) in [
            ("name", text(&wished.name)),
            ("title", text(&wished.title)),
            ("description", text(&wished.description)),
            ("group", text(&wished.group)),
            ("enabled", wished.enabled.map(Value::Bool)),
        ] {
            let Some(value) = value else { continue };
            let prev = tool
                .and_then(|tool| current(tool, &[field]))
                .unwrap_or(Value::Null);
            if value != prev {
                edits.push(Edit {
                    key: wished.key.clone(),
                    path: vec![field.to_owned()],
                    value,
                    prev,
                });
            }
        }
    }
    edits
}

/// Applies edits in order. Those that do not fit are left out and returned; one
/// that changes nothing always fits.
#[must_use]
pub fn apply(plan: &ServerPlan, edits: &[Edit]) -> (ServerPlan, Vec<EditConflict>) {
    let (plan, outcomes) = apply_each(plan, edits);
    (plan, outcomes.into_iter().flatten().collect())
}

/// The same with what became of each edit: `None` where it fits.
pub(crate) fn apply_each(
    plan: &ServerPlan,
    edits: &[Edit],
) -> (ServerPlan, Vec<Option<EditConflict>>) {
    let mut editor = Editor::new(plan.clone());
    let outcomes = edits
        .iter()
        .map(|edit| {
            let (code, message) = editor.apply(edit).err()?;
            let edit = edit.clone();
            Some(EditConflict {
                edit,
                code,
                message,
            })
        })
        .collect();
    (editor.finish(), outcomes)
}

struct Editor {
    plan: ServerPlan,
    index: HashMap<String, usize>,
    /// Lower-case names in use.
    names: HashSet<String>,
    /// Schemes turned off.
    disabled: HashSet<String>,
}

impl Editor {
    fn new(plan: ServerPlan) -> Self {
        let index = plan
            .tools
            .iter()
            .enumerate()
            .map(|(i, tool)| (tool.key.clone(), i))
            .collect();
        let names = plan
            .tools
            .iter()
            .map(|tool| tool.name.to_ascii_lowercase())
            .collect();
        let disabled = plan
            .auth
            .schemes
            .iter()
            .filter(|scheme| is_turned_off(&scheme.kind))
            .map(|scheme| scheme.id.clone())
            .collect();
        Self {
            plan,
            index,
            names,
            disabled,
        }
    }

    fn apply(&mut self, edit: &Edit) -> Result<(), Refused> {
        let path: Vec<&str> = edit.path.iter().map(String::as_str).collect();
        if edit.key.is_empty() {
            return self.apply_to_plan(edit, &path);
        }
        let unknown = || {
            (
                ConflictCode::UnknownKey,
                format!("the plan has no tool `{}`", edit.key),
            )
        };
        let at = *self.index.get(&edit.key).ok_or_else(unknown)?;
        let tool = self.plan.tools.get_mut(at).ok_or_else(unknown)?;
        let now = current(tool, &path).ok_or_else(|| unknown_path(&path))?;
        if now == edit.value {
            return Ok(());
        }
        unchanged(&edit.prev, &now, &path)?;
        match (path.as_slice(), &edit.value) {
            (["name"], Value::String(name)) => return self.rename(at, name),
            (["title"], Value::String(title)) => tool.title = prose(title, 200)?,
            (["description"], Value::String(description)) => {
                tool.description = prose(description, MAX_DESCRIPTION)?;
            }
            (["group"], Value::String(group)) => {
                if !groups::is_id(group) {
                    return invalid("a group's id has 1 to 48 lower-case letters, digits or `-`");
                }
                tool.group.clone_from(group);
            }
            (["enabled"], Value::Bool(enabled)) => {
                tool.enabled = *enabled;
                // From here on it is a person's choice, not the engine's.
                tool.disabled_because = None;
            }
            (["annotations", hint], Value::Bool(value)) => {
                let hints = &mut tool.annotations;
                match *hint {
                    "readOnlyHint" => hints.read_only_hint = *value,
                    "destructiveHint" => hints.destructive_hint = *value,
                    "idempotentHint" => hints.idempotent_hint = *value,
                    _ => hints.open_world_hint = *value,
                }
            }
            _ => return invalid("the value has another type than the field"),
        }
        Ok(())
    }

    /// Gives a tool another name, also where app candidates mention it.
    fn rename(&mut self, at: usize, name: &str) -> Result<(), Refused> {
        if !naming::is_name(name) {
            return invalid("a name has 1 to 64 letters, digits, `_` or `-`");
        }
        let Some(tool) = self.plan.tools.get_mut(at) else {
            return Ok(());
        };
        let folded = name.to_ascii_lowercase();
        let own = tool.name.to_ascii_lowercase();
        if folded != own && self.names.contains(&folded) {
            return invalid(&format!("another tool is called `{name}`"));
        }
        self.names.remove(&own);
        self.names.insert(folded);
        let before = std::mem::replace(&mut tool.name, name.to_owned());
        let mentions = self
            .plan
            .app_candidates
            .iter_mut()
            .flat_map(|app| &mut app.tools);
        for mention in mentions.filter(|mention| **mention == before) {
            name.clone_into(mention);
        }
        Ok(())
    }

    fn apply_to_plan(&mut self, edit: &Edit, path: &[&str]) -> Result<(), Refused> {
        let service = &self.plan.service;
        let now = match path {
            ["name"] => Value::String(service.name.clone()),
            ["description"] => service
                .description
                .clone()
                .map_or(Value::Null, Value::String),
            ["mode"] => self.plan.mode.as_str().into(),
            ["auth", id, "enabled"] => {
                if !self.plan.auth.schemes.iter().any(|scheme| scheme.id == *id) {
                    return Err((
                        ConflictCode::UnknownKey,
                        format!("the plan has no security scheme `{id}`"),
                    ));
                }
                Value::Bool(!self.disabled.contains(*id))
            }
            _ => return Err(unknown_path(path)),
        };
        if now == edit.value {
            return Ok(());
        }
        unchanged(&edit.prev, &now, path)?;
        match (path, &edit.value) {
            (["name"], Value::String(name)) => self.plan.service.name = prose(name, 120)?,
            (["description"], Value::String(text)) => {
                self.plan.service.description = Some(prose(text, 1_000)?);
            }
            (["description"], Value::Null) => self.plan.service.description = None,
            (["mode"], Value::String(name)) => match ServerMode::of(name) {
                Some(mode) => self.plan.mode = mode,
                None => return invalid("the mode is `direct` or `dynamic`"),
            },
            (["auth", id, _], Value::Bool(true)) => {
                if self
                    .plan
                    .auth
                    .schemes
                    .iter()
                    .any(|scheme| scheme.id == *id && is_turned_off(&scheme.kind))
                {
                    return invalid(
                        "the scheme was turned off before this plan was made; analyse the document again",
                    );
                }
                self.disabled.remove(*id);
            }
            (["auth", id, _], Value::Bool(false)) => {
                self.disabled.insert((*id).to_owned());
            }
            _ => return invalid("the value has another type than the field"),
        }
        Ok(())
    }

    fn finish(mut self) -> ServerPlan {
        for scheme in self
            .plan
            .auth
            .schemes
            .iter_mut()
            .filter(|scheme| self.disabled.contains(&scheme.id))
        {
            scheme.kind = AuthKind::Unsupported {
                reason: TURNED_OFF.to_owned(),
            };
            scheme.secrets.clear();
            scheme.client_credentials = None;
        }
        if !self.disabled.is_empty() {
            for tool in &mut self.plan.tools {
                let usable = |ids: &Vec<String>| !ids.iter().any(|id| self.disabled.contains(id));
                tool.auth.retain(usable);
                if tool.auth.iter().all(Vec::is_empty) {
                    tool.auth.clear();
                }
            }
        }
        if self.plan.mode == ServerMode::Dynamic {
            // They were off to keep the list short, which is short now.
            for tool in &mut self.plan.tools {
                tool.enabled |= tool
                    .disabled_because
                    .take_if(|why| *why == DisabledBecause::NotSelected)
                    .is_some();
            }
        }
        self.plan.groups = regrouped(&self.plan);
        self.plan
    }
}

/// Why a scheme is not used that a person turned off.
const TURNED_OFF: &str = "turned off in this project";

fn is_turned_off(kind: &AuthKind) -> bool {
    matches!(kind, AuthKind::Unsupported { reason } if reason == TURNED_OFF)
}

/// The groups that have a tool, in the order of their first.
fn regrouped(plan: &ServerPlan) -> Vec<ToolGroup> {
    let known: HashMap<&str, &ToolGroup> = plan
        .groups
        .iter()
        .map(|group| (group.id.as_str(), group))
        .collect();
    let mut groups: IndexMap<&str, ToolGroup> = IndexMap::new();
    for tool in &plan.tools {
        groups.entry(&tool.group).or_insert_with(|| {
            known.get(tool.group.as_str()).map_or_else(
                || ToolGroup {
                    id: tool.group.clone(),
                    title: sentence(&split(&tool.group)),
                    description: None,
                },
                |group| (*group).clone(),
            )
        });
    }
    groups.into_values().collect()
}

//! The fields that can be edited, and the checks of their values.

use std::collections::HashMap;

use serde_json::Value;

use super::{ConflictCode, Edit};
use crate::{ServerPlan, Tool};

pub(super) type Refused = (ConflictCode, String);

/// The fields of a tool that can be edited.
const FIELDS: [&[&str]; 9] = [
    &["name"],
    &["title"],
    &["description"],
    &["group"],
    &["enabled"],
    &["annotations", "readOnlyHint"],
    &["annotations", "destructiveHint"],
    &["annotations", "idempotentHint"],
    &["annotations", "openWorldHint"],
];

/// The edits that give the tools of `from` the values that they have in `to`.
pub(crate) fn steps(from: &ServerPlan, to: &ServerPlan) -> Vec<Edit> {
    let wished: HashMap<&str, &Tool> = to
        .tools
        .iter()
        .map(|tool| (tool.key.as_str(), tool))
        .collect();
    let mut edits = Vec::new();
    for tool in &from.tools {
        let Some(wished) = wished.get(tool.key.as_str()) else {
            continue;
        };
        for path in FIELDS {
            let (now, value) = (current(tool, path), current(wished, path));
            if let (Some(prev), Some(value)) = (now, value)
                && prev != value
            {
                edits.push(Edit {
                    key: tool.key.clone(),
                    path: path.iter().map(|part| (*part).to_owned()).collect(),
                    value,
                    prev,
                });
            }
        }
    }
    edits
}

/// The value of an editable field of a tool.
pub(super) fn current(tool: &Tool, path: &[&str]) -> Option<Value> {
    let hints = &tool.annotations;
    Some(match path {
        ["name"] => Value::String(tool.name.clone()),
        ["title"] => Value::String(tool.title.clone()),
        ["description"] => Value::String(tool.description.clone()),
        ["group"] => Value::String(tool.group.clone()),
        ["enabled"] => Value::Bool(tool.enabled),
        ["annotations", "readOnlyHint"] => Value::Bool(hints.read_only_hint),
        ["annotations", "destructiveHint"] => Value::Bool(hints.destructive_hint),
        ["annotations", "idempotentHint"] => Value::Bool(hints.idempotent_hint),
        ["annotations", "openWorldHint"] => Value::Bool(hints.open_world_hint),
        _ => return None,
    })
}

pub(super) fn unchanged(prev: &Value, now: &Value, path: &[&str]) -> Result<(), Refused> {
    if prev == now {
        return Ok(());
    }
    let message = format!("`{}` has changed since: it is now {now}", path.join("."));
    Err((ConflictCode::Changed, message))
}

pub(super) fn unknown_path(path: &[&str]) -> Refused {
    (
        ConflictCode::UnknownPath,
        format!("`{}` cannot be edited", path.join(".")),
    )
}

pub(super) fn invalid(message: &str) -> Result<(), Refused> {
    Err((ConflictCode::InvalidValue, message.to_owned()))
}

/// Text as a person wrote it, within bounds; invisible characters are refused
/// no less than in documents.
pub(super) fn prose(text: &str, limit: usize) -> Result<String, Refused> {
    let trimmed = text.trim();
    let count = trimmed.chars().count();
    let invisible = trimmed
        .chars()
        .any(|c| c != '\n' && crate::text::is_invisible(c));
    match (count, invisible) {
        (0, _) => Err((ConflictCode::InvalidValue, "the text is empty".to_owned())),
        (_, true) => Err((
            ConflictCode::InvalidValue,
            "the text has invisible characters".to_owned(),
        )),
        (count, _) if count > limit => Err((
            ConflictCode::InvalidValue,
            format!("the text has {count} characters; at most {limit} are allowed"),
        )),
        _ => Ok(trimmed.to_owned()),
    }
}

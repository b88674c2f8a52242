//! App candidates: which of the nine UI patterns some of the tools could feed,
//! read off output outlines, inputs and methods.

mod items;
#[cfg(test)]
#[expect(
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    reason = "tables of shapes"
)]
mod tests;

use std::cmp::Reverse;
use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::selection::{Path, is_verb};
use crate::words::{sentence, split};
use crate::{AppCandidate, Schema, Tool, ToolGroup};
use items::list_patterns;

/// Candidates of one plan: a handful to choose from, not a list to read.
const MAX_CANDIDATES: usize = 6;

/// The candidates, best first: at most one of each pattern.
pub(crate) fn plan(tools: &[Tool], groups: &[ToolGroup]) -> Vec<AppCandidate> {
    let enabled = tools.iter().filter(|tool| tool.enabled);
    let enabled: Vec<Facts<'_>> = enabled.map(Facts::of).collect();
    // A plan may have ten thousand tools: nothing here looks at all pairs.
    let mut by_resource: HashMap<&str, Vec<&Facts<'_>>> = HashMap::new();
    let mut by_group: HashMap<&str, Vec<&Facts<'_>>> = HashMap::new();
    for facts in &enabled {
        by_resource.entry(&facts.resource).or_default().push(facts);
        by_group.entry(&facts.tool.group).or_default().push(facts);
    }
    let mut found: Vec<(usize, AppCandidate)> = Vec::new();
    for facts in &enabled {
        let related = by_resource.get(facts.resource.as_str());
        found.extend(facts.lists(related.map_or(&[], Vec::as_slice)));
        found.extend(form(facts));
        found.extend(detail_view(facts));
    }
    for group in groups {
        let members = by_group.get(group.id.as_str());
        found.extend(dashboard(group, members.map_or(&[], Vec::as_slice)));
    }
    found.sort_by(|(a, one), (b, other)| (Reverse(a), &one.tools).cmp(&(Reverse(b), &other.tools)));
    let mut chosen: Vec<AppCandidate> = Vec::new();
    for (_, candidate) in found {
        let is_new = chosen
            .iter()
            .all(|known| known.pattern != candidate.pattern);
        if is_new && chosen.len() < MAX_CANDIDATES {
            chosen.push(candidate);
        }
    }
    chosen
}

/// What a tool shows, as far as the patterns care. Of its schemas only what is
/// counted: as values, those of ten thousand tools are the peak of memory.
struct Facts<'a> {
    tool: &'a Tool,
    /// The number of input properties.
    fields: usize,
    /// Input properties that take one of a few values.
    choices: Vec<String>,
    /// Whether the result is a list of objects.
    is_list: bool,
    /// The number of fields of a single result.
    single: Option<usize>,
    /// What the result is about: `pets`.
    noun: String,
    /// The collection that the tool works on: `/pets`.
    resource: String,
}

impl<'a> Facts<'a> {
    fn of(tool: &'a Tool) -> Self {
        let input = tool.input_schema.to_value();
        let fields = input.get("properties").and_then(Value::as_object);
        let output = tool.output_schema.as_ref().map(Schema::to_value);
        let is_list = tool.annotations.read_only_hint
            && output
                .as_ref()
                .is_some_and(|schema| list_items(schema).is_some());
        let root = output
            .as_ref()
            .and_then(|schema| schema.get("properties")?.as_object());
        let single = root.filter(|_| !is_list && !tool.response.wrap);
        // `repos_list_branches` is about repos and branches; `orgs_list` about orgs.
        let mut words = split(&tool.name);
        words.retain(|word| !is_verb(word));
        if words.is_empty() {
            words = split(&tool.group);
        }
        Self {
            tool,
            fields: fields.map_or(0, Map::len),
            choices: fields.map_or_else(Vec::new, |fields| choices(&input, fields)),
            is_list,
            single: single.map(Map::len),
            noun: sentence(&words),
            resource: Path::of(&tool.request.path).resource(),
        }
    }

    /// What the tool's list could be shown as.
    fn lists(&self, related: &[&Facts<'_>]) -> Vec<(usize, AppCandidate)> {
        let schema = self.tool.output_schema.as_ref().filter(|_| self.is_list);
        let schema = schema.map(Schema::to_value);
        schema
            .as_ref()
            .and_then(list_items)
            .map_or_else(Vec::new, |items| list_patterns(self, items, related))
    }
}

/// The fields that take one of a few values.
fn choices(input: &Value, fields: &Map<String, Value>) -> Vec<String> {
    let chosen = fields
        .iter()
        .filter(|(_, schema)| followed(input, schema).get("enum").is_some());
    chosen.map(|(name, _)| name.clone()).collect()
}

/// The properties of the objects in the only array of objects at the root.
fn list_items(schema: &Value) -> Option<&Map<String, Value>> {
    let root = schema.get("properties")?.as_object()?;
    let mut lists = root.values().filter_map(|value| {
        followed(schema, value.get("items")?)
            .get("properties")?
            .as_object()
    });
    let first = lists.next()?;
    lists.next().is_none().then_some(first)
}

/// The definition that a schema refers to, else the schema itself.
fn followed<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| root.pointer(reference.strip_prefix('#')?))
        .unwrap_or(schema)
}

fn form(facts: &Facts<'_>) -> Option<(usize, AppCandidate)> {
    let tool = facts.tool;
    let writes = matches!(tool.request.method.as_str(), "POST" | "PUT" | "PATCH")
        && !tool.annotations.read_only_hint;
    let fields = facts.fields.checked_sub(tool.request.parameters.len())?;
    let creates = tool.request.method == "POST" && !tool.request.path.ends_with('}');
    if !writes || !(2..=40).contains(&fields) {
        return None;
    }
    let score = 40 + fields.min(10) + usize::from(creates) * 10;
    let reason = format!("`{}` takes {fields} fields.", tool.name);
    Some((
        score,
        candidate(
            "form",
            format!("{} form", sentence(&split(&tool.name))),
            reason,
            vec![tool.name.clone()],
        ),
    ))
}

fn detail_view(facts: &Facts<'_>) -> Option<(usize, AppCandidate)> {
    let fields = facts.single?;
    let tool = facts.tool;
    let is_item = tool.request.method == "GET"
        && tool.annotations.read_only_hint
        && Path::of(&tool.request.path).ends_in_item();
    (is_item && fields >= 4).then(|| {
        let reason = format!(
            "`{}` returns one record with {fields} fields.",
            facts.tool.name
        );
        (
            45 + fields.min(10),
            candidate(
                "detail-view",
                format!("{} details", facts.noun),
                reason,
                vec![facts.tool.name.clone()],
            ),
        )
    })
}

fn dashboard(group: &ToolGroup, members: &[&Facts<'_>]) -> Option<(usize, AppCandidate)> {
    let mut lists: Vec<String> = members
        .iter()
        .filter(|facts| facts.is_list && facts.tool.request.parameters.iter().all(|p| !p.required))
        .map(|facts| facts.tool.name.clone())
        .collect();
    lists.sort_unstable();
    let reason = format!("{} lists of the group need no input.", lists.len());
    lists.truncate(6);
    (lists.len() >= 3).then(|| {
        (
            55 + lists.len(),
            candidate(
                "dashboard",
                format!("{} dashboard", group.title),
                reason,
                lists,
            ),
        )
    })
}

fn candidate(pattern: &str, name: String, reason: String, tools: Vec<String>) -> AppCandidate {
    AppCandidate {
        pattern: pattern.to_owned(),
        name,
        reason,
        tools,
    }
}

//! App candidates: which of the nine UI patterns some of the tools could feed,
//! read off output outlines, inputs and methods.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use crate::words::{sentence, split};
use crate::{AppCandidate, Tool, ToolGroup};

/// Candidates of one plan: a handful to choose from, not a list to read.
const MAX_CANDIDATES: usize = 6;

/// The candidates, best first: at most one of each pattern.
pub(crate) fn plan(tools: &[Tool], groups: &[ToolGroup]) -> Vec<AppCandidate> {
    let enabled: Vec<Facts<'_>> = tools
        .iter()
        .filter(|tool| tool.enabled)
        .map(Facts::of)
        .collect();
    let mut found: Vec<(usize, AppCandidate)> = Vec::new();
    for facts in &enabled {
        found.extend(list_pattern(facts, &enabled));
        found.extend(form(facts));
        found.extend(detail_view(facts));
    }
    for group in groups {
        found.extend(dashboard(group, &enabled));
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

/// What a tool shows, as far as the patterns care.
struct Facts<'a> {
    tool: &'a Tool,
    /// The properties of a list's items.
    items: Option<&'a Map<String, Value>>,
    /// The properties of a single result.
    single: Option<&'a Map<String, Value>>,
    /// What the result is about: `pets`.
    noun: String,
}

impl<'a> Facts<'a> {
    fn of(tool: &'a Tool) -> Self {
        let root = tool
            .output_schema
            .as_ref()
            .and_then(|schema| schema.get("properties")?.as_object());
        let items = if tool.annotations.read_only_hint {
            root.and_then(list_items)
        } else {
            None
        };
        let single = root.filter(|_| items.is_none() && !tool.response.wrap);
        let mut words = split(&tool.name);
        if words.len() > 1 {
            words.remove(0);
        }
        Self {
            tool,
            items,
            single,
            noun: sentence(&words),
        }
    }
}

/// The properties of the objects in the only array of objects at the root.
fn list_items(root: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let mut lists = root
        .values()
        .filter_map(|value| value.get("items")?.get("properties")?.as_object());
    let first = lists.next()?;
    lists.next().is_none().then_some(first)
}

fn has_word(name: &str, words: &[&str]) -> bool {
    split(name)
        .iter()
        .any(|word| words.contains(&word.as_str()))
}

fn is_date(name: &str) -> bool {
    let words = split(name);
    words.last().is_some_and(|word| {
        [
            "at",
            "date",
            "time",
            "timestamp",
            "on",
            "created",
            "updated",
        ]
        .contains(&word.as_str())
    }) && words.first().is_some_and(|word| word != "is")
}

fn has_type(schema: &Value, wanted: &[&str]) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => wanted.contains(&name.as_str()),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .any(|name| wanted.contains(&name)),
        _ => false,
    }
}

/// What a list is best shown as: the most telling of its fields decides.
fn list_pattern(facts: &Facts<'_>, all: &[Facts<'_>]) -> Vec<(usize, AppCandidate)> {
    let Some(items) = facts.items else {
        return Vec::new();
    };
    let names: Vec<&str> = items.keys().map(String::as_str).collect();
    let any = |words: &[&str]| names.iter().copied().find(|name| has_word(name, words));
    let scalars = items
        .values()
        .filter(|schema| has_type(schema, &["string", "number", "integer", "boolean"]))
        .count();
    let noun = &facts.noun;
    let mut found = Vec::new();
    let mut push =
        |score: usize, pattern: &str, title: String, reason: String, tools: Vec<String>| {
            found.push((score, candidate(pattern, title, reason, tools)));
        };
    let own = || vec![facts.tool.name.clone()];
    if let Some(status) = any(&["status", "state", "stage"])
        && let Some(mover) = all.iter().find(|other| moves(other, facts, status))
    {
        let reason = format!(
            "Items carry `{status}`, and `{}` can change it.",
            mover.tool.name
        );
        push(
            90,
            "kanban",
            format!("{noun} board"),
            reason,
            vec![facts.tool.name.clone(), mover.tool.name.clone()],
        );
    }
    if let (Some(start), Some(end)) = (
        any(&["start", "starts", "begin"]),
        any(&["end", "ends", "due"]),
    ) {
        push(
            80,
            "calendar",
            format!("{noun} calendar"),
            format!("Items run from `{start}` to `{end}`."),
            own(),
        );
    }
    let date = names.iter().copied().find(|name| is_date(name));
    let numbers: Vec<&str> = items
        .iter()
        .filter(|(name, schema)| {
            has_type(schema, &["number", "integer"]) && !has_word(name, &["id", "ids"])
        })
        .map(|(name, _)| name.as_str())
        .collect();
    if let (Some(date), [first, _, ..]) = (date, numbers.as_slice()) {
        push(
            60 + numbers.len().min(8),
            "chart",
            format!("{noun} chart"),
            format!("Items have numbers (`{first}`, …) over `{date}`."),
            own(),
        );
    }
    let is_log = has_word(
        &facts.tool.name,
        &[
            "events",
            "logs",
            "activities",
            "activity",
            "history",
            "messages",
            "audit",
            "comments",
            "changes",
        ],
    );
    if let Some(date) = date.filter(|_| is_log) {
        push(
            70,
            "timeline",
            format!("{noun} timeline"),
            format!("Items happen at `{date}`."),
            own(),
        );
    }
    if let (Some(image), Some(name)) = (
        any(&[
            "image",
            "avatar",
            "photo",
            "photos",
            "thumbnail",
            "picture",
            "icon",
            "cover",
        ]),
        any(&["name", "title"]),
    ) {
        push(
            65,
            "card-list",
            format!("{noun} cards"),
            format!("Items have a picture (`{image}`) and a `{name}`."),
            own(),
        );
    }
    if scalars >= 3 {
        push(
            50 + scalars.min(12),
            "data-grid",
            format!("{noun} table"),
            format!("Items have {scalars} plain fields."),
            own(),
        );
    }
    found
}

/// Whether a tool changes the status of another's items.
fn moves(other: &Facts<'_>, list: &Facts<'_>, status: &str) -> bool {
    let changes = matches!(other.tool.request.method.as_str(), "PATCH" | "PUT");
    changes
        && other.tool.group == list.tool.group
        && other
            .tool
            .input_schema
            .get("properties")
            .and_then(|properties| properties.get(status)?.get("enum"))
            .is_some()
}

fn form(facts: &Facts<'_>) -> Option<(usize, AppCandidate)> {
    let tool = facts.tool;
    let writes = matches!(tool.request.method.as_str(), "POST" | "PUT" | "PATCH")
        && !tool.annotations.read_only_hint;
    let fields = tool
        .input_schema
        .get("properties")?
        .as_object()?
        .len()
        .checked_sub(tool.request.parameters.len())?;
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
    let fields = facts.single?.len();
    let is_item = facts.tool.request.method == "GET"
        && facts.tool.request.path.trim_end_matches('/').ends_with('}');
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

fn dashboard(group: &ToolGroup, all: &[Facts<'_>]) -> Option<(usize, AppCandidate)> {
    let mut lists: Vec<String> = all
        .iter()
        .filter(|facts| {
            facts.tool.group == group.id
                && facts.items.is_some()
                && facts.tool.request.parameters.iter().all(|p| !p.required)
        })
        .map(|facts| facts.tool.name.clone())
        .collect();
    lists.sort_unstable();
    lists.truncate(6);
    (lists.len() >= 3).then(|| {
        let reason = format!("{} lists of the group need no input.", lists.len());
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

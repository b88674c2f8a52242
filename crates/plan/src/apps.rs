//! App candidates: which of the nine UI patterns some of the tools could feed,
//! read off output outlines, inputs and methods.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use crate::words::{sentence, split};
use crate::{AppCandidate, Schema, Tool, ToolGroup};

/// Candidates of one plan: a handful to choose from, not a list to read.
const MAX_CANDIDATES: usize = 6;

/// The candidates, best first: at most one of each pattern.
pub(crate) fn plan(tools: &[Tool], groups: &[ToolGroup]) -> Vec<AppCandidate> {
    let shown: Vec<Shown<'_>> = tools
        .iter()
        .filter(|tool| tool.enabled)
        .map(Shown::of)
        .collect();
    let enabled: Vec<Facts<'_>> = shown.iter().map(Facts::of).collect();
    let mut found: Vec<(usize, AppCandidate)> = Vec::new();
    for facts in &enabled {
        found.extend(list_patterns(facts, &enabled));
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

/// A tool with its schemas, to look into.
struct Shown<'a> {
    tool: &'a Tool,
    input: Value,
    output: Option<Value>,
}

impl<'a> Shown<'a> {
    fn of(tool: &'a Tool) -> Self {
        Self {
            tool,
            input: tool.input_schema.to_value(),
            output: tool.output_schema.as_ref().map(Schema::to_value),
        }
    }
}

/// What a tool shows, as far as the patterns care.
struct Facts<'a> {
    tool: &'a Tool,
    input: &'a Value,
    /// The properties of a list's items.
    items: Option<&'a Map<String, Value>>,
    /// The properties of a single result.
    single: Option<&'a Map<String, Value>>,
    /// What the result is about: `pets`.
    noun: String,
}

impl<'a> Facts<'a> {
    fn of(shown: &'a Shown<'a>) -> Self {
        let tool = shown.tool;
        let schema = shown.output.as_ref();
        let items = schema
            .filter(|_| tool.annotations.read_only_hint)
            .and_then(list_items);
        let root = schema.and_then(|schema| schema.get("properties")?.as_object());
        let single = root.filter(|_| items.is_none() && !tool.response.wrap);
        let mut words = split(&tool.name);
        if words.len() > 1 {
            words.remove(0);
        }
        Self {
            tool,
            input: &shown.input,
            items,
            single,
            noun: sentence(&words),
        }
    }
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

/// What a list could be shown as, with how well it fits.
fn list_patterns(facts: &Facts<'_>, all: &[Facts<'_>]) -> Vec<(usize, AppCandidate)> {
    let Some(properties) = facts.items else {
        return Vec::new();
    };
    let items = Items { facts, properties };
    [
        items.kanban(all),
        items.calendar(),
        items.chart(),
        items.timeline(),
        items.card_list(),
        items.data_grid(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A list with the fields of its items: the most telling of them decides.
struct Items<'a> {
    facts: &'a Facts<'a>,
    properties: &'a Map<String, Value>,
}

impl<'a> Items<'a> {
    /// The first field that has one of the words in its name.
    fn field(&self, words: &[&str]) -> Option<&'a str> {
        self.properties
            .keys()
            .map(String::as_str)
            .find(|name| has_word(name, words))
    }

    fn date(&self) -> Option<&'a str> {
        self.properties
            .keys()
            .map(String::as_str)
            .find(|name| is_date(name))
    }

    fn shown_as(&self, pattern: &str, kind: &str, reason: String) -> AppCandidate {
        let title = format!("{} {kind}", self.facts.noun);
        candidate(pattern, title, reason, vec![self.facts.tool.name.clone()])
    }

    fn kanban(&self, all: &[Facts<'_>]) -> Option<(usize, AppCandidate)> {
        let status = self.field(&["status", "state", "stage"])?;
        let mover = all.iter().find(|other| moves(other, self.facts, status))?;
        let reason = format!(
            "Items carry `{status}`, and `{}` can change it.",
            mover.tool.name
        );
        let mut candidate = self.shown_as("kanban", "board", reason);
        candidate.tools.push(mover.tool.name.clone());
        Some((90, candidate))
    }

    fn calendar(&self) -> Option<(usize, AppCandidate)> {
        let start = self.field(&["start", "starts", "begin"])?;
        let end = self.field(&["end", "ends", "due"])?;
        let reason = format!("Items run from `{start}` to `{end}`.");
        Some((80, self.shown_as("calendar", "calendar", reason)))
    }

    fn chart(&self) -> Option<(usize, AppCandidate)> {
        let date = self.date()?;
        let mut numbers = self
            .properties
            .iter()
            .filter(|(name, schema)| {
                has_type(schema, &["number", "integer"]) && !has_word(name, &["id", "ids"])
            })
            .map(|(name, _)| name);
        let first = numbers.next()?;
        let others = numbers.count();
        let reason = format!("Items have numbers (`{first}`, …) over `{date}`.");
        (others > 0).then(|| (60 + others.min(8), self.shown_as("chart", "chart", reason)))
    }

    fn timeline(&self) -> Option<(usize, AppCandidate)> {
        const LOGS: [&str; 9] = [
            "events",
            "logs",
            "activities",
            "activity",
            "history",
            "messages",
            "audit",
            "comments",
            "changes",
        ];
        let date = self
            .date()
            .filter(|_| has_word(&self.facts.tool.name, &LOGS))?;
        let reason = format!("Items happen at `{date}`.");
        Some((70, self.shown_as("timeline", "timeline", reason)))
    }

    fn card_list(&self) -> Option<(usize, AppCandidate)> {
        const IMAGES: [&str; 8] = [
            "image",
            "avatar",
            "photo",
            "photos",
            "thumbnail",
            "picture",
            "icon",
            "cover",
        ];
        let image = self.field(&IMAGES)?;
        let name = self.field(&["name", "title"])?;
        let reason = format!("Items have a picture (`{image}`) and a `{name}`.");
        Some((65, self.shown_as("card-list", "cards", reason)))
    }

    fn data_grid(&self) -> Option<(usize, AppCandidate)> {
        const SCALARS: [&str; 4] = ["string", "number", "integer", "boolean"];
        let scalars = self
            .properties
            .values()
            .filter(|schema| has_type(schema, &SCALARS))
            .count();
        let reason = format!("Items have {scalars} plain fields.");
        (scalars >= 3).then(|| {
            (
                50 + scalars.min(12),
                self.shown_as("data-grid", "table", reason),
            )
        })
    }
}

/// Whether a tool changes the status of another's items.
fn moves(other: &Facts<'_>, list: &Facts<'_>, status: &str) -> bool {
    let changes = matches!(other.tool.request.method.as_str(), "PATCH" | "PUT");
    changes
        && other.tool.group == list.tool.group
        && other
            .input
            .get("properties")
            .and_then(|properties| properties.get(status)?.get("enum"))
            .is_some()
}

fn form(facts: &Facts<'_>) -> Option<(usize, AppCandidate)> {
    let tool = facts.tool;
    let writes = matches!(tool.request.method.as_str(), "POST" | "PUT" | "PATCH")
        && !tool.annotations.read_only_hint;
    let fields = facts
        .input
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

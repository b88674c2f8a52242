//! The patterns that show a list, by the fields of its items.

use serde_json::{Map, Value};

use super::{Facts, candidate};
use crate::AppCandidate;
use crate::words::split;

/// Tools on one resource that are looked at.
const MOST_RELATED: usize = 64;

/// What a list could be shown as, with how well it fits. `properties` are those of
/// its items, `related` the tools on the same resource.
pub(super) fn list_patterns(
    facts: &Facts<'_>,
    properties: &Map<String, Value>,
    related: &[&Facts<'_>],
) -> Vec<(usize, AppCandidate)> {
    let items = Items { facts, properties };
    [
        items.kanban(related),
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

/// Numbers that are added up or compared.
const MEASURES: [&str; 30] = [
    "count",
    "total",
    "amount",
    "sum",
    "revenue",
    "sales",
    "value",
    "quantity",
    "rate",
    "percent",
    "percentage",
    "usage",
    "balance",
    "cost",
    "price",
    "duration",
    "views",
    "clicks",
    "opens",
    "sent",
    "bounces",
    "visits",
    "average",
    "avg",
    "volume",
    "hits",
    "temperature",
    "requests",
    "errors",
    "units",
];
/// Words of tools that tell numbers over time.
const SERIES: [&str; 10] = [
    "stats",
    "statistics",
    "analytics",
    "metrics",
    "usage",
    "reports",
    "series",
    "history",
    "trends",
    "activity",
];

/// A list with the fields of its items: the most telling of them decides.
struct Items<'a> {
    facts: &'a Facts<'a>,
    properties: &'a Map<String, Value>,
}

impl<'a> Items<'a> {
    /// The first point in time.
    fn date(&self) -> Option<&'a str> {
        self.properties
            .iter()
            .find(|(name, schema)| is_date(name) && is_time(schema))
            .map(|(name, _)| name.as_str())
    }

    /// The first point in time that has one of the words in its name.
    fn time(&self, words: &[&str]) -> Option<&'a str> {
        let is_point = |name: &str, schema: &Value| {
            let whole = split(name).len() == 1;
            has_word(name, words) && is_time(schema) && (whole || is_date(name) || is_dated(schema))
        };
        self.properties
            .iter()
            .find(|(name, schema)| is_point(name, schema))
            .map(|(name, _)| name.as_str())
    }

    /// The first text that has one of the words in its name.
    fn text(&self, words: &[&str]) -> Option<&'a str> {
        self.properties
            .iter()
            .find(|(name, schema)| has_word(name, words) && has_type(schema, &["string"]))
            .map(|(name, _)| name.as_str())
    }

    fn shown_as(&self, pattern: &str, kind: &str, reason: String) -> AppCandidate {
        let title = format!("{} {kind}", self.facts.noun);
        candidate(pattern, title, reason, vec![self.facts.tool.name.clone()])
    }

    fn kanban(&self, related: &[&Facts<'_>]) -> Option<(usize, AppCandidate)> {
        let status = self.text(&["status", "state", "stage"])?;
        let mut near = related.iter().take(MOST_RELATED);
        let mover = near.find(|other| moves(other, status))?;
        let reason = format!(
            "Items carry `{status}`, and `{}` can change it.",
            mover.tool.name
        );
        let mut candidate = self.shown_as("kanban", "board", reason);
        candidate.tools.push(mover.tool.name.clone());
        Some((90, candidate))
    }

    fn calendar(&self) -> Option<(usize, AppCandidate)> {
        let start = self.time(&["start", "starts", "begin", "begins"])?;
        let end = self.time(&["end", "ends", "due", "finish"])?;
        let reason = format!("Items run from `{start}` to `{end}`.");
        Some((80, self.shown_as("calendar", "calendar", reason)))
    }

    fn chart(&self) -> Option<(usize, AppCandidate)> {
        let date = self.date()?;
        let numbers: Vec<&str> = self
            .properties
            .iter()
            .filter(|(name, schema)| {
                let is_number = has_type(schema, &["number", "integer"]);
                is_number && !is_date(name) && !is_dated(schema)
            })
            .map(|(name, _)| name.as_str())
            .filter(|name| has_word(name, &MEASURES))
            .collect();
        let first = numbers.first()?;
        let tells = has_word(&self.facts.tool.name, &SERIES);
        let reason = format!("Items have numbers (`{first}`, …) over `{date}`.");
        (numbers.len() > 1).then(|| {
            let score = 56 + numbers.len().min(8) + usize::from(tells) * 20;
            (score, self.shown_as("chart", "chart", reason))
        })
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
        // An address, or several; `image_details` are something else.
        let image = self
            .properties
            .iter()
            .find(|(name, schema)| {
                has_word(name, &IMAGES) && has_type(schema, &["string", "array"])
            })
            .map(|(name, _)| name)?;
        let name = self.text(&["name", "title"])?;
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

/// Whether a tool changes the status of items.
fn moves(other: &Facts<'_>, status: &str) -> bool {
    matches!(other.tool.request.method.as_str(), "PATCH" | "PUT" | "POST")
        && other.tool.annotations.destructive_hint
        && other.choices.iter().any(|choice| choice == status)
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

/// Whether a value can be a point in time: a text or a number.
fn is_time(schema: &Value) -> bool {
    has_type(schema, &["string", "integer", "number"])
}

/// Whether a value is a date by its format.
fn is_dated(schema: &Value) -> bool {
    let format = schema.get("format").and_then(Value::as_str);
    format.is_some_and(|format| format.starts_with("date") || format.contains("time"))
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

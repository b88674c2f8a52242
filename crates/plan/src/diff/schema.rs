//! What differs between two schemas, as far as those who fill or read them
//! would notice.

use serde_json::{Map, Value};

/// Whether a caller writes the value or reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Input,
    Output,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// With dots between levels; `[]` is an item of a list.
    pub(super) property: String,
    pub(super) breaks: bool,
    pub(super) message: String,
}

/// Levels that are compared; below them nothing is told.
const MOST_DEPTH: usize = 6;
/// Findings of one schema.
const MOST: usize = 200;
/// Values of one schema that are looked at: references may lead to the same
/// ones again and again.
const MOST_VALUES: usize = 4_000;

/// The differences, outermost first in each branch. Bounded in depth and number.
pub(super) fn compare(old: &Value, new: &Value, direction: Direction) -> Vec<Finding> {
    let mut comparison = Comparison {
        old_root: old,
        new_root: new,
        same_definitions: old.get("$defs") == new.get("$defs"),
        direction,
        found: Vec::new(),
        left: MOST_VALUES,
    };
    comparison.properties(old, new, "", 0);
    comparison.found
}

struct Comparison<'a> {
    old_root: &'a Value,
    new_root: &'a Value,
    /// Then equal schemas are the same, whatever they refer to.
    same_definitions: bool,
    direction: Direction,
    found: Vec<Finding>,
    left: usize,
}

impl<'a> Comparison<'a> {
    fn say(&mut self, property: &str, breaks: bool, message: impl Into<String>) {
        if self.found.len() < MOST {
            self.found.push(Finding {
                property: property.to_owned(),
                breaks,
                message: message.into(),
            });
        }
    }

    fn properties(&mut self, old: &'a Value, new: &'a Value, path: &str, depth: usize) {
        let (before, after) = (members(old), members(new));
        for (name, schema) in before.into_iter().flatten() {
            let own = joined(path, name);
            match after.and_then(|after| after.get(name)) {
                None => self.say(&own, true, format!("`{own}` is gone")),
                Some(now) => {
                    self.presence(old, new, name, &own);
                    self.value(schema, now, &own, depth);
                }
            }
        }
        for (name, _) in after.into_iter().flatten() {
            if before.is_some_and(|before| before.contains_key(name)) {
                continue;
            }
            let own = joined(path, name);
            let needed = self.direction == Direction::Input && requires(new, name);
            let message = match needed {
                true => format!("`{own}` is new and required"),
                false => format!("`{own}` is new"),
            };
            self.say(&own, needed, message);
        }
    }

    /// Whether a property has to be there.
    fn presence(&mut self, old: &Value, new: &Value, name: &str, own: &str) {
        match (self.direction, requires(old, name), requires(new, name)) {
            (Direction::Input, false, true) => {
                self.say(own, true, format!("`{own}` is required now"));
            }
            (Direction::Input, true, false) => {
                self.say(own, false, format!("`{own}` is optional now"));
            }
            (Direction::Output, true, false) => {
                self.say(own, true, format!("`{own}` may be missing now"));
            }
            _ => {}
        }
    }

    fn value(&mut self, old: &'a Value, new: &'a Value, path: &str, depth: usize) {
        self.left = self.left.saturating_sub(1);
        let old = followed(self.old_root, old);
        let new = followed(self.new_root, new);
        if depth >= MOST_DEPTH || self.left == 0 || (self.same_definitions && old == new) {
            return;
        }
        let (before, after) = (types(old), types(new));
        if before != after {
            // Writing breaks where less is taken, reading where more may come.
            let (narrow, wide) = match self.direction {
                Direction::Input => (&after, &before),
                Direction::Output => (&before, &after),
            };
            let covered = narrow.is_empty()
                || (!wide.is_empty() && wide.iter().all(|name| takes(narrow, name)));
            let message = format!("`{path}` was {}, and is {}", shown(&before), shown(&after));
            self.say(path, !covered, message);
        }
        self.values(old, new, path);
        self.properties(old, new, path, depth + 1);
        if let (Some(before), Some(after)) = (old.get("items"), new.get("items")) {
            self.value(before, after, &format!("{path}[]"), depth + 1);
        }
    }

    /// The values that are allowed.
    fn values(&mut self, old: &Value, new: &Value, path: &str) {
        let list = |schema: &'_ Value| schema.get("enum").and_then(Value::as_array).cloned();
        let missing = |of: &[Value], from: &[Value]| -> Vec<String> {
            let gone = of.iter().filter(|value| !from.contains(value));
            gone.take(5).map(Value::to_string).collect()
        };
        let writes = self.direction == Direction::Input;
        match (list(old), list(new)) {
            (Some(before), Some(after)) => {
                let gone = missing(&before, &after);
                if !gone.is_empty() {
                    let message = format!("`{path}` cannot be {} any more", gone.join(", "));
                    self.say(path, writes, message);
                }
                let more = missing(&after, &before);
                if !more.is_empty() {
                    self.say(
                        path,
                        false,
                        format!("`{path}` can be {} now", more.join(", ")),
                    );
                }
            }
            (None, Some(_)) => self.say(path, writes, format!("`{path}` is one of a list now")),
            (Some(_), None) => self.say(path, false, format!("`{path}` can be anything now")),
            (None, None) => {}
        }
    }
}

fn members(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties").and_then(Value::as_object)
}

fn requires(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|required| required == name))
}

/// The schema that a reference leads to; chains are short, and cut.
fn followed<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..8 {
        let target = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| root.pointer(reference.strip_prefix('#')?));
        match target {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

fn types(schema: &Value) -> Vec<String> {
    let mut types: Vec<String> = match schema.get("type") {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    types.sort_unstable_by_key(|name| (name == "null", name.clone()));
    types
}

fn takes(types: &[String], name: &str) -> bool {
    types
        .iter()
        .any(|known| known == name || (known == "number" && name == "integer"))
}

fn shown(types: &[String]) -> String {
    if types.is_empty() {
        return "anything".to_owned();
    }
    types.join(" or ")
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        return name.to_owned();
    }
    format!("{path}.{name}")
}

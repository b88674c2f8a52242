//! What differs between two versions of one tool.

use super::schema::{self, Direction};
use super::{Change, ChangedField};
use crate::{Annotations, ParameterBinding, Tool};

/// Changes that are told of one tool; more are summed up by the last.
const MOST: usize = 40;

pub(super) fn changes(old: &Tool, new: &Tool) -> Vec<Change> {
    let mut all = words(old, new);
    all.extend(calls(old, new));
    all.extend(input(old, new));
    all.extend(output(old, new));
    summed_up(all)
}

/// What is said of the tool itself.
fn words(old: &Tool, new: &Tool) -> Vec<Change> {
    let mut all = Vec::new();
    let mut say = |field, breaks, message: String| {
        all.push(Change {
            field,
            property: None,
            breaks,
            message,
        });
    };
    if old.name != new.name {
        let message = format!("it was called `{}`", old.name);
        say(ChangedField::Name, true, message);
    }
    if old.title != new.title {
        let message = format!("its title was \"{}\"", old.title);
        say(ChangedField::Title, false, message);
    }
    if old.description != new.description {
        let message = "it is described in other words".to_owned();
        say(ChangedField::Description, false, message);
    }
    if old.group != new.group {
        let message = format!("it was in the group `{}`", old.group);
        say(ChangedField::Group, false, message);
    }
    match (old.enabled, new.enabled) {
        (true, false) => say(ChangedField::Enabled, true, "it is off now".to_owned()),
        (false, true) => say(ChangedField::Enabled, false, "it is on now".to_owned()),
        _ => {}
    }
    match (old.deprecated, new.deprecated) {
        (false, true) => say(
            ChangedField::Deprecated,
            false,
            "it is deprecated now".to_owned(),
        ),
        (true, false) => {
            let message = "it is not deprecated any more".to_owned();
            say(ChangedField::Deprecated, false, message);
        }
        _ => {}
    }
    all
}

/// What is said of how it is called, apart from its input.
fn calls(old: &Tool, new: &Tool) -> Vec<Change> {
    let mut all = Vec::new();
    let mut say = |field, breaks, message: String| {
        all.push(Change {
            field,
            property: None,
            breaks,
            message,
        });
    };
    if let Some((breaks, message)) = auth(old, new) {
        say(ChangedField::Auth, breaks, message);
    }
    if let Some(message) = annotations(old.annotations, new.annotations) {
        say(ChangedField::Annotations, false, message);
    }
    if old.pagination != new.pagination {
        let message = "its pages are asked for in another way".to_owned();
        say(ChangedField::Pagination, false, message);
    }
    if is_sent_otherwise(old, new) {
        let message = "the call is sent in another way, which its callers do not see".to_owned();
        say(ChangedField::Request, false, message);
    }
    all
}

fn input(old: &Tool, new: &Tool) -> Vec<Change> {
    if old.input_schema == new.input_schema {
        return Vec::new();
    }
    let found = schema::compare(
        &old.input_schema.to_value(),
        &new.input_schema.to_value(),
        Direction::Input,
    );
    of_schema(
        ChangedField::Input,
        found,
        "its input is described otherwise",
    )
}

fn output(old: &Tool, new: &Tool) -> Vec<Change> {
    let whole = |breaks, message: &str| {
        vec![Change {
            field: ChangedField::Output,
            property: None,
            breaks,
            message: message.to_owned(),
        }]
    };
    if old.response.kind != new.response.kind || old.response.wrap != new.response.wrap {
        return whole(true, "its answer is of another kind");
    }
    match (&old.output_schema, &new.output_schema) {
        (None, Some(_)) => whole(false, "its output is described now"),
        (Some(_), None) => whole(false, "its output is not described any more"),
        (Some(before), Some(after)) if before != after => {
            let found = schema::compare(&before.to_value(), &after.to_value(), Direction::Output);
            of_schema(
                ChangedField::Output,
                found,
                "its output is described otherwise",
            )
        }
        _ => Vec::new(),
    }
}

/// What was found of a schema; where nothing was that callers could notice, that.
fn of_schema(field: ChangedField, found: Vec<schema::Finding>, otherwise: &str) -> Vec<Change> {
    if found.is_empty() {
        return vec![Change {
            field,
            property: None,
            breaks: false,
            message: otherwise.to_owned(),
        }];
    }
    found
        .into_iter()
        .map(|finding| Change {
            field,
            property: Some(finding.property),
            breaks: finding.breaks,
            message: finding.message,
        })
        .collect()
}

/// Who could call it may not be able to now: one of the ways to sign in is gone.
fn auth(old: &Tool, new: &Tool) -> Option<(bool, String)> {
    if old.auth == new.auth {
        return None;
    }
    let shown = |tool: &Tool| {
        let ways: Vec<String> = tool.auth.iter().map(|way| way.join(" and ")).collect();
        match ways.iter().all(String::is_empty) {
            true => "no credential".to_owned(),
            false => ways.join(" or "),
        }
    };
    let is_open = |tool: &Tool| tool.auth.is_empty() || tool.auth.iter().any(Vec::is_empty);
    let still = |way: &Vec<String>| new.auth.contains(way);
    let breaks = !is_open(new) && (is_open(old) || !old.auth.iter().all(still));
    Some((
        breaks,
        format!("it needed {}, and needs {}", shown(old), shown(new)),
    ))
}

fn annotations(old: Annotations, new: Annotations) -> Option<String> {
    let hints = |hints: Annotations| {
        [
            ("read-only", hints.read_only_hint),
            ("destructive", hints.destructive_hint),
            ("idempotent", hints.idempotent_hint),
            ("open-world", hints.open_world_hint),
        ]
    };
    let changed: Vec<String> = hints(old)
        .iter()
        .zip(hints(new))
        .filter(|((_, before), (_, after))| before != after)
        .map(|(_, (hint, after))| {
            let now = if after { "now" } else { "not" };
            format!("{now} {hint}")
        })
        .collect();
    (!changed.is_empty()).then(|| format!("it is {}", changed.join(", ")))
}

/// Whether another request is made, apart from the names of inputs, which the
/// input schema tells, and of placeholders.
fn is_sent_otherwise(old: &Tool, new: &Tool) -> bool {
    let media = |tool: &Tool| {
        tool.request
            .body
            .as_ref()
            .map(|body| body.media_type.clone())
    };
    old.request.server != new.request.server
        || media(old) != media(new)
        || old.request.accept != new.request.accept
        || old.request.headers != new.request.headers
        || new.request.parameters.iter().any(|now| {
            let same = |before: &&ParameterBinding| before.property == now.property;
            let before = old.request.parameters.iter().find(same);
            before.is_some_and(|before| {
                // That it is required now, the input tells.
                let required = now.required;
                ParameterBinding {
                    required,
                    ..before.clone()
                } != *now
            })
        })
}

/// At most [`MOST`], those that break something first where some have to go.
fn summed_up(mut all: Vec<Change>) -> Vec<Change> {
    if all.len() > MOST {
        all.sort_by_key(|change| !change.breaks);
        let more = all.len() - (MOST - 1);
        let breaks = all.iter().skip(MOST - 1).any(|change| change.breaks);
        all.truncate(MOST - 1);
        all.push(Change {
            field: ChangedField::Input,
            property: None,
            breaks,
            message: format!("and {more} more changes"),
        });
    }
    all
}

//! Groups of tools: from the first tag, else from the path.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use mcpengine_openapi::{ApiDescription, Operation};

use crate::ToolGroup;
use crate::text;
use crate::words::{fingerprint, is_version, sentence, split};

const MAX_ID: usize = 48;

/// Names that a file cannot have everywhere, or that a project needs itself.
const RESERVED: [&str; 9] = [
    "con",
    "prn",
    "aux",
    "nul",
    "com1",
    "lpt1",
    "index",
    "node",
    "constructor",
];

/// Whether a group may have this id: `[a-z0-9-]{1,48}`.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !id.starts_with('-')
        && !id.ends_with('-')
        && !RESERVED.contains(&id)
}

/// The groups in the order of their first operation, and each operation's id.
/// `wished` holds the groups that the document asks for by `x-mcp`.
pub(crate) fn plan(
    api: &ApiDescription<'_>,
    wished: &[Option<&str>],
) -> (Vec<ToolGroup>, Vec<String>) {
    let described: HashMap<&str, &str> = api
        .tags
        .iter()
        .filter_map(|tag| Some((tag.name, tag.description?)))
        .collect();
    // Two labels with one id are told apart by a fingerprint of the label, in
    // the order of the labels, so that the document's order does not matter.
    let mut labels: Vec<String> = api
        .operations
        .iter()
        .enumerate()
        .map(|(at, operation)| match wished.get(at).copied().flatten() {
            Some(group) => group.to_owned(),
            None => label(operation),
        })
        .collect();
    let members = labels.clone();
    labels.sort_unstable();
    labels.dedup();
    let mut taken: HashSet<String> = HashSet::new();
    let mut by_label: HashMap<String, String> = HashMap::new();
    let mut by_folded: HashMap<String, String> = HashMap::new();
    for label in labels {
        // `Pets` and `pets` are one group.
        let folded = split(&label).concat();
        let folded = if folded.is_empty() || label.contains(['+', '#']) {
            label.to_lowercase()
        } else {
            folded
        };
        let id = by_folded.entry(folded).or_insert_with(|| {
            let id = id(&label);
            let id = if taken.contains(&id) {
                suffixed(&id, &label)
            } else {
                id
            };
            taken.insert(id.clone());
            id
        });
        by_label.insert(label, id.clone());
    }
    let mut groups: IndexMap<String, ToolGroup> = IndexMap::new();
    let mut assigned = Vec::with_capacity(members.len());
    for member in members {
        let id = by_label
            .get(&member)
            .cloned()
            .unwrap_or_else(|| "general".to_owned());
        groups.entry(id.clone()).or_insert_with(|| ToolGroup {
            id: id.clone(),
            title: title(&member),
            description: described
                .get(member.as_str())
                .map(|text| text::clean(text, 300))
                .filter(|text| !text.is_empty()),
        });
        assigned.push(id);
    }
    (groups.into_values().collect(), assigned)
}

/// What an operation belongs to, in the document's words.
fn label(operation: &Operation<'_>) -> String {
    if let Some(tag) = operation.tags.iter().find(|tag| !tag.trim().is_empty()) {
        return (*tag).to_owned();
    }
    operation
        .path
        .split(['/', '?', '#'])
        .find(|segment| {
            let words = split(segment);
            !segment.contains('{')
                && words.first().is_some_and(|word| {
                    words.len() > 1 || !(is_version(word) || word == "api" || word == "rest")
                })
        })
        .map_or_else(|| "general".to_owned(), str::to_owned)
}

fn title(label: &str) -> String {
    let clean = text::clean(label, 80);
    let is_identifier = !clean.contains(' ')
        && clean
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    match (is_identifier, clean.is_empty()) {
        (true, _) => sentence(&split(&clean)),
        (_, true) => "General".to_owned(),
        _ => clean,
    }
}

/// An id from a label or from what a person wrote.
pub(crate) fn id(label: &str) -> String {
    let mut id = String::new();
    for word in split(label) {
        if !id.is_empty() && id.len() + 1 + word.len() > MAX_ID {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(&word);
    }
    id.truncate(MAX_ID);
    if id.is_empty() {
        return format!("group-{}", fingerprint(label));
    }
    if is_id(&id) {
        id
    } else {
        format!("{id}-group")
    }
}

fn suffixed(id: &str, label: &str) -> String {
    let head: String = id.chars().take(MAX_ID - 7).collect();
    format!("{}-{}", head.trim_end_matches('-'), fingerprint(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{api, operation};
    use mcpengine_openapi::{Method, Tag};

    #[test]
    fn tags_and_paths_become_unique_file_names() {
        let mut operations = Vec::new();
        for (path, tag) in [
            ("/v1/api/pets/{id}", ""),
            ("/x", "Pets"),
            ("/x", "User Accounts"),
            ("/x", "C"),
            ("/x", "C++"),
            ("/x", "con"),
            ("/x", "宠物"),
            ("/{id}", ""),
        ] {
            let mut operation = operation(Method::Get, path, None);
            operation.tags = vec![tag];
            operations.push(operation);
        }
        let mut api = api(operations);
        api.tags.push(Tag {
            name: "User Accounts",
            description: Some("<b>People.</b>"),
        });
        let (groups, assigned) = plan(&api, &[]);
        assert_eq!(&assigned[..4], ["pets", "pets", "user-accounts", "c"]);
        assert!(
            assigned[4].starts_with("c-") && assigned[6].starts_with("group-"),
            "{assigned:?}"
        );
        assert_eq!(
            (assigned[5].as_str(), assigned[7].as_str()),
            ("con-group", "general")
        );
        assert!(groups.iter().all(|group| is_id(&group.id)));
        assert_eq!(groups[0].title, "Pets");
        assert_eq!(groups[1].description.as_deref(), Some("People."));
    }
}

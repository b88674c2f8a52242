//! Groups of tools: from the first tag, else from the path.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use mcpengine_openapi::{ApiDescription, Operation};

use crate::ToolGroup;
use crate::text;
use crate::words::{fingerprint, is_version, sentence, singular, split};

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
    let paths = Paths::of(api);
    let mut labels: Vec<String> = api
        .operations
        .iter()
        .enumerate()
        .map(|(at, operation)| match wished.get(at).copied().flatten() {
            Some(group) => group.to_owned(),
            None => label(operation, &paths),
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
            .unwrap_or_else(|| GENERAL.to_owned());
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
fn label(operation: &Operation<'_>, paths: &Paths<'_>) -> String {
    match tag(operation) {
        Some(tag) => tag.to_owned(),
        None => paths.label(operation),
    }
}

fn tag<'a>(operation: &'a Operation<'_>) -> Option<&'a str> {
    let mut tags = operation.tags.iter();
    tags.find(|tag| !tag.trim().is_empty()).copied()
}

const GENERAL: &str = "general";

/// What operations without a tag have in common.
struct Paths<'a> {
    /// How many start with the same word.
    words: HashMap<&'a str, usize>,
    /// Where nearly each starts with a word of its own (`POST /GetItem`), or none with
    /// any (`POST /#Action=GetItem`): how many are about the same thing.
    things: Option<HashMap<String, usize>>,
}

impl<'a> Paths<'a> {
    /// Fewer groups than this are no burden.
    const FEW: usize = 8;

    fn of(api: &'a ApiDescription<'_>) -> Self {
        let untagged = || api.operations.iter().filter(|it| tag(it).is_none());
        let mut words = HashMap::new();
        for operation in untagged() {
            *words.entry(first_word(operation)).or_insert(0) += 1;
        }
        let total: usize = words.values().sum();
        let is_flat = words.len() == 1 && words.contains_key(GENERAL) && total > Self::FEW;
        let are_names = is_flat || (words.len() > Self::FEW && words.len() * 2 > total);
        let things = are_names.then(|| {
            let mut things = HashMap::new();
            for thing in untagged().filter_map(thing) {
                *things.entry(thing).or_insert(0) += 1;
            }
            things
        });
        Self { words, things }
    }

    fn label(&self, operation: &Operation<'_>) -> String {
        let word = first_word(operation);
        let shared = |count: &usize| *count > 1;
        match &self.things {
            None => word.to_owned(),
            Some(_) if self.words.len() > 1 && self.words.get(word).is_some_and(shared) => {
                word.to_owned()
            }
            Some(things) => thing(operation)
                .filter(|thing| things.get(thing).is_some_and(shared))
                .unwrap_or_else(|| GENERAL.to_owned()),
        }
    }
}

/// The first word of a path that says something.
fn first_word<'o>(operation: &'o Operation<'_>) -> &'o str {
    let path = operation.path.split('#').next().unwrap_or_default();
    path.split(['/', '?'])
        .find(|segment| {
            let words = split(segment);
            !segment.contains('{')
                && words.first().is_some_and(|word| {
                    words.len() > 1 || !(is_version(word) || word == "api" || word == "rest")
                })
        })
        .unwrap_or(GENERAL)
}

/// What follows the verb where a path ends in a name: `/DescribeInstances` and
/// `/#Action=StopInstance` are about an `instance`.
fn thing(operation: &Operation<'_>) -> Option<String> {
    const VERBS: [&str; 8] = [
        "batch", "create", "delete", "describe", "get", "list", "put", "update",
    ];
    let last = operation.path.rsplit(['/', '=', '.', '#', '?']).next()?;
    if last.contains('{') {
        return None;
    }
    let words = split(last);
    let mut nouns = words.iter().skip(1);
    let noun = nouns.find(|word| !VERBS.contains(&word.as_str()))?;
    Some(singular(noun))
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

    #[test]
    fn ids_keep_letters_without_their_accents() {
        assert_eq!(id("Übersicht Größe"), "ubersicht-grosse");
    }

    #[test]
    fn where_each_path_is_a_name_its_thing_is_the_group() {
        let names = [
            "DescribeInstances",
            "StopInstance",
            "BatchGetItem",
            "PutItem",
            "CreateVolume",
            "Reboot",
            "ListTags",
            "AcceptTransfer",
            "TagResource",
        ];
        let expected = [
            "instance", "instance", "item", "item", "general", "general", "general", "general",
            "general",
        ];
        for prefix in ["/", "/#Action=", "/#X-Amz-Target=Service_2012."] {
            let operations = names.map(|name| {
                let path = format!("{prefix}{name}").leak();
                operation(Method::Post, path, None)
            });
            let (_, assigned) = plan(&api(operations.to_vec()), &[]);
            assert_eq!(assigned, expected, "{prefix}");
        }
        // A word that several paths start with stays, and a few words are no burden.
        let mut paths = vec!["/users/{id}", "/users"];
        paths.extend(["/a1", "/b1", "/c1", "/d1", "/e1", "/f1", "/g1", "/h1"]);
        let of = |paths: &[&'static str]| {
            let made = paths.iter().map(|path| operation(Method::Get, path, None));
            plan(&api(made.collect()), &[]).1
        };
        assert_eq!(of(&paths)[..3], ["users", "users", "general"]);
        assert_eq!(of(&paths[2..])[..2], ["a1", "b1"]);
    }
}

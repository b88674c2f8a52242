//! Paths as collections and items: what a call is about, and which ids it needs.

use super::deed::deed_of;
use crate::words::{is_plural, is_version, singular, split};
use crate::{ParamLocation, ParameterBinding};

/// Segments that are looked at; a longer path is cut.
const MOST_SEGMENTS: usize = 16;

/// A path template without its fixed query, versions and `api`; the parts of
/// `chat.postMessage` count as segments.
#[derive(Debug)]
pub(crate) struct Path<'a> {
    segments: Vec<&'a str>,
}

/// The id of an item of a collection, which is a thing of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    /// `/users/{}/pets`.
    pub(super) collection: String,
    /// `pet`.
    pub(super) noun: String,
}

impl Need {
    /// What a required query parameter needs, where it is an id of something.
    pub(super) fn of_query(parameter: &ParameterBinding) -> Option<Self> {
        let is_query = parameter.required && parameter.location == ParamLocation::Query;
        is_query.then_some(())?;
        let words = split(&parameter.name);
        let noun = noun_of_id(&words)?;
        (noun.len() < words.len()).then(|| Self {
            collection: String::new(),
            noun: noun.join(" "),
        })
    }
}

impl<'a> Path<'a> {
    pub(crate) fn of(template: &'a str) -> Self {
        let template = template.split(['?', '#']).next().unwrap_or_default();
        let mut segments = Vec::new();
        for segment in template.split('/') {
            if segment.contains('{') {
                segments.push(segment);
            } else {
                segments.extend(segment.split(['.', ':']).filter(|part| !is_noise(part)));
            }
        }
        segments.truncate(MOST_SEGMENTS);
        Self { segments }
    }

    pub(crate) fn ends_in_item(&self) -> bool {
        self.segments.last().is_some_and(|last| is_item(last))
    }

    /// Whether the whole API is searched.
    pub(super) fn is_search(&self) -> bool {
        self.segments == ["search"]
    }

    /// Whether the last word of the last segment is a plural.
    pub(super) fn ends_in_plural(&self) -> bool {
        self.segments.last().is_some_and(|last| {
            !is_item(last) && split(last).last().is_some_and(|word| is_plural(word))
        })
    }

    /// Segments with a name of their own, the first not counted.
    pub(super) fn depth(&self) -> i64 {
        let named = self
            .segments
            .iter()
            .filter(|segment| !is_item(segment))
            .count();
        i64::try_from(named.saturating_sub(1)).unwrap_or_default()
    }

    /// The words of the segments that have a name.
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        self.segments
            .iter()
            .filter(|segment| !is_item(segment))
            .flat_map(|segment| split(segment))
    }

    /// The collection that the path is about: `/pets` of `/pets/{id}`,
    /// `/pets/search` and `/pets/{id}/cancel`.
    pub(crate) fn resource(&self) -> String {
        let is_end = |segment: &&&str| is_item(segment) || is_verb(segment);
        let ends = self.segments.iter().rev().take_while(is_end).count();
        joined(&self.segments, self.segments.len() - ends)
    }

    /// The resource, or the one whose contents it is: what a folder holds is as central
    /// as folders are.
    pub(super) fn holder(&self) -> String {
        let own = self.contents().and_then(|at| self.segments.get(..at));
        own.map_or_else(
            || self.resource(),
            |own| {
                let items = own.iter().rev().take_while(|it| is_item(it)).count();
                joined(own, own.len() - items)
            },
        )
    }

    /// Whether the path is about what a thing holds.
    pub(super) fn is_content(&self) -> bool {
        self.contents().is_some()
    }

    /// Where the segment is that says so: the last but items, and not the first.
    fn contents(&self) -> Option<usize> {
        let at = self.segments.iter().rposition(|it| !is_item(it))?;
        let name = self.segments.get(at)?;
        (at > 0 && CONTENTS.contains(name)).then_some(at)
    }

    /// What the call is about: its resource, and the noun of a call by name
    /// (`/chat` and `message` of `/chat.postMessage`).
    pub(super) fn subject(&self) -> String {
        let mut subject = self.resource();
        if let Some(last) = self
            .segments
            .last()
            .filter(|last| !is_item(last) && is_verb(last))
        {
            for word in split(last).iter().skip(1) {
                subject.push(' ');
                subject.push_str(word);
            }
        }
        subject
    }

    /// The collections that the path lies in, its own included.
    pub(super) fn collections(&self) -> impl Iterator<Item = String> {
        self.segments
            .iter()
            .enumerate()
            .filter(|(_, segment)| !is_item(segment))
            .map(|(at, _)| joined(&self.segments, at + 1))
    }

    /// The ids in the path.
    pub(super) fn needs(&self) -> Vec<Need> {
        let mut before = "";
        let mut needs = Vec::new();
        for (at, segment) in self.segments.iter().enumerate() {
            if !is_item(segment) {
                before = segment;
                continue;
            }
            let name = segment.split(['{', '}']).nth(1).unwrap_or_default();
            let words = split(name);
            // Where a file is is told by whoever asks for it, not by a list of paths.
            if words == ["path"] {
                continue;
            }
            needs.push(Need {
                collection: joined(&self.segments, at),
                noun: noun_of_id(&words)
                    .map_or_else(|| noun_of_segment(before), |noun| noun.join(" ")),
            });
        }
        needs
    }

    /// The ids that the items of a list have.
    pub(super) fn yields(&self) -> Need {
        let named = |segment: &&&str| !is_item(segment) && !is_verb(segment);
        let last = self.segments.iter().rfind(named).copied();
        Need {
            collection: self.resource(),
            noun: noun_of_segment(last.unwrap_or_default()),
        }
    }
}

/// What things hold: their part of the work, not a part of their set-up.
const CONTENTS: [&str; 9] = [
    "content", "contents", "download", "history", "items", "merge", "messages", "replies", "upload",
];

fn is_item(segment: &str) -> bool {
    segment.contains('{')
}

fn is_verb(segment: &str) -> bool {
    split(segment)
        .first()
        .is_some_and(|word| deed_of(word).is_some())
}

/// Whether a segment says nothing of the API's own: a version, `api`, `json`.
fn is_noise(segment: &str) -> bool {
    let words = split(segment);
    let is_plain =
        |word: &String| is_version(word) || ["api", "rest", "json", "xml"].contains(&word.as_str());
    words.iter().all(is_plain)
}

/// The first `count` segments; placeholders without their names.
fn joined(segments: &[&str], count: usize) -> String {
    let mut path = String::new();
    for segment in segments.iter().take(count) {
        path.push('/');
        path.push_str(if is_item(segment) { "{}" } else { segment });
    }
    path
}

/// `pet` of `petId`, `pet_id`, `petIdOrSlug`; `None` of `id`.
fn noun_of_id(words: &[String]) -> Option<&[String]> {
    const IDS: [&str; 9] = [
        "id", "ids", "sid", "key", "slug", "gid", "uuid", "number", "name",
    ];
    let end = words
        .iter()
        .position(|word| IDS.contains(&word.as_str()))
        .unwrap_or(words.len());
    words.get(..end).filter(|noun| !noun.is_empty())
}

/// `pet` of `pets`.
fn noun_of_segment(segment: &str) -> String {
    let mut words = split(segment);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words.join(" ")
}

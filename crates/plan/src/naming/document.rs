//! What a name has to know of the whole document.

use std::collections::{HashMap, HashSet};

use mcpengine_openapi::{Method, Operation};

use super::derive::path_words;
use super::ids::{self, Id};
use super::verbs::{is_attribute, is_vague};
use crate::parallel;
use crate::words::singular;

/// What an operation says of its name.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) id: Id,
    /// Static words of the path, outermost first, without versions.
    pub(super) path: Vec<String>,
    pub(super) placeholders: Vec<String>,
}

impl Reading {
    pub(super) fn all(operations: &[Operation<'_>], threads: usize) -> Vec<Self> {
        let turns = parts_classes(operations);
        parallel::map(operations, threads, |operation| {
            let (path, placeholders) = path_words(operation);
            Self {
                id: ids::read(operation, &path, turns),
                path,
                placeholders,
            }
        })
    }
}

/// Whether an underscore parts a class from its method (`Users_GetById`) in the ids
/// of a document, and not word from word (`admin_users_list`).
fn parts_classes(operations: &[Operation<'_>]) -> bool {
    let ids = operations.iter().filter_map(|it| it.operation_id);
    let (mut snake, mut all) = (0_usize, 0_usize);
    for id in ids.filter(|id| id.contains('_')) {
        all += 1;
        snake += usize::from(!id.bytes().any(|byte| byte.is_ascii_uppercase()));
    }
    snake * 4 <= all
}

/// What all operations say together.
#[derive(Debug)]
pub(super) struct Document<'a> {
    patched: HashSet<&'a str>,
    /// The last words of paths, in the singular, and what they belong to; `None`
    /// where that differs.
    nouns: HashMap<String, Option<&'a str>>,
    is_generated: bool,
}

impl<'a> Document<'a> {
    pub(super) fn of(operations: &'a [Operation<'_>], readings: &'a [Reading]) -> Self {
        let patched = operations
            .iter()
            .filter(|operation| operation.method == Method::Patch)
            .map(|operation| operation.path)
            .collect();
        let mut nouns: HashMap<String, Option<&str>> = HashMap::new();
        for reading in readings {
            let Some((last, before)) = reading.path.split_last() else {
                continue;
            };
            let parent = before.last().map_or("", String::as_str);
            let known = nouns.entry(singular(last)).or_insert(Some(parent));
            if *known != Some(parent) {
                *known = None;
            }
        }
        let (mut repeats, mut ids) = (0_usize, 0_usize);
        for reading in readings {
            ids += usize::from(!matches!(reading.id, Id::Nothing | Id::Short(_)));
            repeats += usize::from(matches!(reading.id, Id::Repeats { .. }));
        }
        Self {
            patched,
            nouns,
            is_generated: repeats * 2 > ids,
        }
    }

    /// Whether a path can be patched, so that PUT replaces.
    pub(super) fn has_patch(&self, operation: &Operation<'_>) -> bool {
        self.patched.contains(operation.path)
    }

    /// Whether a noun alone does not tell what it belongs to.
    pub(super) fn is_shared(&self, noun: &str) -> bool {
        let noun = singular(noun);
        is_vague(&noun) || is_attribute(&noun) || self.nouns.get(&noun).is_some_and(Option::is_none)
    }

    /// Whether most ids are made of method and path.
    pub(super) fn is_generated(&self) -> bool {
        self.is_generated
    }
}

//! Folders: requests in their order, and the tags that folders become.

use std::collections::HashMap;

use super::{Reader, description, merge::Draft};
use crate::{node::Node, outline::MAX_OPERATIONS, place::Place};

/// A folder of the collection.
pub(super) struct Folder<'n, 'd> {
    pub(super) name: String,
    pub(super) parent: Option<usize>,
    pub(super) auth: Option<&'n Node<'d>>,
    pub(super) pointer: String,
    description: Option<String>,
}

/// A request, with the folder that it is in.
pub(super) struct Found<'n, 'd> {
    pub(super) item: &'n Node<'d>,
    pub(super) pointer: String,
    pub(super) folder: Option<usize>,
}

/// Items that are still to be looked at, in one folder.
struct Level<'n, 'd> {
    items: &'n [Node<'d>],
    next: usize,
    pointer: String,
    folder: Option<usize>,
}

impl<'n, 'd> Reader<'n, 'd> {
    /// All requests, depth first, without recursion.
    pub(super) fn flatten(&mut self) -> Vec<Found<'n, 'd>> {
        let mut found = Vec::new();
        let mut open = vec![Level {
            items: self
                .root
                .get("item")
                .and_then(Node::as_array)
                .unwrap_or_default(),
            next: 0,
            pointer: format!("{}/item", self.pointer),
            folder: None,
        }];
        while let Some(level) = open.last_mut() {
            let Some(item) = level.items.get(level.next) else {
                open.pop();
                continue;
            };
            let pointer = format!("{}/{}", level.pointer, level.next);
            let folder = level.folder;
            level.next += 1;
            if let Some(items) = item.get("item").and_then(Node::as_array) {
                let inner = self.folder(item, pointer.clone(), folder);
                open.push(Level {
                    items,
                    next: 0,
                    pointer: format!("{pointer}/item"),
                    folder: Some(inner),
                });
            } else if found.len() < MAX_OPERATIONS {
                found.push(Found {
                    item,
                    pointer,
                    folder,
                });
            } else {
                self.report.error(
                    "too-many-operations",
                    &Place::At(&pointer),
                    format!("Only the first {MAX_OPERATIONS} requests are read."),
                    "Split the collection.",
                );
                break;
            }
        }
        found
    }

    fn folder(&mut self, item: &'n Node<'d>, pointer: String, parent: Option<usize>) -> usize {
        self.folders.push(Folder {
            name: item.text("name").unwrap_or_default().to_owned(),
            parent,
            auth: item.get("auth"),
            pointer,
            description: description(item),
        });
        self.folders.len() - 1
    }

    /// The folders from `innermost` outwards.
    pub(super) fn chain(&self, innermost: Option<usize>) -> impl Iterator<Item = &Folder<'n, 'd>> {
        let mut next = innermost;
        std::iter::from_fn(move || {
            let folder = self.folders.get(next?)?;
            next = folder.parent;
            Some(folder)
        })
    }

    /// Makes each request's innermost folder its tag. Folders that share a name
    /// are told apart by the folder around them.
    pub(super) fn add_tags(&mut self, drafts: &mut [Draft]) {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for folder in &self.folders {
            *counts.entry(folder.name.to_lowercase()).or_default() += 1;
        }
        for draft in drafts {
            let mut chain = self
                .chain(draft.folder)
                .filter(|folder| !is_path(&folder.name));
            let Some(inner) = chain.next() else {
                continue;
            };
            let is_shared = counts
                .get(&inner.name.to_lowercase())
                .is_some_and(|count| *count > 1);
            let outer = chain.next().filter(|_| is_shared);
            let name = match outer {
                Some(outer) => format!("{} / {}", outer.name, inner.name),
                None => inner.name.clone(),
            };
            let about = inner.description.clone();
            drop(chain);
            self.outline.tags.entry(name.clone()).or_insert(about);
            draft.sketch.tag = Some(name);
        }
    }
}

/// Converters make a folder of each path segment; `{id}` names nothing.
fn is_path(name: &str) -> bool {
    name.is_empty() || name.starts_with(['{', ':', '<'])
}

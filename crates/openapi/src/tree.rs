//! Builds the [`Node`] tree for both syntaxes, without recursion, and holds it
//! to the [`Limits`] while it grows: a bomb is refused before it fills memory.

use std::collections::{HashMap, HashSet};

use crate::{
    arena::Arena,
    diagnostic::{Diagnostic, Limits, Position, Refusal, Severity},
    node::{Entry, Node},
    place::{push_token, shorten},
};

/// Beyond this many keys an object's duplicates are looked for by hash.
const FEW_KEYS: usize = 24;
/// More duplicate keys than this are dropped without a diagnostic each.
const MAX_DUPLICATES: usize = 50;

/// A limit that was passed; the caller knows the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Nodes,
    Depth,
}

#[derive(Debug, Clone, Copy)]
enum Frame {
    Array { base: usize },
    Object { base: usize, awaits_value: bool },
}

/// The container that the next value goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Top {
    Document,
    Array,
    /// An object that waits for a key.
    Object,
    /// An object that waits for the value of its newest key.
    ObjectValue,
}

/// A key that a later one in the same object overrides; `mark` is where it is
/// in the syntax's own terms.
pub(crate) struct Duplicate<M> {
    key: String,
    pointer: String,
    mark: M,
}

impl<M> Duplicate<M> {
    pub(crate) fn diagnostic(self, position: impl FnOnce(M) -> Position) -> Diagnostic {
        let Position { line, column } = position(self.mark);
        Diagnostic {
            code: "duplicate-key",
            severity: Severity::Warning,
            pointer: self.pointer,
            message: format!(
                "The key `{}` at line {line}, column {column} is written again later in the \
                 same object; the later value is used.",
                shorten(&self.key)
            ),
            help: "Keep one of the two.".to_owned(),
        }
    }
}

/// Children of all open containers lie on two shared stacks, so that each
/// container is allocated once, at its final size.
pub(crate) struct TreeBuilder<'t, M> {
    pub(crate) arena: &'t Arena,
    limits: Limits,
    nodes: usize,
    frames: Vec<Frame>,
    items: Vec<Node<'t>>,
    entries: Vec<Entry<'t>>,
    /// Where each of `entries` has its key.
    marks: Vec<M>,
    root: Option<Node<'t>>,
    overridden: Vec<Duplicate<M>>,
}

impl<'t, M: Copy> TreeBuilder<'t, M> {
    pub(crate) fn new(arena: &'t Arena, limits: &Limits) -> Self {
        Self {
            arena,
            limits: *limits,
            nodes: 0,
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            marks: Vec::new(),
            root: None,
            overridden: Vec::new(),
        }
    }

    /// Charges `count` values against the limit.
    pub(crate) fn charge(&mut self, count: usize) -> Result<(), Bound> {
        self.nodes = self.nodes.saturating_add(count);
        if self.nodes > self.limits.nodes {
            Err(Bound::Nodes)
        } else {
            Ok(())
        }
    }

    pub(crate) fn depth(&self) -> usize {
        self.frames.len()
    }

    pub(crate) fn depth_limit(&self) -> usize {
        self.limits.depth
    }

    pub(crate) fn open_array(&mut self) -> Result<(), Bound> {
        self.open(Frame::Array {
            base: self.items.len(),
        })
    }

    pub(crate) fn open_object(&mut self) -> Result<(), Bound> {
        self.open(Frame::Object {
            base: self.entries.len(),
            awaits_value: false,
        })
    }

    fn open(&mut self, frame: Frame) -> Result<(), Bound> {
        if self.frames.len() >= self.limits.depth {
            return Err(Bound::Depth);
        }
        self.charge(1)?;
        self.frames.push(frame);
        Ok(())
    }

    pub(crate) fn top(&self) -> Top {
        match self.frames.last() {
            None => Top::Document,
            Some(Frame::Array { .. }) => Top::Array,
            Some(Frame::Object {
                awaits_value: true, ..
            }) => Top::ObjectValue,
            Some(Frame::Object {
                awaits_value: false,
                ..
            }) => Top::Object,
        }
    }

    pub(crate) fn key(&mut self, key: &'t str, at: M) {
        self.entries.push((key, Node::Null));
        self.marks.push(at);
        if let Some(Frame::Object { awaits_value, .. }) = self.frames.last_mut() {
            *awaits_value = true;
        }
    }

    /// Charges and places a scalar.
    pub(crate) fn scalar(&mut self, node: Node<'t>) -> Result<(), Bound> {
        self.charge(1)?;
        self.place(node);
        Ok(())
    }

    /// Puts a finished value where it belongs; it has been charged before.
    pub(crate) fn place(&mut self, node: Node<'t>) {
        match self.frames.last_mut() {
            None => self.root = Some(node),
            Some(Frame::Array { .. }) => self.items.push(node),
            Some(Frame::Object { awaits_value, .. }) => {
                *awaits_value = false;
                if let Some((_, value)) = self.entries.last_mut() {
                    *value = node;
                }
            }
        }
    }

    /// Ends the innermost container and hands it over for [`Self::place`].
    pub(crate) fn close(&mut self) -> Node<'t> {
        match self.frames.last().copied() {
            None => Node::Null,
            Some(Frame::Array { base }) => {
                self.frames.pop();
                let items = self.items.get(base..).unwrap_or_default();
                let node = Node::Array(self.arena.slice(items));
                self.items.truncate(base);
                node
            }
            Some(Frame::Object { base, .. }) => {
                let dropped = self.duplicates(base);
                self.frames.pop();
                let entries = self.entries.get(base..).unwrap_or_default();
                let node = if dropped.is_empty() {
                    Node::Object(self.arena.slice(entries))
                } else {
                    let kept: Vec<Entry<'t>> = entries
                        .iter()
                        .enumerate()
                        .filter(|(index, _)| !dropped.contains(index))
                        .map(|(_, entry)| *entry)
                        .collect();
                    Node::Object(self.arena.slice(&kept))
                };
                self.marks.truncate(base);
                self.entries.truncate(base);
                node
            }
        }
    }

    /// Indexes, within the open object, of entries that a later entry with the
    /// same key overrides (the last one wins, as in `JSON.parse`), reported.
    fn duplicates(&mut self, base: usize) -> HashSet<usize> {
        let open = self.entries.get(base..).unwrap_or_default();
        let mut dropped = HashSet::new();
        if open.len() <= FEW_KEYS {
            for (index, (key, _)) in open.iter().enumerate() {
                if open.iter().skip(index + 1).any(|(later, _)| later == key) {
                    dropped.insert(index);
                }
            }
        } else {
            let mut newest = HashMap::with_capacity(open.len());
            for (index, (key, _)) in open.iter().enumerate() {
                if let Some(older) = newest.insert(*key, index) {
                    dropped.insert(older);
                }
            }
        }
        let mut reported: Vec<usize> = dropped.iter().copied().collect();
        reported.sort_unstable();
        for index in reported {
            self.report_duplicate(base + index);
        }
        dropped
    }

    fn report_duplicate(&mut self, index: usize) {
        if self.overridden.len() >= MAX_DUPLICATES {
            return;
        }
        let (Some((key, _)), Some(mark)) = (self.entries.get(index), self.marks.get(index)) else {
            return;
        };
        let mut pointer = self.container_pointer();
        push_token(&mut pointer, key);
        self.overridden.push(Duplicate {
            key: (*key).to_owned(),
            pointer,
            mark: *mark,
        });
    }

    /// JSON pointer of the value that is being read.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = self.container_pointer();
        match self.frames.last() {
            Some(Frame::Array { base }) => {
                push_token(&mut pointer, &(self.items.len() - base).to_string());
            }
            Some(Frame::Object {
                awaits_value: true, ..
            }) => {
                if let Some((key, _)) = self.entries.last() {
                    push_token(&mut pointer, key);
                }
            }
            _ => {}
        }
        pointer
    }

    /// JSON pointer of the innermost open container. An open container is the
    /// next child of its parent: the newest key, or the next index.
    fn container_pointer(&self) -> String {
        let mut pointer = String::new();
        for (depth, frame) in self.frames.iter().enumerate() {
            let Some(_child) = self.frames.get(depth + 1) else {
                break;
            };
            let inner = self.frames.get(depth + 1..).unwrap_or_default();
            match frame {
                Frame::Array { base } => {
                    let end = inner.iter().find_map(|frame| match frame {
                        Frame::Array { base } => Some(*base),
                        Frame::Object { .. } => None,
                    });
                    let index = end.unwrap_or(self.items.len()) - base;
                    push_token(&mut pointer, &index.to_string());
                }
                Frame::Object { .. } => {
                    let end = inner.iter().find_map(|frame| match frame {
                        Frame::Object { base, .. } => Some(*base),
                        Frame::Array { .. } => None,
                    });
                    let newest = end.unwrap_or(self.entries.len()).checked_sub(1);
                    if let Some((key, _)) = newest.and_then(|index| self.entries.get(index)) {
                        push_token(&mut pointer, key);
                    }
                }
            }
        }
        pointer
    }

    pub(crate) fn finish(self) -> (Option<Node<'t>>, Vec<Duplicate<M>>) {
        (self.root, self.overridden)
    }

    /// The refusal for a passed limit.
    pub(crate) fn refuse(&self, bound: Bound, position: Position) -> Refusal {
        let (code, message, help) = match bound {
            Bound::Nodes => (
                "document_too_many_nodes",
                format!(
                    "The document holds more than {} values (line {}).",
                    self.limits.nodes, position.line
                ),
                "Remove the parts of the API that are not needed, or split the document.",
            ),
            Bound::Depth => (
                "document_too_deep",
                format!(
                    "The document is nested deeper than {} levels at line {}, column {}.",
                    self.limits.depth, position.line, position.column
                ),
                "Move deeply nested parts into components and refer to them with `$ref`.",
            ),
        };
        Refusal {
            code,
            message,
            help: help.to_owned(),
            position: Some(position),
            pointer: Some(self.pointer()),
        }
    }
}

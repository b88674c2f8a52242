//! YAML text to [`Node`]s: YAML 1.2's core schema, plus the merge keys of 1.1.
//!
//! `NO` stays a string and a timestamp stays text; a number keeps its spelling;
//! any scalar may be a key. Tags other than the core ones are ignored with a
//! diagnostic: nothing is ever constructed from them.

mod core;

use std::{borrow::Cow, collections::HashMap};

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, Tag};

use self::core::{merge, resolve};
use crate::{
    arena::Arena,
    diagnostic::{Diagnostic, Limits, Position, Refusal, Severity},
    node::Node,
    place::in_brackets,
    tree::{Bound, Top, TreeBuilder},
};

/// An alias that repeats more than this is held to [`ALIAS_RATIO`].
const FREE_ALIAS_NODES: usize = 10_000;
/// Real documents repeat a value a few times; a bomb multiplies it by thousands.
const ALIAS_RATIO: usize = 20;

/// Reads the first YAML document of `text`.
///
/// # Errors
/// `document_syntax`, `document_too_many_nodes`, `document_too_deep` or
/// `document_alias_bomb`.
pub(crate) fn parse<'t>(
    arena: &'t Arena,
    text: &'t str,
    limits: &Limits,
) -> Result<(Node<'t>, Vec<Diagnostic>), Refusal> {
    let options = granit_parser::options! {
        emit_comments: false,
        // Paths as keys may be longer than YAML's 1,024 characters.
        simple_key_max_lookahead: 16_384,
        flow_nesting_limit: limits.depth + 1,
        block_nesting_limit: limits.depth + 1,
    };
    let mut reader = Reader {
        tree: TreeBuilder::new(arena, limits),
        anchors: HashMap::new(),
        containers: Vec::new(),
        written: 0,
        aliased: 0,
        findings: Vec::new(),
    };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| reader.scan_refusal(&error))?;
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    reader.finding("more-documents", Severity::Info, format!(
                        "The file holds several YAML documents; only the first, up to line {}, is read.",
                        span.start.line()
                    ), "Give the other documents on their own.");
                    break;
                }
            }
            event => reader
                .event(event, &span)
                .map_err(|fault| reader.refuse(fault, &span))?,
        }
    }
    let (root, duplicates) = reader.tree.finish();
    let mut findings = reader.findings;
    findings.extend(
        duplicates
            .into_iter()
            .map(|duplicate| duplicate.diagnostic(|mark| mark)),
    );
    Ok((root.unwrap_or(Node::Null), findings))
}

#[derive(Clone, Copy)]
enum Fault {
    Bound(Bound),
    AliasBomb,
    Syntax(&'static str),
}

impl From<Bound> for Fault {
    fn from(bound: Bound) -> Self {
        Fault::Bound(bound)
    }
}

/// What has to be remembered of an open container.
struct Container {
    anchor: usize,
    merges: bool,
}

/// A value that aliases can repeat, and how many nodes that costs.
struct Anchored<'t> {
    node: Node<'t>,
    nodes: usize,
}

struct Reader<'t> {
    tree: TreeBuilder<'t, Position>,
    anchors: HashMap<usize, Anchored<'t>>,
    containers: Vec<Container>,
    /// Nodes that stand in the text.
    written: usize,
    /// Nodes that came from aliases.
    aliased: usize,
    findings: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    fn event(&mut self, event: Event<'t>, span: &Span) -> Result<(), Fault> {
        self.written += usize::from(event.is_node());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.no_collection_key()?;
                self.note_tag(tag.as_deref());
                self.tree.open_array()?;
                self.containers.push(Container {
                    anchor,
                    merges: false,
                });
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                self.no_collection_key()?;
                self.note_tag(tag.as_deref());
                self.tree.open_object()?;
                self.containers.push(Container {
                    anchor,
                    merges: false,
                });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    fn no_collection_key(&self) -> Result<(), Fault> {
        if self.tree.top() == Top::Object {
            return Err(Fault::Syntax("a list or a mapping is used as a key"));
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<(), Fault> {
        let text = match text {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => self.tree.arena.text(&text),
        };
        let plain = style == ScalarStyle::Plain && tag.is_none();
        if self.tree.top() == Top::Object {
            if plain
                && text == "<<"
                && let Some(container) = self.containers.last_mut()
            {
                container.merges = true;
            }
            if anchor != 0 {
                self.anchors.insert(
                    anchor,
                    Anchored {
                        node: Node::String(text),
                        nodes: 1,
                    },
                );
            }
            self.tree.key(text, position(&span.start));
            return Ok(());
        }
        let node = match tag.map(|tag| (tag, tag.core_suffix())) {
            None if plain => resolve(text),
            None => Node::String(text),
            Some((_, Some("int" | "float" | "bool" | "null"))) => resolve(text),
            Some((_, Some(_))) => Node::String(text),
            Some((tag, None)) => {
                // `! text` is the non-specific tag: it asks for a string.
                self.note_tag(Some(tag));
                if style == ScalarStyle::Plain {
                    resolve(text)
                } else {
                    Node::String(text)
                }
            }
        };
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node, nodes: 1 });
        }
        self.tree.scalar(node)?;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let container = self.containers.pop();
        let mut node = self.tree.close();
        if let Some(Container { anchor, merges }) = container {
            if merges {
                node = merge(self.tree.arena, node);
            }
            if anchor != 0 {
                // The kept copy is charged too: anchors within anchors would
                // otherwise multiply a document by its depth.
                let nodes = node.count();
                self.tree.charge(nodes)?;
                self.anchors.insert(anchor, Anchored { node, nodes });
            }
        }
        self.tree.place(node);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: &Span) -> Result<(), Fault> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(Fault::Syntax(
                "an alias stands inside the value that it repeats",
            ));
        };
        if self.tree.top() == Top::Object {
            let Node::String(text) = &anchored.node else {
                return Err(Fault::Syntax(
                    "an alias to something that is no string is used as a key",
                ));
            };
            let text = *text;
            self.tree.key(text, position(&span.start));
            return Ok(());
        }
        let aliased = self.aliased.saturating_add(anchored.nodes);
        if aliased > FREE_ALIAS_NODES && aliased / ALIAS_RATIO > self.written {
            return Err(Fault::AliasBomb);
        }
        if self.tree.depth() + depth(&anchored.node) > self.tree.depth_limit() {
            return Err(Fault::Bound(Bound::Depth));
        }
        self.tree.charge(anchored.nodes)?;
        self.aliased = aliased;
        let shared = anchored.node;
        self.tree.place(shared);
        Ok(())
    }

    fn note_tag(&mut self, tag: Option<&Tag>) {
        let Some(tag) = tag.filter(|tag| tag.core_suffix().is_none() && tag.suffix() != "") else {
            return;
        };
        let message = format!("The YAML tag `{}` is ignored.", tag.original());
        self.finding(
            "yaml-tag",
            Severity::Info,
            message,
            "Write the value without a tag.",
        );
    }

    fn finding(&mut self, code: &'static str, severity: Severity, message: String, help: &str) {
        // One of each kind tells the story, and a bomb of tags stays small.
        if self.findings.iter().all(|finding| finding.code != code) {
            let pointer = self.tree.pointer();
            self.findings.push(Diagnostic {
                code,
                severity,
                pointer,
                message,
                help: help.to_owned(),
            });
        }
    }

    fn refuse(&self, fault: Fault, span: &Span) -> Refusal {
        let at = position(&span.start);
        match fault {
            Fault::Bound(bound) => self.tree.refuse(bound, at),
            Fault::AliasBomb => Refusal {
                code: "document_alias_bomb",
                message: format!(
                    "YAML aliases repeat values more than {ALIAS_RATIO} times the size of the \
                     document (line {}).",
                    at.line
                ),
                help: "Use `$ref` in place of YAML aliases.".to_owned(),
                position: Some(at),
                pointer: Some(self.tree.pointer()),
            },
            Fault::Syntax(what) => self.syntax(what, at),
        }
    }

    fn scan_refusal(&self, error: &ScanError) -> Refusal {
        let at = position(error.marker());
        if *error.kind() == granit_parser::ErrorKind::RecursionLimitExceeded {
            return self.tree.refuse(Bound::Depth, at);
        }
        self.syntax(&error.info(), at)
    }

    fn syntax(&self, what: &str, at: Position) -> Refusal {
        let pointer = self.tree.pointer();
        let place = in_brackets(&pointer);
        Refusal {
            code: "document_syntax",
            message: format!(
                "The YAML is broken at line {}, column {}{place}: {what}.",
                at.line, at.column
            ),
            help: "Correct the text at that place: look for a missing quote, a tab, or a wrong \
                   indentation on that line or the one before."
                .to_owned(),
            position: Some(at),
            pointer: Some(pointer),
        }
    }
}

fn position(marker: &Marker) -> Position {
    Position {
        line: marker.line().max(1),
        column: marker.col() + 1,
    }
}

/// Levels of containers in `node`, itself included.
fn depth(node: &Node<'_>) -> usize {
    match node {
        Node::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Node::Object(entries) => {
            1 + entries
                .iter()
                .map(|(_, value)| depth(value))
                .max()
                .unwrap_or(0)
        }
        _ => 0,
    }
}

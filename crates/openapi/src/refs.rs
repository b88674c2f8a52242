//! Local `$ref`s: JSON pointers into the document. Nothing is ever fetched.

use std::{borrow::Cow, collections::HashMap};

use percent_encoding::percent_decode_str;

use crate::{arena::Arena, node::Node, place::push_token};

/// Objects with more entries than this are looked up by hash.
const FEW_ENTRIES: usize = 32;
/// A chain of references longer than this is as good as a cycle.
const MAX_HOPS: usize = 32;

/// The document, with indexes for its large objects.
pub(crate) struct Source<'d> {
    pub(crate) arena: &'d Arena,
    pub(crate) root: &'d Node<'d>,
    /// `$self` of OpenAPI 3.2: references to it are local.
    own_uri: Option<&'d str>,
    /// By the object's address, which is stable while the tree is borrowed.
    indexes: HashMap<usize, HashMap<&'d str, usize>>,
    /// What schemas call themselves, collected when the first is asked for.
    names: Option<OwnNames<'d>>,
    /// Where references have led: most are written many times.
    known: HashMap<&'d str, Target<'d>>,
}

/// Names that schemas give themselves: `$anchor` and `$id`.
#[derive(Default)]
struct OwnNames<'d> {
    anchors: HashMap<&'d str, Target<'d>>,
    ids: HashMap<&'d str, Target<'d>>,
}

/// What a reference leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'d> {
    pub(crate) node: &'d Node<'d>,
    /// JSON pointer, escaped in one canonical way.
    pub(crate) pointer: &'d str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefFault {
    /// Another file or URL.
    External,
    /// The document has no such place.
    Missing,
    /// The reference leads back to itself.
    Cycle,
}

impl<'d> Source<'d> {
    pub(crate) fn new(arena: &'d Arena, root: &'d Node<'d>) -> Self {
        let own_uri = root.get("$self").and_then(Node::as_str);
        Self {
            arena,
            root,
            own_uri,
            indexes: HashMap::new(),
            names: None,
            known: HashMap::new(),
        }
    }

    /// The value under `key`, in constant time for large objects.
    pub(crate) fn child(&mut self, node: &'d Node<'d>, key: &str) -> Option<&'d Node<'d>> {
        let entries = node.as_object()?;
        if entries.len() <= FEW_ENTRIES {
            return node.get(key);
        }
        let index = self
            .indexes
            .entry(entries.as_ptr().addr())
            .or_insert_with(|| {
                entries
                    .iter()
                    .enumerate()
                    .map(|(at, (name, _))| (*name, at))
                    .collect()
            });
        entries.get(*index.get(key)?).map(|(_, value)| value)
    }

    /// Resolves one reference, without following what it leads to.
    pub(crate) fn resolve(&mut self, reference: &str) -> Result<Target<'d>, RefFault> {
        let reference = reference.trim();
        let local = match self.own_uri {
            Some(own) => reference.strip_prefix(own).unwrap_or(reference),
            None => reference,
        };
        let Some(fragment) = local.strip_prefix('#') else {
            return if local.is_empty() {
                Ok(Target {
                    node: self.root,
                    pointer: "",
                })
            } else {
                self.identified(local)
            };
        };
        let root = Target {
            node: self.root,
            pointer: "",
        };
        self.fragment(root, fragment).ok_or(RefFault::Missing)
    }

    /// A reference to a schema by its `$id`, with a fragment or without. Only the
    /// whole id counts as written: bases within bases are rarer than mistakes.
    fn identified(&mut self, reference: &str) -> Result<Target<'d>, RefFault> {
        let (id, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let target = self.names().ids.get(id).copied();
        let target = target.ok_or(RefFault::External)?;
        self.fragment(target, fragment).ok_or(RefFault::Missing)
    }

    /// The place within `from` that a pointer leads to, or an anchor anywhere.
    fn fragment(&mut self, from: Target<'d>, fragment: &str) -> Option<Target<'d>> {
        if fragment.is_empty() || fragment.starts_with('/') {
            return self.pointer(from, fragment);
        }
        self.names().anchors.get(fragment).copied()
    }

    /// Resolves a reference and every reference that it leads to.
    pub(crate) fn follow(&mut self, reference: &'d str) -> Result<Target<'d>, RefFault> {
        if let Some(target) = self.known.get(reference) {
            return Ok(*target);
        }
        let mut target = self.resolve(reference)?;
        for _ in 0..MAX_HOPS {
            let next = self.child(target.node, "$ref").and_then(Node::as_str);
            let Some(next) = next else {
                self.known.insert(reference, target);
                return Ok(target);
            };
            target = self.resolve(next)?;
        }
        Err(RefFault::Cycle)
    }

    fn pointer(&mut self, from: Target<'d>, fragment: &str) -> Option<Target<'d>> {
        let mut node = from.node;
        let mut pointer = from.pointer.to_owned();
        for token in fragment.split('/').skip(1) {
            let (child, key) = self.step(node, token)?;
            node = child;
            push_token(&mut pointer, &key);
        }
        let pointer = self.arena.text(&pointer);
        Some(Target { node, pointer })
    }

    /// One token: percent-encoded as in a URI fragment, or (as many write it) not.
    fn step<'k>(
        &mut self,
        node: &'d Node<'d>,
        token: &'k str,
    ) -> Option<(&'d Node<'d>, Cow<'k, str>)> {
        let decoded = unescape(percent_decode_str(token).decode_utf8_lossy());
        if let Node::Array(items) = node {
            return Some((items.get(decoded.parse::<usize>().ok()?)?, decoded));
        }
        if let Some(child) = self.child(node, &decoded) {
            return Some((child, decoded));
        }
        let plain = unescape(Cow::Borrowed(token));
        self.child(node, &plain).map(|child| (child, plain))
    }

    fn names(&mut self) -> &OwnNames<'d> {
        let (arena, root) = (self.arena, self.root);
        self.names.get_or_insert_with(|| {
            let mut found = OwnNames::default();
            collect_names(arena, root, &mut String::new(), &mut found);
            found
        })
    }
}

fn unescape(token: Cow<'_, str>) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        token
    }
}

/// Depth is bounded by the reader's limit.
fn collect_names<'d>(
    arena: &'d Arena,
    node: &'d Node<'d>,
    pointer: &mut String,
    found: &mut OwnNames<'d>,
) {
    let length = pointer.len();
    match node {
        Node::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                push_token(pointer, &index.to_string());
                collect_names(arena, item, pointer, found);
                pointer.truncate(length);
            }
        }
        Node::Object(entries) => {
            for (key, value) in *entries {
                let names = match *key {
                    "$anchor" | "$dynamicAnchor" => Some(&mut found.anchors),
                    "$id" => Some(&mut found.ids),
                    _ => None,
                };
                if let (Some(names), Some(name)) = (names, value.as_str()) {
                    names.entry(name).or_insert_with(|| Target {
                        node,
                        pointer: arena.text(pointer),
                    });
                }
                push_token(pointer, key);
                collect_names(arena, value, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, json};

    fn resolve(reference: &'static str) -> Result<String, RefFault> {
        let text = r##"{
            "a": {"b/c": [1, {"~": 2}], "d e": 3, "100%": 4},
            "chain": {"$ref": "#/end"}, "end": {"type": "object"},
            "loop": {"$ref": "#/pool"}, "pool": {"$ref": "#/loop"},
            "schema": {"$anchor": "here"},
            "named": {"$id": "https://example.com/day", "of": {"type": "string"}}
        }"##;
        let arena = Arena::new();
        let (root, _) = json::parse(&arena, text, &Limits::WORKER).expect("valid");
        let root = arena.value(root);
        Source::new(&arena, root)
            .follow(reference)
            .map(|target| target.pointer.to_owned())
    }

    #[test]
    fn references_resolve_inside_the_document_only() {
        let ok = |pointer: &str| Ok(pointer.to_owned());
        assert_eq!(resolve("#"), ok(""));
        assert_eq!(resolve("#/a/b~1c/1/~0"), ok("/a/b~1c/1/~0"));
        assert_eq!(resolve("#/a/d%20e"), ok("/a/d e"));
        assert_eq!(resolve("#/a/d e"), ok("/a/d e"));
        assert_eq!(resolve("#/a/100%"), ok("/a/100%"));
        assert_eq!(resolve("#/chain"), ok("/end"));
        assert_eq!(resolve("#here"), ok("/schema"));
        assert_eq!(resolve("https://example.com/day"), ok("/named"));
        assert_eq!(resolve("https://example.com/day#/of"), ok("/named/of"));
        assert_eq!(resolve("#/a/x"), Err(RefFault::Missing));
        assert_eq!(resolve("#/a/b~1c/2"), Err(RefFault::Missing));
        assert_eq!(resolve("#nowhere"), Err(RefFault::Missing));
        assert_eq!(resolve("#/loop"), Err(RefFault::Cycle));
        assert_eq!(resolve("other.json#/a"), Err(RefFault::External));
        assert_eq!(
            resolve("https://example.com/x.json"),
            Err(RefFault::External)
        );
        assert_eq!(resolve("Pet"), Err(RefFault::External));
    }
}

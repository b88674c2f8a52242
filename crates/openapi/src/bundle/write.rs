//! The files as one JSON text, with local references.

use std::collections::HashMap;

use super::{Bundle, FILES};
use crate::{
    diagnostic::Limits,
    node::{Node, number},
    place::push_token,
};

/// A place in a file: its index, and the pointer.
type Spot = (usize, String);

/// Writes the root, then the files that were read.
pub(super) fn document(bundle: &Bundle<'_>, limits: &Limits) -> String {
    let mut writer = Writer {
        bundle,
        out: String::new(),
        aliases: HashMap::new(),
        room: limits.bytes,
    };
    writer.collect_aliases();
    let root = bundle.node(bundle.root).and_then(Node::as_object);
    writer.out.push('{');
    let own = root
        .unwrap_or_default()
        .iter()
        .filter(|(key, _)| *key != FILES);
    for (at, (key, value)) in own.enumerate() {
        if at > 0 {
            writer.out.push(',');
        }
        string(&mut writer.out, key);
        writer.out.push(':');
        if *key == "components" {
            writer.components(value);
        } else {
            writer.value(bundle.root, value, Inside::Anything);
        }
    }
    writer.files(root.is_some_and(|entries| !entries.is_empty()));
    writer.out.push('}');
    writer.out
}

/// What the value that is being written is part of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Inside {
    Anything,
    Discriminator,
    /// A discriminator's mapping, whose values are references.
    Mapping,
}

impl Inside {
    /// The text under `key`, where it is a reference.
    pub(super) fn reference<'n>(self, key: &str, value: &'n Node<'_>) -> Option<&'n str> {
        let text = value.as_str()?;
        let is_path = || text.contains(['.', '#', '/']);
        (key == "$ref" || (self == Inside::Mapping && is_path())).then_some(text)
    }

    pub(super) fn below(self, key: &str) -> Self {
        match (self, key) {
            (Inside::Discriminator, "mapping") => Inside::Mapping,
            (_, "discriminator") => Inside::Discriminator,
            _ => Inside::Anything,
        }
    }
}

struct Writer<'b, 't> {
    bundle: &'b Bundle<'t>,
    out: String,
    /// Components of the root that are nothing but a reference to a place in a
    /// file. What is there is known by the component's name from here on.
    aliases: HashMap<Spot, String>,
    /// Bytes that hoisting may still write.
    room: usize,
}

impl Writer<'_, '_> {
    fn collect_aliases(&mut self) {
        let root = self.bundle.node(self.bundle.root);
        let sections = root
            .and_then(|root| root.get("components"))
            .and_then(Node::as_object);
        for (section, named) in sections.unwrap_or_default() {
            for (name, value) in named.as_object().unwrap_or_default() {
                if let Some(spot) = self.alias(value) {
                    let mut pointer = "#/components".to_owned();
                    push_token(&mut pointer, section);
                    push_token(&mut pointer, name);
                    self.aliases.entry(spot).or_insert(pointer);
                }
            }
        }
    }

    /// Where a component of the root leads that is only a reference to a file.
    fn alias(&self, value: &Node<'_>) -> Option<Spot> {
        let [(key, reference)] = value.as_object()? else {
            return None;
        };
        let reference = reference.as_str().filter(|_| *key == "$ref")?;
        let (file, fragment) = self.bundle.resolve(self.bundle.root, reference)?;
        find(self.bundle, file, fragment)?;
        (file != self.bundle.root).then(|| (file, fragment.to_owned()))
    }

    /// The root's components, each alias with what it stands for in its place.
    fn components(&mut self, node: &Node<'_>) {
        let Some(sections) = node.as_object() else {
            self.value(self.bundle.root, node, Inside::Anything);
            return;
        };
        self.out.push('{');
        for (at, (section, named)) in sections.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            string(&mut self.out, section);
            self.out.push(':');
            let Some(entries) = named.as_object() else {
                self.value(self.bundle.root, named, Inside::Anything);
                continue;
            };
            self.out.push('{');
            for (at, (name, value)) in entries.iter().enumerate() {
                if at > 0 {
                    self.out.push(',');
                }
                string(&mut self.out, name);
                self.out.push(':');
                self.component(section, name, value);
            }
            self.out.push('}');
        }
        self.out.push('}');
    }

    fn component(&mut self, section: &str, name: &str, value: &Node<'_>) {
        let mut own = "#/components".to_owned();
        push_token(&mut own, section);
        push_token(&mut own, name);
        let bundle = self.bundle;
        let spot = self.alias(value);
        let is_first = spot
            .as_ref()
            .is_some_and(|spot| self.aliases.get(spot) == Some(&own));
        let start = self.out.len();
        if let (Some((file, fragment)), true) = (&spot, is_first && self.room > 0)
            && let Some(target) = find(bundle, *file, fragment)
        {
            self.value(*file, target, Inside::Anything);
            self.room = self.room.saturating_sub(self.out.len() - start);
            return;
        }
        if let (Some(spot), true) = (&spot, is_first) {
            // No room: the reference stays one.
            self.aliases.remove(spot);
        }
        self.value(bundle.root, value, Inside::Anything);
    }

    fn files(&mut self, has_more: bool) {
        if has_more {
            self.out.push(',');
        }
        string(&mut self.out, FILES);
        self.out.push_str(":{");
        let mut is_first = true;
        for (at, name) in self.bundle.names.iter().enumerate() {
            let Some(node) = self.bundle.node(at).filter(|_| at != self.bundle.root) else {
                continue;
            };
            if !std::mem::take(&mut is_first) {
                self.out.push(',');
            }
            string(&mut self.out, name);
            self.out.push(':');
            self.value(at, node, Inside::Anything);
        }
        self.out.push('}');
    }

    /// Depth is bounded by the reader.
    fn value(&mut self, file: usize, node: &Node<'_>, inside: Inside) {
        if let Some(entries) = node.as_object() {
            self.out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                if at > 0 {
                    self.out.push(',');
                }
                string(&mut self.out, key);
                self.out.push(':');
                match inside.reference(key, value) {
                    Some(reference) => {
                        let local = self.local(file, reference);
                        string(&mut self.out, local.as_deref().unwrap_or(reference));
                    }
                    None => self.value(file, value, inside.below(key)),
                }
            }
            self.out.push('}');
        } else if let Some(items) = node.as_array() {
            self.out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    self.out.push(',');
                }
                self.value(file, item, Inside::Anything);
            }
            self.out.push(']');
        } else {
            scalar(&mut self.out, node);
        }
    }

    /// A reference, made local to the bundle; `None` where it stays as it is.
    fn local(&self, file: usize, reference: &str) -> Option<String> {
        let (target, fragment) = self.bundle.resolve(file, reference)?;
        if !fragment.is_empty() && !fragment.starts_with('/') {
            // Anchors are known in the whole document.
            return Some(format!("#{fragment}"));
        }
        if let Some(alias) = self.aliases.get(&(target, fragment.to_owned())) {
            return Some(alias.clone());
        }
        if target == self.bundle.root {
            return Some(format!("#{fragment}"));
        }
        self.bundle.node(target)?;
        let mut local = format!("#/{FILES}");
        push_token(&mut local, self.bundle.names.get(target)?);
        local.push_str(fragment);
        Some(local)
    }
}

/// The value at a pointer of a file.
fn find<'b, 't>(bundle: &'b Bundle<'t>, file: usize, fragment: &str) -> Option<&'b Node<'t>> {
    let mut node = bundle.node(file)?;
    for token in fragment.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        node = match node.as_array() {
            Some(items) => items.get(token.parse::<usize>().ok()?)?,
            None => node.get(&token)?,
        };
    }
    (fragment.is_empty() || fragment.starts_with('/')).then_some(node)
}

fn scalar(out: &mut String, node: &Node<'_>) {
    if let Some(text) = node.as_str() {
        string(out, text);
    } else if let Some(value) = node.as_bool() {
        out.push_str(if value { "true" } else { "false" });
    } else if let Some(spelling) = node.as_text() {
        // `1.10` stays `1.10`; what JSON cannot spell becomes its value.
        if is_json_number(spelling) {
            out.push_str(spelling);
        } else {
            match number(spelling) {
                Some(value) => out.push_str(&value.to_string()),
                None => out.push_str("null"),
            }
        }
    } else {
        out.push_str("null");
    }
}

fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if u32::from(letter) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

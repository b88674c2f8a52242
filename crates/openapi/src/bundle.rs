//! Several files as one document.
//!
//! References between files are resolved among the files that were given, never
//! on a disk or a network. The files that the root needs are written into one
//! JSON text, each under [`FILES`], with every reference between them made local;
//! the ordinary reader does the rest.

mod names;
mod write;

use std::{
    borrow::Cow,
    collections::{HashMap, VecDeque},
};

use crate::{
    arena::Arena,
    detect,
    diagnostic::{Diagnostic, Limits, Refusal, Severity},
    json,
    model::ApiDescription,
    node::Node,
    text, yaml,
};

use write::Inside;

pub(crate) use names::key_below;

/// The root's key for the other files. Pointers into a file begin with it.
pub(crate) const FILES: &str = "x-mcpengine-files";
/// More files than this are no description.
const MAX_FILES: usize = 2_000;

/// A file that belongs to a description.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'f> {
    /// Its path relative to the folder that holds all of them, with `/`.
    pub name: &'f str,
    pub bytes: &'f [u8],
}

/// Reads a description that is split into files. The root is the one file with
/// `openapi` or `swagger` at its top; where none or several have it, the first.
///
/// # Errors
/// As [`crate::read`], with the file's name in the message; `limits` count over
/// all files together. `invalid_file_name` for a name that leads out of the folder,
/// or that two files have.
pub fn read_files<'a>(
    arena: &'a Arena,
    files: &[SourceFile<'a>],
    limits: &Limits,
) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal> {
    match files {
        [] => return crate::read(arena, b"", limits),
        [one] => return crate::read(arena, one.bytes, limits),
        _ => {}
    }
    let names = names::checked(files)?;
    let texts = decoded(files, limits)?;
    // The trees of the files go before the one of all is made.
    let own = Arena::new();
    let mut bundle = Bundle {
        arena: &own,
        root: 0,
        by_name: names.iter().cloned().zip(0..).collect(),
        is_flat: names.iter().all(|name| !name.contains('/')),
        names,
        nodes: texts.iter().map(|_| None).collect(),
        left: limits.nodes,
        findings: Vec::new(),
    };
    bundle.root = bundle.find_root(&texts, limits)?;
    let root = bundle.root;
    let Some(file) = files.get(root) else {
        return crate::read(arena, b"", limits);
    };
    let is_description = bundle
        .node(root)
        .is_some_and(|node| detect::is_description(node));
    if !is_description {
        // A collection, prose, or something to refuse: it has no other files.
        let name = bundle.names.get(root).cloned().unwrap_or_default();
        let (api, mut findings) = crate::read(arena, file.bytes, limits)
            .map_err(|refusal| names::in_file(refusal, &name))?;
        bundle.note_unused(&[root]);
        findings.extend(bundle.findings);
        return Ok((api, findings));
    }
    bundle.read_reached(&texts, limits)?;
    let document = write::document(&bundle, limits);
    let findings = std::mem::take(&mut bundle.findings);
    // The files and the one text of all do not fit beside a second tree.
    drop(bundle);
    drop((texts, own));
    let limits = Limits {
        bytes: limits.bytes,
        // What is hoisted stands there twice.
        nodes: limits.nodes.saturating_mul(2),
        // Files stand two levels below the root.
        depth: limits.depth + 4,
    };
    let document = {
        let written = document;
        arena.text(&written)
    };
    let (root, _) = json::parse(arena, document, &limits)?;
    crate::describe(arena, root, findings, &limits)
}

/// The files' texts.
fn decoded<'f>(files: &[SourceFile<'f>], limits: &Limits) -> Result<Vec<Cow<'f, str>>, Refusal> {
    let total: usize = files.iter().map(|file| file.bytes.len()).sum();
    if total > limits.bytes {
        return Err(Refusal {
            code: "document_too_large",
            message: format!(
                "The files are larger than {} MiB together.",
                limits.bytes >> 20
            ),
            help: "Give only the files that the description refers to.".to_owned(),
            position: None,
            pointer: None,
        });
    }
    let text = |file: &SourceFile<'f>| match text::decode(file.bytes, limits) {
        Ok(text) => Ok(text),
        // An empty file beside others is only a file that says nothing.
        Err(refusal) if refusal.code == "document_empty" => Ok(Cow::Borrowed("")),
        Err(refusal) => Err(names::in_file(refusal, file.name)),
    };
    files.iter().map(text).collect()
}

/// The files, as far as they are read.
struct Bundle<'t> {
    arena: &'t Arena,
    root: usize,
    names: Vec<String>,
    by_name: HashMap<String, usize>,
    /// No name has a folder: browsers send files so.
    is_flat: bool,
    /// What the files hold; `None` for those that nothing led to yet.
    nodes: Vec<Option<Node<'t>>>,
    /// Values that may still be read.
    left: usize,
    findings: Vec<Diagnostic>,
}

impl<'t> Bundle<'t> {
    fn node(&self, file: usize) -> Option<&Node<'t>> {
        self.nodes.get(file)?.as_ref()
    }

    /// The one file that says what it is; else the first.
    fn find_root(&mut self, texts: &'t [Cow<'_, str>], limits: &Limits) -> Result<usize, Refusal> {
        let mut found = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            if !text.contains("openapi") && !text.contains("swagger") {
                continue;
            }
            self.parse(at, text, limits)?;
            if self.node(at).is_some_and(detect::is_description) {
                found.push(at);
            }
        }
        Ok(match found.as_slice() {
            [one] => *one,
            _ => 0,
        })
    }

    /// Reads one file. A fault in its syntax costs this file alone.
    fn parse(&mut self, at: usize, text: &'t str, limits: &Limits) -> Result<(), Refusal> {
        if self.node(at).is_some() {
            return Ok(());
        }
        let limits = Limits {
            nodes: self.left,
            ..*limits
        };
        let parsed = match text.trim_start().starts_with(['{', '[']) {
            true => json::parse(self.arena, text, &limits)
                .or_else(|refusal| yaml::parse(self.arena, text, &limits).map_err(|_| refusal)),
            false => yaml::parse(self.arena, text, &limits),
        };
        match parsed {
            Ok((node, findings)) => {
                self.left = self.left.saturating_sub(node.count());
                let place = self.pointer(at, "");
                let placed = findings.into_iter().map(|found| Diagnostic {
                    pointer: format!("{place}{}", found.pointer),
                    ..found
                });
                self.findings.extend(placed);
                if let Some(slot) = self.nodes.get_mut(at) {
                    *slot = Some(node);
                }
                Ok(())
            }
            Err(refusal) if refusal.code == "document_syntax" => {
                let name = self.names.get(at).map_or("", String::as_str);
                self.findings.push(Diagnostic {
                    code: "broken-file",
                    severity: Severity::Error,
                    pointer: self.pointer(at, ""),
                    message: format!("`{name}` cannot be read. {}", refusal.message),
                    help: refusal.help,
                });
                Ok(())
            }
            Err(refusal) => {
                let name = self.names.get(at).cloned().unwrap_or_default();
                Err(names::in_file(refusal, &name))
            }
        }
    }

    /// Reads the files that references lead to, from the root on.
    fn read_reached(&mut self, texts: &'t [Cow<'_, str>], limits: &Limits) -> Result<(), Refusal> {
        let mut reached = vec![self.root];
        let mut waiting = VecDeque::from([self.root]);
        while let Some(file) = waiting.pop_front() {
            let mut wanted = Vec::new();
            if let Some(node) = self.node(file) {
                self.targets(file, node, Inside::Anything, &mut wanted);
            }
            for target in wanted {
                let Some(text) = texts.get(target).filter(|_| !reached.contains(&target)) else {
                    continue;
                };
                reached.push(target);
                self.parse(target, text, limits)?;
                waiting.push_back(target);
            }
        }
        for at in 0..texts.len() {
            if !reached.contains(&at)
                && let Some(slot) = self.nodes.get_mut(at)
            {
                *slot = None;
            }
        }
        self.note_unused(&reached);
        Ok(())
    }

    /// Files that references within `node` lead to. Depth is bounded by the reader.
    fn targets(&self, file: usize, node: &Node<'_>, inside: Inside, wanted: &mut Vec<usize>) {
        for item in node.as_array().unwrap_or_default() {
            self.targets(file, item, Inside::Anything, wanted);
        }
        for (key, value) in node.as_object().unwrap_or_default() {
            if let Some(reference) = inside.reference(key, value)
                && let Some((target, _)) = self.resolve(file, reference)
                && !wanted.contains(&target)
            {
                wanted.push(target);
            }
            self.targets(file, value, inside.below(key), wanted);
        }
    }

    /// The file and fragment that a reference of `file` leads to; `None` where it
    /// leads to no file that was given.
    fn resolve<'r>(&self, file: usize, reference: &'r str) -> Option<(usize, &'r str)> {
        let reference = reference.trim();
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if path.is_empty() {
            return Some((file, fragment));
        }
        let holder = self.names.get(file)?;
        let name = names::joined(holder, path);
        if let Some(found) = name.and_then(|name| self.by_name.get(&name)) {
            return Some((*found, fragment));
        }
        // Sent without their folders, files are known by their last names alone.
        let last = path.rsplit('/').next()?;
        let is_relative = !path.starts_with('/') && !path.contains(':');
        let found = self
            .by_name
            .get(last)
            .filter(|_| self.is_flat && is_relative);
        found.map(|found| (*found, fragment))
    }

    /// The pointer, in the bundle, to a place of a file.
    fn pointer(&self, file: usize, inner: &str) -> String {
        if file == self.root {
            return inner.to_owned();
        }
        let mut pointer = format!("/{FILES}");
        let name = self.names.get(file).map_or("", String::as_str);
        crate::place::push_token(&mut pointer, name);
        pointer.push_str(inner);
        pointer
    }

    fn note_unused(&mut self, reached: &[usize]) {
        let unused: Vec<String> = self
            .names
            .iter()
            .enumerate()
            .filter(|(at, _)| !reached.contains(at))
            .map(|(_, name)| format!("`{name}`"))
            .collect();
        if unused.is_empty() {
            return;
        }
        let shown = unused
            .iter()
            .take(5)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let more = match unused.len() {
            0..=5 => String::new(),
            count => format!(" and {} more", count - 5),
        };
        self.findings.push(Diagnostic {
            code: "unused-file",
            severity: Severity::Info,
            pointer: String::new(),
            message: format!("Nothing refers to {shown}{more}; these files are left out."),
            help: "Check the names in the references, or leave the files away.".to_owned(),
        });
    }
}

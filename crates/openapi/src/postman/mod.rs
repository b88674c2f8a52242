//! Postman Collections, 2.0 and 2.1.
//!
//! A collection holds requests as somebody sent them, not a contract. What a
//! request shows becomes an operation; what it cannot show (types, what is
//! required) is left open rather than invented. Variables stay variables: a base
//! URL becomes a server, everything else a parameter, and no stored credential
//! is taken over.

mod auth;
mod body;
mod calls;
mod folders;
mod merge;
mod names;
mod request;
mod response;
mod text;
mod url;
mod values;

use std::collections::{HashMap, HashSet};

use crate::{
    arena::Arena,
    diagnostic::{Diagnostic, Limits, Refusal},
    model::{ApiDescription, Dialect},
    node::Node,
    outline::{Outline, key_of},
    place::{Place, shorten},
    report::Report,
};

use folders::Folder;
use merge::Draft;

/// Fields that examples may add to schemas, as a part of the reader's limit.
const LEARNT_PART: usize = 8;
/// Parameters of all requests, as a part of the reader's limit.
const FIELDS_PART: usize = 16;
/// More variables than this are not looked at.
const MAX_VARIABLES: usize = 1_000;

/// The collection itself, and the pointer to it: the export of Postman's own API
/// wraps it.
fn collection<'n, 'd>(root: &'n Node<'d>) -> Option<(&'n Node<'d>, &'static str)> {
    let wrapped = root.get("collection").map(|inner| (inner, "/collection"));
    [Some((root, "")), wrapped]
        .into_iter()
        .flatten()
        .find(|(node, _)| {
            let info = node.get("info");
            let schema = info
                .and_then(|info| info.get("schema"))
                .and_then(Node::as_str);
            let is_postman = info.is_some_and(|info| info.get("_postman_id").is_some())
                || schema.is_some_and(|url| url.contains("getpostman.com"));
            is_postman && node.get("item").and_then(Node::as_array).is_some()
        })
}

/// Whether the document is a collection, also one without requests.
pub(crate) fn is_collection(root: &Node<'_>) -> bool {
    collection(root).is_some()
}

/// Reads the collection.
///
/// # Errors
/// `no_operations` where no request of it can be read.
pub(crate) fn read<'a>(
    arena: &'a Arena,
    root: &Node<'_>,
    findings: Vec<Diagnostic>,
    limits: &Limits,
) -> Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal> {
    let Some((node, pointer)) = collection(root) else {
        return Err(nothing());
    };
    let mut reader = Reader::new(node, pointer, limits);
    reader.collection();
    if reader.outline.operations.is_empty() {
        return Err(nothing());
    }
    reader
        .outline
        .describe(arena, Dialect::Postman, reader.report, findings, limits)
}

fn nothing() -> Refusal {
    Refusal {
        code: "no_operations",
        message: "The Postman collection holds no request that can be read.".to_owned(),
        help: "Export the collection with its requests, each with a method and a URL such as \
               `{{baseUrl}}/pets`."
            .to_owned(),
        position: None,
        pointer: Some("/item".to_owned()),
    }
}

/// State of one reading.
struct Reader<'n, 'd> {
    root: &'n Node<'d>,
    /// Pointer of `root`.
    pointer: &'static str,
    outline: Outline,
    report: Report,
    /// The collection's variables with a value.
    variables: HashMap<String, String>,
    /// Variables that addresses start with.
    bases: HashSet<String>,
    folders: Vec<Folder<'n, 'd>>,
    /// What examples may still add to schemas.
    learnt: usize,
    /// Parameters and form fields that may still be read.
    fields: usize,
}

impl<'n, 'd> Reader<'n, 'd> {
    fn new(root: &'n Node<'d>, pointer: &'static str, limits: &Limits) -> Self {
        Self {
            root,
            pointer,
            outline: Outline::default(),
            report: Report::default(),
            variables: HashMap::new(),
            bases: HashSet::new(),
            folders: Vec::new(),
            learnt: limits.nodes / LEARNT_PART,
            fields: limits.nodes / FIELDS_PART,
        }
    }

    fn collection(&mut self) {
        let info = self.root.get("info");
        let title = info.and_then(|info| info.text("name"));
        self.outline.title = title.map(str::to_owned);
        self.outline.description = info.and_then(|info| description(info));
        self.outline.version = info.and_then(version);
        self.read_variables();
        let requests = self.flatten();
        self.find_bases(&requests);
        let mut drafts = Vec::new();
        for request in &requests {
            drafts.extend(self.request(request));
        }
        self.place_servers(&mut drafts);
        let mut drafts = self.merge(drafts);
        self.name(&mut drafts);
        self.add_tags(&mut drafts);
        for Draft { mut sketch, .. } in drafts {
            if sketch.lose_body() {
                self.report.info(
                    "get-body",
                    &Place::At(&sketch.at),
                    format!(
                        "{} {} is sent with a body, which such a request cannot have; the fields of \
                         a form are query parameters.",
                        sketch.method.to_ascii_uppercase(),
                        shorten(&sketch.path)
                    ),
                    "Take the body off the request, or send it as `POST`.",
                );
            }
            let key = key_of(sketch.method, &sketch.path);
            self.outline.operations.insert(key, sketch);
        }
        self.note_scripts();
        if self.learnt == 0 || self.fields == 0 {
            self.report.warn(
                "example-cut",
                &Place::ROOT,
                "The collection holds so many fields that the last ones are left out.".to_owned(),
                "Split the collection.",
            );
        }
    }

    fn read_variables(&mut self) {
        let listed = self.root.get("variable").and_then(Node::as_array);
        for variable in listed.unwrap_or_default().iter().take(MAX_VARIABLES) {
            let name = variable.text("key").or_else(|| variable.text("id"));
            let is_off = variable.flag("disabled").unwrap_or(false);
            if let (Some(name), Some(value), false) = (name, variable.text("value"), is_off) {
                self.variables.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Pays for one field; `false` when there have been too many.
    fn pay(&mut self) -> bool {
        let left = self.fields.checked_sub(1);
        self.fields = left.unwrap_or_default();
        left.is_some()
    }

    fn note_scripts(&mut self) {
        let has_script = |event: &Node<'_>| {
            event.get("listen").and_then(Node::as_str) == Some("prerequest")
                && event
                    .get("script")
                    .and_then(|script| script.get("exec"))
                    .is_some_and(|exec| match exec.as_array() {
                        Some(lines) => lines
                            .iter()
                            .any(|line| line.as_str().is_some_and(|text| !text.trim().is_empty())),
                        None => exec.as_str().is_some_and(|text| !text.trim().is_empty()),
                    })
        };
        let events = self.root.get("event").and_then(Node::as_array);
        if events.unwrap_or_default().iter().any(has_script) {
            let at = format!("{}/event", self.pointer);
            self.report.info(
                "postman-script",
                &Place::At(&at),
                "The collection runs a script before its requests; scripts are not run.".to_owned(),
                "Check that no header or signature comes from the script alone.",
            );
        }
    }
}

/// `description` as text, or as `{content, type}`.
fn description(node: &Node<'_>) -> Option<String> {
    let written = node.get("description")?;
    let found = match written.as_object() {
        Some(_) => written.text("content"),
        None => node.text("description"),
    };
    found.map(str::to_owned)
}

/// `info.version` as text, or in parts.
fn version(info: &Node<'_>) -> Option<String> {
    let written = info.get("version")?;
    if written.as_object().is_none() {
        return info.text("version").map(str::to_owned);
    }
    let part = |key: &str| written.text(key);
    Some(format!(
        "{}.{}.{}",
        part("major")?,
        part("minor").unwrap_or("0"),
        part("patch").unwrap_or("0")
    ))
}

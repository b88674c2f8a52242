//! The tolerant walk over a document of any dialect.

mod body;
mod example;
mod form;
mod limits;
mod operation;
mod parameter;
mod path;
mod response;
mod security;
mod server;
mod swagger2;
mod template;

use std::collections::{HashMap, HashSet};

use crate::{
    arena::Arena,
    diagnostic::{Limits, NO_OPERATIONS},
    model::{ApiDescription, Dialect, MediaType, SecurityRequirement, Tag},
    node::{Entry, Node},
    place::{Place, shorten},
    refs::{RefFault, Source},
    report::Report,
    schema::{Draft, Names, Reference},
    weight,
};

/// What an `x-mcp` may weigh.
const MAX_EXTENSION: usize = 10_000;

/// State of one walk. Methods live beside what they read: `walk/` and `schema/`.
pub(crate) struct Walker<'d> {
    pub(crate) source: Source<'d>,
    pub(crate) report: Report,
    pub(crate) dialect: Dialect,
    pub(crate) schemas: Names<'d>,
    /// A tenth of the values that a document may have: the largest vendors' have
    /// ten thousand, and each takes a few hundred bytes of book-keeping.
    pub(crate) max_schemas: usize,
    /// A fiftieth of them: the largest APIs that are known have some 22,000 operations
    /// in 1.4 million values. The others are left out.
    max_operations: usize,
    /// What schemas' references lead to, by their text.
    pub(crate) references: HashMap<&'d str, Reference<'d>>,
    /// Room that is used again.
    pub(crate) drafts: Vec<Draft<'d>>,
    pub(crate) entries: Vec<Entry<'d>>,
    /// Shared `content`, by its address: it is read once.
    contents: HashMap<usize, &'d [MediaType<'d>]>,
    /// Shared `headers`, likewise.
    headers: HashMap<usize, &'d [(&'d str, Option<&'d str>)]>,
    /// What may still be copied because several operations share it. A document
    /// of a megabyte could otherwise ask for a terabyte of operations.
    copies_left: usize,
    /// Document-level `security`.
    security: &'d [SecurityRequirement<'d>],
    /// Operation ids, with the pointer of their first use.
    operation_ids: HashMap<&'d str, String>,
    /// Paths that only the queries behind them tell apart.
    overloads: HashSet<&'d str>,
    has_webhooks: bool,
    /// What extensions say of rate limits.
    rate_limits: Vec<String>,
}

/// A value, after the `$ref`s that led to it.
pub(crate) struct Followed<'d> {
    pub(crate) node: &'d Node<'d>,
    /// Where a `$ref` led; `None` where there was none.
    pointer: Option<&'d str>,
    /// Text beside the `$ref`, which wins over the target's (OpenAPI 3.1).
    pub(crate) description: Option<&'d str>,
}

impl<'d> Followed<'d> {
    /// The place of the value, given the place where it was asked for.
    pub(crate) fn place<'p>(&self, written: &Place<'p>) -> Place<'p>
    where
        'd: 'p,
    {
        match self.pointer {
            Some(pointer) => Place::At(pointer),
            None => *written,
        }
    }

    /// The description that counts.
    pub(crate) fn description(&self) -> Option<&'d str> {
        self.description.or_else(|| self.node.text("description"))
    }
}

impl<'d> Walker<'d> {
    pub(crate) fn new(
        arena: &'d Arena,
        root: &'d Node<'d>,
        dialect: Dialect,
        report: Report,
        limits: &Limits,
    ) -> Self {
        Self {
            source: Source::new(arena, root),
            report,
            dialect,
            schemas: Names::default(),
            max_schemas: limits.nodes / 10,
            max_operations: limits.nodes / 50,
            references: HashMap::new(),
            drafts: Vec::new(),
            entries: Vec::new(),
            contents: HashMap::new(),
            headers: HashMap::new(),
            copies_left: limits.nodes / 2,
            security: &[],
            operation_ids: HashMap::new(),
            overloads: HashSet::new(),
            rate_limits: Vec::new(),
            has_webhooks: root
                .get("webhooks")
                .or_else(|| root.get("x-webhooks"))
                .and_then(Node::as_object)
                .is_some_and(|webhooks| !webhooks.is_empty()),
        }
    }

    /// Reads the whole document. One without operations is a description too:
    /// who needs a tool asks [`crate::require_operations`].
    pub(crate) fn description(mut self) -> (ApiDescription<'d>, Report) {
        let root = self.source.root;
        let (title, version) = self.title_and_version();
        let servers = self.document_servers();
        let security_schemes = self.security_schemes();
        self.security = match root.get("security") {
            Some(node) => self.requirements(node, &Place::ROOT.key("security"), &security_schemes),
            None => &[],
        };
        self.note_rate_limits(root);
        root.get("info")
            .into_iter()
            .for_each(|info| self.note_rate_limits(info));
        let operations = self.operations(&security_schemes);
        if operations.is_empty() {
            self.report_no_operations();
        }
        let schemas = self.named_schemas();
        let api = ApiDescription {
            dialect: self.dialect,
            title,
            version,
            description: root.get("info").and_then(|info| info.text("description")),
            docs_url: docs_url(root),
            servers,
            tags: self.tags(),
            security_schemes,
            operations,
            schemas,
            x_mcp: self.extension(root, &Place::ROOT),
            rate_limits: std::mem::take(&mut self.rate_limits),
        };
        (api, self.report)
    }

    fn title_and_version(&mut self) -> (&'d str, &'d str) {
        let root = self.source.root;
        let info = root.get("info");
        let place = Place::ROOT;
        let title = info.and_then(|info| info.text("title")).unwrap_or_else(|| {
            self.report.info(
                "missing-title",
                &place.key("info"),
                "The document has no `info.title`.".to_owned(),
                "Name the API there.",
            );
            "Untitled API"
        });
        let version = info.and_then(|info| info.text("version"));
        (title, version.unwrap_or("0.0.0"))
    }

    fn tags(&mut self) -> Vec<Tag<'d>> {
        let root = self.source.root;
        let listed = root
            .get("tags")
            .and_then(Node::as_array)
            .unwrap_or_default();
        let mut tags = Vec::new();
        let mut known = std::collections::HashSet::new();
        for node in listed {
            // `tags: [a, b]` is not the form, but it is clear.
            let Some(name) = node.text("name").or_else(|| node.as_text()) else {
                continue;
            };
            if known.insert(name) {
                tags.push(Tag {
                    name,
                    description: node.text("description"),
                });
            }
        }
        tags
    }

    fn report_no_operations(&mut self) {
        let message = match self.source.root.get("paths") {
            _ if self.has_webhooks => {
                "The document has webhooks only: calls that the API makes, not calls that it takes."
            }
            None => "The document has no `paths`.",
            Some(Node::Object([])) => "The document's `paths` are empty.",
            Some(_) => "The document's `paths` hold no operation that can be read.",
        };
        self.report.error(
            NO_OPERATIONS,
            &Place::ROOT.key("paths"),
            message.to_owned(),
            "Add at least one operation, such as `paths: {/pets: {get: …}}`.",
        );
    }

    /// The `x-mcp` of `node`, as written.
    pub(crate) fn extension(&mut self, node: &Node<'d>, place: &Place<'_>) -> Option<Node<'d>> {
        let written = node.get("x-mcp")?;
        if weight::of_node(written, MAX_EXTENSION + 1) > MAX_EXTENSION {
            self.report.error(
                "extension-too-large",
                &place.key("x-mcp"),
                "This `x-mcp` is too large for settings; it is left out.".to_owned(),
                "Keep only what configures the server.",
            );
            return None;
        }
        Some(*written)
    }

    /// Pays for `units` copies of a shared part; `false`, reported, when there
    /// have been too many.
    pub(crate) fn spend(&mut self, units: usize, place: &Place<'_>) -> bool {
        match self.copies_left.checked_sub(units) {
            Some(left) => {
                self.copies_left = left;
                true
            }
            None => {
                self.report.error(
                    "too-much-repetition",
                    place,
                    "Shared parts are repeated so often that this repetition is left out."
                        .to_owned(),
                    "Split the document, or remove operations that are not needed.",
                );
                false
            }
        }
    }

    /// Follows `$ref`s from `node`. `None`, reported, where they lead nowhere.
    pub(crate) fn follow(
        &mut self,
        node: &'d Node<'d>,
        what: &str,
        place: &Place<'_>,
    ) -> Option<Followed<'d>> {
        let Some(reference) = node.get("$ref").and_then(Node::as_str) else {
            return Some(Followed {
                node,
                pointer: None,
                description: None,
            });
        };
        match self.source.follow(reference) {
            Ok(target) => {
                let followed = Followed {
                    node: target.node,
                    pointer: Some(target.pointer),
                    description: node.text("description"),
                };
                // Every key of a shared object is looked at each time.
                let keys = target.node.as_object().unwrap_or_default().len() / 16;
                self.spend(1 + keys, place).then_some(followed)
            }
            Err(fault) => {
                self.report_ref(fault, reference, what, place);
                None
            }
        }
    }

    pub(crate) fn report_ref(
        &mut self,
        fault: RefFault,
        reference: &str,
        what: &str,
        place: &Place<'_>,
    ) {
        let shown = shorten(reference);
        let (code, message, help) = match fault {
            RefFault::External => (
                "external-ref",
                format!("The {what} refers to `{shown}`, which is outside of this document."),
                if reference.contains("://") {
                    "Bundle the description into one document; nothing else is fetched."
                } else {
                    "Give that file along with the description (`--with`, or another `specFile`); \
                     nothing is fetched."
                },
            ),
            RefFault::Missing => (
                "missing-ref",
                format!("The {what} refers to `{shown}`, which the document does not have."),
                "Add what is missing, or correct the reference.",
            ),
            RefFault::Cycle => (
                "ref-cycle",
                format!("The {what} refers to `{shown}`, which leads back to itself."),
                "Let one reference of the circle lead to a value.",
            ),
        };
        if matches!(what, "header" | "example") {
            self.report.warn(code, place, message, help);
        } else {
            self.report.error(code, place, message, help);
        }
    }
}

fn docs_url<'d>(root: &Node<'d>) -> Option<&'d str> {
    let external = root.get("externalDocs").and_then(|docs| docs.text("url"));
    let contact = || root.get("info")?.get("contact")?.text("url");
    external.or_else(contact)
}

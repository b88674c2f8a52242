//! The named schemas of a document, how much of them a tool may show, and what was
//! found out about them.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
use mcpengine_openapi::{ApiDescription, MediaType, Node, Operation};

use super::properties::Lately;
use super::text::Schema;
use super::values::size;
use crate::text::Prose;

/// Bytes of JSON that the schemas of one tool may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Of an input, before detail is dropped.
    pub(crate) input: usize,
    /// Of an input, whatever it asks for.
    pub(crate) input_cap: usize,
    /// Of an output.
    pub(crate) output: usize,
}

impl Budget {
    /// With its description, a tool stays under 16 kB.
    pub(crate) const FULL: Self = Self {
        input: 11_000,
        input_cap: 12_000,
        output: 830,
    };

    /// Documents with more tools get no more than twice their own size for all
    /// of them: nobody reads ten thousand tools in full.
    const MANY: usize = 400;

    /// The room for each tool of a document.
    pub(crate) fn of(api: &ApiDescription<'_>) -> Self {
        let tools = api.operations.len();
        if tools <= Self::MANY {
            return Self::FULL;
        }
        let share = 2 * bytes(api) / tools;
        Self {
            input: (share / 2).clamp(900, Self::FULL.input),
            input_cap: Self::FULL.input_cap,
            output: (share / 5).clamp(400, Self::FULL.output),
        }
    }

    /// Half of it; `None` where less would tell nothing.
    pub(crate) fn halved(self) -> Option<Self> {
        (self.input > 200).then_some(Self {
            input: self.input / 2,
            input_cap: self.input_cap / 2,
            output: self.output / 2,
        })
    }
}

/// Bytes of a document's schemas, nearly.
fn bytes(api: &ApiDescription<'_>) -> usize {
    let media = |content: &[MediaType<'_>]| -> usize {
        content
            .iter()
            .filter_map(|media| media.schema.as_ref())
            .map(size)
            .sum()
    };
    let operation = |operation: &Operation<'_>| -> usize {
        let parameters: usize = operation
            .parameters
            .iter()
            .map(|parameter| {
                let prose = parameter.description.map_or(0, str::len);
                40 + parameter.name.len() + prose + size(&parameter.schema)
            })
            .sum();
        let body = operation.body.map_or(0, |body| media(body.content));
        let responses: usize = operation
            .responses
            .iter()
            .map(|response| 30 + media(response.content))
            .sum();
        let prose = operation.description.map_or(0, str::len);
        120 + prose + parameters + body + responses
    };
    let named: usize = api.schemas.values().map(size).sum();
    named + api.operations.iter().map(operation).sum::<usize>()
}

/// The named schemas of a document, and which of them contain themselves.
pub(crate) struct Definitions<'a> {
    pub(crate) schemas: &'a IndexMap<&'a str, Node<'a>>,
    pub(crate) recursive: Arc<HashSet<&'a str>>,
    /// How much of them one tool may show.
    pub(crate) budget: Budget,
    pub(crate) memory: Memory<'a>,
}

/// An output's schema, if there is anything to say, and whether detail was
/// left out of it.
pub(crate) type Outline = Option<(Schema, bool)>;

/// What was found out about a named schema, for the next tool that uses it.
/// Keyed by name and budget; it depends on nothing else, so that a plan does
/// not depend on the order of the operations.
#[derive(Default)]
pub(crate) struct Memory<'a> {
    /// The first rung of the input ladder on which the schema alone fits.
    pub(crate) rungs: RefCell<HashMap<(&'a str, usize), usize>>,
    pub(crate) outlines: RefCell<HashMap<(&'a str, usize), Outline>>,
    /// Cleaned texts: a description is written once for each rung and tool.
    pub(crate) prose: Prose<'a>,
    pub(crate) lately: Lately<'a>,
    /// Room for the schema that is being written.
    pub(crate) room: Cell<String>,
    limits: Limits,
    /// Parts and properties looked at so far.
    work: Cell<usize>,
    /// Fields of very wide bodies so far.
    fields: Cell<usize>,
}

/// How much one plan looks at.
#[derive(Debug, Clone, Copy)]
struct Limits {
    work: usize,
    fields: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            work: MAX_WORK,
            fields: MAX_FIELDS,
        }
    }
}

/// Parts of schemas and properties that one plan looks at: some seconds. GitHub's
/// document takes a hundredth of it, and one of 22 MB with 11,400 operations fits;
/// one in which thousands of operations share a maze of schemas would take hours.
const MAX_WORK: usize = 12_000_000;

/// Fields of very wide bodies that one plan spreads out.
const MAX_FIELDS: usize = 50_000;

impl Memory<'_> {
    pub(crate) fn count(&self, work: usize) {
        self.work.set(self.work.get().saturating_add(work));
    }

    /// Whether the fields of one more very wide body may become inputs.
    pub(crate) fn has_room_for_fields(&self, count: usize) -> bool {
        let fields = self.fields.get().saturating_add(count);
        self.fields.set(fields);
        fields <= self.limits.fields
    }

    /// Whether so much was looked at that the rest of the tools show names only.
    pub(crate) fn is_spent(&self) -> bool {
        self.work.get() > self.limits.work
    }

    /// Whether anything was left out for its work.
    pub(crate) fn is_past_limits(&self) -> bool {
        self.is_spent() || self.fields.get() > self.limits.fields
    }
}

impl<'a> Definitions<'a> {
    pub(crate) fn new(api: &'a ApiDescription<'a>) -> Self {
        Self {
            schemas: &api.schemas,
            recursive: Arc::new(super::graph::recursive(&api.schemas)),
            budget: Budget::of(api),
            memory: Memory::default(),
        }
    }

    /// For each of so many threads. Together they look at what one plan may. Each finds
    /// out for itself what another one knows, so that one thread alone looks at less:
    /// where they leave nothing out, it would not either.
    pub(crate) fn part(&self, threads: usize) -> Part<'a> {
        Part {
            schemas: self.schemas,
            recursive: Arc::clone(&self.recursive),
            budget: self.budget,
            limits: Limits {
                work: MAX_WORK / threads.max(1),
                fields: MAX_FIELDS / threads.max(1),
            },
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<(&'a str, &'a Node<'a>)> {
        self.schemas
            .get_key_value(key)
            .map(|(key, schema)| (*key, schema))
    }
}

/// Of [`Definitions`], what goes from thread to thread.
pub(crate) struct Part<'a> {
    schemas: &'a IndexMap<&'a str, Node<'a>>,
    recursive: Arc<HashSet<&'a str>>,
    budget: Budget,
    limits: Limits,
}

impl<'a> Part<'a> {
    /// With nothing found out yet.
    pub(crate) fn definitions(&self) -> Definitions<'a> {
        Definitions {
            schemas: self.schemas,
            recursive: Arc::clone(&self.recursive),
            budget: self.budget,
            memory: Memory {
                limits: self.limits,
                ..Memory::default()
            },
        }
    }
}

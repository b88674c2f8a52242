//! All tools of a description: within a number of bytes, on a number of threads.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use mcpengine_openapi::{ApiDescription, Operation};

use crate::auth::Credentials;
use crate::hints::Hints;
use crate::notes::Notes;
use crate::schema::{Definitions, Schema};
use crate::{
    DisabledBecause, RequestRecipe, Service, Tool, annotations, convert, input, labels, output,
    pagination, service,
};

#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) group: String,
}

/// What all tools have in common. It is looked at from several threads at once.
#[derive(Clone, Copy)]
pub(super) struct Common<'a> {
    pub(super) api: &'a ApiDescription<'a>,
    pub(super) hints: &'a [Hints<'a>],
    pub(super) identities: &'a [Identity],
    pub(super) service: &'a Service,
    pub(super) credentials: &'a Credentials,
    pub(super) source: Option<&'a str>,
}

/// Tools in the document's order, and what happened to them.
#[derive(Default)]
pub(super) struct Made {
    pub(super) tools: Vec<Tool>,
    pub(super) notes: Notes,
}

/// Operations that a thread takes at a time: those that share schemas mostly stand
/// together.
const CHUNK: usize = 32;
/// Operations for which another thread is worth its start.
const WORTH: usize = 64;
/// As much as a program's first thread has.
const STACK_BYTES: usize = 8 << 20;

/// All tools within `max_bytes`: with less room for each where the document asks
/// for more than that. `definitions` knows afterwards what was left out.
///
/// Threads make the same tools, as what they remember changes none. Where the tools
/// find no room, or a plan comes near the most that it may look at, so that the order
/// of the operations says which tools show names only, one thread does it all.
pub(super) fn all<'a>(
    common: Common<'a>,
    definitions: &mut Definitions<'a>,
    threads: usize,
    max_bytes: usize,
) -> Made {
    let threads = threads.min(common.identities.len() / WORTH);
    if threads > 1
        && let Some(made) = on_threads(common, definitions, threads, max_bytes)
    {
        return made;
    }
    loop {
        let smaller = definitions.budget.halved();
        let limit = if smaller.is_some() {
            max_bytes
        } else {
            usize::MAX
        };
        if let Some(made) = within(common, definitions, limit) {
            return made;
        }
        definitions.budget = smaller.unwrap_or(definitions.budget);
    }
}

/// Bytes and bindings so far, against a limit.
struct Room {
    limit: usize,
    bytes: AtomicUsize,
    bindings: AtomicUsize,
}

impl Room {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            bytes: AtomicUsize::new(0),
            bindings: AtomicUsize::new(0),
        }
    }

    /// Whether the tool still finds room.
    fn takes(&self, tool: &Tool) -> bool {
        let length = tool.input_schema.as_json().len();
        let length = length.saturating_add(tool.output_schema.as_ref().map_or(0, self::length));
        let bytes = self.bytes.fetch_add(length, Ordering::Relaxed);
        let own = tool.request.bindings();
        let bindings = self.bindings.fetch_add(own, Ordering::Relaxed);
        bytes.saturating_add(length) <= self.limit
            && bindings.saturating_add(own) <= self.limit / BINDING
    }
}

/// `None` as soon as the tools are over `limit` bytes.
fn within<'a>(common: Common<'a>, definitions: &Definitions<'a>, limit: usize) -> Option<Made> {
    let room = Room::new(limit);
    let mut made = Made::default();
    made.tools.reserve_exact(common.identities.len());
    for at in 0..common.identities.len() {
        let tool = common.tool(definitions, at, &mut made.notes)?;
        if !room.takes(&tool) {
            return None;
        }
        made.tools.push(tool);
    }
    Some(made)
}

/// As [`within`]; `None` too where a thread has looked at as much as it may.
fn on_threads<'a>(
    common: Common<'a>,
    definitions: &Definitions<'a>,
    threads: usize,
    limit: usize,
) -> Option<Made> {
    let (room, next) = (Room::new(limit), AtomicUsize::new(0));
    let is_stopped = AtomicBool::new(false);
    let part = definitions.part(threads);
    let worker = || {
        let definitions = part.definitions();
        let mut chunks: Vec<(usize, Made)> = Vec::new();
        while !is_stopped.load(Ordering::Relaxed) {
            let start = next.fetch_add(CHUNK, Ordering::Relaxed);
            let end = common.identities.len().min(start.saturating_add(CHUNK));
            if start >= end {
                return Some(chunks);
            }
            let mut made = Made::default();
            made.tools.reserve_exact(CHUNK);
            for at in start..end {
                let tool = common.tool(&definitions, at, &mut made.notes)?;
                if !room.takes(&tool) || definitions.memory.is_past_limits() {
                    is_stopped.store(true, Ordering::Relaxed);
                    return None;
                }
                made.tools.push(tool);
            }
            chunks.push((start, made));
        }
        None
    };
    thread::scope(|scope| {
        // Where the platform has no threads, none starts, and this one does it all.
        let spawn = |_| {
            let own = thread::Builder::new().stack_size(STACK_BYTES);
            own.spawn_scoped(scope, worker).ok()
        };
        let others: Vec<_> = (1..threads).filter_map(spawn).collect();
        let mut chunks = worker();
        for other in others {
            let theirs = other.join().ok().flatten();
            chunks = chunks.zip(theirs).map(|(mut all, theirs)| {
                all.extend(theirs);
                all
            });
        }
        chunks.map(joined)
    })
}

fn joined(mut chunks: Vec<(usize, Made)>) -> Made {
    chunks.sort_unstable_by_key(|(start, _)| *start);
    let mut all = Made::default();
    let count = chunks.iter().map(|(_, made)| made.tools.len()).sum();
    all.tools.reserve_exact(count);
    for (_, made) in chunks {
        all.tools.extend(made.tools);
        all.notes.extend(made.notes);
    }
    all
}

impl<'a> Common<'a> {
    /// The tool of the operation at this place; `None` where there is none.
    fn tool(&self, definitions: &Definitions<'a>, at: usize, notes: &mut Notes) -> Option<Tool> {
        let operation = self.api.operations.get(at)?;
        let (hints, identity) = (self.hints.get(at)?, self.identities.get(at)?);
        Some(self.tool_of(operation, hints, identity.clone(), definitions, notes))
    }

    fn tool_of(
        &self,
        operation: &'a Operation<'a>,
        hints: &Hints<'_>,
        identity: Identity,
        definitions: &Definitions<'a>,
        notes: &mut Notes,
    ) -> Tool {
        let input = input::plan(operation, self.api.version, definitions, self.credentials);
        let output = output::plan(operation, definitions);
        if input.cut || input.dropped > 0 {
            notes.trimmed.push((
                operation.pointer.to_owned(),
                identity.key.clone(),
                input.dropped,
            ));
        }
        notes.outlines += usize::from(output.cut);
        let said = labels::Said::of(operation, hints);
        if said.speaks_to_model {
            notes
                .instructing
                .push((operation.pointer.to_owned(), identity.key.clone()));
        }
        let title = labels::title(&said, hints, &identity.name);
        let disabled_because = disabled(operation, hints);
        let annotations = hints.annotations(annotations::plan(operation));
        // Pages are of what is read.
        let pagination = Some(&input)
            .filter(|_| annotations.read_only_hint)
            .and_then(|input| {
                let (parameters, body) = (&input.parameters, input.body.as_ref());
                pagination::plan(operation, parameters, body, definitions)
            });
        Tool {
            description: labels::description(operation, &said, hints, &title, &identity.key),
            title,
            name: identity.name,
            group: identity.group,
            enabled: disabled_because.is_none(),
            disabled_because,
            deprecated: operation.deprecated,
            input_schema: input.schema,
            output_schema: output.schema,
            annotations,
            request: RequestRecipe {
                method: convert::method(operation.method).to_owned(),
                // A fragment is never sent; documents use it to tell overloads apart.
                path: operation.path.split('#').next().unwrap_or("").to_owned(),
                server: service::servers(&operation.servers, self.service, self.source)
                    .into_iter()
                    .next(),
                parameters: input.parameters,
                body: input.body,
                accept: output.accept,
                headers: input.headers,
            },
            response: output.recipe,
            pagination,
            auth: self
                .credentials
                .alternatives(operation, &mut notes.unknown_schemes),
            key: identity.key,
        }
    }
}

/// There are as many bindings as this goes into the room for schemas: they are
/// small where schemas are what they are made for, and a document can ask for
/// millions of them.
const BINDING: usize = 64;

fn length(schema: &Schema) -> usize {
    schema.as_json().len()
}

/// Why a tool is off from the start.
fn disabled(operation: &Operation<'_>, hints: &Hints<'_>) -> Option<DisabledBecause> {
    match hints.enabled {
        Some(true) => None,
        Some(false) => Some(DisabledBecause::Hint),
        None => operation.deprecated.then_some(DisabledBecause::Deprecated),
    }
}

//! The planner: one operation, one tool.

use std::collections::HashSet;

use mcpengine_openapi::{ApiDescription, Diagnostic, Operation, Severity};

use crate::auth::Credentials;
use crate::hints::{self, Hints};
use crate::notes::Notes;
use crate::schema::{Definitions, Schema};
use crate::{
    DisabledBecause, Filter, MANY_TOOLS, RequestRecipe, Selection, ServerMode, ServerPlan, Service,
    Tool, UpstreamServer, annotations, apps, convert, groups, input, labels, limits, naming,
    output, pagination, selection, service,
};

/// What the planner is told besides the description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOptions {
    /// Where the document came from: an absolute URL, against which relative
    /// server URLs are resolved.
    pub source_url: Option<String>,
    /// Bytes of JSON that the schemas of all tools may take. Where they would
    /// take more, every tool shows less: detail goes first, optional
    /// properties last, required ones never.
    pub max_bytes: usize,
    pub mode: ServerMode,
    /// Which tools are on at first, of those that the filter lets through.
    pub selection: Selection,
    pub filter: Filter,
    /// Keys of tools that the default selection leaves on: those that were on
    /// before, where a document is read again. Nobody's tool goes away because
    /// another became more important.
    pub keep: HashSet<String>,
}

impl PlanOptions {
    /// What fits into the Worker beside everything else. GitHub's 1,223
    /// operations take a third of it.
    pub const DEFAULT_MAX_BYTES: usize = 8 << 20;
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            source_url: None,
            max_bytes: Self::DEFAULT_MAX_BYTES,
            mode: ServerMode::Direct,
            selection: Selection::Default,
            filter: Filter::default(),
            keep: HashSet::new(),
        }
    }
}

/// Plans the server of an API: one tool per operation, in the document's
/// order. Pure, deterministic and total; what was lost or guessed is said in
/// the diagnostics.
pub fn plan(api: &ApiDescription<'_>, options: &PlanOptions) -> (ServerPlan, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let unique = without_duplicates(api, &mut diagnostics);
    let api = unique.as_ref().unwrap_or(api);

    let service = hints::named(service::service(api), api);
    let source = options.source_url.as_deref();
    let servers = servers(api, &service, source, &mut diagnostics);
    let credentials = Credentials::new(api, &service.env_prefix, &mut diagnostics);
    let hints = Hints::of_all(api, &mut diagnostics);
    let keys: Vec<String> = api.operations.iter().map(key).collect();
    let wished: Vec<Option<String>> = hints
        .iter()
        .map(|hints| hints.name.and_then(naming::sanitised))
        .collect();
    let names = naming::names(api, &keys, &wished);
    let wished_groups: Vec<Option<&str>> = hints.iter().map(|hints| hints.group).collect();
    let (groups, assigned) = groups::plan(api, &wished_groups);

    let mut context = Context {
        service: &service,
        definitions: Definitions::new(api),
        credentials,
        source,
    };
    let identities: Vec<Identity> = keys
        .into_iter()
        .zip(names)
        .zip(assigned)
        .map(|((key, name), group)| Identity { key, name, group })
        .collect();
    let (mut tools, notes) = context.tools(api, &hints, &identities, options.max_bytes);
    notes.report(&mut diagnostics);
    diagnostics.extend(intricate(&context.definitions));
    options.filter.apply(api, &mut tools);
    // Searched, a tool costs nothing: only lists are kept short.
    if options.selection == Selection::Default && options.mode == ServerMode::Direct {
        let wished: Vec<bool> = hints
            .iter()
            .zip(&tools)
            .map(|(hints, tool)| {
                hints.enabled == Some(true)
                    || options.filter.names(tool)
                    || options.keep.contains(&tool.key)
            })
            .collect();
        diagnostics.extend(selection::select(&mut tools, &wished));
    }
    diagnostics.extend(many_tools(&tools, options.mode));
    let app_candidates = apps::plan(&tools, &groups);
    let plan = ServerPlan {
        rate_limits: limits::plan(api),
        service: service.clone(),
        servers,
        auth: context.credentials.plan,
        groups,
        tools,
        app_candidates,
        mode: options.mode,
    };
    (plan, diagnostics)
}

/// What is said where a document asked for more work than a plan may take.
fn intricate(definitions: &Definitions<'_>) -> Option<Diagnostic> {
    definitions.memory.is_spent().then(|| Diagnostic {
        code: "schemas-too-intricate",
        severity: Severity::Warning,
        pointer: String::new(),
        message: "the operations share so many schemas within schemas that some tools show only \
                  the names of their inputs"
            .to_owned(),
        help: "Split the document, or leave out operations that are not needed.".to_owned(),
    })
}

/// A hint at the mode that is made for this many tools.
fn many_tools(tools: &[Tool], mode: ServerMode) -> Option<Diagnostic> {
    let enabled = tools.iter().filter(|tool| tool.enabled).count();
    (mode == ServerMode::Direct && enabled > MANY_TOOLS).then(|| Diagnostic {
        code: "many-tools",
        severity: Severity::Info,
        pointer: String::new(),
        message: format!(
            "{enabled} tools are enabled; clients show their models all that are listed, and models choose worse among many"
        ),
        help: "Use dynamic mode (`--mode dynamic`, in the studio \"Search and call\"), or switch off tools that nobody needs.".to_owned(),
    })
}

/// The document's servers. OpenAPI 3: none means the root of the host that the
/// document is on.
fn servers(
    api: &ApiDescription<'_>,
    service: &Service,
    source: Option<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<UpstreamServer> {
    let mut servers = service::servers(&api.servers, service, source);
    if servers.is_empty() && source.is_some() {
        let root = mcpengine_openapi::Server {
            url: "/".to_owned(),
            description: None,
            variables: Vec::new(),
        };
        servers = service::servers(&[root], service, source);
    }
    // Of a document whose own address is not known, a path says half of it.
    if servers.iter().all(|server| server.url.starts_with('/')) {
        let message = match servers.first() {
            None => "the document does not say where the API is".to_owned(),
            Some(server) => format!(
                "the document does not say which host the API is on, only its path `{}`",
                server.url
            ),
        };
        diagnostics.push(Diagnostic {
            code: "no-server",
            severity: Severity::Warning,
            pointer: "/servers".to_owned(),
            message,
            help: "Give the base URL when you deploy, or add `servers` to the document.".to_owned(),
        });
    }
    servers
}

/// The key of an operation's tool: `GET /pets/{petId}`.
pub(crate) fn key(operation: &Operation<'_>) -> String {
    format!("{} {}", convert::method(operation.method), operation.path)
}

/// A copy without operations that have another's method and path, or `None`
/// where there are none, as nearly always.
fn without_duplicates<'a>(
    api: &ApiDescription<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ApiDescription<'a>> {
    let mut seen = HashSet::new();
    if api
        .operations
        .iter()
        .all(|operation| seen.insert((operation.method, operation.path)))
    {
        return None;
    }
    let mut unique = api.clone();
    let mut seen = HashSet::new();
    unique.operations.retain(|operation| {
        let is_new = seen.insert((operation.method, operation.path));
        if !is_new {
            diagnostics.push(Diagnostic {
                code: "duplicate-operation",
                severity: Severity::Error,
                pointer: operation.pointer.to_owned(),
                message: format!(
                    "`{}` is described twice; the first description is used",
                    key(operation)
                ),
                help: "Remove one of the two.".to_owned(),
            });
        }
        is_new
    });
    Some(unique)
}

#[derive(Debug, Clone)]
struct Identity {
    key: String,
    name: String,
    group: String,
}

struct Context<'a> {
    service: &'a Service,
    definitions: Definitions<'a>,
    credentials: Credentials,
    source: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// All tools within `max_bytes`: with less room for each where the document
    /// asks for more than that.
    fn tools(
        &mut self,
        api: &'a ApiDescription<'a>,
        hints: &[Hints<'_>],
        identities: &[Identity],
        max_bytes: usize,
    ) -> (Vec<Tool>, Notes) {
        loop {
            let smaller = self.definitions.budget.halved();
            let limit = if smaller.is_some() {
                max_bytes
            } else {
                usize::MAX
            };
            if let Some(done) = self.tools_within(api, hints, identities, limit) {
                return done;
            }
            self.definitions.budget = smaller.unwrap_or(self.definitions.budget);
        }
    }

    /// `None` as soon as the tools are over `limit` bytes.
    fn tools_within(
        &self,
        api: &'a ApiDescription<'a>,
        hints: &[Hints<'_>],
        identities: &[Identity],
        limit: usize,
    ) -> Option<(Vec<Tool>, Notes)> {
        let mut notes = Notes::default();
        let mut tools = Vec::with_capacity(identities.len());
        let mut bytes = 0_usize;
        let mut bindings = 0_usize;
        for ((operation, hints), identity) in api.operations.iter().zip(hints).zip(identities) {
            let tool = self.tool(operation, hints, identity.clone(), &mut notes);
            bytes = bytes
                .saturating_add(tool.input_schema.as_json().len())
                .saturating_add(tool.output_schema.as_ref().map_or(0, length));
            bindings += tool.request.bindings();
            if bytes > limit || bindings > limit / BINDING {
                return None;
            }
            tools.push(tool);
        }
        Some((tools, notes))
    }

    fn tool(
        &self,
        operation: &'a Operation<'a>,
        hints: &Hints<'_>,
        identity: Identity,
        notes: &mut Notes,
    ) -> Tool {
        let input = input::plan(operation, &self.definitions, &self.credentials);
        let output = output::plan(operation, &self.definitions);
        if input.cut || input.dropped > 0 {
            notes.trimmed.push((
                operation.pointer.to_owned(),
                identity.key.clone(),
                input.dropped,
            ));
        }
        notes.outlines += usize::from(output.cut);
        if labels::speaks_to_model(operation, hints) {
            notes
                .instructing
                .push((operation.pointer.to_owned(), identity.key.clone()));
        }
        let title = labels::title(operation, hints, &identity.name);
        let disabled_because = disabled(operation, hints);
        let annotations = hints.annotations(annotations::plan(operation));
        // Pages are of what is read.
        let pagination = Some(&input)
            .filter(|_| annotations.read_only_hint)
            .and_then(|input| {
                let (parameters, body) = (&input.parameters, input.body.as_ref());
                pagination::plan(operation, parameters, body, &self.definitions)
            });
        Tool {
            description: labels::description(operation, hints, &title, &identity.key),
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

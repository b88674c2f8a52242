//! The planner: one operation, one tool.

mod security;
mod tools;

use std::collections::HashSet;

use mcpengine_openapi::{ApiDescription, Diagnostic, Operation, Severity};

use crate::auth::Credentials;
use crate::hints::{self, Hints};
use crate::schema::Definitions;
use crate::{
    DisabledBecause, Filter, MANY_TOOLS, Selection, ServerMode, ServerPlan, Service, Tool,
    UpstreamServer, apps, convert, groups, limits, naming, selection, service,
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
    /// How many threads make the tools, at most; the plan is the same. One where the
    /// platform has none.
    pub threads: usize,
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
            threads: 1,
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
    let names = naming::names(api, &keys, &wished, options.threads);
    let wished_groups: Vec<Option<&str>> = hints.iter().map(|hints| hints.group).collect();
    let (groups, assigned) = groups::plan(api, &wished_groups);

    let identities: Vec<tools::Identity> = keys
        .into_iter()
        .zip(names)
        .zip(assigned)
        .map(|((key, name), group)| tools::Identity { key, name, group })
        .collect();
    let common = tools::Common {
        api,
        hints: &hints,
        identities: &identities,
        service: &service,
        credentials: &credentials,
        source,
    };
    let mut definitions = Definitions::new(api);
    let made = tools::all(common, &mut definitions, options.threads, options.max_bytes);
    let mut tools = made.tools;
    diagnostics.extend(all_deprecated(&mut tools));
    diagnostics.extend(security::missing(api, &tools));
    made.notes.report(&mut diagnostics);
    diagnostics.extend(intricate(&definitions));
    drop(definitions);
    options.filter.apply(api, &mut tools);
    // Searched, a tool costs nothing: only lists are kept short.
    if options.selection == Selection::Default && options.mode == ServerMode::Direct {
        let asked_for = asked_for(&hints, &tools, options);
        diagnostics.extend(selection::select(&mut tools, &asked_for, options.threads));
    }
    diagnostics.extend(many_tools(&tools, options.mode));
    let app_candidates = apps::plan(&tools, &groups);
    let plan = ServerPlan {
        rate_limits: limits::plan(api),
        service: service.clone(),
        servers,
        auth: credentials.plan,
        groups,
        tools,
        app_candidates,
        mode: options.mode,
    };
    (plan, diagnostics)
}

/// Which tools the document, the filter or the user asks for by name.
fn asked_for(hints: &[Hints<'_>], tools: &[Tool], options: &PlanOptions) -> Vec<bool> {
    hints
        .iter()
        .zip(tools)
        .map(|(hints, tool)| {
            hints.enabled == Some(true)
                || options.filter.names(tool)
                || options.keep.contains(&tool.key)
        })
        .collect()
}

/// A document that deprecates all that it has: then a server without tools would be no
/// use to anybody, and they stay on.
fn all_deprecated(tools: &mut [Tool]) -> Option<Diagnostic> {
    let is_off = |tool: &Tool| tool.disabled_because == Some(DisabledBecause::Deprecated);
    if tools.iter().any(|tool| tool.enabled) || !tools.iter().any(is_off) {
        return None;
    }
    for tool in tools.iter_mut().filter(|tool| is_off(tool)) {
        tool.enabled = true;
        tool.disabled_because = None;
    }
    Some(Diagnostic {
        code: "all-deprecated",
        severity: Severity::Warning,
        pointer: String::new(),
        message: "the document calls all of its operations deprecated; they are on nonetheless"
            .to_owned(),
        help: "See whether the API has a newer version with a document of its own.".to_owned(),
    })
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

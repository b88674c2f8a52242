//! The planner: one operation, one tool.

use std::collections::HashSet;

use mcpengine_openapi::{ApiDescription, Diagnostic, Operation, Severity};

use crate::auth::Credentials;
use crate::hints::{self, Hints};
use crate::notes::Notes;
use crate::schema::{Definitions, compact, size};
use crate::words::{capitalised, sentence, split};
use crate::{
    DisabledBecause, Filter, RequestRecipe, Selection, ServerPlan, Service, Tool, UpstreamServer,
    annotations, apps, convert, groups, input, limits, naming, output, pagination, selection,
    service, text,
};

/// The longest description of a tool, in characters.
pub(crate) const MAX_DESCRIPTION: usize = 1_024;

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
            selection: Selection::Default,
            filter: Filter::default(),
            keep: HashSet::new(),
        }
    }
}

/// Plans the server of an API: one tool per operation, in the document's
/// order. Pure, deterministic and total; what was lost or guessed is said in
/// the diagnostics.
pub fn plan(api: &ApiDescription, options: &PlanOptions) -> (ServerPlan, Vec<Diagnostic>) {
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
    options.filter.apply(api, &mut tools);
    if options.selection == Selection::Default {
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
    let app_candidates = apps::plan(&tools, &groups);
    let plan = ServerPlan {
        rate_limits: limits::plan(api),
        service: service.clone(),
        servers,
        auth: context.credentials.plan,
        groups,
        tools,
        app_candidates,
    };
    (plan, diagnostics)
}

/// The document's servers. OpenAPI 3: none means the root of the host that the
/// document is on.
fn servers(
    api: &ApiDescription,
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
    if servers.is_empty() {
        diagnostics.push(Diagnostic {
            code: "no-server",
            severity: Severity::Warning,
            pointer: "/servers".to_owned(),
            message: "the document does not say where the API is".to_owned(),
            help: "Give the base URL when you deploy, or add `servers` to the document.".to_owned(),
        });
    }
    servers
}

/// The key of an operation's tool: `GET /pets/{petId}`.
pub(crate) fn key(operation: &Operation) -> String {
    format!("{} {}", convert::method(operation.method), operation.path)
}

/// A copy without operations that have another's method and path, or `None`
/// where there are none, as nearly always.
fn without_duplicates(
    api: &ApiDescription,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ApiDescription> {
    let mut seen = HashSet::new();
    if api
        .operations
        .iter()
        .all(|operation| seen.insert((operation.method, operation.path.as_str())))
    {
        return None;
    }
    let mut unique = api.clone();
    let mut seen = HashSet::new();
    unique.operations.retain(|operation| {
        let is_new = seen.insert((operation.method, operation.path.clone()));
        if !is_new {
            diagnostics.push(Diagnostic {
                code: "duplicate-operation",
                severity: Severity::Error,
                pointer: operation.pointer.clone(),
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

impl Context<'_> {
    /// All tools within `max_bytes`: with less room for each where the document
    /// asks for more than that.
    fn tools(
        &mut self,
        api: &ApiDescription,
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
        api: &ApiDescription,
        hints: &[Hints<'_>],
        identities: &[Identity],
        limit: usize,
    ) -> Option<(Vec<Tool>, Notes)> {
        let mut notes = Notes::default();
        let mut tools = Vec::with_capacity(identities.len());
        let mut bytes = 0_usize;
        for ((operation, hints), identity) in api.operations.iter().zip(hints).zip(identities) {
            let tool = self.tool(operation, hints, identity.clone(), &mut notes);
            bytes = bytes
                .saturating_add(size(&tool.input_schema))
                .saturating_add(tool.output_schema.as_ref().map_or(0, size));
            if bytes > limit {
                return None;
            }
            tools.push(tool);
        }
        Some((tools, notes))
    }

    fn tool(
        &self,
        operation: &Operation,
        hints: &Hints<'_>,
        identity: Identity,
        notes: &mut Notes,
    ) -> Tool {
        let input = input::plan(operation, &self.definitions, &self.credentials);
        let output = output::plan(operation, &self.definitions);
        if input.cut || input.dropped > 0 {
            notes.trimmed.push((
                operation.pointer.clone(),
                identity.key.clone(),
                input.dropped,
            ));
        }
        notes.outlines += usize::from(output.cut);
        if speaks_to_model(operation, hints) {
            notes
                .instructing
                .push((operation.pointer.clone(), identity.key.clone()));
        }
        let title = title(operation, hints, &identity.name);
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
            description: description(operation, hints, &title, &identity.key),
            title,
            name: identity.name,
            group: identity.group,
            enabled: disabled_because.is_none(),
            disabled_because,
            deprecated: operation.deprecated,
            input_schema: compact(input.schema),
            output_schema: output.schema.map(compact),
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

/// Why a tool is off from the start.
fn disabled(operation: &Operation, hints: &Hints<'_>) -> Option<DisabledBecause> {
    match hints.enabled {
        Some(true) => None,
        Some(false) => Some(DisabledBecause::Hint),
        None => operation.deprecated.then_some(DisabledBecause::Deprecated),
    }
}

fn speaks_to_model(operation: &Operation, hints: &Hints<'_>) -> bool {
    let prose = [
        operation.summary.as_deref(),
        operation.description.as_deref(),
        hints.description,
    ];
    let mut prose = prose.iter().flatten();
    prose.any(|prose| text::addresses_model(prose))
}

/// A short name for people, in sentence case: the summary where it is short.
fn title(operation: &Operation, hints: &Hints<'_>, name: &str) -> String {
    if let Some(title) = hints
        .title
        .map(|title| text::clean(title, 80))
        .filter(|title| !title.is_empty())
    {
        return title;
    }
    let summary = operation
        .summary
        .as_deref()
        .map(text::plain)
        .unwrap_or_default();
    let summary = summary.trim_end_matches(['.', ' ']);
    let is_title = summary.chars().count() <= 60
        && summary.contains(' ')
        && !summary.contains(['/', '{', '\n']);
    if is_title {
        sentence_case(summary)
    } else {
        sentence(&split(name))
    }
}

/// `List All Pets` is `List all pets`; acronyms and names with inner capitals stay.
fn sentence_case(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let is_title_case = words.len() > 2
        && words
            .iter()
            .all(|word| word.len() < 4 || word.starts_with(char::is_uppercase));
    let mut out = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let tail_is_lower = word.chars().skip(1).all(|c| !c.is_uppercase());
        if at == 0 {
            out.push_str(&capitalised(word));
        } else if is_title_case && tail_is_lower && word.len() > 1 {
            out.push_str(&word.to_lowercase());
        } else {
            out.push_str(word);
        }
    }
    out
}

/// Summary and description as one text, never empty.
fn description(operation: &Operation, hints: &Hints<'_>, title: &str, key: &str) -> String {
    if let Some(wished) = hints
        .description
        .map(|wished| text::clean(wished, MAX_DESCRIPTION))
        .filter(|text| !text.is_empty())
    {
        return wished;
    }
    let summary = operation
        .summary
        .as_deref()
        .map(text::plain)
        .unwrap_or_default();
    let details = operation
        .description
        .as_deref()
        .map(text::plain)
        .unwrap_or_default();
    let repeats = details
        .to_lowercase()
        .starts_with(summary.trim_end_matches('.').to_lowercase().as_str());
    let prose = match (summary.is_empty() || repeats, details.is_empty()) {
        (true, true) => format!("{title} ({key})."),
        (true, false) => details,
        (false, true) => text::closed(summary),
        (false, false) => format!("{} {details}", text::closed(summary)),
    };
    let prose = if operation.deprecated {
        format!("Deprecated. {prose}")
    } else {
        prose
    };
    text::cut(&prose, MAX_DESCRIPTION)
}

//! The report of an analysis: what `mcpengine analyze --json` prints, and
//! without its tools the HTTP API's analysis result.

use std::collections::HashMap;

use mcpengine_openapi::{ApiDescription, Diagnostic};
use serde::Serialize;

use crate::{
    Annotations, AppCandidate, AuthPlan, DisabledBecause, ListCosts, ListedTool, Pagination,
    RateLimits, Schema, ServerMode, ServerPlan, Tokens, Tool, UpstreamServer, dynamic_tools,
    list_costs, parallel, planner, text, tokens,
};

/// Everything that an analysis found. As JSON, the fields of `summary` and
/// `tools` stand in one object.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    #[serde(flatten)]
    pub summary: ReportSummary,
    /// Every operation, disabled and deprecated ones included.
    pub tools: Vec<ToolReport>,
}

/// The report without its tools.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportSummary {
    /// For people, e.g. `Pet Store`.
    pub service: String,
    pub version: String,
    pub description: Option<String>,
    pub servers: Vec<UpstreamServer>,
    pub endpoints: Vec<Endpoint>,
    pub auth_flow: AuthPlan,
    pub tool_groups: Vec<GroupReport>,
    pub app_candidates: Vec<AppCandidate>,
    pub rate_limits: RateLimits,
    pub tool_count: usize,
    pub enabled_tool_count: usize,
    pub mode: ServerMode,
    /// In dynamic mode: what the server lists, as clients will see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic_tools: Option<Vec<ListedTool>>,
    /// In dynamic mode: what that list costs, and what the other would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_costs: Option<ListCosts>,
    /// What the tools cost a model, estimated.
    pub tokens: Tokens,
    pub diagnostics: Vec<Diagnostic>,
}

/// One operation as the document has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    pub method: String,
    pub path: String,
    pub operation_id: Option<String>,
    pub summary: Option<String>,
    pub tags: Vec<String>,
    pub deprecated: bool,
    /// Name of the tool made from it.
    pub tool: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupReport {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    /// Names of its tools.
    pub tools: Vec<String>,
}

/// A tool as clients will see it, and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolReport {
    pub key: String,
    pub name: String,
    pub title: String,
    pub description: String,
    pub group: String,
    pub method: String,
    pub path: String,
    pub input_schema: Schema,
    /// `null` where the description says nothing of the answer.
    pub output_schema: Option<Schema>,
    pub annotations: Annotations,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    pub enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_because: Option<DisabledBecause>,
    pub deprecated: bool,
    /// What it costs a model, estimated.
    pub tokens: u64,
}

/// A tool in a line: for lists and progress events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolSummary {
    pub name: String,
    pub title: String,
    pub description: String,
    pub group: String,
    pub method: String,
    pub path: String,
    pub enabled: bool,
}

/// The report of `plan`, which was made of `api`, perhaps edited since.
#[must_use]
pub fn report(api: &ApiDescription<'_>, plan: &ServerPlan, diagnostics: &[Diagnostic]) -> Report {
    into_report(api, plan.clone(), diagnostics, 1)
}

/// The report of a plan that is not needed any more: nothing is copied. Made on so many
/// threads at most.
#[must_use]
pub fn into_report(
    api: &ApiDescription<'_>,
    plan: ServerPlan,
    diagnostics: &[Diagnostic],
    threads: usize,
) -> Report {
    let (each, sum) = tokens::of_all(&plan.tools, threads);
    let summary = summed(api, &plan, diagnostics, sum, threads);
    let tools = plan.tools.into_iter().zip(each);
    Report {
        summary,
        tools: tools
            .map(|(tool, tokens)| tool_report(tool, tokens))
            .collect(),
    }
}

/// The report without its tools: cheaper where they are not wanted.
#[must_use]
pub fn summary(
    api: &ApiDescription<'_>,
    plan: &ServerPlan,
    diagnostics: &[Diagnostic],
) -> ReportSummary {
    let (_, sum) = tokens::of_all(&plan.tools, 1);
    summed(api, plan, diagnostics, sum, 1)
}

fn summed(
    api: &ApiDescription<'_>,
    plan: &ServerPlan,
    diagnostics: &[Diagnostic],
    tokens: Tokens,
    threads: usize,
) -> ReportSummary {
    let names: HashMap<&str, &str> = plan
        .tools
        .iter()
        .map(|tool| (tool.key.as_str(), tool.name.as_str()))
        .collect();
    let endpoints = parallel::map(&api.operations, threads, |operation| Endpoint {
        method: crate::convert::method(operation.method).to_owned(),
        path: operation.path.to_owned(),
        operation_id: operation.operation_id.map(str::to_owned),
        summary: operation.summary.map(|summary| text::clean(summary, 300)),
        tags: operation.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        deprecated: operation.deprecated,
        tool: names
            .get(planner::key(operation).as_str())
            .copied()
            .unwrap_or_default()
            .to_owned(),
    });
    let mut members: HashMap<&str, Vec<String>> = HashMap::new();
    for tool in &plan.tools {
        members
            .entry(&tool.group)
            .or_default()
            .push(tool.name.clone());
    }
    let is_dynamic = plan.mode == ServerMode::Dynamic;
    ReportSummary {
        service: plan.service.name.clone(),
        version: plan.service.version.clone(),
        description: plan.service.description.clone(),
        servers: plan.servers.clone(),
        endpoints,
        auth_flow: plan.auth.clone(),
        tool_groups: plan
            .groups
            .iter()
            .map(|group| GroupReport {
                id: group.id.clone(),
                title: group.title.clone(),
                description: group.description.clone(),
                tools: members.remove(group.id.as_str()).unwrap_or_default(),
            })
            .collect(),
        app_candidates: plan.app_candidates.clone(),
        rate_limits: plan.rate_limits.clone(),
        tool_count: plan.tools.len(),
        enabled_tool_count: plan.tools.iter().filter(|tool| tool.enabled).count(),
        mode: plan.mode,
        dynamic_tools: is_dynamic.then(|| dynamic_tools(plan)),
        list_costs: is_dynamic.then(|| list_costs(plan)),
        tokens,
        diagnostics: diagnostics.to_vec(),
    }
}

impl From<Tool> for ToolReport {
    fn from(tool: Tool) -> Self {
        let tokens = tokens::tokens(&tool);
        tool_report(tool, tokens)
    }
}

fn tool_report(tool: Tool, tokens: u64) -> ToolReport {
    ToolReport {
        key: tool.key,
        name: tool.name,
        title: tool.title,
        description: tool.description,
        group: tool.group,
        method: tool.request.method,
        path: tool.request.path,
        input_schema: tool.input_schema,
        output_schema: tool.output_schema,
        annotations: tool.annotations,
        pagination: tool.pagination,
        enabled: tool.enabled,
        disabled_because: tool.disabled_because,
        deprecated: tool.deprecated,
        tokens,
    }
}

/// A tool in a line.
#[must_use]
pub fn tool_summary(tool: &Tool) -> ToolSummary {
    ToolSummary {
        name: tool.name.clone(),
        title: tool.title.clone(),
        description: tool.description.clone(),
        group: tool.group.clone(),
        method: tool.request.method.clone(),
        path: tool.request.path.clone(),
        enabled: tool.enabled,
    }
}

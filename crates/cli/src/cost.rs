//! What the tools cost a model, as people and as machines read it.

use std::io::{self, Write};

use mcpengine_plan::{Report, Tokens};
use serde::Serialize;

/// The report with one field more.
#[derive(Serialize)]
pub(crate) struct WithCost<'a> {
    #[serde(flatten)]
    report: &'a Report,
    cost: Cost<'a>,
}

impl<'a> WithCost<'a> {
    pub(crate) fn of(report: &'a Report) -> Self {
        Self {
            report,
            cost: Cost::of(report),
        }
    }
}

/// Most expensive first.
#[derive(Serialize)]
struct Cost<'a> {
    tools: Vec<ToolCost<'a>>,
    groups: Vec<GroupCost<'a>>,
    #[serde(flatten)]
    tokens: Tokens,
}

#[derive(Serialize)]
struct ToolCost<'a> {
    name: &'a str,
    group: &'a str,
    tokens: u64,
    enabled: bool,
}

#[derive(Serialize)]
struct GroupCost<'a> {
    id: &'a str,
    tools: usize,
    #[serde(flatten)]
    tokens: Tokens,
}

impl<'a> Cost<'a> {
    fn of(report: &'a Report) -> Self {
        let mut groups: Vec<GroupCost<'a>> = Vec::new();
        for group in &report.summary.tool_groups {
            let mut cost = GroupCost {
                id: &group.id,
                tools: 0,
                tokens: Tokens::default(),
            };
            for tool in report.tools.iter().filter(|tool| tool.group == group.id) {
                cost.tools += 1;
                cost.tokens.all += tool.tokens;
                cost.tokens.enabled += if tool.enabled { tool.tokens } else { 0 };
            }
            groups.push(cost);
        }
        groups.sort_by_key(|group| (std::cmp::Reverse(group.tokens.all), group.id));
        let mut tools: Vec<ToolCost<'a>> = report
            .tools
            .iter()
            .map(|tool| ToolCost {
                name: &tool.name,
                group: &tool.group,
                tokens: tool.tokens,
                enabled: tool.enabled,
            })
            .collect();
        tools.sort_by_key(|tool| (std::cmp::Reverse(tool.tokens), tool.name));
        Self {
            tools,
            groups,
            tokens: report.summary.tokens,
        }
    }
}

pub(crate) fn print(mut out: impl Write, report: &Report) -> io::Result<()> {
    let cost = Cost::of(report);
    let summary = &report.summary;
    writeln!(out, "{} {}", summary.service, summary.version)?;
    writeln!(out, "\nTokens of the tools (estimated)")?;
    for tool in &cost.tools {
        let state = if tool.enabled { "" } else { "  (off)" };
        writeln!(out, "  {:>8}  {}{state}", tool.tokens, tool.name)?;
    }
    writeln!(out, "\nTokens of the groups (enabled, all)")?;
    for group in &cost.groups {
        let Tokens { all, enabled } = group.tokens;
        writeln!(
            out,
            "  {enabled:>8} {all:>8}  {} ({})",
            group.id, group.tools
        )?;
    }
    writeln!(
        out,
        "\n{} tokens in the {} tools that are on, {} in all {}",
        cost.tokens.enabled, summary.enabled_tool_count, cost.tokens.all, summary.tool_count
    )?;
    out.flush()
}

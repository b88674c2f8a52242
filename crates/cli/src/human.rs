//! The analysis as people read it in a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use mcpengine_openapi::{Diagnostic, Severity};
use mcpengine_plan::{
    AuthKind, DisabledBecause, ListCost, SecretSpec, ServerMode, ServerPlan, Tool,
};

/// Diagnostics shown in full; the others are counted by code.
const SHOWN: usize = 10;

pub(crate) fn print(
    mut out: impl Write,
    plan: &ServerPlan,
    diagnostics: &[Diagnostic],
) -> io::Result<()> {
    writeln!(out, "{} {}", plan.service.name, plan.service.version)?;
    servers(&mut out, plan)?;
    auth(&mut out, plan)?;
    tools(&mut out, plan)?;
    if plan.mode == ServerMode::Dynamic {
        dynamic(&mut out, plan)?;
    }
    apps(&mut out, plan)?;
    findings(&mut out, diagnostics)?;
    out.flush()
}

fn servers(out: &mut impl Write, plan: &ServerPlan) -> io::Result<()> {
    writeln!(out, "\nServers")?;
    if plan.servers.is_empty() {
        writeln!(
            out,
            "  none in the document: give the base URL when you deploy"
        )?;
    }
    for server in &plan.servers {
        writeln!(out, "  {}", server.url)?;
        for variable in &server.variables {
            let default = variable.default.as_deref().unwrap_or("no default");
            writeln!(
                out,
                "    {{{}}} from {} ({default})",
                variable.name, variable.env
            )?;
        }
    }
    Ok(())
}

fn auth(out: &mut impl Write, plan: &ServerPlan) -> io::Result<()> {
    if plan.auth.schemes.is_empty() {
        return writeln!(out, "\nAuth\n  none");
    }
    writeln!(out, "\nAuth")?;
    for scheme in &plan.auth.schemes {
        let kind = match &scheme.kind {
            AuthKind::ApiKey { name, .. } => format!("API key in {name}"),
            AuthKind::Basic => "HTTP basic".to_owned(),
            AuthKind::Bearer { .. } => "bearer token".to_owned(),
            AuthKind::OAuth2 { .. } if scheme.client_credentials.is_some() => {
                "OAuth 2.0 client, or access token".to_owned()
            }
            AuthKind::OAuth2 { .. } => "OAuth 2.0 access token".to_owned(),
            AuthKind::OpenIdConnect { .. } => "OpenID Connect access token".to_owned(),
            AuthKind::Unsupported { reason } => format!("cannot be used: {reason}"),
        };
        writeln!(out, "  {} ({kind})", scheme.id)?;
        if let Some(client) = &scheme.client_credentials {
            let (id_and_secret, url) = (names(&client.secrets), &client.token_url);
            writeln!(out, "    set {id_and_secret}, for tokens from {url}")?;
            writeln!(out, "    or set {}", names(&scheme.secrets))?;
        } else if !scheme.secrets.is_empty() {
            writeln!(out, "    set {}", names(&scheme.secrets))?;
        }
    }
    Ok(())
}

fn names(secrets: &[SecretSpec]) -> String {
    let names: Vec<&str> = secrets.iter().map(|secret| secret.name.as_str()).collect();
    names.join(" and ")
}

fn tools(out: &mut impl Write, plan: &ServerPlan) -> io::Result<()> {
    let enabled = || plan.tools.iter().filter(|tool| tool.enabled);
    writeln!(
        out,
        "\nTools: {} ({} enabled, about {} tokens)",
        plan.tools.len(),
        enabled().count(),
        enabled().map(mcpengine_plan::tokens).sum::<u64>()
    )?;
    let mut members: BTreeMap<&str, Vec<&Tool>> = BTreeMap::new();
    for tool in &plan.tools {
        members.entry(&tool.group).or_default().push(tool);
    }
    for group in &plan.groups {
        let tools = members.remove(group.id.as_str()).unwrap_or_default();
        writeln!(out, "  {} ({})", group.title, tools.len())?;
        for tool in tools {
            write!(
                out,
                "    {:<7} {}  {}",
                tool.request.method, tool.request.path, tool.name
            )?;
            if let Some(pagination) = &tool.pagination {
                write!(out, "  (pages by {})", pagination.style.name())?;
            }
            writeln!(out, "{}", state(tool))?;
        }
    }
    Ok(())
}

fn dynamic(out: &mut impl Write, plan: &ServerPlan) -> io::Result<()> {
    writeln!(out, "\nListed in dynamic mode")?;
    for tool in mcpengine_plan::dynamic_tools(plan) {
        writeln!(out, "  {:<15} {}", tool.name, tool.title)?;
    }
    let shown = |cost: ListCost| {
        format!(
            "{} tools, {} bytes, about {} tokens",
            cost.tools, cost.bytes, cost.tokens
        )
    };
    let costs = mcpengine_plan::list_costs(plan);
    writeln!(
        out,
        "  {}\n  in direct mode: {}",
        shown(costs.dynamic),
        shown(costs.direct)
    )
}

fn state(tool: &Tool) -> &'static str {
    match (tool.enabled, tool.disabled_because) {
        (true, _) => "",
        (_, Some(DisabledBecause::Deprecated)) => "  (off: deprecated)",
        (_, Some(DisabledBecause::Hint)) => "  (off: x-mcp)",
        (_, Some(DisabledBecause::NotSelected)) => "  (off: not selected)",
        (_, None) => "  (off)",
    }
}

fn apps(out: &mut impl Write, plan: &ServerPlan) -> io::Result<()> {
    if plan.app_candidates.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nApp candidates")?;
    for app in &plan.app_candidates {
        writeln!(out, "  {:<12} {}: {}", app.pattern, app.name, app.reason)?;
    }
    Ok(())
}

fn findings(out: &mut impl Write, diagnostics: &[Diagnostic]) -> io::Result<()> {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    };
    let (errors, warnings, infos) = (
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info),
    );
    writeln!(
        out,
        "\nDiagnostics: {errors} errors, {warnings} warnings, {infos} notes"
    )?;
    let mut worst: Vec<&Diagnostic> = diagnostics.iter().collect();
    worst.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
    for diagnostic in worst.iter().take(SHOWN) {
        let label = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        writeln!(
            out,
            "  {label}[{}]: {}",
            diagnostic.code, diagnostic.message
        )?;
        if !diagnostic.pointer.is_empty() {
            writeln!(out, "    at {}", diagnostic.pointer)?;
        }
        writeln!(out, "    help: {}", diagnostic.help)?;
    }
    let mut rest: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in worst.iter().skip(SHOWN) {
        *rest.entry(diagnostic.code).or_default() += 1;
    }
    for (code, count) in rest {
        writeln!(out, "  and {count} more {code} (see --json)")?;
    }
    Ok(())
}

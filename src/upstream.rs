//! Which base URL a version calls, and so which hosts it may reach.

use std::collections::BTreeMap;

use mcpengine_fetch_policy::{self as fetch_policy, Policy};
use mcpengine_plan::{ServerVariable, UpstreamServer};
use serde_json::json;
use url::Url;

use crate::error::{ApiError, shown};
use crate::jobs::generate_job::Upstream;

/// Replaces the base URL that the description gives.
pub(crate) const BASE_URL: &str = "API_BASE_URL";

/// Longest value of a variable.
const VARIABLE_CHARS: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Without a final slash.
    pub(crate) base_url: String,
    /// Server variables by their `env` name, defaults included.
    pub(crate) variables: BTreeMap<String, String>,
    /// As `fetch_policy::host_key` writes them, sorted.
    pub(crate) hosts: Vec<String>,
}

/// Resolves the server of a deployment from the user's variables.
///
/// # Errors
/// `unknown_variable`, `invalid_variable`, `variable_needed`, `base_url_needed`,
/// `base_url_denied`, all 400.
pub(crate) fn resolve(
    upstream: &Upstream,
    given: &BTreeMap<String, String>,
    policy: &Policy,
) -> Result<Resolved, ApiError> {
    check_names(upstream, given)?;
    let mut variables = BTreeMap::new();
    let base = match (given.get(BASE_URL), upstream.servers.first()) {
        (Some(url), _) => url.trim().to_owned(),
        (None, Some(server)) => fill(server, given, &mut variables)?,
        (None, None) => return Err(base_url_needed()),
    };
    let base = checked(&base, policy)?;
    let mut hosts = vec![fetch_policy::host_key(&base).unwrap_or_default()];
    for server in &upstream.operation_servers {
        let url = fill(server, given, &mut variables)?;
        // A path is below the base URL's own host.
        if url.contains("://") {
            let url = checked(&url, policy)?;
            hosts.extend(fetch_policy::host_key(&url));
        }
    }
    hosts.sort();
    hosts.dedup();
    let base_url = base.as_str().trim_end_matches('/').to_owned();
    Ok(Resolved {
        base_url,
        variables,
        hosts,
    })
}

/// Variables for a server that runs elsewhere: given ones only, whose base URL may
/// be any, because that machine may reach it.
///
/// # Errors
/// `unknown_variable`, `invalid_variable` and `base_url_denied`, all 400.
pub(crate) fn settings(
    upstream: &Upstream,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ApiError> {
    check_names(upstream, given)?;
    let servers = upstream.servers.iter().take(1);
    for variable in servers
        .chain(&upstream.operation_servers)
        .flat_map(|server| &server.variables)
    {
        if let Some(value) = given.get(&variable.env) {
            check_allowed(variable, value)?;
        }
    }
    let is_web = |url: &Url| {
        let plain = url.username().is_empty() && url.password().is_none();
        plain && matches!(url.scheme(), "http" | "https")
    };
    let base = given.get(BASE_URL).map(|text| Url::parse(text));
    if base.is_some_and(|url| !url.is_ok_and(|url| is_web(&url))) {
        return Err(ApiError::bad_request(
            "base_url_denied",
            "API_BASE_URL is an http or https address without credentials",
        ));
    }
    Ok(given.clone())
}

fn check_names(upstream: &Upstream, given: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let known: Vec<&str> = upstream
        .servers
        .iter()
        .take(1)
        .chain(&upstream.operation_servers)
        .flat_map(|server| &server.variables)
        .map(|variable| variable.env.as_str())
        .chain([BASE_URL])
        .collect();
    for (name, value) in given {
        if !known.contains(&name.as_str()) {
            return Err(ApiError::bad_request(
                "unknown_variable",
                format!(
                    "The API has no variable {}. It has {}",
                    shown(name),
                    known.join(", ")
                ),
            ));
        }
        if value.chars().count() > VARIABLE_CHARS || value.chars().any(char::is_control) {
            return Err(invalid(name, "it is too long or holds control characters"));
        }
    }
    Ok(())
}

/// The server's URL with its variables put in.
fn fill(
    server: &UpstreamServer,
    given: &BTreeMap<String, String>,
    variables: &mut BTreeMap<String, String>,
) -> Result<String, ApiError> {
    let mut url = server.url.clone();
    for variable in &server.variables {
        let value = given
            .get(&variable.env)
            .or(variable.default.as_ref())
            .ok_or_else(|| {
                ApiError::bad_request(
                    "variable_needed",
                    format!(
                        "The API's address needs {}. Give it in config.variables",
                        variable.env
                    ),
                )
                .with_details(json!({ "variable": variable.env }))
            })?;
        check_allowed(variable, value)?;
        url = url.replace(&format!("{{{}}}", variable.name), value);
        variables.insert(variable.env.clone(), value.clone());
    }
    Ok(url)
}

fn check_allowed(variable: &ServerVariable, value: &String) -> Result<(), ApiError> {
    if variable.allowed.is_empty() || variable.allowed.contains(value) {
        return Ok(());
    }
    let allowed = variable.allowed.join(", ");
    Err(invalid(&variable.env, &format!("it is one of {allowed}")))
}

fn checked(text: &str, policy: &Policy) -> Result<Url, ApiError> {
    if !text.contains("://") {
        return Err(base_url_needed());
    }
    // The API's own host is what the address names, so only the address is judged.
    let own: Vec<String> = Url::parse(text)
        .ok()
        .and_then(|url| fetch_policy::host_key(&url))
        .into_iter()
        .collect();
    let url = fetch_policy::check_egress(text, &own, policy).map_err(|denied| {
        ApiError::bad_request(
            "base_url_denied",
            format!(
                "The API at {} cannot be called: {}",
                shown(text),
                denied.message
            ),
        )
    })?;
    if url.query().is_some() {
        return Err(ApiError::bad_request(
            "base_url_denied",
            "A base URL has no query",
        ));
    }
    Ok(url)
}

fn base_url_needed() -> ApiError {
    ApiError::bad_request(
        "base_url_needed",
        "The description does not say where the API is. Give its address as \
         config.variables.API_BASE_URL",
    )
    .with_details(json!({ "variable": BASE_URL }))
}

fn invalid(name: &str, why: &str) -> ApiError {
    ApiError::bad_request(
        "invalid_variable",
        format!("{} is not valid: {why}", shown(name)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str, variables: &[(&str, Option<&str>, &[&str])]) -> UpstreamServer {
        UpstreamServer {
            url: url.to_owned(),
            description: None,
            variables: variables
                .iter()
                .map(|(name, default, allowed)| ServerVariable {
                    name: (*name).to_owned(),
                    env: format!("PETS_{}", name.to_uppercase()),
                    default: default.map(str::to_owned),
                    allowed: allowed.iter().map(|&value| value.to_owned()).collect(),
                    description: None,
                })
                .collect(),
        }
    }

    fn check(
        servers: Vec<UpstreamServer>,
        operation_servers: Vec<UpstreamServer>,
        given: &[(&str, &str)],
    ) -> Result<(String, Vec<String>), String> {
        let upstream = Upstream {
            service: "Pets".to_owned(),
            servers,
            operation_servers,
            schemes: Vec::new(),
            tools: 1,
        };
        let given = given
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let policy = Policy {
            allow_loopback: false,
            require_https: false,
            own_domains: vec!["mcpengine.run".to_owned()],
        };
        resolve(&upstream, &given, &policy)
            .map(|resolved| (resolved.base_url, resolved.hosts))
            .map_err(|error| error.code)
    }

    fn ok(base: &str, hosts: &[&str]) -> Result<(String, Vec<String>), String> {
        let hosts = hosts.iter().map(|&host| host.to_owned()).collect();
        Ok((base.to_owned(), hosts))
    }

    #[test]
    fn variables_fill_the_address() {
        let region = server(
            "https://{region}.example.com/v1/",
            &[("region", Some("eu"), &["eu", "us"])],
        );
        let tenant = server("https://{tenant}.example.com", &[("tenant", None, &[])]);
        let plain = server("https://api.example.com/v1", &[]);
        let eu = ok("https://eu.example.com/v1", &["eu.example.com"]);
        assert_eq!(check(vec![region.clone()], vec![], &[]), eu);
        let us = ok("https://us.example.com/v1", &["us.example.com"]);
        assert_eq!(
            check(vec![region.clone()], vec![], &[("PETS_REGION", "us")]),
            us
        );
        for (servers, given, code) in [
            (
                vec![region.clone()],
                vec![("PETS_REGION", "xx")],
                "invalid_variable",
            ),
            (vec![region], vec![("NAME", "x")], "unknown_variable"),
            (vec![tenant.clone()], vec![], "variable_needed"),
            (
                vec![tenant],
                vec![("PETS_TENANT", "a\nb")],
                "invalid_variable",
            ),
            (vec![], vec![], "base_url_needed"),
            (vec![server("/v1", &[])], vec![], "base_url_needed"),
            (
                vec![plain.clone()],
                vec![(BASE_URL, "http://10.0.0.1/")],
                "base_url_denied",
            ),
            (
                vec![plain.clone()],
                vec![(BASE_URL, "https://x.mcpengine.run")],
                "base_url_denied",
            ),
            (
                vec![plain],
                vec![(BASE_URL, "https://b.example.com/?x=1")],
                "base_url_denied",
            ),
        ] {
            let code_of = check(servers, vec![], &given).map_or_else(|code| code, |_| "ok".into());
            assert_eq!(code_of, code, "{given:?}");
        }
    }

    #[test]
    fn hosts_are_those_of_all_servers() {
        let main = server("https://api.example.com", &[]);
        let other = server("https://upload.example.com:443/x", &[]);
        let path = server("/v2", &[]);
        let expected = ok(
            "https://api.example.com",
            &["api.example.com", "upload.example.com"],
        );
        assert_eq!(check(vec![main], vec![other, path], &[]), expected);
        let port = ok("https://api.example.com:8443", &["api.example.com:8443"]);
        let given = [(BASE_URL, "https://api.example.com:8443/")];
        assert_eq!(check(vec![], vec![], &given), port);
    }
}

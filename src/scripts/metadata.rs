//! What an uploaded version finds in its environment, and who holds its credentials
//! (docs/decisions/0009-where-credentials-are.md).

use std::collections::BTreeMap;

use mcpengine_cloudflare::{Binding, Limits, Metadata};
use mcpengine_plan::AuthScheme;
use mcpengine_store::deployments::DeploymentConfig;

use crate::adapters::loader::{COMPATIBILITY_DATE, COMPATIBILITY_FLAGS, CPU_MS};
use crate::secrets::Opened;

/// Who is let in by a version that has an address of its own.
#[derive(Clone, Copy)]
pub(crate) enum Door<'a> {
    /// Our gateway, which has checked who calls, by its token.
    Gateway(&'a str),
    /// Whoever has the access token.
    Token(&'a str),
    Public,
}

/// One in a dispatch namespace: no secret, because the outbound Worker adds the
/// credentials.
pub(crate) fn dispatched(config: &DeploymentConfig, tags: Vec<String>) -> Metadata {
    let mut plain = variables(config);
    plain.insert("MCPENGINE_HOSTED", "1");
    metadata(plain, BTreeMap::new(), tags)
}

/// One with an address of its own: it holds what its API's schemes ask for, because
/// nothing stands between it and the API.
pub(crate) fn standalone(
    config: &DeploymentConfig,
    door: Door<'_>,
    secrets: &Opened,
    tags: Vec<String>,
) -> Metadata {
    let mut plain = variables(config);
    let mut hidden: BTreeMap<&str, &str> = config
        .auth_schemes
        .iter()
        .flat_map(AuthScheme::all_secrets)
        .filter_map(|secret| secrets.get_key_value(&secret.name))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    match door {
        Door::Gateway(token) => {
            hidden.insert("MCP_ACCESS_TOKEN", token);
            plain.insert("MCPENGINE_GATEWAY", "1");
            // The gateway says which pages may call.
            plain.insert("MCP_ALLOWED_ORIGINS", "*");
        }
        Door::Token(token) => {
            hidden.insert("MCP_ACCESS_TOKEN", token);
        }
        Door::Public => {
            plain.insert("MCP_PUBLIC", "1");
        }
    }
    metadata(plain, hidden, tags)
}

fn variables(config: &DeploymentConfig) -> BTreeMap<&str, &str> {
    let variables = config.variables.iter();
    let mut plain: BTreeMap<&str, &str> = variables
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    plain.insert("API_BASE_URL", &config.base_url);
    plain
}

/// A name is there once: what is hidden counts.
fn metadata(
    mut plain: BTreeMap<&str, &str>,
    hidden: BTreeMap<&str, &str>,
    tags: Vec<String>,
) -> Metadata {
    plain.retain(|name, _| !hidden.contains_key(name));
    let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
    let plain = plain.into_iter().map(owned);
    let hidden = hidden.into_iter().map(owned);
    Metadata {
        main_module: "worker.js".to_owned(),
        bindings: plain
            .map(|(name, text)| Binding::PlainText { name, text })
            .chain(hidden.map(|(name, text)| Binding::SecretText { name, text }))
            .collect(),
        compatibility_date: COMPATIBILITY_DATE.to_owned(),
        compatibility_flags: COMPATIBILITY_FLAGS.map(str::to_owned).to_vec(),
        tags,
        limits: Some(Limits { cpu_ms: CPU_MS }),
    }
}

#[cfg(test)]
mod tests {
    use mcpengine_plan::{AuthKind, AuthScheme, SecretSpec};

    use super::*;

    fn config() -> DeploymentConfig {
        let scheme = AuthScheme {
            id: "token".to_owned(),
            kind: AuthKind::Basic,
            description: None,
            secrets: vec![SecretSpec {
                name: "PETS_TOKEN".to_owned(),
                title: "Token".to_owned(),
                description: None,
            }],
            client_credentials: None,
        };
        DeploymentConfig {
            base_url: "https://api.example/v2".to_owned(),
            variables: BTreeMap::from([("PETS_EDITION".to_owned(), "v2".to_owned())]),
            auth_schemes: vec![scheme],
            ..DeploymentConfig::default()
        }
    }

    fn secrets() -> Opened {
        [
            ("PETS_TOKEN", "of the API"),
            ("OTHER", "of an earlier description"),
            (crate::secrets::CLOUDFLARE_API_TOKEN, "of the account"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    fn shown(metadata: &Metadata) -> Vec<String> {
        let bindings = metadata.bindings.iter().map(|binding| match binding {
            Binding::PlainText { name, text } => format!("{name}={text}"),
            Binding::SecretText { name, text } => format!("{name} hides {text}"),
        });
        bindings.collect()
    }

    #[test]
    fn a_dispatched_version_holds_no_secret() {
        let metadata = dispatched(&config(), vec!["a".to_owned()]);
        assert_eq!(
            shown(&metadata),
            [
                "API_BASE_URL=https://api.example/v2",
                "MCPENGINE_HOSTED=1",
                "PETS_EDITION=v2",
            ]
        );
        assert_eq!(metadata.main_module, "worker.js");
        assert_eq!(metadata.tags, ["a"]);
    }

    #[test]
    fn a_version_on_its_own_holds_its_api_s_secrets_and_no_others() {
        let with = |door| shown(&standalone(&config(), door, &secrets(), Vec::new()));
        assert_eq!(
            with(Door::Gateway("the gateway's")),
            [
                "API_BASE_URL=https://api.example/v2",
                "MCPENGINE_GATEWAY=1",
                "MCP_ALLOWED_ORIGINS=*",
                "PETS_EDITION=v2",
                "MCP_ACCESS_TOKEN hides the gateway's",
                "PETS_TOKEN hides of the API",
            ]
        );
        assert_eq!(
            with(Door::Token("a client's")),
            [
                "API_BASE_URL=https://api.example/v2",
                "PETS_EDITION=v2",
                "MCP_ACCESS_TOKEN hides a client's",
                "PETS_TOKEN hides of the API",
            ]
        );
        assert_eq!(
            with(Door::Public),
            [
                "API_BASE_URL=https://api.example/v2",
                "MCP_PUBLIC=1",
                "PETS_EDITION=v2",
                "PETS_TOKEN hides of the API",
            ]
        );
    }

    #[test]
    fn a_variable_does_not_take_the_place_of_a_door() {
        let mut config = config();
        for name in ["MCP_ACCESS_TOKEN", "MCP_PUBLIC", "PETS_TOKEN"] {
            config.variables.insert(name.to_owned(), "mine".to_owned());
        }
        let metadata = standalone(&config, Door::Token("a client's"), &secrets(), Vec::new());
        let shown = shown(&metadata);
        assert!(shown.contains(&"MCP_ACCESS_TOKEN hides a client's".to_owned()));
        assert!(shown.contains(&"PETS_TOKEN hides of the API".to_owned()));
        assert_eq!(shown.iter().filter(|it| it.contains("TOKEN")).count(), 2);
    }
}

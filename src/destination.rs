//! What a deploy request asks for: each target takes its own part of `config`,
//! and all of it is checked before anything is made.

use std::collections::BTreeMap;

use mcpengine_api::{Access, DeployConfig, DeployRequest, DeployTarget, NpmAccess, NpmConfig};
use mcpengine_package::npm::{self, Identity};
use mcpengine_store::Principal;
use mcpengine_store::deployments::{self, DeploymentConfig};

use crate::adapters::npm_registry::{Registry, Token};
use crate::app::App;
use crate::error::{ApiError, shown};
use crate::jobs::deploy_job::{Archive, Destination, Publication, Publisher};
use crate::jobs::generate_job::Upstream;
use crate::secrets;
use crate::upstream;

/// Longest credential; JSON keys of service accounts fit.
const SECRET_BYTES: usize = 16 << 10;

/// Tells a server on Node.js that everybody may call it.
const PUBLIC: &str = "MCP_PUBLIC";

/// A request that can be carried out.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) target: deployments::Target,
    pub(crate) access: deployments::Access,
    pub(crate) config: DeploymentConfig,
    pub(crate) destination: Destination,
}

/// # Errors
/// 400: `invalid_config` for a part that the target does not take or that is not
/// valid, `secrets_not_taken` where a target holds none, and those of
/// [`upstream::resolve`], [`upstream::settings`] and [`Registry::new`].
pub(crate) fn of(
    app: &App,
    principal: &Principal,
    project: &str,
    upstream: &Upstream,
    request: DeployRequest,
) -> Result<Wanted, ApiError> {
    let DeployRequest { target, config, .. } = request;
    check_sections(target, &config)?;
    let access = match config.access {
        Access::Token => deployments::Access::Token,
        Access::Public => deployments::Access::Public,
    };
    if target == DeployTarget::Mcpengine {
        return hosted(app, principal, project, upstream, access, &config);
    }
    refuse_secrets(&config)?;
    let settings = settings(upstream, &config)?;
    let taken = DeploymentConfig {
        variables: settings.clone(),
        auth_schemes: upstream.schemes.clone(),
        tools: upstream.tools,
        ..DeploymentConfig::default()
    };
    let (target, destination) = match target {
        DeployTarget::Docker => {
            let image = config.docker.and_then(|docker| docker.image);
            let form = Archive::Docker { image };
            (
                deployments::Target::Docker,
                Destination::Archive { settings, form },
            )
        }
        DeployTarget::Download => {
            let form = Archive::Download(config.download.unwrap_or_default().format);
            (
                deployments::Target::Download,
                Destination::Archive { settings, form },
            )
        }
        DeployTarget::Npm => {
            let publication = publication(app, config.npm.unwrap_or_default(), &settings)?;
            (
                deployments::Target::Npm,
                Destination::Npm(Box::new(publication)),
            )
        }
        DeployTarget::Mcpengine | DeployTarget::Cloudflare => {
            return Err(ApiError::bad_request(
                "target_not_available",
                "This studio does not deploy to Cloudflare accounts",
            ));
        }
    };
    Ok(Wanted {
        target,
        access,
        config: taken,
        destination,
    })
}

fn hosted(
    app: &App,
    principal: &Principal,
    project: &str,
    upstream: &Upstream,
    access: deployments::Access,
    config: &DeployConfig,
) -> Result<Wanted, ApiError> {
    let policy = app.config.egress_policy();
    let resolved = upstream::resolve(upstream, &config.variables, &policy)?;
    check_secrets(upstream, &config.secrets)?;
    let secrets = secrets::seal(app, principal, project, &config.secrets)?;
    Ok(Wanted {
        target: deployments::Target::Mcpengine,
        access,
        config: DeploymentConfig {
            base_url: resolved.base_url,
            variables: resolved.variables,
            allowed_hosts: resolved.hosts,
            auth_schemes: upstream.schemes.clone(),
            tools: upstream.tools,
        },
        destination: Destination::Hosted { secrets },
    })
}

/// A part of `config` that is for another target would be lost in silence.
fn check_sections(target: DeployTarget, config: &DeployConfig) -> Result<(), ApiError> {
    let sections = [
        ("npm", config.npm.is_some(), DeployTarget::Npm),
        ("docker", config.docker.is_some(), DeployTarget::Docker),
        (
            "download",
            config.download.is_some(),
            DeployTarget::Download,
        ),
    ];
    match sections
        .into_iter()
        .find(|(_, given, of)| *given && *of != target)
    {
        Some((name, ..)) => Err(ApiError::bad_request(
            "invalid_config",
            format!("config.{name} is for the target {name} only"),
        )),
        None => Ok(()),
    }
}

fn refuse_secrets(config: &DeployConfig) -> Result<(), ApiError> {
    match config.secrets.keys().next() {
        Some(name) => Err(ApiError::bad_request(
            "secrets_not_taken",
            format!(
                "What is taken away holds no credential: set {} where the server runs",
                shown(name)
            ),
        )),
        None => Ok(()),
    }
}

/// What goes into `.env.example`.
fn settings(
    upstream: &Upstream,
    config: &DeployConfig,
) -> Result<BTreeMap<String, String>, ApiError> {
    let mut settings = upstream::settings(upstream, &config.variables)?;
    if config.access == Access::Public {
        settings.insert(PUBLIC.to_owned(), "1".to_owned());
    }
    Ok(settings)
}

fn publication(
    app: &App,
    config: NpmConfig,
    settings: &BTreeMap<String, String>,
) -> Result<Publication, ApiError> {
    let invalid = |name: &str, why: &str| {
        ApiError::bad_request("invalid_config", format!("config.npm.{name}: {why}"))
    };
    if let Some(name) = settings.keys().find(|name| *name != PUBLIC) {
        return Err(ApiError::bad_request(
            "invalid_config",
            format!("A package has no settings of its own: set {name} where it runs"),
        ));
    }
    let tag = config.tag.unwrap_or_else(|| "latest".to_owned());
    npm::check_tag(&tag).map_err(|why| invalid("tag", why))?;
    if let Some(name) = &config.package_name {
        npm::check_name(name).map_err(|why| invalid("packageName", why))?;
    }
    if let Some(version) = &config.version {
        npm::check_version(version).map_err(|why| invalid("version", why))?;
    }
    let registry = config.registry.as_deref();
    let registry = registry.map(|address| Registry::new(&app.config, address));
    let publisher = match (config.token, registry.transpose()?) {
        (None, _) => None,
        (Some(_), None) => {
            return Err(invalid(
                "registry",
                "give the registry to publish to, as `npm config get registry` prints it",
            ));
        }
        (Some(token), Some(registry)) => Some(Publisher {
            registry,
            token: Token::new(token)?,
        }),
    };
    Ok(Publication {
        identity: Identity {
            name: config.package_name,
            version: config.version,
            license: config.license,
            repository: config.repository,
        },
        tag,
        public: config.access == NpmAccess::Public,
        publisher,
    })
}

fn check_secrets(upstream: &Upstream, secrets: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let known: Vec<&str> = upstream
        .schemes
        .iter()
        .flat_map(|scheme| &scheme.secrets)
        .map(|secret| secret.name.as_str())
        .collect();
    for (name, value) in secrets {
        if !known.contains(&name.as_str()) {
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            return Err(ApiError::bad_request(
                "unknown_secret",
                format!("The API has no secret {}. It has {known}", shown(name)),
            ));
        }
        // The message must not hold the value.
        if value.is_empty() || value.len() > SECRET_BYTES || value.chars().any(char::is_control) {
            return Err(ApiError::bad_request(
                "invalid_secret",
                format!("{name} is empty, longer than {SECRET_BYTES} bytes or holds line breaks"),
            ));
        }
    }
    Ok(())
}

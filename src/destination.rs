//! What a deploy request asks for: each target takes its own part of `config`,
//! and all of it is checked before anything is made.

use std::collections::BTreeMap;

use mcpengine_api::{Access, DeployConfig, DeployRequest, DeployTarget, NpmAccess, NpmConfig};
use mcpengine_package::npm::{self, Identity};
use mcpengine_plan::AuthScheme;
use mcpengine_store::Principal;
use mcpengine_store::deployments::{self, DeploymentConfig};
use mcpengine_store::projects::Project;
use url::Url;

use crate::adapters::cloudflare_api::CloudflareApi;
use crate::adapters::fetch;
use crate::adapters::npm_registry::{Registry, Token};
use crate::app::App;
use crate::error::{ApiError, shown};
use crate::jobs::deploy_job::{Archive, Destination, OwnAccount, Publication, Publisher};
use crate::jobs::generate_job::Upstream;
use crate::secrets::{self, Sealed};
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
/// valid, `missing_api_token`, `secrets_not_taken` where a target holds none, and those of
/// [`CloudflareApi::new`],
/// [`upstream::resolve`], [`upstream::settings`] and [`Registry::new`].
pub(crate) async fn of(
    app: &App,
    principal: &Principal,
    project: &Project,
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
        let (served, secrets) = served(app, principal, &project.id, upstream, &config).await?;
        return Ok(Wanted {
            target: deployments::Target::Mcpengine,
            access,
            config: served,
            destination: Destination::Hosted { secrets },
        });
    }
    if target == DeployTarget::Cloudflare {
        return cloudflare(app, principal, project, upstream, access, config).await;
    }
    taken_away(
        app,
        principal,
        &project.id,
        upstream,
        target,
        access,
        config,
    )
    .await
}

/// A package or an archive: it holds no credential.
async fn taken_away(
    app: &App,
    principal: &Principal,
    project: &str,
    upstream: &Upstream,
    target: DeployTarget,
    access: deployments::Access,
    config: DeployConfig,
) -> Result<Wanted, ApiError> {
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
            let config = config.npm.unwrap_or_default();
            let publication = publication(app, principal, project, config, &settings).await?;
            (
                deployments::Target::Npm,
                Destination::Npm(Box::new(publication)),
            )
        }
        DeployTarget::Mcpengine | DeployTarget::Cloudflare => {
            return Err(ApiError::internal("a server that runs is not taken away"));
        }
    };
    Ok(Wanted {
        target,
        access,
        config: taken,
        destination,
    })
}

/// What a server that runs is told, and the request's secrets, sealed.
async fn served(
    app: &App,
    principal: &Principal,
    project: &str,
    upstream: &Upstream,
    config: &DeployConfig,
) -> Result<(DeploymentConfig, Vec<Sealed>), ApiError> {
    let policy = app.config.egress_policy();
    let resolved = upstream::resolve(upstream, &config.variables, &policy)?;
    check_secrets(upstream, &config.secrets)?;
    let auth_schemes = with_token_urls(app, upstream, &resolved.base_url, &config.secrets)?;
    let secrets = secrets::seal(app, principal, project, &config.secrets).await?;
    let served = DeploymentConfig {
        base_url: resolved.base_url,
        variables: resolved.variables,
        allowed_hosts: resolved.hosts,
        auth_schemes,
        tools: upstream.tools,
        cloudflare: None,
    };
    Ok((served, secrets))
}

/// The account's token is the request's, or else the one that an earlier deployment
/// gave.
async fn cloudflare(
    app: &App,
    principal: &Principal,
    project: &Project,
    upstream: &Upstream,
    access: deployments::Access,
    mut config: DeployConfig,
) -> Result<Wanted, ApiError> {
    let own = config.cloudflare.take().ok_or_else(|| {
        ApiError::bad_request(
            "invalid_config",
            "The target cloudflare needs config.cloudflare with an accountId",
        )
    })?;
    let (mut served, mut secrets) = served(app, principal, &project.id, upstream, &config).await?;
    let name = secrets::CLOUDFLARE_API_TOKEN;
    let token = match own.api_token {
        Some(token) => {
            let sealed = secrets::seal_one(app, principal, &project.id, name, &token).await?;
            secrets.push(sealed);
            token
        }
        None => secrets::of_project(app, principal, &project.id, &[])
            .await?
            .remove(name)
            .ok_or_else(|| {
                ApiError::bad_request(
                    "missing_api_token",
                    "The project has no token of a Cloudflare account yet: give config.cloudflare.apiToken",
                )
            })?,
    };
    let script_name = own.script_name.unwrap_or_else(|| project.slug.clone());
    let api = CloudflareApi::new(&app.config.cloudflare.api, &own.account_id, &token)?;
    api.script(None, &script_name)?;
    served.cloudflare = Some(deployments::CloudflareAccount {
        account_id: own.account_id.clone(),
        script_name: script_name.clone(),
        api_token_last4: mcpengine_vault::last4(&token),
    });
    Ok(Wanted {
        target: deployments::Target::Cloudflare,
        access,
        config: served,
        destination: Destination::OwnAccount(Box::new(OwnAccount {
            account_id: own.account_id,
            script_name,
            secrets,
            new_access_token: own.new_access_token,
        })),
    })
}

/// A part of `config` that is for another target would be lost in silence.
fn check_sections(target: DeployTarget, config: &DeployConfig) -> Result<(), ApiError> {
    let sections = [
        (
            "cloudflare",
            config.cloudflare.is_some(),
            DeployTarget::Cloudflare,
        ),
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

async fn publication(
    app: &App,
    principal: &Principal,
    project: &str,
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
            token: sealed_token(app, principal, project, token).await?,
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

async fn sealed_token(
    app: &App,
    principal: &Principal,
    project: &str,
    token: String,
) -> Result<Sealed, ApiError> {
    let token = Token::new(token)?;
    secrets::seal_one(app, principal, project, "npm token", token.expose()).await
}

/// The schemes, with whole addresses of the servers that give access tokens. A secret
/// that is given now must not be for one that cannot be asked.
fn with_token_urls(
    app: &App,
    upstream: &Upstream,
    base_url: &str,
    given: &BTreeMap<String, String>,
) -> Result<Vec<AuthScheme>, ApiError> {
    let base = Url::parse(base_url).ok();
    let mut schemes = upstream.schemes.clone();
    let clients = schemes.iter_mut();
    for client in clients.filter_map(|scheme| scheme.client_credentials.as_mut()) {
        let url = Url::options().base_url(base.as_ref());
        if let Ok(url) = url.parse(&client.token_url) {
            client.token_url = url.into();
        }
        let mut secrets = client.secrets.iter();
        if let Some(secret) = secrets.find(|secret| given.contains_key(&secret.name)) {
            fetch::check_destination(&app.config, &client.token_url).map_err(|denied| {
                ApiError::bad_request(
                    "token_url_denied",
                    format!(
                        "{} cannot be used here: access tokens are got from {}, and {}",
                        secret.name, client.token_url, denied.message
                    ),
                )
            })?;
        }
    }
    Ok(schemes)
}

fn check_secrets(upstream: &Upstream, secrets: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let known: Vec<&str> = upstream
        .schemes
        .iter()
        .flat_map(AuthScheme::all_secrets)
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

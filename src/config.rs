//! The vars of wrangler.toml, read and checked once an isolate.

use std::cell::OnceCell;
use std::rc::Rc;

use mcpengine_api::Environment;
use mcpengine_fetch_policy::Policy;
use mcpengine_tiers::Tier;
use worker::Env;

use crate::auth::Authentication;
use crate::bindings;
use crate::cloudflare_urls::CloudflareUrls;
use crate::error::ApiError;
use crate::stripe_vars::StripeVars;

#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) environment: Environment,
    /// Servers live at `{slug}.{servers_domain}`.
    pub(crate) servers_domain: String,
    /// Hosts of the studio, lower case, without port.
    pub(crate) studio_hosts: Vec<String>,
    /// Origins whose pages may use the API, besides the studio's own.
    pub(crate) cors_origins: Vec<String>,
    pub(crate) allow_loopback: bool,
    pub(crate) authentication: Authentication,
    /// The tier that everybody has at least.
    pub(crate) minimum_tier: Tier,
    pub(crate) adapter: DeployAdapter,
    pub(crate) cloudflare: CloudflareUrls,
    /// Our own account, for the adapter `scripts-api`.
    pub(crate) cloudflare_account: Option<String>,
    pub(crate) stripe: StripeVars,
}

/// What the target `mcpengine` runs new versions on. Each version stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeployAdapter {
    Loader,
    ScriptsApi {
        /// Without one, each version is a Worker with an address of its own.
        namespace: Option<String>,
    },
}

thread_local! {
    /// An isolate has one environment, which never changes: another one has another.
    static READ: OnceCell<Rc<Config>> = const { OnceCell::new() };
}

impl Config {
    /// # Errors
    /// `misconfigured` where a var is missing or wrong, or production allows loopback.
    pub(crate) fn of(env: &Env) -> Result<Rc<Self>, ApiError> {
        READ.with(|read| match read.get() {
            Some(config) => Ok(Rc::clone(config)),
            None => {
                let config = Rc::new(Self::from_env(env)?);
                Ok(Rc::clone(read.get_or_init(|| config)))
            }
        })
    }

    fn from_env(env: &Env) -> Result<Self, ApiError> {
        let environment = match var(env, bindings::ENVIRONMENT)?.as_str() {
            "development" => Environment::Development,
            "production" => Environment::Production,
            other => {
                return Err(ApiError::misconfigured(format!(
                    "ENVIRONMENT is {other:?}: it is development or production"
                )));
            }
        };
        let allow_loopback = var(env, bindings::ALLOW_LOOPBACK)? == "true";
        if environment == Environment::Production && allow_loopback {
            return Err(ApiError::misconfigured(
                "ALLOW_LOOPBACK is for development: production does not start with it".to_owned(),
            ));
        }
        let studio_hosts = var(env, bindings::STUDIO_HOSTS)?
            .split(',')
            .map(|host| host.trim().to_ascii_lowercase())
            .filter(|host| !host.is_empty())
            .collect();
        let authentication = Authentication::from_env(env, environment)?;
        let cloudflare = CloudflareUrls::parse(
            optional(env, bindings::CLOUDFLARE_API_URL),
            optional(env, bindings::WORKERS_DEV_URL),
            allow_loopback,
        )
        .map_err(ApiError::misconfigured)?;
        let stripe = StripeVars::parse(
            optional(env, bindings::STRIPE_API_URL),
            optional(env, bindings::STRIPE_PRICE_PRO),
            optional(env, bindings::STRIPE_PRICE_TEAM),
            allow_loopback,
        )
        .map_err(ApiError::misconfigured)?;
        Ok(Self {
            environment,
            servers_domain: var(env, bindings::SERVERS_DOMAIN)?.to_ascii_lowercase(),
            studio_hosts,
            cors_origins: cors_origins(&optional(env, bindings::CORS_ORIGINS).unwrap_or_default())?,
            allow_loopback,
            authentication,
            minimum_tier: minimum_tier(env)?,
            adapter: adapter(env)?,
            cloudflare,
            cloudflare_account: optional(env, bindings::CLOUDFLARE_ACCOUNT_ID),
            stripe,
        })
    }

    pub(crate) fn is_development(&self) -> bool {
        self.environment == Environment::Development
    }

    /// What may be fetched on a user's behalf.
    pub(crate) fn fetch_policy(&self) -> Policy {
        let mut own_domains = vec![self.servers_domain.clone()];
        if !self.is_development() {
            own_domains.extend(self.studio_hosts.iter().cloned());
        }
        Policy {
            allow_loopback: self.allow_loopback,
            require_https: false,
            own_domains,
        }
    }

    /// Where the issuer's key set may be: the operator names the address, which
    /// may be below our own domain, and no user does.
    pub(crate) fn issuer_policy(&self) -> Policy {
        Policy {
            allow_loopback: self.allow_loopback,
            require_https: !self.is_development(),
            own_domains: Vec::new(),
        }
    }

    /// What a hosted server may call, its own hosts aside. Plain http is the
    /// API's own choice; the address is judged like any other.
    pub(crate) fn egress_policy(&self) -> Policy {
        self.fetch_policy()
    }
}

fn minimum_tier(env: &Env) -> Result<Tier, ApiError> {
    let name = var(env, bindings::MINIMUM_TIER)?;
    Tier::parse(&name).ok_or_else(|| {
        let names = Tier::ALL.map(Tier::name).join(", ");
        ApiError::misconfigured(format!("MINIMUM_TIER is {name:?}: it is one of {names}"))
    })
}

/// Between commas, each as a browser sends it.
fn cors_origins(text: &str) -> Result<Vec<String>, ApiError> {
    let origins = text
        .split(',')
        .map(str::trim)
        .filter(|origin| !origin.is_empty());
    origins
        .map(|origin| {
            let canonical = url::Url::parse(origin)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https"))
                .map(|url| url.origin().ascii_serialization());
            match canonical {
                Some(canonical) if canonical == origin => Ok(canonical),
                _ => Err(ApiError::misconfigured(format!(
                    "CORS_ORIGINS has {origin:?}: an origin is https://host, or https://host:port"
                ))),
            }
        })
        .collect()
}

fn adapter(env: &Env) -> Result<DeployAdapter, ApiError> {
    match optional(env, bindings::DEPLOY_ADAPTER).as_deref() {
        None | Some("loader") => Ok(DeployAdapter::Loader),
        Some("scripts-api") => Ok(DeployAdapter::ScriptsApi {
            namespace: optional(env, bindings::DISPATCH_NAMESPACE),
        }),
        Some(other) => Err(ApiError::misconfigured(format!(
            "DEPLOY_ADAPTER is {other:?}: it is loader or scripts-api"
        ))),
    }
}

/// A var that may be missing or empty.
fn optional(env: &Env, name: &str) -> Option<String> {
    let value = env.var(name).ok()?.to_string();
    Some(value).filter(|value| !value.is_empty())
}

/// # Errors
/// `misconfigured` where the var is not set.
pub(crate) fn var(env: &Env, name: &str) -> Result<String, ApiError> {
    env.var(name)
        .map(|value| value.to_string())
        .map_err(|_| ApiError::misconfigured(format!("the var {name} is not set")))
}

//! Names of the bindings and vars of wrangler.toml.

pub(crate) const DB: &str = "DB";
pub(crate) const BUCKET: &str = "BUCKET";
pub(crate) const LOADER: &str = "LOADER";
pub(crate) const JOBS: &str = "JOBS";
pub(crate) const ASSETS: &str = "ASSETS";
/// The objects of the class `Limiter` (src/entry.mjs).
pub(crate) const LIMITER: &str = "LIMITER";
/// Production only: it does not run locally.
pub(crate) const DISPATCHER: &str = "DISPATCHER";

pub(crate) const ENVIRONMENT: &str = "ENVIRONMENT";
pub(crate) const SERVERS_DOMAIN: &str = "SERVERS_DOMAIN";
pub(crate) const STUDIO_HOSTS: &str = "STUDIO_HOSTS";
pub(crate) const CORS_ORIGINS: &str = "CORS_ORIGINS";
pub(crate) const ALLOW_LOOPBACK: &str = "ALLOW_LOOPBACK";
pub(crate) const AUTH_ISSUER: &str = "AUTH_ISSUER";
pub(crate) const AUTH_JWKS_URL: &str = "AUTH_JWKS_URL";
pub(crate) const AUTH_PARTIES: &str = "AUTH_PARTIES";
pub(crate) const AUTH_CLIENT_ID: &str = "AUTH_CLIENT_ID";
pub(crate) const AUTH_SCOPES: &str = "AUTH_SCOPES";
pub(crate) const MINIMUM_TIER: &str = "MINIMUM_TIER";
pub(crate) const DEPLOY_ADAPTER: &str = "DEPLOY_ADAPTER";
pub(crate) const CLOUDFLARE_API_URL: &str = "CLOUDFLARE_API_URL";
pub(crate) const CLOUDFLARE_ACCOUNT_ID: &str = "CLOUDFLARE_ACCOUNT_ID";
pub(crate) const DISPATCH_NAMESPACE: &str = "DISPATCH_NAMESPACE";
pub(crate) const WORKERS_DEV_URL: &str = "WORKERS_DEV_URL";

pub(crate) const STRIPE_API_URL: &str = "STRIPE_API_URL";
pub(crate) const STRIPE_PRICE_PRO: &str = "STRIPE_PRICE_PRO";
pub(crate) const STRIPE_PRICE_TEAM: &str = "STRIPE_PRICE_TEAM";

/// Secret: a key of Stripe's API; without one nothing is sold.
pub(crate) const STRIPE_SECRET_KEY: &str = "STRIPE_SECRET_KEY";

/// Secrets: what webhooks are signed with, one or two between commas.
pub(crate) const CLERK_WEBHOOK_SECRETS: &str = "CLERK_WEBHOOK_SECRETS";
pub(crate) const STRIPE_WEBHOOK_SECRETS: &str = "STRIPE_WEBHOOK_SECRETS";

/// Secret: for the adapter `scripts-api`, a token of the account that may edit its
/// Workers.
pub(crate) const CLOUDFLARE_API_TOKEN: &str = "CLOUDFLARE_API_TOKEN";

/// Secret: the vault's keys, see `mcpengine_vault::Keyring`.
pub(crate) const VAULT_KEYS: &str = "VAULT_KEYS";

/// Secret: the private key of the built-in issuer, a JWK. Refused in production.
pub(crate) const DEV_ISSUER_KEY: &str = "DEV_ISSUER_KEY";

/// Entrypoint class of src/entry.mjs that filters the requests of hosted servers.
pub(crate) const OUTBOUND: &str = "Outbound";

/// What the outbound Worker of the dispatch namespace is told, a parameter of
/// [`DISPATCHER`] and a name in that Worker's env.
pub(crate) const OUTBOUND_PARAMETER: &str = "SERVER";

/// Function of src/without.mjs that takes credentials out of an answer.
pub(crate) const WITHOUT: &str = "MCPENGINE_WITHOUT";

/// Function of src/watch.mjs that looks at an answer as it passes.
pub(crate) const WATCH: &str = "MCPENGINE_WATCH";

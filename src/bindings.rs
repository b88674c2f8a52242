//! Names of the bindings and vars of wrangler.toml.

pub(crate) const DB: &str = "DB";
pub(crate) const BUCKET: &str = "BUCKET";
pub(crate) const LOADER: &str = "LOADER";
pub(crate) const ASSETS: &str = "ASSETS";

pub(crate) const ENVIRONMENT: &str = "ENVIRONMENT";
pub(crate) const SERVERS_DOMAIN: &str = "SERVERS_DOMAIN";
pub(crate) const STUDIO_HOSTS: &str = "STUDIO_HOSTS";
pub(crate) const ALLOW_LOOPBACK: &str = "ALLOW_LOOPBACK";
pub(crate) const AUTH_ISSUER: &str = "AUTH_ISSUER";
pub(crate) const AUTH_JWKS_URL: &str = "AUTH_JWKS_URL";
pub(crate) const AUTH_PARTIES: &str = "AUTH_PARTIES";
pub(crate) const AUTH_CLIENT_ID: &str = "AUTH_CLIENT_ID";
pub(crate) const AUTH_SCOPES: &str = "AUTH_SCOPES";

/// Secret: the vault's keys, see `mcpengine_vault::Keyring`.
pub(crate) const VAULT_KEYS: &str = "VAULT_KEYS";

/// Secret: the private key of the built-in issuer, a JWK. Refused in production.
pub(crate) const DEV_ISSUER_KEY: &str = "DEV_ISSUER_KEY";

/// Entrypoint class of src/entry.mjs that filters the requests of hosted servers.
pub(crate) const OUTBOUND: &str = "Outbound";

/// Function of src/entry.mjs that watches a body pass.
pub(crate) const WATCH: &str = "MCPENGINE_WATCH";

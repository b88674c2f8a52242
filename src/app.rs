//! What an event works with: typed ports, built from the bindings once.

use mcpengine_vault::Keyring;
use worker::{Context, Env};

use crate::adapters::d1::D1;
use crate::adapters::r2::R2;
use crate::bindings;
use crate::config::Config;
use crate::error::ApiError;

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) env: Env,
    pub(crate) context: Context,
    pub(crate) config: Config,
    pub(crate) db: D1,
    pub(crate) objects: R2,
}

impl App {
    /// # Errors
    /// `misconfigured` where a binding or var is missing or wrong.
    pub(crate) fn new(env: Env, context: Context) -> Result<Self, ApiError> {
        let config = Config::from_env(&env)?;
        let db = D1(env.d1(bindings::DB).map_err(|_| missing(bindings::DB))?);
        let objects = R2(env
            .bucket(bindings::BUCKET)
            .map_err(|_| missing(bindings::BUCKET))?);
        Ok(Self {
            env,
            context,
            config,
            db,
            objects,
        })
    }

    /// The vault's keys; only what touches a secret asks for them.
    ///
    /// # Errors
    /// `misconfigured` where the secret is missing or malformed.
    pub(crate) fn keyring(&self) -> Result<Keyring, ApiError> {
        keyring(&self.env)
    }
}

/// See [`App::keyring`].
pub(crate) fn keyring(env: &Env) -> Result<Keyring, ApiError> {
    let text = env
        .secret(bindings::VAULT_KEYS)
        .map_err(|_| missing(bindings::VAULT_KEYS))?
        .to_string();
    Keyring::parse(&text).map_err(|error| ApiError::misconfigured(format!("VAULT_KEYS: {error}")))
}

fn missing(name: &str) -> ApiError {
    ApiError::misconfigured(format!("the binding {name} is not set"))
}

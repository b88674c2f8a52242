//! Whose tokens are accepted, from the vars of wrangler.toml.

use mcpengine_api::{AuthConfig, Environment};
use mcpengine_identity::Policy;
use worker::Env;

use super::built_in;
use crate::bindings;
use crate::config::var;
use crate::error::ApiError;

#[derive(Debug, Clone)]
pub(crate) struct Authentication {
    pub(crate) policy: Policy,
    /// Address of the issuer's key set; `None` for the built-in issuer.
    pub(crate) key_set_url: Option<String>,
    client_id: String,
    scopes: String,
}

impl Authentication {
    /// # Errors
    /// `misconfigured`: production without an issuer of its own or with the
    /// built-in issuer's key, an issuer that is no https address there, an issuer
    /// without parties.
    pub(crate) fn from_env(env: &Env, environment: Environment) -> Result<Self, ApiError> {
        let issuer = var(env, bindings::AUTH_ISSUER)?;
        let is_production = environment == Environment::Production;
        if is_production && env.secret(bindings::DEV_ISSUER_KEY).is_ok() {
            return Err(misconfigured(
                "DEV_ISSUER_KEY is for development: production does not start with it",
            ));
        }
        let scopes = var(env, bindings::AUTH_SCOPES)?;
        if issuer.is_empty() {
            if is_production {
                return Err(misconfigured(
                    "AUTH_ISSUER is empty: production does not start with the built-in issuer",
                ));
            }
            return Ok(Self::built_in(scopes));
        }
        if is_production && !issuer.starts_with("https://") {
            return Err(misconfigured("AUTH_ISSUER is not an https address"));
        }
        let parties: Vec<String> = var(env, bindings::AUTH_PARTIES)?
            .split(',')
            .map(|party| party.trim().to_owned())
            .filter(|party| !party.is_empty())
            .collect();
        if parties.is_empty() {
            return Err(misconfigured(
                "AUTH_PARTIES is empty: name the origins and client ids that tokens are issued for",
            ));
        }
        let key_set_url = match var(env, bindings::AUTH_JWKS_URL)? {
            url if url.is_empty() => below(&issuer, ".well-known/jwks.json"),
            url => url,
        };
        Ok(Self {
            policy: Policy { issuer, parties },
            key_set_url: Some(key_set_url),
            client_id: var(env, bindings::AUTH_CLIENT_ID)?,
            scopes,
        })
    }

    /// Of development, where no issuer is named.
    pub(crate) fn built_in(scopes: String) -> Self {
        Self {
            policy: Policy {
                issuer: built_in::ISSUER.to_owned(),
                parties: vec![built_in::CLIENT_ID.to_owned()],
            },
            key_set_url: None,
            client_id: built_in::CLIENT_ID.to_owned(),
            scopes,
        }
    }

    pub(crate) const fn is_built_in(&self) -> bool {
        self.key_set_url.is_none()
    }

    /// Origins that the front end talks to when it signs in.
    pub(crate) fn origin(&self) -> Option<String> {
        let url = url::Url::parse(&self.policy.issuer).ok()?;
        (!self.is_built_in()).then(|| url.origin().ascii_serialization())
    }

    /// What the front end signs in with; `origin` is the studio's own.
    pub(crate) fn config(&self, origin: &str) -> AuthConfig {
        let authority = if self.is_built_in() {
            format!("{origin}{}", built_in::PREFIX)
        } else {
            self.policy.issuer.clone()
        };
        AuthConfig {
            metadata_url: below(&authority, ".well-known/openid-configuration"),
            authority,
            client_id: self.client_id.clone(),
            scopes: self.scopes.clone(),
            built_in: self.is_built_in(),
        }
    }
}

fn below(base: &str, path: &str) -> String {
    format!("{}/{path}", base.trim_end_matches('/'))
}

fn misconfigured(message: &str) -> ApiError {
    ApiError::misconfigured(message.to_owned())
}

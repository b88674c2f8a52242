//! Credentials of the users' own services: sealed on their way in, opened only
//! for the outbound entrypoint.

use std::collections::BTreeMap;

use mcpengine_store::api_keys::{self, NewApiKey};
use mcpengine_store::{Principal, StoreError, hosting};
use mcpengine_vault::Context as SecretContext;
use worker::Env;

use crate::adapters::d1::D1;
use crate::app::{self, App};
use crate::bindings;
use crate::clock;
use crate::error::ApiError;

/// A credential on its way to the store.
pub(crate) struct Sealed {
    id: String,
    name: String,
    envelope: String,
    last4: Option<String>,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealed")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Seals the secrets of a deployment request for this project.
pub(crate) fn seal(
    app: &App,
    principal: &Principal,
    project_id: &str,
    secrets: &BTreeMap<String, String>,
) -> Result<Vec<Sealed>, ApiError> {
    if secrets.is_empty() {
        return Ok(Vec::new());
    }
    let keyring = app.keyring()?;
    secrets
        .iter()
        .map(|(name, value)| {
            let context = SecretContext {
                user: principal.user_id(),
                project: project_id,
                secret: name,
                field: api_keys::FIELD,
            };
            let nonce = clock::random()?;
            let envelope = mcpengine_vault::seal(&keyring, &context, value.as_bytes(), nonce)
                .map_err(|error| ApiError::internal(&format!("a secret is not sealed: {error}")))?;
            Ok(Sealed {
                id: clock::new_id()?,
                name: name.clone(),
                envelope,
                last4: mcpengine_vault::last4(value),
            })
        })
        .collect()
}

/// Stores what [`seal`] made, each replacing the one of its name.
pub(crate) async fn store(
    app: &App,
    principal: &Principal,
    project_id: &str,
    sealed: &[Sealed],
) -> Result<(), StoreError> {
    let keys: Vec<NewApiKey<'_>> = sealed
        .iter()
        .map(|secret| NewApiKey {
            id: &secret.id,
            name: &secret.name,
            envelope: &secret.envelope,
            last4: secret.last4.as_deref(),
        })
        .collect();
    if keys.is_empty() {
        return Ok(());
    }
    api_keys::put(&app.db, principal, project_id, &keys, &clock::now()).await
}

/// Secrets in the clear, by name. Never logged, never sent anywhere but to the API.
pub(crate) type Opened = BTreeMap<String, String>;

/// The secrets of a version that is live.
///
/// # Errors
/// The vault or the store fails; the message names no secret's text.
pub(crate) async fn open(
    env: &Env,
    project_id: &str,
    deployment_id: &str,
) -> Result<Opened, ApiError> {
    let db = D1(env.d1(bindings::DB)?);
    let keyring = app::keyring(env)?;
    let mut opened = Opened::new();
    for key in hosting::envelopes(&db, project_id, deployment_id).await? {
        let context = SecretContext {
            user: &key.user_id,
            project: project_id,
            secret: &key.name,
            field: api_keys::FIELD,
        };
        let plain = mcpengine_vault::open(&keyring, &context, &key.envelope)
            .map_err(|error| ApiError::internal(&format!("secret {}: {error}", key.name)))?;
        let text = plain
            .expose_str()
            .ok_or_else(|| ApiError::internal(&format!("secret {} is not text", key.name)))?;
        opened.insert(key.name, text.to_owned());
    }
    Ok(opened)
}

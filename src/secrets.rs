//! Credentials of the users' own services: sealed on their way in, opened only
//! for the outbound entrypoint, and for a version that runs where that is not.

use std::collections::BTreeMap;

use mcpengine_plan::AuthScheme;
use mcpengine_store::api_keys::{self, ApiKeyEnvelope, NewApiKey};
use mcpengine_store::{Principal, StoreError, hosting, users};
use mcpengine_vault::{Context as SecretContext, Keyring};
use serde::{Deserialize, Serialize};
use worker::Env;

use crate::adapters::d1::D1;
use crate::app::{self, App};
use crate::bindings;
use crate::clock;
use crate::error::ApiError;

/// A credential on its way to the store.
#[derive(Clone, Serialize, Deserialize)]
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

/// Credentials of the project that are not its API's. No environment variable can
/// have such a name, so they never meet those.
///
/// The gateway's for a version that is a Worker with an address of its own.
pub(crate) const GATEWAY_TOKEN: &str = "mcpengine/gateway-token";
/// The user's, of their own Cloudflare account.
pub(crate) const CLOUDFLARE_API_TOKEN: &str = "cloudflare/api-token";
/// Clients', for the Worker in that account.
pub(crate) const CLOUDFLARE_ACCESS_TOKEN: &str = "cloudflare/access-token";

/// What the principal's credentials are sealed for.
async fn sealing_name(app: &App, principal: &Principal) -> Result<String, ApiError> {
    let salt = crate::digest::hex(&clock::random::<16>()?);
    Ok(users::sealing_name(&app.db, principal, &salt).await?)
}

/// Seals the secrets of a deployment request for this project.
pub(crate) async fn seal(
    app: &App,
    principal: &Principal,
    project_id: &str,
    secrets: &BTreeMap<String, String>,
) -> Result<Vec<Sealed>, ApiError> {
    if secrets.is_empty() {
        return Ok(Vec::new());
    }
    let keyring = app.keyring()?;
    let user = sealing_name(app, principal).await?;
    secrets
        .iter()
        .map(|(name, value)| {
            let context = SecretContext {
                user: &user,
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

/// The text of what [`seal`] made.
///
/// # Errors
/// The vault does not open it.
pub(crate) async fn open_one(
    app: &App,
    principal: &Principal,
    project_id: &str,
    sealed: &Sealed,
) -> Result<String, ApiError> {
    let user = sealing_name(app, principal).await?;
    let context = SecretContext {
        user: &user,
        project: project_id,
        secret: &sealed.name,
        field: api_keys::FIELD,
    };
    let name = &sealed.name;
    let plain = mcpengine_vault::open(&app.keyring()?, &context, &sealed.envelope)
        .map_err(|error| ApiError::internal(&format!("{name} does not open: {error}")))?;
    let text = plain.expose_str().map(str::to_owned);
    text.ok_or_else(|| ApiError::internal(&format!("{name} is not text")))
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

/// Seals one.
pub(crate) async fn seal_one(
    app: &App,
    principal: &Principal,
    project_id: &str,
    name: &str,
    value: &str,
) -> Result<Sealed, ApiError> {
    let one = BTreeMap::from([(name.to_owned(), value.to_owned())]);
    let sealed = seal(app, principal, project_id, &one).await?;
    let first = sealed.into_iter().next();
    first.ok_or_else(|| ApiError::internal("nothing was sealed"))
}

/// Secrets in the clear, by name. Never logged, never sent anywhere but to the API
/// and to where a version of their own project runs.
pub(crate) type Opened = BTreeMap<String, String>;

/// What may be written down of them: each, and user and password as Basic joins them.
pub(crate) fn written<'a>(
    secrets: &Opened,
    schemes: impl IntoIterator<Item = &'a AuthScheme>,
) -> Vec<String> {
    let mut written: Vec<String> = secrets.values().cloned().collect();
    for choice in schemes.into_iter().flat_map(AuthScheme::choices) {
        let values: Vec<&str> = choice
            .iter()
            .filter_map(|secret| secrets.get(&secret.name).map(String::as_str))
            .collect();
        written.push(values.join(":"));
    }
    written.retain(|text| !text.is_empty());
    written
}

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
    let envelopes = hosting::envelopes(&db, project_id, deployment_id).await?;
    unseal(&keyring, project_id, envelopes)
}

/// The secrets of the principal's project, `newer` in place of stored ones.
///
/// # Errors
/// As [`open`].
pub(crate) async fn of_project(
    app: &App,
    principal: &Principal,
    project_id: &str,
    newer: &[Sealed],
) -> Result<Opened, ApiError> {
    let mut envelopes = api_keys::envelopes(&app.db, principal, project_id).await?;
    if !newer.is_empty() {
        let user = sealing_name(app, principal).await?;
        envelopes.extend(newer.iter().map(|secret| ApiKeyEnvelope {
            id: secret.id.clone(),
            name: secret.name.clone(),
            sealed_for: user.clone(),
            envelope: secret.envelope.clone(),
        }));
    }
    if envelopes.is_empty() {
        return Ok(Opened::new());
    }
    unseal(&app.keyring()?, project_id, envelopes)
}

/// Of those with one name the last counts.
fn unseal(
    keyring: &Keyring,
    project_id: &str,
    envelopes: Vec<ApiKeyEnvelope>,
) -> Result<Opened, ApiError> {
    let mut opened = Opened::new();
    for key in envelopes {
        let context = SecretContext {
            user: &key.sealed_for,
            project: project_id,
            secret: &key.name,
            field: api_keys::FIELD,
        };
        let plain = mcpengine_vault::open(keyring, &context, &key.envelope)
            .map_err(|error| ApiError::internal(&format!("secret {}: {error}", key.name)))?;
        let text = plain
            .expose_str()
            .ok_or_else(|| ApiError::internal(&format!("secret {} is not text", key.name)))?;
        opened.insert(key.name, text.to_owned());
    }
    Ok(opened)
}

//! Codes and refresh tokens: who they are for and until when, sealed by the vault,
//! so that nothing has to be stored.

use mcpengine_vault::{Context, open, seal};
use serde::{Deserialize, Serialize};

use super::Account;
use crate::app::App;
use crate::clock;
use crate::error::ApiError;

/// An authorization code is redeemed at once.
const CODE_MILLIS: u64 = 60 * 1_000;
const REFRESH_MILLIS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// What an authorization code or a refresh token stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    subject: String,
    name: String,
    /// Milliseconds since the epoch.
    ends_at: u64,
    /// Of the request for a code.
    pub(super) code: Option<Code>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
}

impl Grant {
    pub(super) fn account(&self) -> Account {
        Account {
            subject: self.subject.clone(),
            name: self.name.clone(),
        }
    }
}

/// A code where `code` is given, else a refresh token.
pub(super) fn seal_for(
    app: &App,
    account: &Account,
    code: Option<Code>,
) -> Result<String, ApiError> {
    let life = if code.is_some() {
        CODE_MILLIS
    } else {
        REFRESH_MILLIS
    };
    let grant = Grant {
        subject: account.subject.clone(),
        name: account.name.clone(),
        ends_at: clock::now_millis() + life,
        code,
    };
    let text = serde_json::to_vec(&grant)?;
    let context = context(grant.code.is_some());
    seal(&app.keyring()?, &context, &text, clock::random()?)
        .map_err(|error| ApiError::internal(&format!("a grant is not sealed: {error}")))
}

/// The grant of a code (`is_code`) or of a refresh token; `None` for any other
/// text, and for one whose time is over.
pub(super) fn open_from(app: &App, text: &str, is_code: bool) -> Result<Option<Grant>, ApiError> {
    let Ok(plain) = open(&app.keyring()?, &context(is_code), text) else {
        return Ok(None);
    };
    let grant = plain
        .expose_str()
        .and_then(|text| serde_json::from_str::<Grant>(text).ok());
    Ok(grant.filter(|grant| clock::now_millis() < grant.ends_at))
}

const fn context(is_code: bool) -> Context<'static> {
    Context {
        user: super::ISSUER,
        project: "",
        secret: super::CLIENT_ID,
        field: if is_code { "code" } else { "refresh" },
    }
}

//! Personal access tokens that come in: looked up by their hash.

use std::rc::Rc;

use mcpengine_identity::Refused;
use mcpengine_store::audit::Actor;
use mcpengine_store::personal_tokens::{self, Presented};
use mcpengine_store::time;
use mcpengine_vault::token::{PERSONAL_PREFIX, parse};

use super::refused;
use super::scopes::{self, Access};
use crate::app::App;
use crate::clock;
use crate::error::ApiError;

/// Whether the text means to be one.
pub(super) fn looks_like_one(text: &str) -> bool {
    text.strip_prefix(PERSONAL_PREFIX)
        .is_some_and(|rest| rest.starts_with('_'))
}

/// The id of the token's owner.
///
/// # Errors
/// `invalid_token`, `token_expired` (401), `account_deleted`, `insufficient_scope`
/// and `session_required` (403).
pub(super) async fn owner(app: &Rc<App>, text: &str, access: Access) -> Result<String, ApiError> {
    let unknown = || refused(&Refused::new("unknown", "There is no such token"));
    let hash = parse(PERSONAL_PREFIX, text).ok_or_else(unknown)?;
    let token = personal_tokens::find(&app.db, &hash)
        .await?
        .ok_or_else(unknown)?;
    let now = clock::now();
    if token.revoked_at.is_some() {
        return Err(refused(&Refused::new("revoked", "The token was revoked")));
    }
    if token.expires_at <= now {
        return Err(refused(&Refused::new("expired", "The token has expired")));
    }
    if token.user_deleted_at.is_some() {
        return Err(super::account_deleted());
    }
    scopes::check(access, &token.scopes)?;
    app.set_actor(Actor::Token(token.id.clone()));
    note_use(app, &token, now);
    Ok(token.user_id)
}

/// Behind the answer, and once an hour.
fn note_use(app: &Rc<App>, token: &Presented, now: String) {
    let hour = |at: &str| time::hour(at).to_owned();
    if token.last_used_at.as_deref().map(hour) == Some(hour(&now)) {
        return;
    }
    let (again, id) = (Rc::clone(app), token.id.clone());
    app.behind(async move {
        if let Err(error) = personal_tokens::note_use(&again.db, &id, &now).await {
            crate::log::error!("the use of a token is not noted: {error}");
        }
    });
}

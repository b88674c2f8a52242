//! Bearer tokens of hosted endpoints. Only hashes are stored; the gateway's
//! look-up is [`crate::hosting::resolve_with_token`].

use serde::{Deserialize, Serialize};

use crate::limits::{MAX_ACTIVE_TOKENS, MAX_PAGE, MAX_TOKEN_NAME_CHARS};
use crate::port::run;
use crate::principal::{editable, edits};
use crate::{Database, Principal, Statement, StoreError, decode, time};

#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    pub id: &'a str,
    pub project_id: &'a str,
    /// For people, e.g. `laptop`: 1 to [`MAX_TOKEN_NAME_CHARS`] characters in
    /// one line.
    pub name: &'a str,
    /// SHA-256 in lower-case hex (`mcpengine_vault::token`).
    pub token_hash: &'a str,
    pub last4: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointToken {
    pub id: String,
    pub name: String,
    pub last4: String,
    pub created_at: String,
    /// To the hour (`hosting::note_use`).
    pub last_used_at: Option<String>,
    /// Refused from then on.
    pub revoked_at: Option<String>,
}

/// One that is there under its id already gets the new hash, while nobody has used
/// it: an attempt before may have broken off before its answer.
///
/// `Invalid invalid_token_name`; `Conflict too_many_tokens` over
/// [`MAX_ACTIVE_TOKENS`].
pub async fn insert(
    db: &impl Database,
    principal: &Principal,
    token: &NewToken<'_>,
    now: &str,
) -> Result<EndpointToken, StoreError> {
    time::check(now)?;
    check_name(token.name)?;
    let insert = Statement::new(
        concat!(
            "INSERT INTO endpoint_tokens (id, project_id, name, token_hash, last4, created_at) \
             SELECT ?3, ?2, ?4, ?5, ?6, ?7 WHERE ",
            edits!("?2"),
            " AND (SELECT COUNT(*) FROM endpoint_tokens a \
             WHERE a.project_id = ?2 AND a.id <> ?3 AND a.revoked_at IS NULL) < ?8 \
             ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, \
             last4 = excluded.last4 WHERE endpoint_tokens.project_id = ?2 \
             AND endpoint_tokens.last_used_at IS NULL"
        ),
        [
            principal.scope(),
            token.project_id.into(),
            token.id.into(),
            token.name.into(),
            token.token_hash.into(),
            token.last4.into(),
            now.into(),
            MAX_ACTIVE_TOKENS.into(),
        ],
    );
    let mut outcomes = run(db, vec![insert, editable(principal, token.project_id)]).await?;
    if outcomes.rows(1).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    if outcomes.changes(0) == 0 {
        return Err(StoreError::conflict(
            "too_many_tokens",
            format!("the project has {MAX_ACTIVE_TOKENS} tokens; revoke one that is not used"),
        ));
    }
    Ok(EndpointToken {
        id: token.id.to_owned(),
        name: token.name.to_owned(),
        last4: token.last4.to_owned(),
        created_at: now.to_owned(),
        last_used_at: None,
        revoked_at: None,
    })
}

pub(crate) fn check_name(name: &str) -> Result<(), StoreError> {
    let fits = (1..=MAX_TOKEN_NAME_CHARS).contains(&name.trim().chars().count());
    if fits && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(StoreError::invalid(
        "invalid_token_name",
        format!("a token's name has 1 to {MAX_TOKEN_NAME_CHARS} characters in one line"),
    ))
}

/// The project's tokens: those that work first, then revoked ones, newest first
/// each, at most [`MAX_PAGE`].
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Vec<EndpointToken>, StoreError> {
    let tokens = Statement::new(
        concat!(
            "SELECT id, name, last4, created_at, last_used_at, revoked_at FROM endpoint_tokens \
             WHERE project_id = ?2 AND ",
            edits!("?2"),
            " ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC \
             LIMIT ?3"
        ),
        [principal.scope(), project_id.into(), MAX_PAGE.into()],
    );
    let mut outcomes = run(db, vec![editable(principal, project_id), tokens]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    decode::rows(outcomes.rows(1))
}

/// Takes effect on the next request. Safe to repeat; the first time is kept.
pub async fn revoke(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    token_id: &str,
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    let revoke = Statement::new(
        concat!(
            "UPDATE endpoint_tokens SET revoked_at = COALESCE(revoked_at, ?4) \
             WHERE id = ?3 AND project_id = ?2 AND ",
            edits!("?2")
        ),
        [
            principal.scope(),
            project_id.into(),
            token_id.into(),
            now.into(),
        ],
    );
    if run(db, vec![revoke]).await?.changes(0) == 0 {
        return Err(StoreError::NotFound("token"));
    }
    Ok(())
}

//! Personal access tokens: of a person, for the command line and scripts. Only
//! hashes are stored. [`find`] has no principal: it makes one.

use serde::{Deserialize, Serialize};

use crate::limits::{MAX_ACTIVE_TOKENS, MAX_PAGE};
use crate::port::run;
use crate::tokens::check_name;
use crate::{Database, Param, Principal, Statement, StoreError, decode, time};

#[derive(Debug, Clone, Copy)]
pub struct NewPersonalToken<'a> {
    pub id: &'a str,
    /// As that of an endpoint token.
    pub name: &'a str,
    /// SHA-256 in lower-case hex (`mcpengine_vault::token`).
    pub token_hash: &'a str,
    pub last4: &'a str,
    /// What it may do, between spaces; the edge knows the words.
    pub scopes: &'a str,
    /// Refused from then on.
    pub expires_at: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalToken {
    pub id: String,
    pub name: String,
    pub last4: String,
    pub scopes: String,
    pub created_at: String,
    pub expires_at: String,
    /// To the hour.
    pub last_used_at: Option<String>,
    /// Refused from then on.
    pub revoked_at: Option<String>,
}

/// One that is there under its id already gets the new hash, while nobody has used
/// it: an attempt before may have broken off before its answer.
///
/// `Invalid invalid_token_name`; `Conflict too_many_tokens` over
/// [`MAX_ACTIVE_TOKENS`], those that have expired aside.
pub async fn insert(
    db: &impl Database,
    principal: &Principal,
    token: &NewPersonalToken<'_>,
    now: &str,
) -> Result<PersonalToken, StoreError> {
    time::check(now)?;
    time::check(token.expires_at)?;
    check_name(token.name)?;
    let insert = Statement::new(
        "INSERT INTO personal_tokens \
         (id, user_id, name, token_hash, last4, scopes, expires_at, created_at) \
         SELECT ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8 WHERE (SELECT COUNT(*) FROM personal_tokens a \
         WHERE a.user_id = ?1 AND a.id <> ?2 AND a.revoked_at IS NULL AND a.expires_at > ?8) < ?9 \
         ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, last4 = excluded.last4 \
         WHERE personal_tokens.user_id = ?1 AND personal_tokens.last_used_at IS NULL",
        [
            principal.scope(),
            token.id.into(),
            token.name.into(),
            token.token_hash.into(),
            token.last4.into(),
            token.scopes.into(),
            token.expires_at.into(),
            now.into(),
            MAX_ACTIVE_TOKENS.into(),
        ],
    );
    if run(db, vec![insert]).await?.changes(0) == 0 {
        return Err(StoreError::conflict(
            "too_many_tokens",
            format!("you have {MAX_ACTIVE_TOKENS} tokens; revoke one that is not used"),
        ));
    }
    Ok(PersonalToken {
        id: token.id.to_owned(),
        name: token.name.to_owned(),
        last4: token.last4.to_owned(),
        scopes: token.scopes.to_owned(),
        created_at: now.to_owned(),
        expires_at: token.expires_at.to_owned(),
        last_used_at: None,
        revoked_at: None,
    })
}

/// The person's tokens: those that are not revoked first, newest first each, at
/// most [`MAX_PAGE`].
pub async fn list(
    db: &impl Database,
    principal: &Principal,
) -> Result<Vec<PersonalToken>, StoreError> {
    let tokens = Statement::new(
        "SELECT id, name, last4, scopes, created_at, expires_at, last_used_at, revoked_at \
         FROM personal_tokens WHERE user_id = ?1 \
         ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC \
         LIMIT ?2",
        [principal.scope(), MAX_PAGE.into()],
    );
    decode::rows(run(db, vec![tokens]).await?.last_rows())
}

/// Takes effect on the next request. Safe to repeat; the first time is kept.
pub async fn revoke(
    db: &impl Database,
    principal: &Principal,
    token_id: &str,
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    let revoke = Statement::new(
        "UPDATE personal_tokens SET revoked_at = COALESCE(revoked_at, ?3) \
         WHERE id = ?2 AND user_id = ?1",
        [principal.scope(), token_id.into(), now.into()],
    );
    if run(db, vec![revoke]).await?.changes(0) == 0 {
        return Err(StoreError::NotFound("token"));
    }
    Ok(())
}

/// A token that came in, whatever its state: the edge judges it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presented {
    pub id: String,
    pub user_id: String,
    pub scopes: String,
    pub expires_at: String,
    pub revoked_at: Option<String>,
    pub last_used_at: Option<String>,
    /// Of its owner.
    pub user_deleted_at: Option<String>,
}

/// The token of this hash.
pub async fn find(db: &impl Database, token_hash: &str) -> Result<Option<Presented>, StoreError> {
    let select = Statement::new(
        "SELECT t.id, t.user_id, t.scopes, t.expires_at, t.revoked_at, t.last_used_at, \
         u.deleted_at AS user_deleted_at \
         FROM personal_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = ?1",
        [Param::from(token_hash)],
    );
    run(db, vec![select])
        .await?
        .last_row()
        .map(decode::row)
        .transpose()
}

/// Keeps that the token was used at this time. A later time stays.
pub async fn note_use(db: &impl Database, token_id: &str, now: &str) -> Result<(), StoreError> {
    time::check(now)?;
    let update = Statement::new(
        "UPDATE personal_tokens SET last_used_at = ?2 WHERE id = ?1 \
         AND (last_used_at IS NULL OR last_used_at < ?2)",
        [Param::from(token_id), now.into()],
    );
    run(db, vec![update]).await.map(drop)
}

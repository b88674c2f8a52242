//! Bearer tokens of hosted endpoints. Only hashes are stored; the gateway's
//! look-up is [`crate::hosting::find_token`].

use serde::{Deserialize, Serialize};

use crate::port::run;
use crate::principal::owns;
use crate::tools::owned;
use crate::{Database, Principal, Statement, StoreError, decode, time};

#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    pub id: &'a str,
    pub project_id: &'a str,
    /// For people, e.g. `default`.
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
    /// Refused from then on.
    pub revoked_at: Option<String>,
}

pub async fn insert(
    db: &impl Database,
    principal: &Principal,
    token: &NewToken<'_>,
    now: &str,
) -> Result<EndpointToken, StoreError> {
    time::check(now)?;
    let insert = Statement::new(
        concat!(
            "INSERT INTO endpoint_tokens (id, project_id, name, token_hash, last4, created_at) \
             SELECT ?3, ?2, ?4, ?5, ?6, ?7 WHERE ",
            owns!("?2")
        ),
        [
            principal.scope(),
            token.project_id.into(),
            token.id.into(),
            token.name.into(),
            token.token_hash.into(),
            token.last4.into(),
            now.into(),
        ],
    );
    if run(db, vec![insert]).await?.changes(0) == 0 {
        return Err(StoreError::NotFound("project"));
    }
    Ok(EndpointToken {
        id: token.id.to_owned(),
        name: token.name.to_owned(),
        last4: token.last4.to_owned(),
        created_at: now.to_owned(),
        revoked_at: None,
    })
}

/// All tokens of the project, revoked ones included, oldest first.
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Vec<EndpointToken>, StoreError> {
    let tokens = Statement::new(
        concat!(
            "SELECT id, name, last4, created_at, revoked_at FROM endpoint_tokens \
             WHERE project_id = ?2 AND ",
            owns!("?2"),
            " ORDER BY created_at, id"
        ),
        [principal.scope(), project_id.into()],
    );
    let mut outcomes = run(db, vec![owned(principal, project_id), tokens]).await?;
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
            owns!("?2")
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

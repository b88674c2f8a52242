//! Credentials of the users' own services, only ever as vault envelopes.
//!
//! The envelope's context is `users::sealing_name`, project, the key's name as `secret`, and
//! `encrypted_value` as `field`.

use serde::{Deserialize, Serialize};

use crate::limits::check_row;
use crate::port::run;
use crate::principal::{editable, edits};
use crate::users::sealed_for;
use crate::{Database, Param, Principal, Row, Statement, StoreError, decode, time};

/// `field` of the vault context of every envelope here.
pub const FIELD: &str = "encrypted_value";

#[derive(Clone, Copy)]
pub struct NewApiKey<'a> {
    pub id: &'a str,
    /// Environment variable, `TRELLO_API_KEY`.
    pub name: &'a str,
    /// Vault envelope.
    pub envelope: &'a str,
    /// Last characters of the secret; `None` for a secret too short to show any.
    pub last4: Option<&'a str>,
}

impl std::fmt::Debug for NewApiKey<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewApiKey")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What may be shown of a stored credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyName {
    #[serde(rename = "key_name")]
    pub name: String,
    pub last4: Option<String>,
    pub created_at: String,
}

/// A stored credential, still sealed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct ApiKeyEnvelope {
    pub id: String,
    #[serde(rename = "key_name")]
    pub name: String,
    /// `user` of the context that the envelope is sealed for: whoever gave it, see
    /// [`crate::users::sealing_name`].
    pub sealed_for: String,
    #[serde(rename = "encrypted_value")]
    pub envelope: String,
}

impl std::fmt::Debug for ApiKeyEnvelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiKeyEnvelope")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Stores the credentials, each replacing the one of its name, all or none.
pub async fn put(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    keys: &[NewApiKey<'_>],
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    let mut statements = vec![editable(principal, project_id)];
    for key in keys {
        let values = [
            principal.scope(),
            project_id.into(),
            key.id.into(),
            key.name.into(),
            Param::from(key.envelope),
            key.last4.into(),
            now.into(),
        ];
        check_row("a credential", &values)?;
        statements.push(Statement::new(
            concat!(
                "INSERT INTO api_keys \
                 (id, project_id, user_id, key_name, encrypted_value, last4, created_at) \
                 SELECT ?3, ?2, ?1, ?4, ?5, ?6, ?7 WHERE ",
                edits!("?2"),
                " ON CONFLICT (project_id, key_name) DO UPDATE SET user_id = excluded.user_id, \
                 encrypted_value = excluded.encrypted_value, last4 = excluded.last4, \
                 created_at = excluded.created_at"
            ),
            values,
        ));
    }
    let mut outcomes = run(db, statements).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    Ok(())
}

/// Names and last characters, by name.
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Vec<ApiKeyName>, StoreError> {
    let keys = Statement::new(
        concat!(
            "SELECT key_name, last4, created_at FROM api_keys WHERE project_id = ?2 AND ",
            edits!("?2"),
            " ORDER BY key_name"
        ),
        [principal.scope(), project_id.into()],
    );
    decode::rows(of_project(db, principal, project_id, keys).await?)
}

/// The envelopes, for the one place that opens them.
pub async fn envelopes(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Vec<ApiKeyEnvelope>, StoreError> {
    let keys = Statement::new(
        concat!(
            "SELECT id, key_name, ",
            sealed_for!("api_keys.user_id"),
            " AS sealed_for, encrypted_value FROM api_keys WHERE project_id = ?2 AND ",
            edits!("?2"),
            " ORDER BY key_name"
        ),
        [principal.scope(), project_id.into()],
    );
    decode::rows(of_project(db, principal, project_id, keys).await?)
}

/// Deletes the credential of that name. `NotFound` when there is none.
pub async fn delete(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    name: &str,
) -> Result<(), StoreError> {
    let delete = Statement::new(
        concat!(
            "DELETE FROM api_keys WHERE project_id = ?2 AND key_name = ?3 AND ",
            edits!("?2")
        ),
        [principal.scope(), project_id.into(), name.into()],
    );
    if run(db, vec![delete]).await?.changes(0) == 0 {
        return Err(StoreError::NotFound("credential"));
    }
    Ok(())
}

async fn of_project(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    statement: Statement,
) -> Result<Vec<Row>, StoreError> {
    let mut outcomes = run(db, vec![editable(principal, project_id), statement]).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    Ok(outcomes.rows(1))
}

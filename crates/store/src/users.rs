//! Accounts.

use serde::{Deserialize, Serialize};

use crate::{Database, Principal, Statement, StoreError, decode, port::run};

/// Id of the account of an installation without sign-in.
pub const LOCAL_USER_ID: &str = "00000000-0000-4000-8000-000000000001";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: String,
    /// Subject at the identity provider; `local` for the local account.
    pub clerk_id: String,
    pub email: String,
    pub name: Option<String>,
    /// `free`, `pro`, `team` or `enterprise`.
    pub tier: String,
    pub created_at: String,
}

/// The local account, made when it is not there yet. Safe to repeat.
pub async fn ensure_local(db: &impl Database, now: &str) -> Result<User, StoreError> {
    crate::time::check(now)?;
    let insert = Statement::new(
        "INSERT INTO users (id, clerk_id, email, name, tier, created_at, updated_at) \
         VALUES (?1, 'local', 'local@localhost', 'Local user', 'enterprise', ?2, ?2) \
         ON CONFLICT DO NOTHING",
        [LOCAL_USER_ID.into(), now.into()],
    );
    let mut outcomes = run(db, vec![insert, select(&Principal::user(LOCAL_USER_ID))]).await?;
    decode::found(outcomes.last_row(), "user")
}

/// The principal's own account.
pub async fn get(db: &impl Database, principal: &Principal) -> Result<User, StoreError> {
    let mut outcomes = run(db, vec![select(principal)]).await?;
    decode::found(outcomes.last_row(), "user")
}

fn select(principal: &Principal) -> Statement {
    Statement::new(
        "SELECT id, clerk_id, email, name, tier, created_at FROM users WHERE id = ?1",
        [principal.scope()],
    )
}

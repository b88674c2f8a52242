//! Accounts.

use serde::{Deserialize, Serialize};

use crate::{Database, Principal, Statement, StoreError, decode, port::run};

/// Id of the account of an installation without sign-in.
pub const LOCAL_USER_ID: &str = "00000000-0000-4000-8000-000000000001";

macro_rules! select {
    () => {
        "SELECT id, clerk_id, email, name, tier, created_at, deleted_at FROM users"
    };
}

/// `clerk_id` of the local account.
const LOCAL_IDENTITY: &str = "local";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: String,
    /// Who this is at which identity provider, see [`external_id`].
    pub clerk_id: String,
    /// Made up where the provider gives none, see [`User::known_email`].
    pub email: String,
    pub name: Option<String>,
    /// `free`, `pro`, `team` or `enterprise`.
    pub tier: String,
    pub created_at: String,
    /// Nobody gets in with this account any more.
    pub deleted_at: Option<String>,
}

impl User {
    /// The address that the provider gave.
    #[must_use]
    pub fn known_email(&self) -> Option<&str> {
        known_email(&self.email)
    }
}

pub(crate) fn known_email(email: &str) -> Option<&str> {
    (!email.ends_with(NO_EMAIL)).then_some(email)
}

/// Ends what stands for no address (RFC 2606 keeps the domain free).
pub(crate) const NO_EMAIL: &str = "@unknown.invalid";

/// What `clerk_id` holds: a subject is unique at its issuer only, and the same
/// subject of another issuer is another user.
#[must_use]
pub fn external_id(issuer: &str, subject: &str) -> String {
    format!("{issuer}|{subject}")
}

/// Who comes in with a verified token.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// Of the account, where it is made now.
    pub id: &'a str,
    pub issuer: &'a str,
    pub subject: &'a str,
    /// Taken where no other account has it.
    pub email: Option<&'a str>,
    pub name: Option<&'a str>,
}

/// The account of a verified identity, made on the first sign-in. One query from
/// the second on. An account that is gone comes with its `deleted_at`.
pub async fn sign_in(db: &impl Database, who: &SignIn<'_>, now: &str) -> Result<User, StoreError> {
    crate::time::check(now)?;
    let external = external_id(who.issuer, who.subject);
    let known = || {
        Statement::new(
            concat!(select!(), " WHERE clerk_id = ?1"),
            [external.as_str().into()],
        )
    };
    if let Some(row) = run(db, vec![known()]).await?.last_row() {
        return decode::found(Some(row), "user");
    }
    let none = format!("{}{NO_EMAIL}", who.id);
    let insert = Statement::new(
        "INSERT INTO users (id, clerk_id, email, name, created_at, updated_at) \
         SELECT ?2, ?1, CASE WHEN EXISTS (SELECT 1 FROM users WHERE email = ?3) \
         THEN ?4 ELSE ?3 END, ?5, ?6, ?6 WHERE true ON CONFLICT DO NOTHING",
        [
            external.as_str().into(),
            who.id.into(),
            who.email.unwrap_or(&none).into(),
            none.as_str().into(),
            who.name.into(),
            now.into(),
        ],
    );
    let mut outcomes = run(db, vec![insert, known()]).await?;
    decode::found(outcomes.last_row(), "user")
}

/// The local account, made when it is not there yet. Safe to repeat.
pub async fn ensure_local(db: &impl Database, now: &str) -> Result<User, StoreError> {
    crate::time::check(now)?;
    let insert = Statement::new(
        "INSERT INTO users (id, clerk_id, email, name, created_at, updated_at) \
         VALUES (?1, ?3, 'local@localhost', 'Local user', ?2, ?2) \
         ON CONFLICT DO NOTHING",
        [LOCAL_USER_ID.into(), now.into(), LOCAL_IDENTITY.into()],
    );
    let mut outcomes = run(db, vec![insert, own(&Principal::user(LOCAL_USER_ID))]).await?;
    decode::found(outcomes.last_row(), "user")
}

/// The principal's own account.
pub async fn get(db: &impl Database, principal: &Principal) -> Result<User, StoreError> {
    let mut outcomes = run(db, vec![own(principal)]).await?;
    decode::found(outcomes.last_row(), "user")
}

fn own(principal: &Principal) -> Statement {
    Statement::new(concat!(select!(), " WHERE id = ?1"), [principal.scope()])
}

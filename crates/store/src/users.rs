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

/// The name that credentials of the user `$user` are sealed for: their id and their
/// salt.
macro_rules! sealed_for {
    ($user:literal) => {
        concat!(
            "(SELECT o.id || COALESCE('.' || o.key_salt, '') FROM users o WHERE o.id = ",
            $user,
            ")"
        )
    };
}
pub(crate) use sealed_for;

/// The name that the principal's credentials are sealed for (`user` of the vault's
/// context). `new_salt`, random text, becomes its salt where they have sealed nothing
/// yet.
pub async fn sealing_name(
    db: &impl Database,
    principal: &Principal,
    new_salt: &str,
) -> Result<String, StoreError> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    let statements = vec![
        Statement::new(
            "UPDATE users SET key_salt = ?2 WHERE id = ?1 AND key_salt IS NULL AND NOT EXISTS \
             (SELECT 1 FROM api_keys k WHERE k.user_id = ?1)",
            [principal.scope(), new_salt.into()],
        ),
        Statement::new(
            "SELECT id || COALESCE('.' || key_salt, '') AS name FROM users WHERE id = ?1",
            [principal.scope()],
        ),
    ];
    let row = run(db, statements).await?.last_row();
    decode::found::<Named>(row, "user").map(|named| named.name)
}

/// Ends the account: what is left of it is a row without name and address, so that a
/// token which is still valid does not make it anew. Its stored credentials go, and
/// with its salt every copy of them is past opening. Safe to repeat.
///
/// `Conflict` `owns_teams` while the principal owns a team, `subscribed` while they
/// pay for a tier, `has_projects` while
/// they have projects of their own.
pub async fn delete(
    db: &impl Database,
    principal: &Principal,
    now: &str,
) -> Result<(), StoreError> {
    crate::time::check(now)?;
    let mut outcomes = run(db, end(principal, now)).await?;
    if outcomes.changes(7) > 0 {
        return Ok(());
    }
    if !outcomes.last_rows().is_empty() {
        return Err(StoreError::conflict(
            "has_projects",
            "a project was made meanwhile; delete the account once more",
        ));
    }
    let teams: Vec<String> = outcomes
        .rows(8)
        .iter()
        .filter_map(|row| row.get("name")?.as_str().map(str::to_owned))
        .collect();
    if teams.is_empty() {
        get(db, principal).await?;
        return Err(StoreError::conflict(
            "subscribed",
            "your subscription is in force; end it first, so that nothing more is charged",
        ));
    }
    Err(StoreError::conflict(
        "owns_teams",
        format!(
            "you own {}; hand on or delete what you own first",
            teams.join(", ")
        ),
    ))
}

/// The deletions, the end itself, and two looks at what stands in its way.
fn end(principal: &Principal, now: &str) -> Vec<Statement> {
    let alone = |sql: &'static str| Statement::new(sql, [principal.scope()]);
    vec![
        alone(concat!(
            "DELETE FROM api_keys WHERE user_id = ?1 AND ",
            endable!()
        )),
        alone(concat!(
            "DELETE FROM personal_tokens WHERE user_id = ?1 AND ",
            endable!()
        )),
        // Of projects that are gone or never came to be; their events go with them.
        alone(concat!(
            "DELETE FROM jobs WHERE user_id = ?1 AND NOT EXISTS \
             (SELECT 1 FROM projects p WHERE p.id = jobs.project_id) AND ",
            endable!()
        )),
        alone(concat!(
            "DELETE FROM team_members WHERE user_id = ?1 AND ",
            endable!()
        )),
        alone(concat!(
            "DELETE FROM audit_log WHERE user_id = ?1 AND ",
            endable!()
        )),
        alone(concat!(
            "DELETE FROM idempotency_keys WHERE user_id = ?1 AND ",
            endable!()
        )),
        alone(concat!(
            "DELETE FROM team_invitations WHERE email = \
             (SELECT u.email FROM users u WHERE u.id = ?1) AND ",
            endable!()
        )),
        Statement::new(
            concat!(
                "UPDATE users SET deleted_at = COALESCE(deleted_at, ?2), email = id || ?3, \
                 name = NULL, avatar_url = NULL, key_salt = '', tier = 'free', updated_at = ?2 \
                 WHERE id = ?1 AND ",
                endable!()
            ),
            [principal.scope(), now.into(), NO_EMAIL.into()],
        ),
        alone(
            "SELECT name FROM teams t JOIN team_members m ON m.team_id = t.id \
               WHERE m.user_id = ?1 AND m.role = 'owner' ORDER BY name LIMIT 20",
        ),
        alone("SELECT 1 AS one FROM projects WHERE user_id = ?1 AND team_id IS NULL LIMIT 1"),
    ]
}

/// The condition that nothing of the principal (`?1`) would be left without an owner.
macro_rules! endable {
    () => {
        "NOT EXISTS (SELECT 1 FROM projects own WHERE own.user_id = ?1 AND own.team_id IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM team_members o WHERE o.user_id = ?1 AND o.role = 'owner') \
         AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.user_id = ?1 \
         AND s.standing <= 1)"
    };
}
use endable;

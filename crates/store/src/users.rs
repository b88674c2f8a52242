//! Accounts.

use serde::{Deserialize, Serialize};

use crate::{Database, Principal, Row, Statement, StoreError, decode, port::run};

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
    let mut statements = end(principal, now);
    let ended = statements.len() - 1;
    statements.extend(obstacles(principal));
    let mut outcomes = run(db, statements).await?;
    if outcomes.changes(ended) > 0 {
        return Ok(());
    }
    refuse(outcomes.rows(ended + 1), &outcomes.rows(ended + 2))?;
    get(db, principal).await?;
    Err(StoreError::conflict(
        "has_projects",
        "a project was made meanwhile; delete the account once more",
    ))
}

/// Whether the account could end once its projects are gone: to be asked before they
/// go. `Conflict` `owns_teams`, `subscribed` as in [`delete`].
pub async fn check_end(db: &impl Database, principal: &Principal) -> Result<(), StoreError> {
    let mut outcomes = run(db, obstacles(principal).into()).await?;
    refuse(outcomes.rows(0), &outcomes.rows(1))
}

/// The teams that the principal owns, and a row where their subscription is in force.
fn obstacles(principal: &Principal) -> [Statement; 2] {
    [
        Statement::new(
            "SELECT t.name FROM teams t JOIN team_members m ON m.team_id = t.id \
             WHERE m.user_id = ?1 AND m.role = 'owner' ORDER BY t.name LIMIT 20",
            [principal.scope()],
        ),
        Statement::new(
            concat!("SELECT 1 AS one WHERE ", subscribed!()),
            [principal.scope()],
        ),
    ]
}

fn refuse(teams: Vec<Row>, subscribed: &[Row]) -> Result<(), StoreError> {
    #[derive(Deserialize)]
    struct Owned {
        name: String,
    }
    let teams: Vec<Owned> = decode::rows(teams)?;
    if !teams.is_empty() {
        let names: Vec<String> = teams.into_iter().map(|team| team.name).collect();
        let names = names.join(", ");
        return Err(StoreError::conflict(
            "owns_teams",
            format!("you own {names}; hand on or delete what you own first"),
        ));
    }
    if !subscribed.is_empty() {
        return Err(StoreError::conflict(
            "subscribed",
            "your subscription is in force; end it first, so that nothing more is charged",
        ));
    }
    Ok(())
}

/// The deletions, and the end itself.
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
    ]
}

/// The condition that the principal (`?1`) pays for a tier: a standing of 0 or 1 is
/// live (`mcpengine_stripe`).
macro_rules! subscribed {
    () => {
        "EXISTS (SELECT 1 FROM subscriptions s WHERE s.user_id = ?1 AND s.standing <= 1)"
    };
}
use subscribed;

/// The condition that nothing of the principal (`?1`) would be left without an owner,
/// or paid for without an account.
macro_rules! endable {
    () => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM projects own WHERE own.user_id = ?1 \
             AND own.team_id IS NULL) AND NOT EXISTS (SELECT 1 FROM team_members o \
             WHERE o.user_id = ?1 AND o.role = 'owner') AND NOT ",
            subscribed!()
        )
    };
}
use endable;

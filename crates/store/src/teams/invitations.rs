//! Who was asked into a team. An invitation is a link with a token that works once;
//! only its hash is stored.

use serde::{Deserialize, Serialize};

use super::{Team, belongs, denied, one};
use crate::limits::{MAX_EMAIL_CHARS, MAX_OPEN_INVITATIONS};
use crate::port::run;
use crate::{Database, Principal, Role, Statement, StoreError, decode, time};

#[derive(Debug, Clone, Copy)]
pub struct NewInvitation<'a> {
    pub id: &'a str,
    pub team_id: &'a str,
    /// Whom the link is for, for people to see: at most [`MAX_EMAIL_CHARS`].
    pub email: &'a str,
    /// Not [`Role::Owner`].
    pub role: Role,
    /// SHA-256 in lower-case hex (`mcpengine_vault::token`).
    pub token_hash: &'a str,
    pub expires_at: &'a str,
    /// How many may be in the team, invitations that are open included; `None` for
    /// any number.
    pub seats: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub id: String,
    pub email: String,
    pub role: Role,
    pub created_at: String,
    pub expires_at: String,
}

/// What an invitation is to, for who holds its link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub team_id: String,
    pub team_name: String,
    pub role: Role,
    pub invited_by: Option<String>,
    pub expires_at: String,
    /// Whether the principal is in the team already.
    #[serde(deserialize_with = "decode::boolean")]
    pub joined: bool,
}

/// Open: neither taken, nor taken back, nor too old at `$now`.
macro_rules! open {
    ($now:literal) => {
        concat!(
            "i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > ",
            $now
        )
    };
}

/// One that is there under its id already gets the new hash, while nobody has taken
/// it: an attempt before may have broken off before its answer.
///
/// Asks for [`Role::Admin`]. `Conflict no_seat_left`, `too_many_invitations` from
/// [`MAX_OPEN_INVITATIONS`] on; `Invalid invalid_email`, `invalid_role`.
pub async fn insert(
    db: &impl Database,
    principal: &Principal,
    new: &NewInvitation<'_>,
    now: &str,
) -> Result<Invitation, StoreError> {
    time::check(now)?;
    time::check(new.expires_at)?;
    check(new)?;
    let insert = Statement::new(
        concat!(
            "INSERT INTO team_invitations \
             (id, team_id, email, role, token_hash, invited_by, created_at, expires_at) \
             SELECT ?3, ?2, ?4, ?5, ?6, ?1, ?7, ?8 WHERE ",
            belongs!("?2", admin),
            " AND (SELECT COUNT(*) FROM team_invitations i WHERE i.team_id = ?2 \
             AND i.id <> ?3 AND ",
            open!("?7"),
            ") < ?10 AND (?9 IS NULL OR (SELECT COUNT(*) FROM team_invitations i \
             WHERE i.team_id = ?2 AND i.id <> ?3 AND ",
            open!("?7"),
            ") + (SELECT COUNT(*) FROM team_members m WHERE m.team_id = ?2) < ?9) \
             ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, \
             expires_at = excluded.expires_at WHERE team_invitations.team_id = ?2 \
             AND team_invitations.invited_by = ?1 AND team_invitations.accepted_at IS NULL \
             AND team_invitations.revoked_at IS NULL"
        ),
        [
            principal.scope(),
            new.team_id.into(),
            new.id.into(),
            new.email.trim().into(),
            new.role.as_str().into(),
            new.token_hash.into(),
            now.into(),
            new.expires_at.into(),
            new.seats.into(),
            MAX_OPEN_INVITATIONS.into(),
        ],
    );
    let mut outcomes = run(db, vec![one(principal, new.team_id), insert]).await?;
    if outcomes.changes(1) == 0 {
        denied(outcomes.rows(0).into_iter().next(), Role::Admin)?;
        let open = list(db, principal, new.team_id, now).await?.len();
        if open >= MAX_OPEN_INVITATIONS as usize {
            return Err(StoreError::conflict(
                "too_many_invitations",
                format!("{MAX_OPEN_INVITATIONS} invitations are open; take one back"),
            ));
        }
        return Err(no_seat_left(new.seats));
    }
    Ok(Invitation {
        id: new.id.to_owned(),
        email: new.email.trim().to_owned(),
        role: new.role,
        created_at: now.to_owned(),
        expires_at: new.expires_at.to_owned(),
    })
}

fn no_seat_left(seats: Option<u32>) -> StoreError {
    StoreError::conflict(
        "no_seat_left",
        format!(
            "the team has {} seats, open invitations included; take one back or get more",
            seats.unwrap_or_default()
        ),
    )
}

/// Those that are open, newest first; asks for [`Role::Admin`].
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
    now: &str,
) -> Result<Vec<Invitation>, StoreError> {
    time::check(now)?;
    let invitations = Statement::new(
        concat!(
            "SELECT i.id, i.email, i.role, i.created_at, i.expires_at FROM team_invitations i \
             WHERE i.team_id = ?2 AND ",
            open!("?3"),
            " AND ",
            belongs!("?2", admin),
            " ORDER BY i.created_at DESC, i.id DESC LIMIT ?4"
        ),
        [
            principal.scope(),
            team_id.into(),
            now.into(),
            MAX_OPEN_INVITATIONS.into(),
        ],
    );
    let mut outcomes = run(db, vec![one(principal, team_id), invitations]).await?;
    denied(outcomes.rows(0).into_iter().next(), Role::Admin)?;
    decode::rows(outcomes.rows(1))
}

/// Takes an invitation back; asks for [`Role::Admin`]. Safe to repeat.
pub async fn revoke(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
    id: &str,
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    let revoke = Statement::new(
        concat!(
            "UPDATE team_invitations SET revoked_at = COALESCE(revoked_at, ?4) \
             WHERE id = ?3 AND team_id = ?2 AND accepted_at IS NULL AND ",
            belongs!("?2", admin)
        ),
        [principal.scope(), team_id.into(), id.into(), now.into()],
    );
    let mut outcomes = run(db, vec![one(principal, team_id), revoke]).await?;
    if outcomes.changes(1) > 0 {
        return Ok(());
    }
    denied(outcomes.rows(0).into_iter().next(), Role::Admin)?;
    Err(StoreError::NotFound("invitation"))
}

/// What the link with this token is to. `NotFound invitation` unless it is open.
pub async fn offer(
    db: &impl Database,
    principal: &Principal,
    token_hash: &str,
    now: &str,
) -> Result<Offer, StoreError> {
    time::check(now)?;
    let row = run(db, vec![offered(principal, token_hash, now)])
        .await?
        .last_row();
    decode::found(row, "invitation")
}

/// The principal joins the team; an invitation is for one. `NotFound invitation`
/// unless it is open; who is in the team already keeps their role, and the
/// invitation stays open for who it was meant for.
pub async fn accept(
    db: &impl Database,
    principal: &Principal,
    token_hash: &str,
    now: &str,
) -> Result<Team, StoreError> {
    let offer = offer(db, principal, token_hash, now).await?;
    let statements = vec![
        Statement::new(
            concat!(
                "INSERT INTO team_members (team_id, user_id, role, created_at) \
                 SELECT i.team_id, ?1, i.role, ?3 FROM team_invitations i \
                 WHERE i.token_hash = ?2 AND ",
                open!("?3"),
                " AND NOT EXISTS (SELECT 1 FROM team_members m \
                 WHERE m.team_id = i.team_id AND m.user_id = ?1)"
            ),
            [principal.scope(), token_hash.into(), now.into()],
        ),
        // Whoever joined just now has taken it; of two at once the second has not.
        Statement::new(
            concat!(
                "UPDATE team_invitations AS i SET accepted_at = ?3 WHERE i.token_hash = ?2 AND ",
                open!("?3"),
                " AND EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = i.team_id \
                 AND m.user_id = ?1 AND m.created_at = ?3)"
            ),
            [principal.scope(), token_hash.into(), now.into()],
        ),
        one(principal, &offer.team_id),
    ];
    let mut outcomes = run(db, statements).await?;
    decode::found(outcomes.last_row(), "invitation")
}

fn offered(principal: &Principal, token_hash: &str, now: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT i.team_id, t.name AS team_name, i.role, u.name AS invited_by, i.expires_at, \
             CASE WHEN EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = i.team_id \
             AND m.user_id = ?1) THEN 1 ELSE 0 END AS joined FROM team_invitations i \
             JOIN teams t ON t.id = i.team_id JOIN users u ON u.id = i.invited_by \
             WHERE i.token_hash = ?2 AND ",
            open!("?3")
        ),
        [principal.scope(), token_hash.into(), now.into()],
    )
}

/// An address is looked at no closer than `a@b`: it is shown to people, and nothing
/// is sent to it.
fn check(new: &NewInvitation<'_>) -> Result<(), StoreError> {
    if new.role == Role::Owner {
        return Err(StoreError::invalid(
            "invalid_role",
            "nobody is invited as owner; hand the team on instead",
        ));
    }
    let email = new.email.trim();
    let parts = email.split_once('@').map(|(name, host)| [name, host]);
    let fits = email.chars().count() <= MAX_EMAIL_CHARS
        && !email.chars().any(|c| c.is_control() || c.is_whitespace())
        && parts.is_some_and(|parts| parts.iter().all(|part| !part.is_empty()));
    if fits {
        return Ok(());
    }
    Err(StoreError::invalid(
        "invalid_email",
        format!("an address is name@host with at most {MAX_EMAIL_CHARS} characters"),
    ))
}

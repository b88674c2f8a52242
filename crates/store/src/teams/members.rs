//! Who is in a team, and in which role.

use serde::{Deserialize, Serialize};

use super::{belongs, changed_meanwhile, denied, one};
use crate::limits::MAX_MEMBERS;
use crate::port::run;
use crate::{Database, Principal, Role, Statement, StoreError, decode};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub user_id: String,
    pub name: Option<String>,
    pub email: String,
    pub role: Role,
    pub created_at: String,
}

impl Member {
    /// The address that the provider gave.
    #[must_use]
    pub fn known_email(&self) -> Option<&str> {
        crate::users::known_email(&self.email)
    }
}

/// The owner first, then by role and name, at most [`MAX_MEMBERS`].
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
) -> Result<Vec<Member>, StoreError> {
    let members = Statement::new(
        concat!(
            "SELECT m.user_id, u.name, u.email, m.role, m.created_at FROM team_members m \
             JOIN users u ON u.id = m.user_id WHERE m.team_id = ?2 AND ",
            belongs!("?2"),
            " ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 \
             WHEN 'editor' THEN 2 ELSE 3 END, u.name, m.user_id LIMIT ?3"
        ),
        [principal.scope(), team_id.into(), MAX_MEMBERS.into()],
    );
    let mut outcomes = run(db, vec![one(principal, team_id), members]).await?;
    denied(outcomes.rows(0).into_iter().next(), Role::Viewer)?;
    decode::rows(outcomes.rows(1))
}

/// Another role than [`Role::Owner`] for a member who is not the owner; asks for
/// [`Role::Admin`]. `NotFound member`; `Conflict owner_must_transfer` for the owner,
/// `revision_changed` where it is not `seen`, for who says what they have seen.
pub async fn set_role(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
    user_id: &str,
    role: Role,
    seen: Option<Role>,
) -> Result<(), StoreError> {
    if role == Role::Owner {
        return Err(owner_must_transfer());
    }
    let update = Statement::new(
        concat!(
            "UPDATE team_members SET role = ?4 WHERE team_id = ?2 AND user_id = ?3 \
             AND role <> 'owner' AND (?5 IS NULL OR role = ?5) AND ",
            belongs!("?2", admin)
        ),
        [
            principal.scope(),
            team_id.into(),
            user_id.into(),
            role.as_str().into(),
            seen.map(Role::as_str).into(),
        ],
    );
    changed(db, principal, team_id, user_id, update, Role::Admin).await
}

/// Takes a member out, or lets the principal leave; for others it asks for
/// [`Role::Admin`]. What they made stays the team's. `NotFound member`; `Conflict
/// owner_must_transfer` for the owner.
pub async fn remove(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
    user_id: &str,
) -> Result<(), StoreError> {
    let leaves = principal.user_id() == user_id;
    let delete = Statement::new(
        concat!(
            "DELETE FROM team_members WHERE team_id = ?2 AND user_id = ?3 AND role <> 'owner' \
             AND (?3 = ?1 OR ",
            belongs!("?2", admin),
            ")"
        ),
        [principal.scope(), team_id.into(), user_id.into()],
    );
    let needs = if leaves { Role::Viewer } else { Role::Admin };
    changed(db, principal, team_id, user_id, delete, needs).await
}

/// Makes another member the owner, and the principal, who was it, an admin.
/// `NotFound member`; safe to repeat.
pub async fn transfer(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
    user_id: &str,
) -> Result<(), StoreError> {
    let params = || [principal.scope(), team_id.into(), user_id.into()];
    let statements = vec![
        // The owner's place is given up only where the other is there to take it.
        Statement::new(
            "UPDATE team_members SET role = 'admin' WHERE team_id = ?2 AND user_id = ?1 \
             AND role = 'owner' AND ?3 <> ?1 AND EXISTS (SELECT 1 FROM team_members n \
             WHERE n.team_id = ?2 AND n.user_id = ?3)",
            params(),
        ),
        Statement::new(
            concat!(
                "UPDATE team_members SET role = 'owner' WHERE team_id = ?2 AND user_id = ?3 \
                 AND NOT EXISTS (SELECT 1 FROM team_members o WHERE o.team_id = ?2 \
                 AND o.role = 'owner') AND ",
                belongs!("?2", admin)
            ),
            params(),
        ),
        Statement::new(
            concat!(
                "UPDATE teams SET owner_id = ?3 WHERE id = ?2 AND owner_id = ?1 AND EXISTS \
                 (SELECT 1 FROM team_members o WHERE o.team_id = ?2 AND o.user_id = ?3 \
                 AND o.role = 'owner') AND ",
                belongs!("?2", admin)
            ),
            params(),
        ),
        member(principal, team_id, user_id),
        one(principal, team_id),
    ];
    let mut outcomes = run(db, statements).await?;
    if outcomes.changes(1) > 0 {
        return Ok(());
    }
    denied(outcomes.last_row(), Role::Owner)?;
    // Of oneself to oneself nothing changes.
    decode::found::<Member>(outcomes.rows(3).into_iter().next(), "member").map(drop)
}

fn member(principal: &Principal, team_id: &str, user_id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT m.user_id, u.name, u.email, m.role, m.created_at FROM team_members m \
             JOIN users u ON u.id = m.user_id WHERE m.team_id = ?2 AND m.user_id = ?3 AND ",
            belongs!("?2")
        ),
        [principal.scope(), team_id.into(), user_id.into()],
    )
}

/// Runs a change of one member, and says why it did nothing.
async fn changed(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
    user_id: &str,
    change: Statement,
    needs: Role,
) -> Result<(), StoreError> {
    let statements = vec![
        one(principal, team_id),
        member(principal, team_id, user_id),
        change,
    ];
    let mut outcomes = run(db, statements).await?;
    if outcomes.changes(2) > 0 {
        return Ok(());
    }
    denied(outcomes.rows(0).into_iter().next(), needs)?;
    let member: Member = decode::found(outcomes.rows(1).into_iter().next(), "member")?;
    if member.role == Role::Owner {
        return Err(owner_must_transfer());
    }
    Err(changed_meanwhile())
}

fn owner_must_transfer() -> StoreError {
    StoreError::conflict(
        "owner_must_transfer",
        "a team has one owner; hand the team on first",
    )
}

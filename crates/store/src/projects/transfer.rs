//! Whose a project is: one's own, or a team's.

use super::{Project, select};
use crate::port::run;
use crate::principal::manages;
use crate::tiers::{is_server, too_many_servers};
use crate::{Database, Principal, Role, Statement, StoreError, teams, time};

/// The condition that the project (`?2`) is no server, or that of the projects `q` of
/// its new holder fewer are servers than the limit `?5` says: what is counted at a
/// deployment ([`crate::deployments::begin`]) is counted here.
macro_rules! has_room {
    ($among:literal) => {
        concat!(
            "(?5 IS NULL OR NOT EXISTS (SELECT 1 FROM projects q WHERE q.id = ?2 AND ",
            is_server!(),
            ") OR (SELECT COUNT(*) FROM projects q WHERE q.id <> ?2 AND ",
            $among,
            " AND ",
            is_server!(),
            ") < ?5)"
        )
    };
}

/// Moves the project into a team, or between teams: it asks for [`Role::Admin`] of
/// the project and [`Role::Editor`] in the team. `NotFound` `project`, `team`;
/// `Conflict too_many_servers` where it would be one more server than `server_limit`.
pub async fn to_team(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    team_id: &str,
    server_limit: Option<u32>,
    now: &str,
) -> Result<Project, StoreError> {
    time::check(now)?;
    let update = Statement::new(
        concat!(
            "UPDATE projects SET team_id = ?3, updated_at = ?4 WHERE id = ?2 AND EXISTS \
             (SELECT 1 FROM team_members m WHERE m.team_id = ?3 AND m.user_id = ?1 \
             AND m.role <> 'viewer') AND (projects.team_id = ?3 OR ",
            has_room!("q.team_id = ?3"),
            ") AND ",
            manages!("?2")
        ),
        [
            principal.scope(),
            id.into(),
            team_id.into(),
            now.into(),
            server_limit.into(),
        ],
    );
    let mut outcomes = run(db, vec![update, select(principal, id)]).await?;
    let changed = outcomes.changes(0) > 0;
    let project = found(outcomes.last_row())?;
    if changed {
        return Ok(project);
    }
    if project.role < Role::Admin {
        return Err(StoreError::Denied(Role::Admin));
    }
    if teams::get(db, principal, team_id).await?.role < Role::Editor {
        return Err(StoreError::Denied(Role::Editor));
    }
    Err(too_many_servers())
}

/// Makes a team's project one of the principal's own; asks for [`Role::Admin`]. Where
/// they have a project at its slug already, it gets `suffix` (up to 8 of
/// `[a-z0-9]`) behind it. Safe to repeat. `Conflict too_many_servers` as in
/// [`to_team`].
pub async fn to_self(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    suffix: &str,
    server_limit: Option<u32>,
    now: &str,
) -> Result<Project, StoreError> {
    time::check(now)?;
    let update = Statement::new(
        concat!(
            "UPDATE projects SET team_id = NULL, user_id = ?1, updated_at = ?4, \
             slug = CASE WHEN EXISTS (SELECT 1 FROM projects o WHERE o.user_id = ?1 \
             AND o.slug = projects.slug AND o.id <> ?2) \
             THEN substr(slug, 1, 31) || '-' || ?3 ELSE slug END WHERE id = ?2 \
             AND (projects.team_id IS NULL OR ",
            has_room!("q.user_id = ?1 AND q.team_id IS NULL"),
            ") AND ",
            manages!("?2")
        ),
        [
            principal.scope(),
            id.into(),
            suffix.into(),
            now.into(),
            server_limit.into(),
        ],
    );
    let mut outcomes = run(db, vec![update, select(principal, id)]).await?;
    let changed = outcomes.changes(0) > 0;
    let project = found(outcomes.last_row())?;
    if changed {
        return Ok(project);
    }
    if project.role < Role::Admin {
        return Err(StoreError::Denied(Role::Admin));
    }
    Err(too_many_servers())
}

fn found(row: Option<crate::Row>) -> Result<Project, StoreError> {
    row.ok_or(StoreError::NotFound("project"))
        .and_then(Project::from_row)
}

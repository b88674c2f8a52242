//! Teams: people who share projects, each in a [`Role`].

pub mod invitations;
pub mod members;

use serde::{Deserialize, Serialize};

use crate::limits::{MAX_PAGE, MAX_TEAM_NAME_CHARS, MAX_TEAMS};
use crate::port::run;
use crate::{Database, Principal, Role, Row, Statement, StoreError, decode, slugs, time};

#[derive(Debug, Clone, Copy)]
pub struct NewTeam<'a> {
    pub id: &'a str,
    /// 1 to [`MAX_TEAM_NAME_CHARS`] characters in one line.
    pub name: &'a str,
    /// Slugs to try in order, see [`slugs::candidates`].
    pub slugs: &'a [String],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    pub id: String,
    pub name: String,
    pub slug: String,
    /// `team` or `enterprise`: what its subscription is for.
    pub tier: String,
    /// `none`, or Stripe's word for how the subscription stands.
    pub subscription_status: String,
    #[serde(deserialize_with = "decode::integer")]
    pub max_seats: i64,
    /// What the principal may do in it.
    pub role: Role,
    #[serde(deserialize_with = "decode::integer")]
    pub member_count: i64,
    #[serde(deserialize_with = "decode::integer")]
    pub project_count: i64,
    pub created_at: String,
}

/// The condition that the principal (`?1`) is in a team, with one of these roles.
macro_rules! belongs {
    ($team:literal) => {
        belongs!($team, "")
    };
    ($team:literal, admin) => {
        belongs!($team, " AND may.role IN ('owner', 'admin')")
    };
    ($team:literal, owner) => {
        belongs!($team, " AND may.role = 'owner'")
    };
    ($team:literal, $roles:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM team_members may WHERE may.team_id = ",
            $team,
            " AND may.user_id = ?1",
            $roles,
            ")"
        )
    };
}
pub(crate) use belongs;

macro_rules! select {
    () => {
        "SELECT t.id, t.name, t.slug, t.tier, t.subscription_status, t.max_seats, me.role, \
         (SELECT COUNT(*) FROM team_members m WHERE m.team_id = t.id) AS member_count, \
         (SELECT COUNT(*) FROM projects p WHERE p.team_id = t.id) AS project_count, t.created_at \
         FROM team_members me JOIN teams t ON t.id = me.team_id WHERE me.user_id = ?1"
    };
}

/// Makes a team whose owner the principal is. `Conflict slug_taken` when no slug is
/// free, `too_many_teams` from [`MAX_TEAMS`] on.
pub async fn create(
    db: &impl Database,
    principal: &Principal,
    new: &NewTeam<'_>,
    now: &str,
) -> Result<Team, StoreError> {
    time::check(now)?;
    check_name(new.name)?;
    for slug in new.slugs {
        slugs::check_form(slug)?;
    }
    let team = |slug: &String| {
        Statement::new(
            "INSERT INTO teams (id, name, slug, owner_id, created_at) SELECT ?2, ?3, ?4, ?1, ?5 \
             WHERE NOT EXISTS (SELECT 1 FROM teams t WHERE t.id = ?2 OR t.slug = ?4) \
             AND (SELECT COUNT(*) FROM team_members o WHERE o.user_id = ?1 AND o.role = 'owner') < ?6",
            [
                principal.scope(),
                new.id.into(),
                new.name.trim().into(),
                slug.into(),
                now.into(),
                MAX_TEAMS.into(),
            ],
        )
    };
    let mut statements: Vec<Statement> = new.slugs.iter().map(team).collect();
    statements.push(Statement::new(
        "INSERT INTO team_members (team_id, user_id, role, created_at) \
         SELECT ?2, ?1, 'owner', ?3 FROM teams t WHERE t.id = ?2 AND t.owner_id = ?1 \
         AND NOT EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = ?2 AND m.user_id = ?1)",
        [principal.scope(), new.id.into(), now.into()],
    ));
    statements.push(one(principal, new.id));
    let mut outcomes = run(db, statements).await?;
    match outcomes.last_row() {
        Some(row) => decode::row(row),
        None if list(db, principal).await?.len() >= MAX_TEAMS as usize => {
            Err(StoreError::conflict(
                "too_many_teams",
                format!("you own {MAX_TEAMS} teams; delete one that is not used"),
            ))
        }
        None => Err(StoreError::conflict(
            "slug_taken",
            format!("{} is taken; choose another name", new.slugs.join(", ")),
        )),
    }
}

/// Those that the principal is in, by name, at most [`MAX_PAGE`].
pub async fn list(db: &impl Database, principal: &Principal) -> Result<Vec<Team>, StoreError> {
    let teams = Statement::new(
        concat!(select!(), " ORDER BY t.name, t.id LIMIT ?2"),
        [principal.scope(), MAX_PAGE.into()],
    );
    decode::rows(run(db, vec![teams]).await?.last_rows())
}

pub async fn get(db: &impl Database, principal: &Principal, id: &str) -> Result<Team, StoreError> {
    let row = run(db, vec![one(principal, id)]).await?.last_row();
    decode::found(row, "team")
}

/// Another name; asks for [`Role::Admin`]. `Conflict revision_changed` where it is not
/// `seen`, for who says what they have seen.
pub async fn rename(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    name: &str,
    seen: Option<&str>,
) -> Result<Team, StoreError> {
    check_name(name)?;
    let update = Statement::new(
        concat!(
            "UPDATE teams SET name = ?3 WHERE id = ?2 AND (?4 IS NULL OR name = ?4) AND ",
            belongs!("?2", admin)
        ),
        [
            principal.scope(),
            id.into(),
            name.trim().into(),
            seen.into(),
        ],
    );
    let mut outcomes = run(db, vec![update, one(principal, id)]).await?;
    let changed = outcomes.changes(0) > 0;
    let team = denied(outcomes.last_row(), Role::Admin)?;
    if changed {
        Ok(team)
    } else {
        Err(changed_meanwhile())
    }
}

pub(super) fn changed_meanwhile() -> StoreError {
    StoreError::conflict(
        "revision_changed",
        "the team was changed meanwhile; read it again and repeat the change",
    )
}

/// The team with its memberships and invitations; asks for [`Role::Owner`].
/// `Conflict team_has_projects` while it has any, `team_subscribed` while its
/// subscription is in force.
pub async fn delete(db: &impl Database, principal: &Principal, id: &str) -> Result<(), StoreError> {
    let delete = Statement::new(
        concat!(
            "DELETE FROM teams WHERE id = ?2 AND subscription_status \
             NOT IN ('active', 'trialing', 'past_due') \
             AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.team_id = ?2) AND ",
            belongs!("?2", owner)
        ),
        [principal.scope(), id.into()],
    );
    let mut outcomes = run(db, vec![one(principal, id), delete]).await?;
    if outcomes.changes(1) > 0 {
        return Ok(());
    }
    let team: Team = decode::found(outcomes.rows(0).into_iter().next(), "team")?;
    if team.role < Role::Owner {
        return Err(StoreError::Denied(Role::Owner));
    }
    if mcpengine_tiers::counts(&team.subscription_status) {
        return Err(StoreError::conflict(
            "team_subscribed",
            "the team's subscription is in force; end it first",
        ));
    }
    Err(StoreError::conflict(
        "team_has_projects",
        "the team has projects; delete or move them first",
    ))
}

fn one(principal: &Principal, id: &str) -> Statement {
    Statement::new(
        concat!(select!(), " AND t.id = ?2"),
        [principal.scope(), id.into()],
    )
}

/// Why a change that asks for a role did nothing: the team, as the principal sees it.
pub(super) fn denied(row: Option<Row>, needs: Role) -> Result<Team, StoreError> {
    let team: Team = decode::found(row, "team")?;
    if team.role < needs {
        return Err(StoreError::Denied(needs));
    }
    Ok(team)
}

fn check_name(name: &str) -> Result<(), StoreError> {
    let fits = (1..=MAX_TEAM_NAME_CHARS).contains(&name.trim().chars().count());
    if fits && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(StoreError::invalid(
        "invalid_team_name",
        format!("a team's name has 1 to {MAX_TEAM_NAME_CHARS} characters in one line"),
    ))
}

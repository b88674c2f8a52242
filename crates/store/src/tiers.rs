//! Whose limits count for what: those of the team that a project belongs to, or
//! else of the account that asks.

use mcpengine_tiers::Tier;
use serde::Deserialize;

use crate::limits::MAX_PAGE;
use crate::port::run;
use crate::{Database, Principal, Statement, StoreError, decode};

/// Who has a tier.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Holder {
    /// An account, by its id.
    User(String),
    /// A team, by its id.
    Team(String),
}

impl Holder {
    /// The team's id, where it is one.
    #[must_use]
    pub fn team_id(&self) -> Option<&str> {
        match self {
            Self::User(_) => None,
            Self::Team(id) => Some(id),
        }
    }
}

/// A holder and the tier that it has of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub holder: Holder,
    /// Of a team.
    pub name: Option<String>,
    pub tier: Tier,
}

#[derive(Deserialize)]
struct UserRow {
    tier: String,
    /// The project that was asked for.
    project: Option<String>,
    team: Option<String>,
    team_name: Option<String>,
    team_tier: Option<String>,
    subscription_status: Option<String>,
}

impl UserRow {
    fn held(self, principal: &Principal) -> Held {
        match (self.team, self.team_tier, self.subscription_status) {
            (Some(id), Some(tier), Some(status)) => Held {
                holder: Holder::Team(id),
                name: self.team_name,
                tier: mcpengine_tiers::of_team(&tier, &status),
            },
            _ => own(principal, &self.tier),
        }
    }
}

#[derive(Deserialize)]
struct OwnRow {
    tier: String,
}

fn user(principal: &Principal) -> Statement {
    Statement::new("SELECT tier FROM users WHERE id = ?1", [principal.scope()])
}

#[derive(Deserialize)]
struct TeamRow {
    id: String,
    name: String,
    tier: String,
    subscription_status: String,
}

impl TeamRow {
    fn held(self) -> Held {
        Held {
            holder: Holder::Team(self.id),
            name: Some(self.name),
            tier: mcpengine_tiers::of_team(&self.tier, &self.subscription_status),
        }
    }
}

/// Those that the principal is in.
macro_rules! select_teams {
    () => {
        "SELECT t.id, t.name, t.tier, t.subscription_status FROM team_members m \
         JOIN teams t ON t.id = m.team_id WHERE m.user_id = ?1 AND t.deleted_at IS NULL"
    };
}

/// A tier that is not known is free.
fn own(principal: &Principal, tier: &str) -> Held {
    Held {
        holder: Holder::User(principal.user_id().to_owned()),
        name: None,
        tier: Tier::parse(tier).unwrap_or(Tier::Free),
    }
}

/// Whose limits count for work on the project: its team's, or else the principal's
/// own. `NotFound project` where the principal does not see it.
pub async fn of_project(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Held, StoreError> {
    let find = Statement::new(
        "SELECT users.tier, p.id AS project, t.id AS team, t.name AS team_name, \
         t.tier AS team_tier, t.subscription_status FROM users \
         LEFT JOIN projects p ON p.id = ?2 AND (CASE WHEN p.team_id IS NULL THEN p.user_id = ?1 \
         ELSE EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = p.team_id \
         AND m.user_id = ?1) END) \
         LEFT JOIN teams t ON t.id = p.team_id AND t.deleted_at IS NULL WHERE users.id = ?1",
        [principal.scope(), project_id.into()],
    );
    let row: UserRow = decode::found(run(db, vec![find]).await?.last_row(), "user")?;
    if row.project.is_none() {
        return Err(StoreError::NotFound("project"));
    }
    Ok(row.held(principal))
}

/// The principal's own account.
pub async fn of_user(db: &impl Database, principal: &Principal) -> Result<Held, StoreError> {
    let row: OwnRow = decode::found(run(db, vec![user(principal)]).await?.last_row(), "user")?;
    Ok(own(principal, &row.tier))
}

/// A team that the principal is in, for a project that is not there yet.
/// `NotFound team` for any other.
pub async fn of_team(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
) -> Result<Held, StoreError> {
    let find = Statement::new(
        concat!(select_teams!(), " AND t.id = ?2"),
        [principal.scope(), team_id.into()],
    );
    let row: TeamRow = decode::found(run(db, vec![find]).await?.last_row(), "team")?;
    Ok(row.held())
}

/// The principal's own account, and after it each team that they are in, by name.
pub async fn all(db: &impl Database, principal: &Principal) -> Result<Vec<Held>, StoreError> {
    let teams = Statement::new(
        concat!(select_teams!(), " ORDER BY t.name, t.id LIMIT ?2"),
        [principal.scope(), MAX_PAGE.into()],
    );
    let mut outcomes = run(db, vec![user(principal), teams]).await?;
    let user: OwnRow = decode::found(outcomes.rows(0).into_iter().next(), "user")?;
    let teams = decode::rows::<TeamRow>(outcomes.last_rows())?;
    let teams = teams.into_iter().map(TeamRow::held);
    Ok(std::iter::once(own(principal, &user.tier))
        .chain(teams)
        .collect())
}

/// The condition that the project `q` counts as a server: it holds a name, or a
/// deployment is about to give it one.
macro_rules! is_server {
    () => {
        "(EXISTS (SELECT 1 FROM slugs held WHERE held.project_id = q.id \
         AND held.released_at IS NULL) OR EXISTS (SELECT 1 FROM deployments made \
         WHERE made.project_id = q.id AND made.target = 'mcpengine' \
         AND made.status IN ('pending', 'building')))"
    };
}
pub(crate) use is_server;

/// Each place that the tier has for a server is taken.
pub(crate) fn too_many_servers() -> StoreError {
    StoreError::conflict(
        "too_many_servers",
        "the tier has no room for another server: delete a project that is hosted, or upgrade",
    )
}

/// How many servers the holder has. 0 for a team that is not the principal's.
pub async fn servers(
    db: &impl Database,
    principal: &Principal,
    team_id: Option<&str>,
) -> Result<i64, StoreError> {
    #[derive(Deserialize)]
    struct Count {
        #[serde(deserialize_with = "decode::integer")]
        n: i64,
    }
    let count = match team_id {
        None => Statement::new(
            concat!(
                "SELECT COUNT(*) AS n FROM projects q \
                 WHERE q.user_id = ?1 AND q.team_id IS NULL AND ",
                is_server!()
            ),
            [principal.scope()],
        ),
        Some(team) => Statement::new(
            concat!(
                "SELECT COUNT(*) AS n FROM projects q WHERE q.team_id = ?2 \
                 AND EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = ?2 \
                 AND m.user_id = ?1) AND ",
                is_server!()
            ),
            [principal.scope(), team.into()],
        ),
    };
    let row = run(db, vec![count]).await?.last_row();
    decode::found::<Count>(row, "count").map(|row| row.n)
}

//! What people and teams have bought. Stripe's events come in by [`receive`]; what
//! follows from them stands in `users.tier`, `teams.subscription_status` and
//! `teams.max_seats`, where everything else looks.

mod receive;

use serde::{Deserialize, Serialize};

use crate::port::run;
use crate::{Database, Principal, Statement, StoreError, decode};

pub use receive::{Unsettled, receive, settle, unsettled};

/// Seats of a team that has not bought any.
pub const DEFAULT_SEATS: u32 = 5;

/// How a subscription stands, the one that counts of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// In Stripe's word.
    pub status: String,
    #[serde(deserialize_with = "decode::integer")]
    pub standing: i64,
    /// What is paid ends there.
    pub period_end: Option<String>,
    /// It ends there where nobody changes that.
    pub ends_at: Option<String>,
    pub payment_failed_at: Option<String>,
}

impl Subscription {
    /// Whether it gives what it is for.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.standing <= 1
    }
}

/// The principal's own plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPlan {
    pub tier: String,
    /// `None` where the provider gave none.
    pub email: Option<String>,
    /// At Stripe.
    pub customer_id: Option<String>,
    pub subscription: Option<Subscription>,
}

/// The plan of a team that the principal is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamPlan {
    pub id: String,
    pub name: String,
    pub tier: String,
    /// Of the principal in the team.
    pub role: String,
    pub customer_id: Option<String>,
    pub seats: i64,
    pub members: i64,
    pub subscription: Option<Subscription>,
}

/// A row of either kind, its subscription's columns empty where there is none.
#[derive(Deserialize)]
struct PlanRow {
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
    tier: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    email: String,
    stripe_customer_id: Option<String>,
    #[serde(default, deserialize_with = "decode::integer")]
    max_seats: i64,
    #[serde(default, deserialize_with = "decode::integer")]
    members: i64,
    status: Option<String>,
    #[serde(deserialize_with = "decode::optional_integer")]
    standing: Option<i64>,
    period_end: Option<String>,
    ends_at: Option<String>,
    payment_failed_at: Option<String>,
}

impl PlanRow {
    fn subscription(&mut self) -> Option<Subscription> {
        Some(Subscription {
            status: self.status.take()?,
            standing: self.standing?,
            period_end: self.period_end.take(),
            ends_at: self.ends_at.take(),
            payment_failed_at: self.payment_failed_at.take(),
        })
    }
}

/// The id of the subscription that counts of those that an event has told.
macro_rules! counting {
    ($owner:literal) => {
        concat!(
            "(SELECT c.id FROM subscriptions c WHERE c.",
            $owner,
            " AND c.status IS NOT NULL ORDER BY c.standing, c.started_at DESC, c.id DESC LIMIT 1)"
        )
    };
}
pub(crate) use counting;

macro_rules! told {
    () => {
        "s.status, s.standing, s.period_end, s.ends_at, s.payment_failed_at"
    };
}

/// The principal's own plan.
pub async fn own(db: &impl Database, principal: &Principal) -> Result<OwnPlan, StoreError> {
    let select = Statement::new(
        concat!(
            "SELECT u.tier, u.email, u.stripe_customer_id, ",
            told!(),
            " FROM (SELECT * FROM users WHERE id = ?1) u LEFT JOIN subscriptions s ON s.id = ",
            counting!("user_id = ?1")
        ),
        [principal.scope()],
    );
    let row = run(db, vec![select]).await?.last_row();
    let mut row: PlanRow = decode::found(row, "user")?;
    let known = !row.email.ends_with(crate::users::NO_EMAIL);
    Ok(OwnPlan {
        subscription: row.subscription(),
        tier: row.tier,
        email: Some(row.email).filter(|_| known),
        customer_id: row.stripe_customer_id,
    })
}

macro_rules! select_team {
    () => {
        concat!(
            "SELECT t.id, t.name, t.tier, t.stripe_customer_id, t.max_seats, me.role, \
             (SELECT COUNT(*) FROM team_members m WHERE m.team_id = t.id) AS members, ",
            told!(),
            " FROM team_members me JOIN teams t ON t.id = me.team_id \
             LEFT JOIN subscriptions s ON s.id = ",
            counting!("team_id = t.id"),
            " WHERE me.user_id = ?1 AND t.deleted_at IS NULL"
        )
    };
}

/// The plans of the teams that the principal owns, by name, at most
/// [`crate::limits::MAX_PAGE`].
pub async fn owned_teams(
    db: &impl Database,
    principal: &Principal,
) -> Result<Vec<TeamPlan>, StoreError> {
    let select = Statement::new(
        concat!(
            select_team!(),
            " AND me.role = 'owner' ORDER BY t.name, t.id LIMIT ?2"
        ),
        [principal.scope(), crate::limits::MAX_PAGE.into()],
    );
    let rows: Vec<PlanRow> = decode::rows(run(db, vec![select]).await?.last_rows())?;
    Ok(rows.into_iter().map(team_plan).collect())
}

/// The plan of one team that the principal is in, whatever their role.
pub async fn team(
    db: &impl Database,
    principal: &Principal,
    team_id: &str,
) -> Result<TeamPlan, StoreError> {
    let select = Statement::new(
        concat!(select_team!(), " AND t.id = ?2"),
        [principal.scope(), team_id.into()],
    );
    let row = run(db, vec![select]).await?.last_row();
    Ok(team_plan(decode::found(row, "team")?))
}

fn team_plan(mut row: PlanRow) -> TeamPlan {
    TeamPlan {
        subscription: row.subscription(),
        id: row.id,
        name: row.name,
        tier: row.tier,
        role: row.role,
        customer_id: row.stripe_customer_id,
        seats: row.max_seats,
        members: row.members,
    }
}

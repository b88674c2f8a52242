//! Stripe's events. What is stored of a subscription is a function of the set of its
//! events ([`mcpengine_stripe::History`]): read, put the event in, write where nobody
//! has written meanwhile.

use mcpengine_stripe::{Event, History, Owner, Snapshot, State};
use serde::Deserialize;

use super::{DEFAULT_SEATS, counting};
use crate::port::run;
use crate::webhook_events::{Delivery, Received, Source};
use crate::{Database, Param, Statement, StoreError, decode, time};

/// Writers of one subscription that meet; each but one reads again.
const TRIES: u32 = 8;

/// Standing of a subscription that no event has told yet.
const UNTOLD: u8 = 9;

#[derive(Deserialize, Default)]
struct Stored {
    #[serde(deserialize_with = "decode::json")]
    history: History,
    #[serde(deserialize_with = "decode::integer")]
    revision: i64,
    user_id: Option<String>,
    team_id: Option<String>,
}

/// Takes an event in. An event that is about no subscription is a delivery only.
///
/// # Errors
/// `Unavailable` where so many events of one subscription came at once that this one
/// found no turn: it is to be sent again.
pub async fn receive(db: &impl Database, event: &Event, now: &str) -> Result<Received, StoreError> {
    time::check(now)?;
    let delivery = Delivery {
        source: Source::Stripe,
        id: &event.id,
        kind: &event.kind,
    };
    if delivery.is_known(db).await? {
        return Ok(Received::Duplicate);
    }
    let Some(id) = event.subscription() else {
        return once(db, &delivery, vec![delivery.insert(now)]).await;
    };
    for _ in 0..TRIES {
        let stored = read(db, id).await?;
        let history = stored.history.clone().with(event);
        let mut statements = vec![delivery.insert(now)];
        statements.extend(write(id, &stored, &history, now)?);
        match once(db, &delivery, statements).await {
            // Somebody wrote the same subscription; the delivery is not known.
            Err(StoreError::Conflict { .. }) => {}
            other => return other,
        }
    }
    Err(StoreError::Unavailable(format!(
        "{TRIES} other events of the same subscription came first"
    )))
}

/// A subscription whose events do not tell their order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Unsettled {
    pub id: String,
    /// Seconds since the epoch: Stripe is to be asked once this second has passed.
    #[serde(deserialize_with = "decode::integer")]
    pub unsettled_at: i64,
}

/// Those of before this second, oldest first.
pub async fn unsettled(
    db: &impl Database,
    before: i64,
    limit: u32,
) -> Result<Vec<Unsettled>, StoreError> {
    let select = Statement::new(
        "SELECT id, unsettled_at FROM subscriptions WHERE unsettled_at < ?1 \
         ORDER BY unsettled_at LIMIT ?2",
        [before.into(), limit.into()],
    );
    decode::rows(run(db, vec![select]).await?.last_rows())
}

/// Puts in what Stripe answered about the second in question.
pub async fn settle(
    db: &impl Database,
    asked: &Unsettled,
    snapshot: &Snapshot,
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    for _ in 0..TRIES {
        let stored = read(db, &asked.id).await?;
        let history = stored.history.clone();
        let history = history.settled(asked.unsettled_at, snapshot.clone());
        match run(db, write(&asked.id, &stored, &history, now)?).await {
            Err(StoreError::Conflict { .. }) => {}
            other => return other.map(drop),
        }
    }
    Err(StoreError::Unavailable("others wrote first".to_owned()))
}

async fn read(db: &impl Database, id: &str) -> Result<Stored, StoreError> {
    let select = Statement::new(
        "SELECT history, revision, user_id, team_id FROM subscriptions WHERE id = ?1",
        [Param::from(id)],
    );
    let row = run(db, vec![select]).await?.last_row();
    row.map_or_else(|| Ok(Stored::default()), decode::row)
}

/// The batch, whose first statement is the delivery's.
async fn once(
    db: &impl Database,
    delivery: &Delivery<'_>,
    statements: Vec<Statement>,
) -> Result<Received, StoreError> {
    match run(db, statements).await {
        Ok(_) => Ok(Received::Applied),
        Err(StoreError::Conflict { .. }) if delivery.is_known(db).await? => Ok(Received::Duplicate),
        Err(error) => Err(error),
    }
}

/// Writes the row, then what follows for whoever had the subscription and has it
/// now. A row of another revision breaks the batch: its key is taken, or there is no
/// row to be written.
fn write(
    id: &str,
    stored: &Stored,
    history: &History,
    now: &str,
) -> Result<Vec<Statement>, StoreError> {
    let state = history.state();
    let json =
        serde_json::to_string(history).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let mut statements = vec![clear(id, stored.revision), insert(id, stored, &state, json)];
    let (user, team) = match &state.owner {
        Some(Owner::User(id)) => (Some(id), None),
        Some(Owner::Team(id)) => (None, Some(id)),
        None => (None, None),
    };
    let users = [stored.user_id.as_ref().filter(|it| Some(*it) != user), user];
    let teams = [stored.team_id.as_ref().filter(|it| Some(*it) != team), team];
    statements.extend(users.into_iter().flatten().map(|id| user_follows(id, now)));
    statements.extend(teams.into_iter().flatten().map(|id| team_follows(id)));
    Ok(statements)
}

/// Makes room for the next revision of the row, where it is at this one.
fn clear(id: &str, revision: i64) -> Statement {
    Statement::new(
        "DELETE FROM subscriptions WHERE id = ?1 AND revision = ?2",
        [id.into(), revision.into()],
    )
}

/// Users and teams of another installation with the same account at Stripe are
/// nobody here.
fn insert(id: &str, stored: &Stored, state: &State, history: String) -> Statement {
    let snapshot = state.snapshot.as_ref();
    let (user, team) = match &state.owner {
        Some(Owner::User(id)) => (Some(id), None),
        Some(Owner::Team(id)) => (None, Some(id)),
        None => (None, None),
    };
    let text = |seconds: Option<i64>| seconds.map(|it| time::from_millis(it.saturating_mul(1_000)));
    let standing = state
        .status()
        .map_or(UNTOLD, mcpengine_stripe::Status::standing);
    Statement::new(
        "INSERT INTO subscriptions (id, customer_id, user_id, team_id, status, standing, price_id, \
         seats, started_at, period_end, ends_at, payment_failed_at, unsettled_at, history, revision) \
         VALUES (?1, ?2, (SELECT id FROM users WHERE id = ?3), (SELECT id FROM teams WHERE id = ?4), \
         ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        [
            id.into(),
            state.customer.as_ref().into(),
            user.into(),
            team.into(),
            state.status().map(mcpengine_stripe::Status::as_str).into(),
            u32::from(standing).into(),
            snapshot.and_then(|it| it.price.as_ref()).into(),
            snapshot.map(|it| it.quantity.max(1)).into(),
            text(Some(state.started.unwrap_or_default())).into(),
            text(snapshot.and_then(|it| it.period_end)).into(),
            text(snapshot.and_then(Snapshot::ends_at)).into(),
            text(state.payment_failed).into(),
            state.unsettled.into(),
            history.into(),
            (stored.revision + 1).into(),
        ],
    )
}

/// Free or pro, by the subscription that counts. Other tiers are not Stripe's.
fn user_follows(user_id: &str, now: &str) -> Statement {
    Statement::new(
        concat!(
            "UPDATE users SET tier = CASE WHEN tier NOT IN ('free', 'pro') THEN tier \
             WHEN EXISTS (SELECT 1 FROM subscriptions s WHERE s.user_id = ?1 AND s.standing <= 1) \
             THEN 'pro' ELSE 'free' END, stripe_customer_id = COALESCE((SELECT s.customer_id \
             FROM subscriptions s WHERE s.id = ",
            counting!("user_id = ?1"),
            "), (SELECT s.customer_id FROM subscriptions s WHERE s.user_id = ?1 \
             ORDER BY s.id DESC LIMIT 1), stripe_customer_id), updated_at = ?2 WHERE id = ?1"
        ),
        [user_id.into(), now.into()],
    )
}

fn team_follows(team_id: &str) -> Statement {
    Statement::new(
        concat!(
            "UPDATE teams SET stripe_subscription_id = ",
            counting!("team_id = ?1"),
            ", subscription_status = COALESCE((SELECT s.status FROM subscriptions s WHERE s.id = ",
            counting!("team_id = ?1"),
            "), 'none'), max_seats = COALESCE((SELECT s.seats FROM subscriptions s \
             WHERE s.standing <= 1 AND s.id = ",
            counting!("team_id = ?1"),
            "), ?2), stripe_customer_id = COALESCE((SELECT s.customer_id FROM subscriptions s \
             WHERE s.id = ",
            counting!("team_id = ?1"),
            "), (SELECT s.customer_id FROM subscriptions s WHERE s.team_id = ?1 \
             ORDER BY s.id DESC LIMIT 1), stripe_customer_id) WHERE id = ?1"
        ),
        [team_id.into(), DEFAULT_SEATS.into()],
    )
}

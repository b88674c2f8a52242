//! What nobody asks for: a part of it at each scheduled event, so that a tick is
//! short however much there is. Each part is safe to repeat, and one that fails
//! does not stop the others.

use std::rc::Rc;

use futures_util::future::join_all;
use mcpengine_store::{StoreError, audit, billing, ended, rotation, sweep, time, webhook_events};

use crate::adapters::stripe::Stripe;
use crate::app::App;
use crate::clock;
use crate::endings::{self, Budget};
use crate::error::ApiError;
use crate::idempotency;
use crate::jobs::attempts;

/// Jobs that one tick takes up, side by side.
const JOBS: u32 = 8;
/// Steps of the rotation in one tick: 2,000 credentials, two queries a hundred.
const ROTATION_STEPS: u32 = 20;
/// Subscriptions that one tick asks Stripe about.
const SUBSCRIPTIONS: u32 = 8;
/// Stripe's clock may be this far from ours, in seconds: it is asked about a second
/// once that has passed at Stripe too.
const CLOCKS_APART: i64 = 60;
/// How long deliveries of webhooks are remembered. Stripe sends for three days, and
/// by hand for thirty.
const DELIVERY_DAYS: i64 = 35;

/// Accounts, and teams, that one tick looks at because the directory has deleted them.
const DELETED: u32 = 20;
/// Projects that one tick deletes for it.
const DELETED_PROJECTS: u32 = 20;

const AUDIT_DAYS: i64 = 366;
/// Entries that one tick forgets.
const AUDIT_ENTRIES: u32 = 1_000;

pub(crate) async fn run(app: Rc<App>) {
    report("rotation of secrets", rotate_secrets(&app).await);
    report("interrupted jobs", take_up_jobs(&app).await);
    report("idempotency keys", idempotency::sweep(&app).await);
    report("audit log", forget_old_entries(&app).await);
    report("subscriptions", settle_subscriptions(&app).await);
    report("deliveries", forget_deliveries(&app).await);
    report("the deleted", end_the_deleted(&app).await);
}

fn report(what: &str, result: Result<(), ApiError>) {
    if let Err(error) = result {
        crate::log::error!("scheduled: {what}: {}", error.message);
    }
}

async fn take_up_jobs(app: &Rc<App>) -> Result<(), ApiError> {
    let jobs = sweep::expired_jobs(&app.db, &clock::now(), JOBS).await?;
    let taken_up = jobs.iter().map(|job| async move {
        let taken_up = attempts::resume(Rc::clone(app), job).await;
        report(&format!("job {}", job.id), taken_up);
    });
    join_all(taken_up).await;
    Ok(())
}

/// The audit log goes back a year.
async fn forget_old_entries(app: &App) -> Result<(), ApiError> {
    let since = time::days_before(&clock::now(), AUDIT_DAYS)?;
    Ok(audit::sweep(&app.db, &since, AUDIT_ENTRIES).await?)
}

/// Asks Stripe about subscriptions whose events do not tell their order.
async fn settle_subscriptions(app: &App) -> Result<(), ApiError> {
    let Some(stripe) = Stripe::new(app) else {
        return Ok(());
    };
    let now = i64::try_from(clock::now_millis() / 1_000).unwrap_or(i64::MAX);
    let asked = billing::unsettled(&app.db, now - CLOCKS_APART, SUBSCRIPTIONS).await?;
    for subscription in asked {
        match stripe.subscription(&subscription.id).await? {
            Some(snapshot) => {
                billing::settle(&app.db, &subscription, &snapshot, &clock::now()).await?;
            }
            None => worker::console_error!("scheduled: Stripe has no {}", subscription.id),
        }
    }
    Ok(())
}

/// What those leave whom the directory has deleted. One that fails does not keep the
/// others waiting; the next tick goes on.
async fn end_the_deleted(app: &App) -> Result<(), ApiError> {
    let mut budget = Budget(DELETED_PROJECTS);
    for team in ended::teams(&app.db, DELETED).await? {
        let result = endings::deleted_team(app, &team, &mut budget).await;
        report(&format!("team {}", team.id), result);
    }
    for user in ended::users(&app.db, DELETED).await? {
        let result = endings::deleted_account(app, &user, &mut budget).await;
        report(&format!("account {user}"), result.map(drop));
    }
    Ok(())
}

async fn forget_deliveries(app: &App) -> Result<(), ApiError> {
    let before = time::days_before(&clock::now(), DELIVERY_DAYS)?;
    webhook_events::prune(&app.db, &before).await?;
    Ok(())
}

/// Seals what is still under an older root key under the current one.
async fn rotate_secrets(app: &App) -> Result<(), ApiError> {
    let keyring = app.keyring()?;
    let nonce = || clock::random().map_err(|error| StoreError::Unavailable(error.message));
    let mut rewrapped = 0;
    for _ in 0..ROTATION_STEPS {
        let step = rotation::step(&app.db, &keyring, nonce, &clock::now()).await?;
        rewrapped += step.rewrapped;
        for id in step.unreadable {
            crate::log::error!("scheduled: secret {id} opens under no key of VAULT_KEYS");
        }
        if step.at_end {
            break;
        }
    }
    if rewrapped > 0 {
        crate::log::note!("scheduled: {rewrapped} secrets are under the current key now");
    }
    Ok(())
}

//! What nobody asks for: a part of it at each scheduled event, so that a tick is
//! short however much there is. Each part is safe to repeat, and one that fails
//! does not stop the others.

use std::rc::Rc;

use futures_util::future::join_all;
use mcpengine_store::{StoreError, audit, rotation, sweep, time};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::idempotency;
use crate::jobs::attempts;

/// Jobs that one tick takes up, side by side.
const JOBS: u32 = 8;
/// Steps of the rotation in one tick: 2,000 credentials, two queries a hundred.
const ROTATION_STEPS: u32 = 20;

const AUDIT_DAYS: i64 = 366;
/// Entries that one tick forgets.
const AUDIT_ENTRIES: u32 = 1_000;

pub(crate) async fn run(app: Rc<App>) {
    report("rotation of secrets", rotate_secrets(&app).await);
    report("interrupted jobs", take_up_jobs(&app).await);
    report("idempotency keys", idempotency::sweep(&app).await);
    report("audit log", forget_old_entries(&app).await);
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

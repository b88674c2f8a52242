//! What nobody asks for: a part of it at each scheduled event, so that a tick is
//! short however much there is. Each part is safe to repeat, and one that fails
//! does not stop the others.

use mcpengine_store::{Principal, StoreError, rotation, sweep};
use worker::Env;

use crate::adapters::d1::D1;
use crate::app;
use crate::bindings;
use crate::clock;
use crate::error::ApiError;
use crate::jobs::interrupted;

/// Interrupted jobs that one tick ends, at some five queries each.
const JOBS: u32 = 50;
/// Steps of the rotation in one tick: 2,000 credentials, two queries a hundred.
const ROTATION_STEPS: u32 = 20;

pub(crate) async fn run(env: &Env) {
    let db = match env.d1(bindings::DB) {
        Ok(db) => D1(db),
        Err(error) => return worker::console_error!("scheduled: no database: {error}"),
    };
    report("interrupted jobs", end_interrupted_jobs(&db).await);
    report("rotation of secrets", rotate_secrets(env, &db).await);
}

fn report(what: &str, result: Result<(), ApiError>) {
    if let Err(error) = result {
        worker::console_error!("scheduled: {what}: {}", error.message);
    }
}

async fn end_interrupted_jobs(db: &D1) -> Result<(), ApiError> {
    for job in sweep::expired_jobs(db, &clock::now(), JOBS).await? {
        let principal = Principal::user(&job.user_id);
        let ended = interrupted::end(db, &principal, &job).await;
        report(&format!("job {}", job.id), ended);
    }
    Ok(())
}

/// Seals what is still under an older root key under the current one.
async fn rotate_secrets(env: &Env, db: &D1) -> Result<(), ApiError> {
    let keyring = app::keyring(env)?;
    let nonce = || clock::random().map_err(|error| StoreError::Unavailable(error.message));
    let mut rewrapped = 0;
    for _ in 0..ROTATION_STEPS {
        let step = rotation::step(db, &keyring, nonce, &clock::now()).await?;
        rewrapped += step.rewrapped;
        for id in step.unreadable {
            worker::console_error!("scheduled: secret {id} opens under no key of VAULT_KEYS");
        }
        if step.at_end {
            break;
        }
    }
    if rewrapped > 0 {
        worker::console_log!("scheduled: {rewrapped} secrets are under the current key now");
    }
    Ok(())
}

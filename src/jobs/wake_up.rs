//! The queue: a message about each job, which comes when its first lease would
//! have run out. It is a wake-up and nothing more: the row says what there is to
//! do, and a message that is lost costs the time to the next scheduled event.

use std::rc::Rc;

use mcpengine_store::sweep;
use serde::{Deserialize, Serialize};
use worker::{MessageBatch, MessageBuilder, MessageExt, QueueRetryOptionsBuilder};

use crate::app::App;
use crate::bindings;
use crate::clock;
use crate::jobs::attempts;

/// Seconds from a message to its delivery: longer than a lease.
const DELAY_SECONDS: u32 = 35;

/// A job to look after.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WakeUp {
    job_id: String,
}

/// Asks to be told of the job later. What fails here is made good by the
/// scheduled event.
pub(crate) async fn ask(app: &App, job: &str) {
    let sent = async {
        let queue = app.env.queue(bindings::JOBS)?;
        let wake_up = WakeUp {
            job_id: job.to_owned(),
        };
        let message = MessageBuilder::new(wake_up).delay_seconds(DELAY_SECONDS);
        queue.send(message.build()).await
    };
    if let Err(error) = sent.await {
        crate::log::error!("job {job}: no wake-up: {error}");
    }
}

/// Takes up what is running and nobody works on; of what somebody works on, the
/// message comes again.
pub(crate) async fn handle(app: Rc<App>, batch: &MessageBatch<WakeUp>) -> worker::Result<()> {
    for message in batch.messages()? {
        let id = &message.body().job_id;
        match sweep::running_job(&app.db, id).await {
            Ok(None) => message.ack(),
            Ok(Some(job)) if job.lease_until > clock::now() => again(&message),
            Ok(Some(job)) => match attempts::resume(Rc::clone(&app), &job).await {
                Ok(()) => message.ack(),
                Err(error) => {
                    crate::log::error!("job {id}: not taken up: {}", error.message);
                    again(&message);
                }
            },
            Err(error) => {
                crate::log::error!("job {id}: not looked up: {error}");
                again(&message);
            }
        }
    }
    Ok(())
}

fn again(message: &impl MessageExt) {
    let options = QueueRetryOptionsBuilder::new().with_delay_seconds(DELAY_SECONDS);
    message.retry_with_options(&options.build());
}

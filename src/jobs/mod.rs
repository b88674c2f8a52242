//! Long work: a row first, then run at once by the request that made it, while
//! its events go to the client and to the row's log.
//!
//! Whatever happens, a job ends with exactly one terminal event. If the isolate
//! dies, the lease runs out, and the next reader of the log or
//! the scheduled event writes it (`interrupted`).

pub(crate) mod analyze_job;
pub(crate) mod deploy_job;
pub(crate) mod events;
pub(crate) mod generate_job;
pub(crate) mod interrupted;

use std::rc::Rc;
use std::time::Duration;

use mcpengine_api::Event;
use mcpengine_store::Principal;
use mcpengine_store::jobs::{self, Ending, JobKind, Lease, NewJob};
use mcpengine_store::usage::{self, Usage};
use worker::{Delay, Response};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::jobs::events::Events;

/// How long a job may be silent before it counts as dead. Every write of its
/// events renews it.
const LEASE_MILLIS: u64 = 120_000;

/// A running job: its identity and where its events go.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) app: Rc<App>,
    pub(crate) principal: Principal,
    pub(crate) kind: JobKind,
    pub(crate) lease: Lease,
    pub(crate) project_id: String,
    pub(crate) events: Events,
    started: u64,
}

/// The event that ends a job, and the same as it is kept.
#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) event: Event,
    /// For the log, where it must not hold what `event` shows once (a token).
    pub(crate) stored: Option<Event>,
}

impl From<Event> for Terminal {
    fn from(event: Event) -> Self {
        Self {
            event,
            stored: None,
        }
    }
}

/// The end of the lease that a write at this moment gives.
pub(crate) fn lease_until() -> String {
    clock::rfc3339(clock::now_millis() + LEASE_MILLIS)
}

/// Makes the job's row.
///
/// # Errors
/// Those of the store: then there is no job.
pub(crate) async fn create(
    app: &App,
    principal: &Principal,
    kind: JobKind,
    project_id: &str,
) -> Result<Lease, ApiError> {
    let id = clock::new_id()?;
    let new = NewJob {
        id: &id,
        project_id: Some(project_id),
        kind,
        input: &serde_json::Value::Null,
        lease_until: &lease_until(),
    };
    Ok(jobs::create(&app.db, principal, &new, &clock::now())
        .await?
        .lease())
}

/// Answers with the stream of a job whose row is there; `work` runs behind it.
///
/// `first` goes out before anything is worked on. `work` returns the terminal
/// event; an error of it becomes the terminal event `error`.
///
/// # Errors
/// The first event could not be written.
pub(crate) fn run<F, W>(job: Job, first: &Event, work: F) -> Result<Response, ApiError>
where
    F: FnOnce(Rc<Job>) -> W + 'static,
    W: Future<Output = Result<Terminal, ApiError>>,
{
    let stream = job.events.subscribe();
    job.emit(first)?;
    let job = Rc::new(job);
    let context = Rc::clone(&job.app);
    context.context.wait_until(async move {
        // Parsing and planning do not yield; let the first event out before.
        Delay::from(Duration::ZERO).await;
        let outcome = work(Rc::clone(&job)).await;
        job.finish(outcome).await;
    });
    events::response(stream)
}

impl Job {
    pub(crate) fn new(
        app: Rc<App>,
        principal: Principal,
        kind: JobKind,
        lease: Lease,
        project_id: String,
    ) -> Self {
        let events = Events::new(&lease.job_id);
        let started = clock::now_millis();
        Self {
            app,
            principal,
            kind,
            lease,
            project_id,
            events,
            started,
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.lease.job_id
    }

    /// Sends an event; it is kept with the next [`Job::save`].
    pub(crate) fn emit(&self, event: &Event) -> Result<(), ApiError> {
        self.events.emit(event)
    }

    /// Keeps the events sent so far and renews the lease. An error means that
    /// somebody else has the job now, or the store is gone: stop working.
    pub(crate) async fn save(&self) -> Result<(), ApiError> {
        self.events
            .save(&self.app, &self.principal, &self.lease)
            .await?;
        jobs::heartbeat(&self.app.db, &self.principal, &self.lease, &lease_until()).await?;
        Ok(())
    }

    async fn finish(&self, outcome: Result<Terminal, ApiError>) {
        let (terminal, ending) = match outcome {
            Ok(terminal) => (terminal, Ending::Done),
            Err(error) => (Terminal::from(error.event()), Ending::Failed),
        };
        // Kept first: what the client was told must still be true after a restart.
        let kept = self.keep(&terminal, ending).await;
        if let Err(error) = kept {
            worker::console_error!("job {}: not finished: {}", self.id(), error.message);
        }
        if let Err(error) = self.events.send(terminal.event) {
            worker::console_error!("job {}: no terminal event: {}", self.id(), error.message);
        }
        self.events.close();
    }

    async fn keep(&self, terminal: &Terminal, ending: Ending) -> Result<(), ApiError> {
        self.events
            .save(&self.app, &self.principal, &self.lease)
            .await?;
        let stored = terminal.stored.as_ref().unwrap_or(&terminal.event);
        let event = self.events.place_next(&self.app, stored).await?;
        let now = clock::now();
        let db = &self.app.db;
        jobs::finish(db, &self.principal, &self.lease, ending, None, &event, &now).await?;
        let id = clock::new_id()?;
        let duration = clock::now_millis().saturating_sub(self.started);
        let usage = Usage {
            id: &id,
            action: self.kind,
            project_id: Some(&self.project_id),
            tokens_used: None,
            duration_ms: i64::try_from(duration).ok(),
        };
        usage::record(db, &self.principal, &usage, &now).await?;
        Ok(())
    }
}

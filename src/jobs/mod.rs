//! Long work: a row first, then run at once by the request that made it, while
//! its events go to the client and to the row's log.
//!
//! Whatever happens, a job ends with exactly one terminal event. If the isolate
//! dies, the lease runs out, and the next reader of the log, the queue or the
//! scheduled event takes the job up from its row (`attempts`).

pub(crate) mod analyze_job;
pub(crate) mod attempts;
pub(crate) mod deploy_job;
pub(crate) mod events;
pub(crate) mod generate_job;
pub(crate) mod input;
pub(crate) mod wake_up;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, join, select};
use futures_util::pin_mut;
use mcpengine_api::Event;
use mcpengine_store::jobs::{self, Ending, JobKind, Lease, NewJob};
use mcpengine_store::usage::Spent;
use mcpengine_store::{ObjectStore, Principal, StoreError, keys};
use worker::{Delay, Response};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::jobs::events::Events;
use crate::jobs::input::JobInput;

/// How long a job may be silent before somebody else takes it up: three times as
/// long as who works on it takes to renew the lease.
const LEASE_MILLIS: u64 = 30_000;

/// How often a long wait is looked up from.
const STOP_POLL: Duration = Duration::from_millis(200);

/// A running job: its identity and where its events go.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) app: Rc<App>,
    pub(crate) principal: Principal,
    pub(crate) kind: JobKind,
    pub(crate) lease: Lease,
    pub(crate) project_id: String,
    pub(crate) events: Rc<Events>,
    stop: Cell<Stop>,
    /// When the job was made, whichever attempt this is.
    started: u64,
}

/// Why a job has to stop at its next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    No,
    /// Its user wants that.
    Cancelled,
    /// Another worker has it, or it is gone.
    Lost,
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
    (kind, id): (JobKind, &str),
    project_id: &str,
    input: &JobInput,
) -> Result<Lease, ApiError> {
    let new = NewJob {
        id,
        project_id: Some(project_id),
        kind,
        input: &serde_json::to_value(input)?,
        lease_until: &lease_until(),
    };
    let job = jobs::create(&app.db, principal, &new, &clock::now()).await?;
    Ok(job.lease())
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
    context.behind(async move {
        // Parsing and planning do not yield; let the first event out before.
        Delay::from(Duration::ZERO).await;
        let (app, id) = (Rc::clone(&job.app), job.id().to_owned());
        let first = work(Rc::clone(&job));
        join(wake_up::ask(&app, &id), attempts::drive(job, first)).await;
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
        Self {
            app,
            principal,
            kind,
            events: Rc::new(Events::new(&lease.job_id)),
            lease,
            project_id,
            stop: Cell::new(Stop::No),
            started: clock::now_millis(),
        }
    }

    /// The job of a row that was just taken over; its events follow those before.
    fn taken_up(app: Rc<App>, principal: Principal, row: &jobs::Job, events: Events) -> Self {
        let project_id = row.project_id.clone().unwrap_or_default();
        Self {
            events: Rc::new(events),
            started: clock::millis(&row.created_at).unwrap_or_else(clock::now_millis),
            ..Self::new(app, principal, row.kind, row.lease(), project_id)
        }
    }

    /// The next attempt, for the same client.
    fn again(&self, lease: Lease) -> Self {
        Self {
            app: Rc::clone(&self.app),
            principal: self.principal.clone(),
            kind: self.kind,
            lease,
            project_id: self.project_id.clone(),
            events: Rc::clone(&self.events),
            stop: Cell::new(Stop::No),
            started: self.started,
        }
    }

    /// The job stops at its next step, and ends `cancelled`.
    fn cancel(&self) {
        self.stop.set(Stop::Cancelled);
    }

    /// The job stops at its next step: it is somebody else's now.
    fn stop(&self) {
        self.stop.set(Stop::Lost);
    }

    fn is_stopped(&self) -> bool {
        self.stop.get() != Stop::No
    }

    fn is_cancelled(&self) -> bool {
        self.stop.get() == Stop::Cancelled
    }

    /// The future's result, unless the job has to stop before it is there.
    ///
    /// # Errors
    /// As [`Job::emit`].
    pub(crate) async fn unless_stopped<F: Future>(&self, future: F) -> Result<F::Output, ApiError> {
        let stopped = async {
            while !self.is_stopped() {
                Delay::from(STOP_POLL).await;
            }
        };
        pin_mut!(future, stopped);
        match select(future, stopped).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(_) => Err(self.stopped()),
        }
    }

    fn stopped(&self) -> ApiError {
        if self.is_cancelled() {
            return ApiError::conflict("job_cancelled", "The job was cancelled");
        }
        ApiError::conflict("lease_lost", "Another worker took this job over")
    }

    pub(crate) fn id(&self) -> &str {
        &self.lease.job_id
    }

    /// Sends an event; it is kept with the next [`Job::save`]. Each is a step of the
    /// job, at which it stops where it has to.
    ///
    /// # Errors
    /// `job_cancelled` (409), and where another worker has the job.
    pub(crate) fn emit(&self, event: &Event) -> Result<(), ApiError> {
        if self.is_stopped() {
            return Err(self.stopped());
        }
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

    async fn finish(&self, outcome: Result<Terminal, ApiError>, ending: Ending) {
        let terminal = match outcome {
            Ok(terminal) => terminal,
            Err(_) if ending == Ending::Cancelled => Terminal::from(Event::Cancelled {
                job_id: self.id().to_owned(),
                project_id: self.project_id.clone(),
            }),
            Err(error) => Terminal::from(error.event()),
        };
        // Kept first: what the client was told must still be true after a restart.
        let kept = self.keep(&terminal, ending).await;
        if let Err(error) = &kept {
            crate::log::error!("job {}: not finished: {}", self.id(), error.message);
            if matches!(error.code.as_str(), "lease_lost" | "job_finished") {
                // The end is another worker's to tell: the client comes back for it.
                return self.events.close();
            }
        }
        if let Err(error) = self.events.send(terminal.event) {
            crate::log::error!("job {}: no terminal event: {}", self.id(), error.message);
        }
        self.events.close();
        // Where its end is not kept, the job is taken up again, and needs them.
        if kept.is_ok()
            && self.kind == JobKind::Analyze
            && let Err(error) = self.remove_inputs().await
        {
            crate::log::error!("job {}: its input stays behind: {error}", self.id());
        }
    }

    async fn remove_inputs(&self) -> Result<(), StoreError> {
        let prefix = keys::job_input_prefix(self.id());
        let inputs = self.app.objects.list(&prefix).await?;
        self.app.objects.delete(&inputs).await
    }

    async fn keep(&self, terminal: &Terminal, ending: Ending) -> Result<(), ApiError> {
        self.events
            .save(&self.app, &self.principal, &self.lease)
            .await?;
        let stored = terminal.stored.as_ref().unwrap_or(&terminal.event);
        let event = self.events.place_next(&self.app, stored).await?;
        let now = clock::now();
        let db = &self.app.db;
        let duration = clock::now_millis().saturating_sub(self.started);
        let spent = Spent {
            tokens: None,
            duration_ms: i64::try_from(duration).ok(),
        };
        jobs::finish(
            db,
            &self.principal,
            &self.lease,
            ending,
            spent,
            &event,
            &now,
        )
        .await?;
        Ok(())
    }
}

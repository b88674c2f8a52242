use std::rc::Rc;
use std::time::Duration;

use futures_util::stream;
use mcpengine_api::{Event, Job, JobKind, JobState, is_terminal};
use mcpengine_store::jobs::{self, Ending, EventBody};
use mcpengine_store::{Principal, Role, StoreError, projects};
use serde_json::Value;
use worker::{Delay, Request, Response};

use crate::app::App;
use crate::clock;
use crate::error::{ApiError, shown};
use crate::http::{header, json_response};
use crate::jobs::attempts;
use crate::jobs::events::{self, Frame};
use crate::project_plan;

/// How often a follower looks for new events.
const POLL: Duration = Duration::from_millis(250);
/// Events read at once.
const PAGE: u32 = 200;
/// A follower leaves after this many looks without news (ten minutes); the job's
/// lease has long run out by then.
const MAX_IDLE_POLLS: u32 = 2_400;

pub(crate) async fn get_job(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    json_response(200, &to_wire(load(app, principal, id).await?)?)
}

/// 1. The job, else 404; an editor of its project, else 403; 2. it runs, else 409.
///    It ends at its next step: who works on it looks every second.
pub(crate) async fn cancel_job(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<Response, ApiError> {
    let job = load(app, principal, id).await?;
    if let Some(project_id) = &job.project_id {
        // A project that is not made yet is of who started the job.
        match projects::get(&app.db, principal, project_id).await {
            Ok(project) if project.role < Role::Editor => {
                return Err(ApiError::insufficient_role(Role::Editor));
            }
            Ok(_) | Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let row = jobs::request_cancel(&app.db, principal, id, &clock::now())
        .await
        .map_err(|error| named(error, id))?;
    json_response(202, &to_wire(row)?)
}

fn to_wire(row: jobs::Job) -> Result<Job, ApiError> {
    Ok(Job {
        id: row.id,
        kind: match row.kind {
            jobs::JobKind::Analyze => JobKind::Analyze,
            jobs::JobKind::Generate => JobKind::Generate,
            jobs::JobKind::Deploy => JobKind::Deploy,
            jobs::JobKind::Test => return Err(ApiError::internal("a test job")),
        },
        project_id: row.project_id,
        state: match (row.state, row.ending) {
            (jobs::JobState::Running, _) => JobState::Running,
            (jobs::JobState::Done, _) => JobState::Done,
            (jobs::JobState::Failed, Some(Ending::Cancelled)) => JobState::Cancelled,
            (jobs::JobState::Failed, Some(Ending::Dead)) => JobState::Dead,
            (jobs::JobState::Failed, _) => JobState::Failed,
        },
        attempt: u32::try_from(row.attempt).unwrap_or(u32::MAX),
        cancel_requested_at: row.cancel_requested_at,
        created_at: row.created_at,
        finished_at: row.finished_at,
    })
}

/// 1. The job, else 404; 2. `Last-Event-ID` of this job, else 400; 3. the log
///    from there on, followed to its terminal event.
pub(crate) async fn get_job_events(
    app: Rc<App>,
    principal: Principal,
    id: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    load(&app, &principal, id).await?;
    let after = match header(request.headers(), "last-event-id").filter(|value| !value.is_empty()) {
        None => 0,
        Some(value) => last_event(id, &value)?,
    };
    let follower = Follower {
        app,
        principal,
        job: id.to_owned(),
        after,
        ready: Vec::new().into_iter(),
        idle: 0,
        ended: false,
    };
    events::response(stream::unfold(follower, |mut follower| async move {
        let frame = follower.next().await?;
        Some((frame, follower))
    }))
}

async fn load(app: &App, principal: &Principal, id: &str) -> Result<jobs::Job, ApiError> {
    jobs::get(&app.db, principal, id)
        .await
        .map_err(|error| named(error, id))
}

fn named(error: StoreError, id: &str) -> ApiError {
    match error {
        StoreError::NotFound(_) => {
            ApiError::not_found("job_not_found", format!("There is no job {}", shown(id)))
        }
        other => other.into(),
    }
}

fn last_event(job: &str, value: &str) -> Result<i64, ApiError> {
    events::seq_of(job, value).ok_or_else(|| {
        ApiError::bad_request(
            "invalid_event_id",
            "Last-Event-ID is not the id of an event of this job",
        )
    })
}

/// Reads a job's log as it grows.
struct Follower {
    app: Rc<App>,
    principal: Principal,
    job: String,
    /// The last event given out.
    after: i64,
    ready: std::vec::IntoIter<jobs::Event>,
    idle: u32,
    ended: bool,
}

impl Follower {
    async fn next(&mut self) -> Option<Frame> {
        if self.ended {
            return None;
        }
        match self.step().await {
            Ok(frame) => frame.map(Ok),
            Err(error) => {
                self.ended = true;
                self.frame(&error.event()).map(Ok)
            }
        }
    }

    async fn step(&mut self) -> Result<Option<Vec<u8>>, ApiError> {
        loop {
            if let Some(event) = self.ready.next() {
                return self.give(event).await.map(Some);
            }
            let (db, principal) = (&self.app.db, &self.principal);
            let job = jobs::get(db, principal, &self.job).await?;
            let page = jobs::events_after(db, principal, &self.job, self.after, PAGE).await?;
            if !page.is_empty() {
                self.idle = 0;
                self.ready = page.into_iter();
                continue;
            }
            if job.state != jobs::JobState::Running || self.idle >= MAX_IDLE_POLLS {
                self.ended = true;
                return Ok(None);
            }
            if job.lease_until <= clock::now() {
                self.take_up(job);
                Delay::from(POLL).await;
                continue;
            }
            self.idle += 1;
            Delay::from(POLL).await;
        }
    }

    /// Nobody works on the job any more: this request does, behind its answer.
    fn take_up(&self, job: jobs::Job) {
        let app = Rc::clone(&self.app);
        self.app.behind(async move {
            if let Err(error) = attempts::resume(app, &job).await {
                crate::log::error!("job {}: not taken up: {}", job.id, error.message);
            }
        });
    }

    async fn give(&mut self, event: jobs::Event) -> Result<Vec<u8>, ApiError> {
        let json = match event.body {
            EventBody::Inline(json) => json,
            EventBody::Object(key) => {
                String::from_utf8_lossy(&project_plan::object(&self.app, &key).await?).into_owned()
            }
        };
        let value: Value = serde_json::from_str(&json)?;
        let name = value
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or("message");
        self.after = event.seq;
        self.ended = is_terminal(name);
        Ok(events::frame(&self.job, event.seq, name, &json))
    }

    fn frame(&self, event: &Event) -> Option<Vec<u8>> {
        let json = serde_json::to_string(event).ok()?;
        Some(events::frame(
            &self.job,
            self.after + 1,
            event.name(),
            &json,
        ))
    }
}

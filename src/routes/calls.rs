use std::rc::Rc;
use std::time::Duration;

use futures_util::stream;
use mcpengine_api::{
    CallEvent, CallLog, CallMetrics, CallOutcome, CallSums, DeploymentMetrics, HourMetrics,
    LoggedCall,
};
use mcpengine_store::Principal;
use mcpengine_store::calls::{self, Outcome, RecentCall, Sums};
use worker::{Delay, Request, Response};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::http::{header, json_response};
use crate::jobs::events::{self, Frame};

const DEFAULT_HOURS: u32 = 24;
const MAX_HOURS: u32 = calls::DAYS_KEPT * 24;
const DEFAULT_PAGE: u32 = 50;
const MAX_PAGE: u32 = 100;
const HOUR_MS: u64 = 3_600_000;

/// How often the live tail looks for new calls.
const POLL: Duration = Duration::from_secs(1);
/// Looks without news after which it ends, about a minute in all; the client
/// comes back with the id of the last call.
const MAX_POLLS: u32 = 60;

/// 1. `hours`, else 400; 2. the version, else 404.
pub(crate) async fn get_metrics(
    app: &App,
    principal: &Principal,
    id: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let hours = number(request, "hours", 1..=MAX_HOURS)?.unwrap_or(DEFAULT_HOURS);
    let this_hour = clock::now_millis() / HOUR_MS * HOUR_MS;
    let since = clock::rfc3339(this_hour - u64::from(hours - 1) * HOUR_MS);
    let found = calls::metrics(&app.db, principal, id, &since).await?;
    let hours = found.hours.into_iter().map(|hour| HourMetrics {
        hour: format!("{}:00:00.000Z", hour.hour),
        calls: hour.calls,
        errors: hour.errors,
    });
    let metrics = DeploymentMetrics {
        since,
        total: sums(&found.total),
        tools: found.tools.into_iter().map(metrics).collect(),
        methods: found.methods.into_iter().map(metrics).collect(),
        series: hours.collect(),
    };
    json_response(200, &metrics)
}

/// 1. `after`, `limit` and `Last-Event-ID`, else 400; 2. the version, else 404;
///    3. one page, or the live tail where the client takes events.
pub(crate) async fn get_logs(
    app: Rc<App>,
    principal: Principal,
    id: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let after = number(request, "after", 0..=i64::MAX)?;
    let limit = number(request, "limit", 1..=MAX_PAGE)?.unwrap_or(DEFAULT_PAGE);
    let accept = header(request.headers(), "accept").unwrap_or_default();
    if !accept.contains("text/event-stream") {
        let page = calls::recent(&app.db, &principal, id, after, limit).await?;
        let calls = page.into_iter().map(logged).collect();
        return json_response(200, &CallLog { calls });
    }
    let last = header(request.headers(), "last-event-id").filter(|value| !value.is_empty());
    let after = match last {
        Some(value) => events::seq_of(id, &value).ok_or_else(|| {
            ApiError::bad_request(
                "invalid_event_id",
                "Last-Event-ID is not the id of a call of this version",
            )
        })?,
        None => after.unwrap_or_default(),
    };
    let first = calls::recent(&app.db, &principal, id, Some(after), MAX_PAGE).await?;
    let tail = Tail {
        app,
        principal,
        deployment: id.to_owned(),
        after,
        ready: first.into_iter(),
        polls: 0,
    };
    events::response(stream::unfold(tail, |mut tail| async move {
        let frame = tail.next().await?;
        Some((frame, tail))
    }))
}

/// Reads a version's calls as they come.
struct Tail {
    app: Rc<App>,
    principal: Principal,
    deployment: String,
    /// The last call given out.
    after: i64,
    ready: std::vec::IntoIter<RecentCall>,
    polls: u32,
}

impl Tail {
    /// Ends where the version is gone or the store does not answer: what the
    /// client gets when it comes back says why.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(call) = self.ready.next() {
                self.after = call.seq;
                let event = CallEvent::Call(logged(call));
                let json = serde_json::to_string(&event).ok()?;
                return Some(Ok(events::frame(
                    &self.deployment,
                    self.after,
                    "call",
                    &json,
                )));
            }
            if self.polls >= MAX_POLLS {
                return None;
            }
            self.polls += 1;
            Delay::from(POLL).await;
            let (db, principal) = (&self.app.db, &self.principal);
            let after = Some(self.after);
            let page = calls::recent(db, principal, &self.deployment, after, MAX_PAGE).await;
            self.ready = page.ok()?.into_iter();
        }
    }
}

/// A number of the query, `None` where it is not given.
fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display>(
    request: &Request,
    name: &str,
    range: std::ops::RangeInclusive<T>,
) -> Result<Option<T>, ApiError> {
    let url = request.url()?;
    let Some((_, text)) = url.query_pairs().find(|(key, _)| key == name) else {
        return Ok(None);
    };
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.map(Some).ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        ApiError::bad_request(
            &format!("invalid_{name}"),
            format!("{name} is from {least} to {most}"),
        )
    })
}

fn sums(sums: &Sums) -> CallSums {
    CallSums {
        calls: sums.calls,
        errors: sums.errors,
        p50_ms: sums.durations.percentile(50),
        p95_ms: sums.durations.percentile(95),
        bytes_out: sums.bytes_out,
    }
}

fn metrics(tool: calls::Tool) -> CallMetrics {
    CallMetrics {
        name: tool.name,
        sums: sums(&tool.sums),
        last_error: tool.last_error,
        last_error_at: tool.last_error_at,
    }
}

fn logged(call: RecentCall) -> LoggedCall {
    LoggedCall {
        id: call.seq,
        at: call.at,
        tool: (call.method == calls::TOOLS_CALL).then_some(call.tool),
        method: call.method,
        outcome: match call.outcome {
            Outcome::Ok => CallOutcome::Ok,
            Outcome::ToolError => CallOutcome::ToolError,
            Outcome::ProtocolError => CallOutcome::ProtocolError,
            Outcome::HttpError => CallOutcome::HttpError,
            Outcome::Failed => CallOutcome::Failed,
            Outcome::Cancelled => CallOutcome::Cancelled,
        },
        duration_ms: call.duration_ms,
        bytes_out: call.bytes_out,
        error: call.error,
    }
}

//! Measures the requests to hosted servers and records them behind the answer.
//!
//! What it costs a call: headers are read, a body of a legacy request is cloned
//! (up to [`READ_BYTES`]), and the answer is looked at (src/watch.mjs). A message of
//! up to [`READ_BYTES`] is read at once; the chunks of any other answer pass through
//! a counter that buffers none. Of those only the last [`READ_BYTES`] are looked at:
//! a larger message is taken for a success, as errors are far shorter than that.

mod message;
mod pending;

use std::future::Future;

use js_sys::{Array, Function, Promise, Reflect};
use mcpengine_plan::AuthScheme;
use mcpengine_store::calls::{MAX_ERROR_CHARS, Outcome};
use mcpengine_store::hosting::LiveServer;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Request;
use worker::Env;

use crate::app::App;
use crate::bindings;
use crate::calls::message::{Asked, Verdict, verdict};
use crate::calls::pending::Measured;
use crate::clock;
use crate::error::ApiError;
use crate::secrets;

/// How much of a request or answer is read, in bytes.
const READ_BYTES: u32 = 64 * 1024;

const BROKE_OFF: &str = "The server's answer broke off";

/// Revisions from this one on name method and tool in headers, which the server
/// compares with the body.
const HEADERS_SINCE: &str = "2026-01-01";

/// A request on its way.
pub(crate) struct Meter {
    project_id: String,
    deployment_id: String,
    schemes: Vec<AuthScheme>,
    asked: Naming,
    at_ms: u64,
}

/// Where method and tool are named.
enum Naming {
    Known(Asked),
    /// Text of the body, still to come.
    Body(Promise),
}

/// What has become of an answer.
struct Ended {
    verdict: Verdict,
    bytes: i64,
    at_ms: u64,
}

impl Ended {
    fn failed(why: &str) -> Self {
        Self {
            verdict: Verdict {
                outcome: Outcome::Failed,
                error: Some(why.to_owned()),
            },
            bytes: 0,
            at_ms: clock::now_millis(),
        }
    }
}

impl Meter {
    /// Of a POST: whatever else there is, is no message. Has to come before the
    /// request is handed on, because then its body is gone.
    pub(crate) fn start(request: &Request, server: &LiveServer) -> Option<Self> {
        (request.method() == "POST").then(|| Self {
            project_id: server.project_id.clone(),
            deployment_id: server.deployment_id.clone(),
            schemes: server.config.auth_schemes.clone(),
            asked: naming(request),
            at_ms: clock::now_millis(),
        })
    }

    /// The same answer, recorded once its last byte has gone out.
    ///
    /// # Errors
    /// That of `answer`; `server_failed` (502) where a short answer breaks off.
    pub(crate) async fn watch(
        self,
        app: &App,
        answer: Result<web_sys::Response, ApiError>,
    ) -> Result<web_sys::Response, ApiError> {
        let env = app.env.clone();
        let response = match answer {
            Ok(response) => response,
            Err(error) => {
                let ended = Ended::failed(&error.message);
                app.behind(self.record(env, std::future::ready(Some(ended))));
                return Err(error);
            }
        };
        match watched(&response) {
            Ok((watched, end)) => {
                let status = response.status();
                let ended = async move {
                    match JsFuture::from(end).await {
                        Ok(end) => ended(status, &end),
                        Err(_) => Some(Ended::failed(BROKE_OFF)),
                    }
                };
                // Before the wait: the platform may end that with its client.
                app.behind(self.record(env, ended));
                let watched = JsFuture::from(watched).await;
                watched
                    .and_then(JsCast::dyn_into)
                    .map_err(|_| ApiError::new(502, "server_failed", BROKE_OFF))
            }
            Err(error) => {
                crate::log::error!("an answer is not measured: {error:?}");
                Ok(response)
            }
        }
    }

    async fn record(self, env: Env, ended: impl Future<Output = Option<Ended>>) {
        let Some(ended) = ended.await else {
            crate::log::error!("an answer of {} is not measured", self.deployment_id);
            return;
        };
        let asked = match self.asked {
            Naming::Known(asked) => asked,
            Naming::Body(text) => {
                let text = JsFuture::from(text).await.ok();
                let text = text.and_then(|text| text.as_string()).unwrap_or_default();
                Asked::from_body(&text)
            }
        };
        let error = match &ended.verdict.error {
            Some(text) => Some(
                redacted(
                    &env,
                    &self.project_id,
                    &self.deployment_id,
                    &self.schemes,
                    text,
                )
                .await,
            ),
            None => None,
        };
        let duration = ended.at_ms.saturating_sub(self.at_ms);
        let call = Measured {
            at: clock::rfc3339(self.at_ms),
            method: asked.method,
            tool: asked.tool,
            outcome: ended.verdict.outcome,
            duration_ms: u32::try_from(duration).unwrap_or(u32::MAX),
            bytes_out: ended.bytes,
            error,
            deployment_id: self.deployment_id,
        };
        pending::keep(&env, call).await;
    }
}

fn naming(request: &Request) -> Naming {
    let headers = request.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    let revision = header("mcp-protocol-version").unwrap_or_default();
    if let Some(method) = header("mcp-method")
        && revision.as_str() >= HEADERS_SINCE
    {
        let name = header("mcp-name");
        return Naming::Known(Asked::new(&method, name.as_deref()));
    }
    let is_short = header("content-length")
        .and_then(|length| length.parse::<u32>().ok())
        .is_some_and(|length| length <= READ_BYTES);
    is_short
        .then(|| request.clone().ok()?.text().ok())
        .flatten()
        .map_or_else(|| Naming::Known(Asked::new("", None)), Naming::Body)
}

/// Promises of the response with a body that is counted, and of its end.
fn watched(response: &web_sys::Response) -> Result<(Promise, Promise), JsValue> {
    let watch: Function = Reflect::get(&js_sys::global(), &bindings::WATCH.into())?.dyn_into()?;
    let pair: Array = watch
        .call2(&JsValue::UNDEFINED, response, &READ_BYTES.into())?
        .dyn_into()?;
    Ok((
        Promise::resolve(&pair.get(0)),
        Promise::resolve(&pair.get(1)),
    ))
}

/// `None` where the end has not the form that src/watch.mjs gives it.
fn ended(status: u16, end: &JsValue) -> Option<Ended> {
    let field = |name: &str| Reflect::get(end, &name.into()).ok();
    #[expect(clippy::cast_possible_truncation, reason = "a count, far below 2^53")]
    let bytes = field("bytes")?.as_f64()? as i64;
    let verdict = if field("whole")?.as_bool()? {
        verdict(status, &field("text")?.as_string()?)
    } else {
        Verdict {
            outcome: Outcome::Cancelled,
            error: None,
        }
    };
    Some(Ended {
        verdict,
        bytes,
        at_ms: clock::now_millis(),
    })
}

/// The error's text without the version's credentials, which an API may repeat.
/// Where they cannot be had, the text is not kept.
async fn redacted(
    env: &Env,
    project_id: &str,
    deployment_id: &str,
    schemes: &[AuthScheme],
    text: &str,
) -> String {
    let mut known = Vec::new();
    if !schemes.is_empty() {
        let Ok(secrets) = secrets::open(env, project_id, deployment_id).await else {
            return "The error's text is not kept, as credentials could not be looked for in it"
                .to_owned();
        };
        known = secrets::written(&secrets, schemes);
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    mcpengine_vault::redact(text, &known, MAX_ERROR_CHARS)
}

//! The Worker: the only code that names the platform. It moves bytes between the
//! pure crates, stores, and streams progress.

mod adapters;
mod address;
mod app;
mod auth;
mod bindings;
mod calls;
mod clock;
mod cloudflare_urls;
mod conditional;
mod config;
mod destination;
mod digest;
mod directory;
mod durable;
mod edits;
mod endings;
mod endpoint_token;
mod error;
mod gateway;
mod guards;
mod health;
mod hosted;
mod http;
mod idempotency;
mod jobs;
mod json;
mod limits;
mod log;
mod outbound;
mod place;
mod project_plan;
mod router;
mod routes;
mod sample;
mod scheduled;
mod scripts;
mod secrets;
mod site;
mod stripe_vars;
mod team_tier;
mod upstream;
mod wire;

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use worker::worker_sys::Context as JsContext;
use worker::{Context, Env, MessageBatch, Request, Response, event};

use crate::app::App;
use crate::config::Config;
use crate::error::ApiError;
use crate::gateway::{Addressed, Target};
use crate::http::{error_response, set_header};
use crate::jobs::wake_up::WakeUp;

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<Response> {
    let request_id = clock::new_id().unwrap_or_else(|_| "unknown".to_owned());
    log::under(&request_id, handle(request, env, context, &request_id)).await
}

async fn handle(
    request: web_sys::Request,
    env: Env,
    context: Context,
    request_id: &str,
) -> worker::Result<Response> {
    let is_head = request.method() == "HEAD";
    let mut response = match answer(request, env, context, request_id).await {
        Ok(response) => response,
        // Where not even the vars can be read, the answer is guarded all the same.
        Err(error) => guarded(refusal(&error, request_id), None).map_err(into_worker)?,
    };
    set_header(&mut response, "x-request-id", request_id).map_err(into_worker)?;
    if is_head {
        let headers = response.headers().clone();
        return Ok(Response::builder()
            .with_status(response.status_code())
            .with_headers(headers)
            .empty());
    }
    Ok(response)
}

/// The scheduled event. Not `#[event(scheduled)]`: jobs that are taken up here need
/// all of the context, and that macro gives a part of it.
#[wasm_bindgen]
pub async fn scheduled(_: JsValue, env: Env, context: JsContext) {
    match App::new(env, Context::new(context)) {
        Ok(app) => log::under("scheduled", scheduled::run(Rc::new(app))).await,
        Err(error) => crate::log::error!("scheduled: {}", error.message),
    }
}

#[event(queue)]
async fn queue(batch: MessageBatch<WakeUp>, env: Env, context: Context) -> worker::Result<()> {
    let app = App::new(env, context).map_err(into_worker)?;
    log::under("queue", jobs::wake_up::handle(Rc::new(app), &batch)).await
}

/// The request stays the platform's own until it is known whose it is: `worker`'s
/// looks up where its sender is, and more, which no hosted server's call needs.
async fn answer(
    request: web_sys::Request,
    env: Env,
    context: Context,
    request_id: &str,
) -> Result<Response, ApiError> {
    let app = Rc::new(App::new(env, context)?);
    let host = request.headers().get("host").ok().flatten();
    let host = host.unwrap_or_default();
    let url = worker::Url::parse(&request.url())
        .map_err(|_| ApiError::internal("a request without an address"))?;
    let path = url.path();
    match gateway::target(&app.config, &host, path) {
        Target::Nobody => Err(gateway::misdirected(&host)),
        Target::Server { slug, path } => {
            let server = Addressed { url, slug, path };
            gateway::serve(&app, request, &server, request_id).await
        }
        Target::Studio if path.starts_with("/api/") => api(app, request.into(), request_id).await,
        Target::Studio => {
            let answer = studio(Rc::clone(&app), request.into(), path).await;
            let answer = answer.or_else(|error| refusal(&error, request_id));
            guarded(answer, Some(&app.config))
        }
    }
}

fn guarded(
    response: Result<Response, ApiError>,
    config: Option<&Config>,
) -> Result<Response, ApiError> {
    let mut response = response?;
    guards::apply(&mut response, config)?;
    Ok(response)
}

/// The API, for the studio's pages, for scripts, and for pages of listed origins.
async fn api(app: Rc<App>, request: Request, request_id: &str) -> Result<Response, ApiError> {
    let origin = guards::allowed_origin(&app.config, &request);
    let mut response = if guards::is_preflight(&request) {
        guards::preflight(origin.as_deref())?
    } else {
        let answer = router::route(Rc::clone(&app), request).await;
        let mut response = answer.or_else(|error| refusal(&error, request_id))?;
        guards::allow(&mut response, origin.as_deref())?;
        response
    };
    guards::apply(&mut response, Some(&app.config))?;
    Ok(response)
}

async fn studio(app: Rc<App>, mut request: Request, path: &str) -> Result<Response, ApiError> {
    if app.config.is_development() && path.starts_with(sample::PREFIX) {
        return sample::handle(&app.db, &mut request).await;
    }
    if app.config.authentication.is_built_in() && path.starts_with(auth::built_in::PREFIX) {
        return auth::built_in::handle(&app, request).await;
    }
    site::page(&app, request).await
}

/// An error as an answer, with the headers that go with its status.
fn refusal(error: &ApiError, request_id: &str) -> Result<Response, ApiError> {
    let mut response = error_response(error, request_id);
    if let Some(allow) = error.allow() {
        set_header(&mut response, "allow", allow)?;
    }
    if let Some(challenge) = error.challenge() {
        set_header(&mut response, "www-authenticate", challenge)?;
    }
    for (name, value) in limits::error_headers(error) {
        set_header(&mut response, name, &value)?;
    }
    Ok(response)
}

fn into_worker(error: ApiError) -> worker::Error {
    worker::Error::RustError(error.message)
}

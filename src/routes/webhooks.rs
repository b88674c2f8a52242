//! What Clerk and Stripe tell. The raw bytes are verified before anything reads them.

use mcpengine_api::WebhookReceipt;
use mcpengine_identity::clerk::DirectoryEvent;
use mcpengine_store::billing;
use mcpengine_store::webhook_events::Received;
use mcpengine_stripe::Event;
use mcpengine_vault::webhook::{
    InvalidSecrets, Refused, SigningSecrets, StandardHeaders, verify_standard, verify_stripe,
};
use serde_json::json;
use worker::{Request, Response};

use crate::app::App;
use crate::bindings;
use crate::clock;
use crate::directory;
use crate::error::ApiError;
use crate::http::{header, json_response, read_body};

/// Both send some 5 kB.
const BODY_LIMIT: usize = 256 << 10;

/// 1. Secrets, else 503 `misconfigured`; 2. the body, else 413, 415; 3. the
///    signature, else 400 `invalid_signature`; 4. the event, else 400
///    `invalid_event`; 5. what follows from it, in one batch.
pub(crate) async fn receive_clerk(app: &App, request: &mut Request) -> Result<Response, ApiError> {
    let secrets = secrets(
        app,
        bindings::CLERK_WEBHOOK_SECRETS,
        SigningSecrets::standard,
    )?;
    let body = read_body(request, BODY_LIMIT).await?;
    let either = |name: &str| {
        let headers = request.headers();
        header(headers, &format!("webhook-{name}"))
            .or_else(|| header(headers, &format!("svix-{name}")))
    };
    let [id, timestamp, signature] = ["id", "timestamp", "signature"].map(either);
    let headers = StandardHeaders {
        id: id.as_deref(),
        timestamp: timestamp.as_deref(),
        signature: signature.as_deref(),
    };
    let id = verify_standard(&secrets, headers, &body, now_seconds()).map_err(refused)?;
    let event = DirectoryEvent::read(&body).map_err(|error| invalid(&error))?;
    receipt(directory::receive(app, id, &event).await?)
}

/// As [`receive_clerk`].
pub(crate) async fn receive_stripe(app: &App, request: &mut Request) -> Result<Response, ApiError> {
    let secrets = secrets(
        app,
        bindings::STRIPE_WEBHOOK_SECRETS,
        SigningSecrets::stripe,
    )?;
    let body = read_body(request, BODY_LIMIT).await?;
    let signature = header(request.headers(), "stripe-signature");
    verify_stripe(&secrets, signature.as_deref(), &body, now_seconds()).map_err(refused)?;
    let event = Event::read(&body).map_err(|error| invalid(&error))?;
    receipt(billing::receive(&app.db, &event, &clock::now()).await?)
}

fn secrets(
    app: &App,
    name: &str,
    parse: impl Fn(&str) -> Result<SigningSecrets, InvalidSecrets>,
) -> Result<SigningSecrets, ApiError> {
    let text = app.env.secret(name).map(|secret| secret.to_string());
    parse(&text.unwrap_or_default())
        .map_err(|error| ApiError::misconfigured(format!("{name}: {error}")))
}

fn now_seconds() -> i64 {
    i64::try_from(clock::now_millis() / 1_000).unwrap_or(i64::MAX)
}

fn refused(error: Refused) -> ApiError {
    let message = format!("The webhook is refused: {error}");
    ApiError::bad_request("invalid_signature", message)
        .with_details(json!({ "reason": error.as_str() }))
}

fn invalid(error: &impl std::fmt::Display) -> ApiError {
    ApiError::bad_request("invalid_event", format!("The webhook is no event: {error}"))
}

fn receipt(received: Received) -> Result<Response, ApiError> {
    let duplicate = received == Received::Duplicate;
    json_response(200, &WebhookReceipt { duplicate })
}

use mcpengine_api::{Health, StudioConfig};
use mcpengine_openapi::Limits;
use worker::{Request, Response};

use crate::app::App;
use crate::error::ApiError;
use crate::http::json_response;
use crate::sample;

pub(crate) fn get_health(app: &App) -> Result<Response, ApiError> {
    let health = Health {
        status: "ok".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        environment: app.config.environment,
    };
    json_response(200, &health)
}

pub(crate) fn get_config(app: &App, request: &Request) -> Result<Response, ApiError> {
    let origin = request.url()?.origin().ascii_serialization();
    let config = StudioConfig {
        environment: app.config.environment,
        domain: app.config.servers_domain.clone(),
        max_spec_bytes: Limits::WORKER.bytes as u64,
        sample_spec_url: app
            .config
            .is_development()
            .then(|| format!("{origin}{}", sample::DOCUMENT_PATH)),
        auth: app.config.authentication.config(&origin),
    };
    json_response(200, &config)
}

pub(crate) fn get_openapi() -> Result<Response, ApiError> {
    // The committed document, so that the Worker does not carry its maker.
    let document: serde_json::Value =
        serde_json::from_str(include_str!("../../docs/openapi.json"))?;
    json_response(200, &document)
}

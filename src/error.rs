//! The one error of the edge: a status, a stable code and a sentence for the
//! client. What only we should know goes to the log, never into the answer.

use mcpengine_api::{ErrorBody, ErrorEnvelope, Event};
use mcpengine_openapi::Refusal;
use mcpengine_store::{Role, StoreError};
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiError {
    /// 4xx or 5xx.
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// Boxed: every fallible function of the edge returns this type.
    pub(crate) details: Option<Box<Value>>,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            details: None,
        }
    }

    pub(crate) fn with_details(mut self, details: Value) -> Self {
        self.details = Some(Box::new(details));
        self
    }

    pub(crate) fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub(crate) fn not_found(code: &str, message: impl Into<String>) -> Self {
        Self::new(404, code, message)
    }

    pub(crate) fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(409, code, message)
    }

    /// A body or document of more than `limit` bytes.
    pub(crate) fn too_large(what: &str, limit: usize) -> Self {
        Self::new(
            413,
            "body_too_large",
            format!("{what} is larger than {limit} bytes. The command line takes larger documents"),
        )
        .with_details(json!({ "limit": limit }))
    }

    pub(crate) fn project_not_found(id: &str) -> Self {
        Self::not_found(
            "project_not_found",
            format!("There is no project {}", shown(id)),
        )
    }

    /// What the principal may see, but not do this with.
    pub(crate) fn insufficient_role(needs: Role) -> Self {
        let needs = needs.as_str();
        let message = format!("This asks for the role {needs} in the team. Ask one of its admins");
        Self::new(403, "insufficient_role", message).with_details(json!({ "needs": needs }))
    }

    /// A fault of ours: `detail` is logged, the client learns nothing of it.
    pub(crate) fn internal(detail: &str) -> Self {
        crate::log::error!("internal error: {detail}");
        Self::new(500, "internal", "Something failed on our side. Try again")
    }

    /// The deployment's configuration is wrong; only its operator can mend that.
    pub(crate) fn misconfigured(detail: String) -> Self {
        crate::log::error!("misconfigured: {detail}");
        Self::new(503, "misconfigured", detail)
    }

    /// Whether the same request can succeed when it is made again.
    pub(crate) fn recoverable(&self) -> bool {
        self.status >= 500 || matches!(self.status, 408 | 409 | 429)
    }

    /// The `Allow` header that goes with 405 (RFC 9110 §15.5.6).
    pub(crate) fn allow(&self) -> Option<&str> {
        self.details.as_ref()?.get("allow")?.as_str()
    }

    /// The `WWW-Authenticate` header that goes with 401 and a missing scope
    /// (RFC 6750 §3).
    pub(crate) fn challenge(&self) -> Option<&'static str> {
        match (self.status, self.code.as_str()) {
            (401, "unauthenticated") => Some("Bearer"),
            (401, _) => Some("Bearer error=\"invalid_token\""),
            (403, "insufficient_scope") => Some("Bearer error=\"insufficient_scope\""),
            _ => None,
        }
    }

    pub(crate) fn envelope(&self, request_id: &str) -> ErrorEnvelope {
        ErrorEnvelope {
            error: ErrorBody {
                code: self.code.clone(),
                message: self.message.clone(),
                request_id: request_id.to_owned(),
                details: self.details.as_deref().cloned(),
            },
        }
    }

    pub(crate) fn event(&self) -> Event {
        Event::Error {
            code: self.code.clone(),
            message: self.message.clone(),
            recoverable: self.recoverable(),
            details: self.details.as_deref().cloned(),
        }
    }
}

/// A client's text, bounded, for use in a message.
pub(crate) fn shown(text: &str) -> String {
    let short: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    format!("{short:?}")
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::not_found(
                &format!("{what}_not_found"),
                format!("There is no such {what}"),
            ),
            StoreError::Denied(role) => Self::insufficient_role(role),
            StoreError::Conflict { code, message } => Self::conflict(code, message),
            StoreError::Invalid { code, message } => Self::bad_request(code, message),
            StoreError::TooLarge { what, limit, .. } => {
                Self::new(413, "too_large", format!("{what} is larger than {limit}"))
                    .with_details(json!({ "limit": limit }))
            }
            StoreError::Unavailable(detail) => {
                crate::log::error!("store unavailable: {detail}");
                Self::new(
                    503,
                    "store_unavailable",
                    "The store did not answer. Try again",
                )
            }
            StoreError::Corrupt(detail) => Self::internal(&format!("corrupt row: {detail}")),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let mut details = json!({ "help": refusal.help });
        if let Some(map) = details.as_object_mut() {
            if let Some(position) = refusal.position {
                map.insert("line".to_owned(), position.line.into());
                map.insert("column".to_owned(), position.column.into());
            }
            if let Some(pointer) = refusal.pointer {
                map.insert("pointer".to_owned(), pointer.into());
            }
        }
        let status = if refusal.code == "document_too_large" {
            413
        } else {
            422
        };
        Self::new(status, refusal.code, refusal.message).with_details(details)
    }
}

impl From<worker::Error> for ApiError {
    fn from(error: worker::Error) -> Self {
        Self::internal(&error.to_string())
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(&format!("JSON: {error}"))
    }
}

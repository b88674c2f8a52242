//! A studio's API over HTTP.

use std::io::{BufReader, Read};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use super::credentials::Credentials;
use super::events::{Event, Events};
use crate::failure::Failure;

/// Bytes of an answer that is read whole.
const MAX_ANSWER: u64 = 64 << 20;
const CONNECT: Duration = Duration::from_secs(15);
/// A stream says something more often than that, or it is dead.
const SILENCE: Duration = Duration::from_secs(120);

pub(super) struct Client {
    agent: Agent,
    pub(super) studio: String,
    token: String,
}

impl Client {
    pub(super) fn signed_in() -> Result<Self, Failure> {
        Self::new(&Credentials::load()?)
    }

    /// # Errors
    /// `invalid_studio`: the address is none, or would send the token in the clear.
    pub(super) fn new(credentials: &Credentials) -> Result<Self, Failure> {
        let studio = credentials.studio.trim_end_matches('/').to_owned();
        let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
            .iter()
            .filter_map(|host| studio.strip_prefix(host))
            .any(|rest| rest.is_empty() || rest.starts_with(':'));
        if !studio.starts_with("https://") && !local {
            return Err(Failure::new(
                "invalid_studio",
                "the studio's address is not an https address".to_owned(),
                "Give an address such as https://mcpengine.com; http is for this machine only.",
            ));
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .user_agent(concat!("mcpengine/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Ok(Self {
            agent,
            studio,
            token: credentials.token.clone(),
        })
    }

    /// The JSON that a path answers.
    pub(super) fn get(&self, path: &str) -> Result<Value, Failure> {
        let response = self.ask(path, "application/json")?;
        let bytes = response
            .into_body()
            .into_with_config()
            .limit(MAX_ANSWER)
            .read_to_vec()
            .map_err(|error| self.unreachable(&error))?;
        serde_json::from_slice(&bytes).map_err(|_| self.no_studio())
    }

    /// The events of a path, as they come.
    pub(super) fn follow(&self, path: &str) -> Result<Events<impl Read>, Failure> {
        let response = self.ask(path, "text/event-stream")?;
        Ok(Events::new(BufReader::new(
            response.into_body().into_reader(),
        )))
    }

    /// Runs a job to its end: `on_event` is shown each event, the last is returned.
    ///
    /// # Errors
    /// The job's own error, and `stream_cut` where the connection breaks off.
    pub(super) fn job(
        &self,
        path: &str,
        body: &Value,
        mut on_event: impl FnMut(&Event),
    ) -> Result<Event, Failure> {
        let response = self
            .agent
            .post(self.address(path))
            .header("authorization", self.authorization())
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .send(body.to_string())
            .map_err(|error| self.unreachable(&error))?;
        let body = self.accepted(response)?.into_body().into_reader();
        for event in Events::new(BufReader::new(body)) {
            let event = event.map_err(|error| self.cut(&error))?;
            if event.name == "error" {
                return Err(refusal(&event.data));
            }
            if matches!(
                event.name.as_str(),
                "analysis:complete" | "generate:complete" | "deploy:live"
            ) {
                return Ok(event);
            }
            on_event(&event);
        }
        Err(self.cut(&"it ended before the work did"))
    }

    fn ask(&self, path: &str, accept: &str) -> Result<Response<Body>, Failure> {
        let response = self
            .agent
            .get(self.address(path))
            .header("authorization", self.authorization())
            .header("accept", accept)
            .call()
            .map_err(|error| self.unreachable(&error))?;
        self.accepted(response)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.studio)
    }

    fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// A 2xx answer; any other one as the failure that it tells of.
    fn accepted(&self, mut response: Response<Body>) -> Result<Response<Body>, Failure> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let text = response
            .body_mut()
            .with_config()
            .limit(1 << 20)
            .read_to_string()
            .unwrap_or_default();
        let envelope: Option<Envelope> = serde_json::from_str(&text).ok();
        let Some(Envelope { error }) = envelope else {
            return Err(self.no_studio());
        };
        let exit = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => 3,
            _ => 1,
        };
        Err(refusal(&error).with_status(exit))
    }

    fn unreachable(&self, error: &ureq::Error) -> Failure {
        Failure::new(
            "studio_unreachable",
            format!("{} cannot be reached: {error}", self.studio),
            "Check the address and the network.",
        )
        .with_status(4)
    }

    fn no_studio(&self) -> Failure {
        Failure::new(
            "no_studio",
            format!("{} does not answer as a studio does", self.studio),
            "Check the address.",
        )
        .with_status(4)
    }

    pub(super) fn cut(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::new(
            "stream_cut",
            format!("the connection to {} broke off: {error}", self.studio),
            "The work goes on in the studio. Look at the project there, or try again.",
        )
        .with_status(4)
    }
}

#[derive(Deserialize)]
struct Envelope {
    error: Value,
}

/// The failure of an error envelope's inner part or of an `error` event.
fn refusal(error: &Value) -> Failure {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let code = text(error.get("code")).unwrap_or_else(|| "unknown".to_owned());
    let message = text(error.get("message")).unwrap_or_default();
    let details = error.get("details");
    let own_help = text(details.and_then(|details| details.get("help")));
    let help = own_help.as_deref().unwrap_or(match code.as_str() {
        "unauthenticated" | "invalid_token" | "token_expired" => {
            "Make a token on the page Settings of the studio and run mcpengine login."
        }
        "insufficient_scope" => "Make a token with that scope on the page Settings of the studio.",
        "project_not_found" => "mcpengine import makes a project and prints its id.",
        _ => "",
    });
    Failure::new(code, message, help)
}

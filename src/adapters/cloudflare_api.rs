//! Cloudflare's API for scripts: what `mcpengine_cloudflare` writes goes out here,
//! and is sent again where that can help. The address is the operator's, so no
//! user's text decides where the token goes.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use js_sys::{Array, JsString, Object, Reflect};
use mcpengine_cloudflare::answer::{self, Answer};
use mcpengine_cloudflare::{
    Binding, Failure, JAVASCRIPT_MODULE, Kind, Metadata, Multipart, Script, account_subdomain_path,
    names, retry,
};
use mcpengine_vault::redact;
use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use worker::{
    AbortController, AbortSignal, Delay, Fetch, Headers, Method, Request, RequestInit,
    RequestRedirect, ResponseBody,
};

use crate::clock;
use crate::error::ApiError;
use crate::http::header;

/// For one attempt, its answer included: Cloudflare starts the Worker meanwhile.
const TIMEOUT: Duration = Duration::from_secs(40);

/// An account and the token that may change its scripts.
pub(crate) struct CloudflareApi {
    base: String,
    account: String,
    token: String,
}

impl std::fmt::Debug for CloudflareApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CloudflareApi")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// What an upload is made of.
#[derive(Debug)]
pub(crate) struct Upload<'a> {
    pub(crate) metadata: &'a Metadata,
    /// `{modules: {name: source}}`. Sources stay on JavaScript's side: WebAssembly
    /// memory never shrinks.
    pub(crate) compiled: &'a JsValue,
}

#[derive(Deserialize)]
struct Subdomain {
    subdomain: String,
}

#[derive(Deserialize)]
struct Settings {
    tags: Option<Vec<String>>,
}

/// What came back, before anybody has read it.
struct Raw {
    status: u16,
    retry_after: Option<String>,
    body: Vec<u8>,
}

impl Raw {
    fn answer(&self) -> Answer<'_> {
        Answer {
            status: self.status,
            retry_after: self.retry_after.as_deref(),
            body: &self.body,
        }
    }
}

/// A body that can be sent more than once.
struct Body {
    content_type: String,
    content: JsValue,
}

impl CloudflareApi {
    /// # Errors
    /// `invalid_account_id` or `invalid_api_token` (400).
    pub(crate) fn new(base: &str, account: &str, token: &str) -> Result<Self, ApiError> {
        names::check_account_id(account).map_err(|error| invalid(&error))?;
        names::check_api_token(token).map_err(|error| invalid(&error))?;
        Ok(Self {
            base: base.to_owned(),
            account: account.to_owned(),
            token: token.to_owned(),
        })
    }

    /// The script of that name.
    ///
    /// # Errors
    /// `invalid_script_name` (400).
    pub(crate) fn script<'a>(
        &'a self,
        namespace: Option<&'a str>,
        name: &'a str,
    ) -> Result<Script<'a>, ApiError> {
        Script::new(&self.account, namespace, name).map_err(|error| invalid(&error))
    }

    /// Makes the script, or replaces it by this one.
    ///
    /// # Errors
    /// `cloudflare_…`, see [`CloudflareApi::refused`].
    pub(crate) async fn upload(
        &self,
        script: &Script<'_>,
        upload: &Upload<'_>,
    ) -> Result<(), ApiError> {
        let body = form(upload)?;
        let path = script.path();
        self.call(Method::Put, &path, Some(&body), answer::success)
            .await
            .map_err(|failure| {
                let secrets: Vec<&str> =
                    upload.metadata.bindings.iter().filter_map(secret).collect();
                self.refused(&failure, &secrets)
            })
    }

    /// The script is gone afterwards, also where it was gone before.
    ///
    /// # Errors
    /// As [`CloudflareApi::upload`].
    pub(crate) async fn delete(&self, script: &Script<'_>) -> Result<(), ApiError> {
        let path = script.path();
        self.call(Method::Delete, &path, None, answer::deleted)
            .await
            .map_err(|failure| self.refused(&failure, &[]))
    }

    /// Lets the script answer below `workers.dev`.
    ///
    /// # Errors
    /// As [`CloudflareApi::upload`]; one of a namespace has no address of its own.
    pub(crate) async fn enable(&self, script: &Script<'_>) -> Result<(), ApiError> {
        let path = script
            .subdomain_path()
            .ok_or_else(|| ApiError::internal("a dispatched script has no address"))?;
        let body = Body {
            content_type: "application/json".to_owned(),
            content: json!({ "enabled": true }).to_string().into(),
        };
        self.call(Method::Post, &path, Some(&body), answer::success)
            .await
            .map_err(|failure| self.refused(&failure, &[]))
    }

    /// The account's sub-domain of `workers.dev`.
    ///
    /// # Errors
    /// As [`CloudflareApi::upload`]; `cloudflare_account_not_ready` where there is
    /// none.
    pub(crate) async fn subdomain(&self) -> Result<String, ApiError> {
        let path = account_subdomain_path(&self.account).map_err(|error| invalid(&error))?;
        let found = self.call(Method::Get, &path, None, answer::result::<Subdomain>);
        let found = found
            .await
            .map_err(|failure| self.refused(&failure.about_subdomain(), &[]))?;
        // It becomes a part of an address.
        names::check_subdomain(&found.subdomain)
            .map_err(|error| ApiError::internal(&format!("Cloudflare's subdomain: {error}")))?;
        Ok(found.subdomain)
    }

    /// The tags of the script; `None` where there is no such script.
    ///
    /// # Errors
    /// As [`CloudflareApi::upload`].
    pub(crate) async fn tags(&self, script: &Script<'_>) -> Result<Option<Vec<String>>, ApiError> {
        let path = script.settings_path();
        match self
            .call(Method::Get, &path, None, answer::result::<Settings>)
            .await
        {
            Ok(settings) => Ok(Some(settings.tags.unwrap_or_default())),
            Err(failure) if failure.is_no_script() => Ok(None),
            Err(failure) => Err(self.refused(&failure, &[])),
        }
    }

    /// Sends until `read` is content or trying again makes no sense.
    async fn call<T>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Body>,
        read: impl Fn(&Answer<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut attempt = 1;
        loop {
            let raw = self.send(method.clone(), path, body).await;
            let failure = match raw.and_then(|raw| read(&raw.answer())) {
                Ok(result) => return Ok(result),
                Err(failure) => failure,
            };
            let [random] = clock::random().unwrap_or_default();
            let Some(wait) = retry::wait_ms(attempt, &failure, random) else {
                return Err(failure);
            };
            Delay::from(Duration::from_millis(wait)).await;
            attempt += 1;
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Body>) -> Result<Raw, Failure> {
        let abort = AbortController::default();
        let signal = abort.signal();
        let work = Box::pin(self.exchange(method, path, body, &signal));
        match select(work, Box::pin(Delay::from(TIMEOUT))).await {
            Either::Left((raw, _)) => raw.map_err(|_| Failure::unreachable("it cannot be reached")),
            Either::Right(_) => {
                abort.abort();
                Err(Failure::unreachable("it did not answer in time"))
            }
        }
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<&Body>,
        signal: &AbortSignal,
    ) -> worker::Result<Raw> {
        let headers = Headers::new();
        headers.set("authorization", &format!("Bearer {}", self.token))?;
        headers.set("user-agent", "MCPEngine-Studio")?;
        if let Some(body) = body {
            headers.set("content-type", &body.content_type)?;
        }
        let init = RequestInit {
            method,
            headers,
            body: body.map(|body| body.content.clone()),
            // A redirect would take the token elsewhere.
            redirect: RequestRedirect::Manual,
            ..RequestInit::default()
        };
        let request = Request::new_with_init(&format!("{}{path}", self.base), &init)?;
        let mut response = Fetch::Request(request).send_with_signal(signal).await?;
        let mut bytes = Vec::new();
        if !matches!(response.body(), ResponseBody::Empty) {
            let mut stream = response.stream()?;
            while let Some(chunk) = stream.next().await {
                let chunk = chunk?;
                if bytes.len() + chunk.len() > answer::MAX_BYTES {
                    break;
                }
                bytes.extend_from_slice(&chunk);
            }
        }
        Ok(Raw {
            status: response.status_code(),
            retry_after: header(response.headers(), "retry-after"),
            body: bytes,
        })
    }

    /// `cloudflare_` and the [`Kind`]; the details hold Cloudflare's own code. What
    /// Cloudflare says is shown without the token and the secrets that were sent.
    fn refused(&self, failure: &Failure, secrets: &[&str]) -> ApiError {
        let mut secrets = secrets.to_vec();
        secrets.push(&self.token);
        let shown = Failure {
            message: redact(&failure.message, &secrets, 400),
            ..failure.clone()
        };
        let status = match failure.kind {
            Kind::Unauthorized
            | Kind::NotFound
            | Kind::InvalidScript
            | Kind::Limit
            | Kind::AccountNotReady => 422,
            Kind::Busy => 409,
            Kind::RateLimited => 429,
            Kind::Unavailable | Kind::Refused => 502,
        };
        let code = format!("cloudflare_{}", failure.kind.as_str());
        ApiError::new(status, &code, shown.to_string()).with_details(json!({
            "cloudflareCode": failure.code,
            "status": failure.status,
            "meaning": failure.meaning,
        }))
    }
}

fn secret(binding: &Binding) -> Option<&str> {
    match binding {
        Binding::SecretText { text, .. } => Some(text),
        Binding::PlainText { .. } => None,
    }
}

/// The error of what would be no name or token.
pub(crate) fn invalid(error: &names::Invalid) -> ApiError {
    ApiError::bad_request(&format!("invalid_{}", error.what), error.message)
}

/// The form of an upload: metadata, the modules, and what they import.
fn form(upload: &Upload<'_>) -> Result<Body, ApiError> {
    let mut form = Multipart::new(clock::random()?);
    let content_type = form.content_type();
    let pieces = Array::new();
    let push = |text: &str| pieces.push(&text.into());
    push(&form.field("metadata", "application/json"));
    push(&upload.metadata.to_json());
    let make = || -> Result<JsValue, JsValue> {
        let modules: Object = Reflect::get(upload.compiled, &"modules".into())?.dyn_into()?;
        for name in Object::keys(&modules).iter() {
            file(&mut form, &pieces, &name, &Reflect::get(&modules, &name)?)?;
        }
        pieces.push(&form.end().into());
        web_sys::Blob::new_with_str_sequence(&pieces).map(Into::into)
    };
    let content = make().map_err(|error| ApiError::internal(&format!("upload: {error:?}")))?;
    Ok(Body {
        content_type,
        content,
    })
}

fn file(
    form: &mut Multipart,
    pieces: &Array,
    name: &JsValue,
    source: &JsValue,
) -> Result<(), JsValue> {
    let name = name.as_string().ok_or("a module without a name")?;
    pieces.push(&form.file(&name, JAVASCRIPT_MODULE).into());
    pieces.push(
        source
            .dyn_ref::<JsString>()
            .ok_or("a module without a source")?,
    );
    Ok(())
}

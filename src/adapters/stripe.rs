//! Stripe's API: what `mcpengine_stripe` writes goes out here through the guarded
//! fetch, and is sent again where that can help. Nothing of a user's decides where
//! the key goes.

use std::time::Duration;

use mcpengine_stripe::answer::{self, Answer};
use mcpengine_stripe::request::{self, Checkout};
use mcpengine_stripe::{API_VERSION, Failure, Kind, Snapshot, retry};
use mcpengine_vault::redact;
use serde_json::json;
use worker::{Delay, Method};

use crate::adapters::fetch::{self, Outgoing};
use crate::app::App;
use crate::bindings;
use crate::clock;
use crate::error::ApiError;
use crate::http::header;

/// For one attempt, in seconds: somebody waits for the page.
const TIMEOUT_SECS: u64 = 20;

pub(crate) struct Stripe<'a> {
    app: &'a App,
    key: String,
}

impl std::fmt::Debug for Stripe<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stripe(…)")
    }
}

impl<'a> Stripe<'a> {
    /// `None` where this installation has no key.
    pub(crate) fn new(app: &'a App) -> Option<Self> {
        let key = app.env.secret(bindings::STRIPE_SECRET_KEY).ok()?;
        let key = key.to_string().trim().to_owned();
        let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        (visible && !key.is_empty()).then_some(Self { app, key })
    }

    /// The page on which to subscribe; the same one for the same `id`.
    ///
    /// # Errors
    /// `stripe_…`, see [`Stripe::refused`].
    pub(crate) async fn checkout(
        &self,
        checkout: &Checkout<'_>,
        id: &str,
    ) -> Result<String, ApiError> {
        self.page(request::CHECKOUT_PATH, checkout.form(), id).await
    }

    /// The page on which a customer changes or ends what they have.
    ///
    /// # Errors
    /// As [`Stripe::checkout`].
    pub(crate) async fn portal(
        &self,
        customer: &str,
        return_url: &str,
    ) -> Result<String, ApiError> {
        let form = request::portal_form(customer, return_url);
        self.page(request::PORTAL_PATH, form, &clock::new_id()?)
            .await
    }

    /// A subscription as it is now; `None` where Stripe has none of that id.
    ///
    /// # Errors
    /// As [`Stripe::checkout`].
    pub(crate) async fn subscription(&self, id: &str) -> Result<Option<Snapshot>, ApiError> {
        let Some(path) = request::subscription_path(id) else {
            return Ok(None);
        };
        match self
            .call(Method::Get, &path, None, "", answer::object)
            .await
        {
            Ok(object) => match Snapshot::read(&object) {
                Some(snapshot) => Ok(Some(snapshot)),
                None => Err(ApiError::internal("Stripe answered without a status")),
            },
            Err(failure) if failure.kind == Kind::NotFound => Ok(None),
            Err(failure) => Err(self.refused(&failure)),
        }
    }

    /// Ends a subscription at once. One that has ended already is none to Stripe.
    ///
    /// # Errors
    /// As [`Stripe::checkout`].
    pub(crate) async fn cancel(&self, id: &str) -> Result<(), ApiError> {
        let Some(path) = request::subscription_path(id) else {
            return Ok(());
        };
        match self
            .call(Method::Delete, &path, None, "", answer::object)
            .await
        {
            Ok(_) => Ok(()),
            Err(failure) if failure.kind == Kind::NotFound => Ok(()),
            Err(failure) => Err(self.refused(&failure)),
        }
    }

    async fn page(&self, path: &str, form: String, id: &str) -> Result<String, ApiError> {
        self.call(Method::Post, path, Some(form), id, answer::session_url)
            .await
            .map_err(|failure| self.refused(&failure))
    }

    /// Sends until `read` is content or trying again makes no sense. One key, `id`,
    /// for all attempts: Stripe does once what it is asked twice.
    async fn call<T>(
        &self,
        method: Method,
        path: &str,
        form: Option<String>,
        id: &str,
        read: impl Fn(&Answer<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut attempt = 1;
        loop {
            let sent = self.send(method.clone(), path, form.as_deref(), id).await;
            let failure = match sent.and_then(|answer| told(&answer, &read)) {
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

    async fn send(
        &self,
        method: Method,
        path: &str,
        form: Option<&str>,
        id: &str,
    ) -> Result<fetch::Answer, Failure> {
        let authorization = format!("Bearer {}", self.key);
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("stripe-version", API_VERSION),
        ];
        if form.is_some() {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
            headers.push(("idempotency-key", id));
        }
        let outgoing = Outgoing {
            method,
            headers: &headers,
            body: form.unwrap_or_default().as_bytes().to_vec(),
        };
        let config = &self.app.config;
        let address = format!("{}{path}", config.stripe.api);
        fetch::send_within(config, &address, outgoing, answer::MAX_BYTES, TIMEOUT_SECS)
            .await
            .map_err(|_| Failure::unreachable("it cannot be reached or did not answer in time"))
    }

    /// `stripe_` and the [`Kind`]; the details hold Stripe's own code. What Stripe
    /// says is shown without the key.
    fn refused(&self, failure: &Failure) -> ApiError {
        let shown = Failure {
            message: redact(&failure.message, &[&self.key], 400),
            ..failure.clone()
        };
        worker::console_error!("{shown}");
        let status = match failure.kind {
            Kind::RateLimited => 429,
            Kind::Conflict => 409,
            _ => 502,
        };
        let code = format!("stripe_{}", failure.kind.as_str());
        ApiError::new(status, &code, shown.to_string())
            .with_details(json!({ "status": failure.status, "code": failure.code }))
    }
}

fn told<T>(
    answer: &fetch::Answer,
    read: impl Fn(&Answer<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let should_retry = header(&answer.headers, "stripe-should-retry");
    let retry_after = header(&answer.headers, "retry-after");
    read(&Answer {
        status: answer.status,
        should_retry: should_retry.as_deref(),
        retry_after: retry_after.as_deref(),
        body: &answer.bytes,
    })
}

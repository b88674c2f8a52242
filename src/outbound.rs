//! Every request of every hosted server passes here (`globalOutbound`). It lets
//! through what goes to the API's own hosts, and adds the credential that the
//! isolate never holds.

mod answer;
mod missing;
mod token;

use mcpengine_fetch_policy as fetch_policy;
use mcpengine_plan::{AuthKind, AuthScheme, ParamLocation, SecretSpec};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use url::Url;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::Env;

use crate::config::Config;
use crate::error::ApiError;
use crate::hosted::OutboundProps;
use crate::secrets::{self, Opened as Secrets};

/// Set by the generated `http.ts`: which schemes may authenticate the request.
const CHOICE_HEADER: &str = "mcpengine-auth";
/// Most that one request may send. What a model gives is far shorter: 4 MiB at most.
const BODY_BYTES: u32 = 16 << 20;
/// Tells the generated code that the answer is ours, not the API's.
const ERROR_HEADER: &str = "mcpengine-error";

/// Called by the `Outbound` class of src/entry.mjs.
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
#[wasm_bindgen]
pub async fn outbound(
    request: web_sys::Request,
    env: Env,
    props: JsValue,
) -> Result<web_sys::Response, JsValue> {
    match forward(&request, &env, &props).await {
        Ok(response) => Ok(response),
        Err(error) => refusal(&error),
    }
}

/// 1. The address has to be one of the server's hosts, else 403 `egress_denied`.
/// 2. The first alternative whose secrets are stored is applied, else 401
///    `missing_credential`.
///    Where a client's id and secret are, an access token is got with them.
/// 3. The request goes out, unless its body is too long (413 `request_too_large`);
///    redirects come back, so that each hop passes here again.
/// 4. Of the answer the credential is taken out, see [`answer`].
async fn forward(
    request: &web_sys::Request,
    env: &Env,
    props: &JsValue,
) -> Result<web_sys::Response, ApiError> {
    let props = js_sys::JSON::stringify(props).map_err(|_| denied("no props"))?;
    let props: OutboundProps = serde_json::from_str(&String::from(props))?;
    let config = Config::of(env)?;
    let url = fetch_policy::check_egress(&request.url(), &props.hosts, &config.egress_policy())
        .map_err(|error| denied(&error.message))?;
    let choice = request
        .headers()
        .get(CHOICE_HEADER)
        .ok()
        .flatten()
        .unwrap_or_default();
    let alternatives = alternatives(&choice, &props.schemes);
    let mut secrets = if alternatives.iter().all(Vec::is_empty) {
        Secrets::new()
    } else {
        secrets::open(env, &props.project_id, &props.deployment_id).await?
    };
    let chosen = alternatives
        .iter()
        .find(|schemes| schemes.iter().all(|scheme| is_complete(scheme, &secrets)));
    let Some(chosen) = chosen else {
        return Err(missing::error(&alternatives, &secrets));
    };
    let mut outgoing = Outgoing::new(request, url).await?;
    let token = with_token(&config, chosen, &mut secrets).await?;
    outgoing.authenticate(chosen, &secrets)?;
    let mut response = send(&outgoing).await?;
    if let Some(token) = token.filter(|token| token.is_kept && response.status() == 401) {
        // It was taken back before its time.
        token.forget();
        if with_token(&config, chosen, &mut secrets).await?.is_some() {
            outgoing.authenticate(chosen, &secrets)?;
            response = send(&outgoing).await?;
        }
    }
    answer::without(response, &secrets, chosen).await
}

/// Puts a client's access token where one would be that is stored: beside the other
/// secrets, to be sent and to be taken out of answers.
async fn with_token(
    config: &Config,
    schemes: &[&AuthScheme],
    secrets: &mut Secrets,
) -> Result<Option<token::Token>, ApiError> {
    for scheme in schemes {
        if let (Some(client), Some(name)) = (token::client(scheme, secrets), scheme.secrets.first())
        {
            let token = token::token(config, client, secrets).await?;
            secrets.insert(name.name.clone(), token.text.clone());
            return Ok(Some(token));
        }
    }
    Ok(None)
}

/// The alternatives that the isolate names, as far as the server has the
/// schemes: it can choose among its own credentials and no others.
fn alternatives<'a>(choice: &str, schemes: &'a [AuthScheme]) -> Vec<Vec<&'a AuthScheme>> {
    choice
        .split('|')
        .filter_map(|alternative| {
            alternative
                .split('+')
                .map(str::trim)
                .filter(|id| !id.is_empty())
                .map(|id| schemes.iter().find(|scheme| scheme.id == id))
                .collect()
        })
        .collect()
}

fn is_complete(scheme: &AuthScheme, secrets: &Secrets) -> bool {
    let is_stored = |secret: &SecretSpec| secrets.contains_key(&secret.name);
    !matches!(scheme.kind, AuthKind::Unsupported { .. })
        && scheme.choices().any(|choice| choice.iter().all(is_stored))
}

/// A request on its way out.
struct Outgoing {
    url: Url,
    method: String,
    headers: web_sys::Headers,
    /// Whole, so that the API sees its length: many refuse chunked bodies.
    body: Option<js_sys::ArrayBuffer>,
}

impl Outgoing {
    async fn new(request: &web_sys::Request, url: Url) -> Result<Self, ApiError> {
        let headers = web_sys::Headers::new_with_headers(&request.headers()).map_err(js)?;
        headers.delete(CHOICE_HEADER).map_err(js)?;
        let body = match request.body() {
            Some(body) => Some(collect(&body).await?),
            None => None,
        };
        Ok(Self {
            url,
            method: request.method(),
            headers,
            body,
        })
    }

    /// Once more replaces what the first time has set.
    fn authenticate(&mut self, schemes: &[&AuthScheme], secrets: &Secrets) -> Result<(), ApiError> {
        for scheme in schemes {
            let values: Vec<&str> = scheme
                .secrets
                .iter()
                .filter_map(|secret| secrets.get(&secret.name).map(String::as_str))
                .collect();
            self.apply(&scheme.kind, &values)?;
        }
        Ok(())
    }

    fn apply(&mut self, kind: &AuthKind, values: &[&str]) -> Result<(), ApiError> {
        match (kind, values) {
            (AuthKind::ApiKey { name, location }, [key]) => match location {
                ParamLocation::Query => {
                    let query = with_pair(self.url.query().unwrap_or_default(), name, key);
                    self.url.set_query(Some(&query));
                    Ok(())
                }
                ParamLocation::Cookie => {
                    let others = self.headers.get("cookie").ok().flatten();
                    self.set_header("cookie", &with_cookie(others.as_deref(), name, key))
                }
                ParamLocation::Header | ParamLocation::Path => self.set_header(name, key),
            },
            (AuthKind::Basic, [user, password]) => {
                let pair = base64(&format!("{user}:{password}"));
                self.set_header("authorization", &format!("Basic {pair}"))
            }
            (
                AuthKind::Bearer { .. } | AuthKind::OAuth2 { .. } | AuthKind::OpenIdConnect { .. },
                [token],
            ) => self.set_header("authorization", &format!("Bearer {token}")),
            _ => Err(ApiError::internal(
                "a scheme without its secrets was chosen",
            )),
        }
    }

    /// A secret with a character that no header may hold is its owner's
    /// mistake; the text of the failure must not show it.
    fn set_header(&self, name: &str, value: &str) -> Result<(), ApiError> {
        self.headers.set(name, value).map_err(|_| {
            ApiError::new(
                401,
                "missing_credential",
                format!(
                    "The stored credential for {name} holds characters that no header may hold"
                ),
            )
        })
    }
}

/// The whole body, on JavaScript's side. It is in the memory of the isolate that
/// serves everybody: what has no end must not fill it.
async fn collect(body: &web_sys::ReadableStream) -> Result<js_sys::ArrayBuffer, ApiError> {
    let reader: web_sys::ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let chunks = js_sys::Array::new();
    let mut length = 0;
    loop {
        let read = JsFuture::from(reader.read()).await.map_err(js)?;
        let chunk = js_sys::Reflect::get(&read, &"value".into()).map_err(js)?;
        let Ok(chunk) = chunk.dyn_into::<js_sys::Uint8Array>() else {
            break;
        };
        length += chunk.length();
        if length > BODY_BYTES {
            let _ = JsFuture::from(reader.cancel()).await;
            return Err(ApiError::new(
                413,
                "request_too_large",
                format!("A request to the API has at most {BODY_BYTES} bytes"),
            ));
        }
        chunks.push(&chunk);
    }
    let blob = web_sys::Blob::new_with_u8_array_sequence(&chunks).map_err(js)?;
    let bytes = JsFuture::from(blob.array_buffer()).await.map_err(js)?;
    Ok(bytes.unchecked_into())
}

/// The query with `name` once. An API that redirects may have said it already.
fn with_pair(query: &str, name: &str, value: &str) -> String {
    let name = encoded(name);
    let is_other = |pair: &&str| !pair.is_empty() && pair.split('=').next() != Some(&name);
    let mut pairs: Vec<&str> = query.split('&').filter(is_other).collect();
    let own = format!("{name}={}", encoded(value));
    pairs.push(&own);
    pairs.join("&")
}

/// The cookies with `name` once.
fn with_cookie(others: Option<&str>, name: &str, value: &str) -> String {
    let own = format!("{name}={}", encoded(value));
    let others = others.unwrap_or_default().split("; ");
    let is_other = |cookie: &&str| !cookie.is_empty() && cookie.split('=').next() != Some(name);
    let mut cookies: Vec<&str> = others.filter(is_other).collect();
    cookies.push(&own);
    cookies.join("; ")
}

/// As JavaScript's `encodeURIComponent`, which the generated code uses on Node:
/// a credential looks the same to the API wherever the server runs.
fn encoded(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'!')
        .remove(b'~')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')');
    utf8_percent_encode(text, KEPT).to_string()
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

async fn send(outgoing: &Outgoing) -> Result<web_sys::Response, ApiError> {
    let init = web_sys::RequestInit::new();
    init.set_method(&outgoing.method);
    init.set_headers(&outgoing.headers);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    if let Some(body) = &outgoing.body {
        init.set_body(body);
    }
    let request =
        web_sys::Request::new_with_str_and_init(outgoing.url.as_str(), &init).map_err(js)?;
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let response = JsFuture::from(scope.fetch_with_request(&request))
        .await
        .map_err(|_| {
            ApiError::new(
                502,
                "upstream_unreachable",
                format!(
                    "{} did not answer",
                    outgoing.url.host_str().unwrap_or("The API")
                ),
            )
        })?;
    Ok(response.unchecked_into())
}

fn denied(why: &str) -> ApiError {
    ApiError::new(
        403,
        "egress_denied",
        format!("The request was not sent: {why}"),
    )
}

fn refusal(error: &ApiError) -> Result<web_sys::Response, JsValue> {
    let body = json!({ "error": { "code": error.code, "message": error.message } }).to_string();
    let init = web_sys::ResponseInit::new();
    init.set_status(error.status);
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set(ERROR_HEADER, &error.code)?;
    init.set_headers(&headers);
    web_sys::Response::new_with_opt_str_and_init(Some(&body), &init)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err asks for"
)]
fn js(error: JsValue) -> ApiError {
    ApiError::internal(&format!("outbound: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::with_pair;

    #[test]
    fn a_credential_is_in_the_query_once() {
        for (query, expected) in [
            ("", "api%20key=a%26b"),
            ("x=1&y", "x=1&y&api%20key=a%26b"),
            ("api%20key=%5Bredacted%5D&x=1", "x=1&api%20key=a%26b"),
            ("api%20keys=1&&x", "api%20keys=1&x&api%20key=a%26b"),
        ] {
            assert_eq!(with_pair(query, "api key", "a&b"), expected);
        }
    }
}

//! Requests to scripts that were uploaded: through the dispatch namespace
//! (<https://developers.cloudflare.com/cloudflare-for-platforms/workers-for-platforms/>),
//! or at the address that a script has of its own.

use js_sys::{Object, Promise, Reflect};
use url::Url;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::Env;

use crate::adapters::loader::{CPU_MS, SUBREQUESTS};
use crate::bindings;
use crate::error::ApiError;

#[wasm_bindgen]
extern "C" {
    type Dispatcher;
    #[wasm_bindgen(method, catch)]
    fn get(
        this: &Dispatcher,
        name: &str,
        arguments: &JsValue,
        options: &JsValue,
    ) -> Result<UserWorker, JsValue>;

    type UserWorker;
    #[wasm_bindgen(method, catch)]
    fn fetch(this: &UserWorker, request: &web_sys::Request) -> Result<Promise, JsValue>;
}

/// Hands the request to a script of the namespace that [`bindings::DISPATCHER`] is
/// bound to. All that the script fetches passes through our outbound Worker
/// (src/outbound.worker.mjs), which is told `props`.
///
/// # Errors
/// `misconfigured` without the binding, `server_failed` (502) where the script is
/// not there or its handler throws.
pub(crate) async fn in_namespace(
    env: &Env,
    script: &str,
    props: &str,
    request: &web_sys::Request,
) -> Result<web_sys::Response, ApiError> {
    let dispatcher: Dispatcher = Reflect::get(env, &bindings::DISPATCHER.into())
        .ok()
        .filter(|binding| !binding.is_undefined())
        .ok_or_else(|| ApiError::misconfigured("there is no DISPATCHER binding".to_owned()))?
        .unchecked_into();
    let result = async {
        let worker = dispatcher.get(script, &Object::new(), &options(props)?)?;
        JsFuture::from(worker.fetch(request)?).await
    }
    .await;
    answered(result)
}

/// The limits are the same as an isolate's, see src/adapters/loader.rs.
fn options(props: &str) -> Result<JsValue, JsValue> {
    let limits = Object::new();
    Reflect::set(&limits, &"cpuMs".into(), &CPU_MS.into())?;
    Reflect::set(&limits, &"subRequests".into(), &SUBREQUESTS.into())?;
    let outbound = Object::new();
    let parameter = bindings::OUTBOUND_PARAMETER;
    Reflect::set(&outbound, &parameter.into(), &js_sys::JSON::parse(props)?)?;
    let options = Object::new();
    Reflect::set(&options, &"limits".into(), &limits)?;
    Reflect::set(&options, &"outbound".into(), &outbound)?;
    Ok(options.into())
}

/// Hands the request to the script at `base`, with its access token. Redirects
/// come back as they are.
///
/// # Errors
/// `server_failed` (502) where nobody answers there.
pub(crate) async fn at_address(
    base: &Url,
    token: Option<&str>,
    request: &web_sys::Request,
) -> Result<web_sys::Response, ApiError> {
    let asked = Url::parse(&request.url())
        .map_err(|_| ApiError::internal("a request without an address"))?;
    let mut url = base.clone();
    url.set_path(&format!(
        "{}{}",
        base.path().trim_end_matches('/'),
        asked.path()
    ));
    url.set_query(asked.query());
    let result = async {
        let headers = web_sys::Headers::new_with_headers(&request.headers())?;
        // Of the address that clients know.
        headers.delete("host")?;
        if let Some(token) = token {
            headers.set("authorization", &format!("Bearer {token}"))?;
        }
        let init = web_sys::RequestInit::new();
        init.set_method(&request.method());
        init.set_headers(&headers);
        init.set_redirect(web_sys::RequestRedirect::Manual);
        init.set_signal(Some(&request.signal()));
        if let Some(body) = request.body() {
            init.set_body(&body);
        }
        let outgoing = web_sys::Request::new_with_str_and_init(url.as_str(), &init)?;
        let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
        JsFuture::from(scope.fetch_with_request(&outgoing)).await
    }
    .await;
    answered(result)
}

fn answered(result: Result<JsValue, JsValue>) -> Result<web_sys::Response, ApiError> {
    let response = result.map_err(|error| {
        let text = error.dyn_ref::<js_sys::Error>().map_or_else(
            || format!("{error:?}"),
            |error| String::from(error.message()),
        );
        crate::log::error!("script failed: {text}");
        ApiError::new(
            502,
            "server_failed",
            "The server could not be reached or crashed",
        )
        .with_details(serde_json::json!({ "reason": text.chars().take(500).collect::<String>() }))
    })?;
    response
        .dyn_into::<web_sys::Response>()
        .map_err(|_| ApiError::internal("the script answered with no Response"))
}

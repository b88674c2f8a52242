//! The Worker Loader: JavaScript modules in, a running isolate out. The `worker`
//! crate has no type for the binding.
//!
//! An isolate sees what [`Code`] names and nothing else; all that it fetches
//! passes through our own `Outbound` entrypoint.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use worker::{Context, Env};

use crate::bindings;
use crate::error::ApiError;

/// Hosted servers run under the date that the Worker itself is tested with.
pub(crate) const COMPATIBILITY_DATE: &str = "2026-11-01";

/// By its date a Worker has the modules of Node.js, which the compiler's rules on
/// imports do not reach: `process.getBuiltinModule` hands them out.
pub(crate) const COMPATIBILITY_FLAGS: [&str; 2] = ["no_nodejs_compat", "no_nodejs_compat_v2"];

/// What one tool call may use. Enforced on Cloudflare; workerd ignores it.
pub(crate) const CPU_MS: u32 = 10_000;
pub(crate) const SUBREQUESTS: u32 = 50;

/// Name of the module that stands for the SDK.
const RUNTIME: &str = "runtime.js";

#[wasm_bindgen]
extern "C" {
    type WorkerLoader;
    #[wasm_bindgen(method, catch)]
    fn get(this: &WorkerLoader, name: &str, code: &JsValue) -> Result<WorkerStub, JsValue>;

    type WorkerStub;
    #[wasm_bindgen(method, catch, js_name = getEntrypoint)]
    fn get_entrypoint(this: &WorkerStub) -> Result<Entrypoint, JsValue>;

    type Entrypoint;
    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Entrypoint, request: &web_sys::Request) -> Result<Promise, JsValue>;
}

/// Everything that an isolate gets.
#[derive(Debug)]
pub(crate) struct Code {
    /// `{mainModule, modules: {name: source}}`. Sources stay on JavaScript's side:
    /// WebAssembly memory never shrinks. `runtime.js` is added by [`run`].
    pub(crate) compiled: JsValue,
    /// Plain strings only: no binding and no secret ever enters an isolate.
    pub(crate) env: BTreeMap<String, String>,
    /// What all its requests pass through, see [`outbound`].
    pub(crate) outbound: JsValue,
}

/// Loads `code` under `name`, or finds it loaded, and hands it the request.
///
/// `code` is asked for only when nothing is loaded under the name. A failed load
/// is remembered by the platform under its name, so a caller that tries again
/// has to change it.
///
/// # Errors
/// The isolate could not be loaded, or its handler threw.
pub(crate) async fn run<F>(
    env: &Env,
    name: &str,
    code: F,
    request: &web_sys::Request,
) -> Result<web_sys::Response, ApiError>
where
    F: Future<Output = Result<Code, ApiError>> + 'static,
{
    let loader: WorkerLoader = Reflect::get(env, &bindings::LOADER.into())
        .ok()
        .filter(|binding| !binding.is_undefined())
        .ok_or_else(|| ApiError::misconfigured("there is no LOADER binding".to_owned()))?
        .unchecked_into();
    let callback: Closure<dyn FnMut() -> Promise> = Closure::once(move || {
        future_to_promise(AssertUnwindSafe(async move {
            match code.await {
                Ok(code) => to_js(&code),
                Err(error) => Err(JsError::new(&error.message).into()),
            }
        }))
    });
    let result = async {
        let entrypoint = loader.get(name, callback.as_ref())?.get_entrypoint()?;
        JsFuture::from(entrypoint.fetch(request)?).await
    }
    .await;
    // The callback runs after `get` has returned: it must outlive the answer,
    // and no longer, or every warm request would leak it.
    drop(callback);
    let response = result.map_err(|error| load_error(&error))?;
    response
        .dyn_into::<web_sys::Response>()
        .map_err(|_| ApiError::internal("the isolate answered with no Response"))
}

/// Our outbound entrypoint with `props`, which only the host can set.
///
/// # Errors
/// The platform gave no `ctx.exports`.
pub(crate) fn outbound(context: &Context, props: &str) -> Result<JsValue, ApiError> {
    let make = || -> Result<JsValue, JsValue> {
        let exports = Reflect::get(context.as_ref(), &"exports".into())?;
        let class = Reflect::get(&exports, &bindings::OUTBOUND.into())?;
        let options = Object::new();
        Reflect::set(&options, &"props".into(), &js_sys::JSON::parse(props)?)?;
        // Not `Function::call1`: `.call` on the stub would be an RPC method.
        Reflect::apply(
            class.unchecked_ref::<js_sys::Function>(),
            &JsValue::UNDEFINED,
            &Array::of1(&options),
        )
    };
    make().map_err(|error| ApiError::internal(&format!("no outbound entrypoint: {error:?}")))
}

/// The SDK as one module for Node.js, with its entry for stdio.
///
/// # Errors
/// `internal`, where the build left it out.
pub(crate) fn node_runtime() -> Result<String, ApiError> {
    Reflect::get(&js_sys::global(), &"MCPENGINE_NODE_RUNTIME".into())
        .ok()
        .and_then(|text| text.as_string())
        .ok_or_else(|| ApiError::internal("there is no runtime for Node.js"))
}

fn to_js(code: &Code) -> Result<JsValue, JsValue> {
    let sources: Object = Reflect::get(&code.compiled, &"modules".into())?.dyn_into()?;
    let modules = Object::new();
    for name in Object::keys(&sources).iter() {
        set_module(&modules, &name, &Reflect::get(&sources, &name)?)?;
    }
    set_module(&modules, &RUNTIME.into(), &runtime()?)?;
    let env = Object::new();
    for (name, value) in &code.env {
        Reflect::set(&env, &name.into(), &value.into())?;
    }
    let limits = Object::new();
    Reflect::set(&limits, &"cpuMs".into(), &CPU_MS.into())?;
    Reflect::set(&limits, &"subRequests".into(), &SUBREQUESTS.into())?;
    let flags: Array = COMPATIBILITY_FLAGS
        .iter()
        .map(|it| JsValue::from(*it))
        .collect();
    let object = Object::new();
    for (key, value) in [
        ("compatibilityDate", JsValue::from(COMPATIBILITY_DATE)),
        ("compatibilityFlags", flags.into()),
        (
            "mainModule",
            Reflect::get(&code.compiled, &"mainModule".into())?,
        ),
        ("modules", modules.into()),
        ("env", env.into()),
        ("limits", limits.into()),
        ("globalOutbound", code.outbound.clone()),
    ] {
        Reflect::set(&object, &key.into(), &value)?;
    }
    Ok(object.into())
}

/// Adds to `{modules: {name: source}}` what generated code imports.
pub(crate) fn add_runtime(compiled: &JsValue) -> Result<(), JsValue> {
    let modules = Reflect::get(compiled, &"modules".into())?;
    Reflect::set(&modules, &RUNTIME.into(), &runtime()?).map(|_| ())
}

fn runtime() -> Result<JsValue, JsValue> {
    Reflect::get(&js_sys::global(), &"MCPENGINE_RUNTIME".into())
}

fn set_module(modules: &Object, name: &JsValue, source: &JsValue) -> Result<(), JsValue> {
    let module = Object::new();
    Reflect::set(&module, &"js".into(), source)?;
    Reflect::set(modules, name, &module).map(|_| ())
}

fn load_error(error: &JsValue) -> ApiError {
    let text = error.dyn_ref::<js_sys::Error>().map_or_else(
        || format!("{error:?}"),
        |error| String::from(error.message()),
    );
    crate::log::error!("isolate failed: {text}");
    ApiError::new(
        502,
        "server_failed",
        "The server could not be started or crashed",
    )
    .with_details(serde_json::json!({ "reason": text.chars().take(500).collect::<String>() }))
}

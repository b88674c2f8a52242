//! Questions to the objects of the class `Limiter`
//! (<https://developers.cloudflare.com/durable-objects/best-practices/create-durable-object-stubs-and-send-requests/>).

use js_sys::Promise;
use mcpengine_store::tiers::Holder;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::Env;

use crate::bindings;
use crate::durable::limiter::{Answer, Question};
use crate::error::ApiError;

#[wasm_bindgen]
extern "C" {
    type Limiter;
    #[wasm_bindgen(method, catch)]
    fn ask(this: &Limiter, question: &str) -> Result<Promise, JsValue>;
}

/// An object can be moved or started anew at any time; every question may be asked
/// twice.
const ATTEMPTS: u32 = 3;

/// # Errors
/// `limits_unavailable` (503) where the holder's object does not answer.
pub(crate) async fn ask(
    env: &Env,
    holder: &Holder,
    question: &Question,
) -> Result<Answer, ApiError> {
    let question = serde_json::to_string(question)?;
    let mut failure = JsValue::UNDEFINED;
    for _ in 0..ATTEMPTS {
        match ask_once(env, holder, &question).await {
            Ok(answer) => return Ok(serde_json::from_str(&answer)?),
            Err(error) => failure = error,
        }
    }
    crate::log::error!("the limiter does not answer: {failure:?}");
    Err(ApiError::new(
        503,
        "limits_unavailable",
        "What your tier allows could not be looked up. Try again",
    ))
}

/// A stub that has failed once may be broken for good, so each time has its own.
async fn ask_once(env: &Env, holder: &Holder, question: &str) -> Result<String, JsValue> {
    let name = match holder {
        Holder::User(id) => format!("user:{id}"),
        Holder::Team(id) => format!("team:{id}"),
    };
    let objects = env.durable_object(bindings::LIMITER)?;
    let limiter: Limiter = objects.id_from_name(&name)?.get_stub()?.into_rpc();
    let answer = JsFuture::from(limiter.ask(question)?).await?;
    answer
        .as_string()
        .ok_or_else(|| JsValue::from_str("its answer is no text"))
}

//! The store's database port over D1: a batch is one transaction.
//!
//! Rows come as one JSON text: taken apart on JavaScript's side, each name and value of
//! each row would cross into WebAssembly by itself, as they do with the `worker` crate.

use js_sys::{Array, JSON, Promise};
use mcpengine_store::{Database, Outcome, Param, Statement, StoreError};
use serde::Deserialize;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::D1Database;

#[wasm_bindgen]
extern "C" {
    /// <https://developers.cloudflare.com/d1/worker-api/>
    type Binding;
    #[wasm_bindgen(method, catch)]
    fn prepare(this: &Binding, sql: &str) -> Result<Prepared, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn batch(this: &Binding, statements: &Array) -> Result<Promise, JsValue>;

    type Prepared;
    #[wasm_bindgen(method, catch, variadic)]
    fn bind(this: &Prepared, values: Box<[JsValue]>) -> Result<Prepared, JsValue>;
}

#[derive(Debug)]
pub(crate) struct D1(pub(crate) D1Database);

/// `D1Result`, as far as it is looked at.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    results: Option<Vec<Map<String, Value>>>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Default, Deserialize)]
struct Meta {
    #[serde(default)]
    changes: Option<u64>,
}

impl Database for D1 {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let text = self
            .answers(statements)
            .await
            .map_err(|error| failed(&error))?;
        let answers: Vec<Answer> =
            serde_json::from_str(&text).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let outcome = |answer: Answer| Outcome {
            rows: answer.results.unwrap_or_default(),
            changes: answer.meta.changes.unwrap_or_default(),
        };
        Ok(answers.into_iter().map(outcome).collect())
    }
}

impl D1 {
    /// The JSON of all results.
    async fn answers(&self, statements: Vec<Statement>) -> Result<String, JsValue> {
        let binding: &Binding = self.0.as_ref().unchecked_ref();
        let prepared = Array::new();
        for statement in statements {
            let values: Vec<JsValue> = statement.params.iter().map(to_js).collect();
            let bound = binding.prepare(&statement.sql)?.bind(values.into())?;
            prepared.push(&bound);
        }
        let results = JsFuture::from(binding.batch(&prepared)?).await?;
        Ok(JSON::stringify(&results)?.into())
    }
}

/// By the message, and by that of its cause: D1 says there what SQLite said.
fn failed(error: &JsValue) -> StoreError {
    let text = |error: &JsValue| {
        let error = error.dyn_ref::<js_sys::Error>();
        error.map(|error| String::from(error.message()))
    };
    let cause = error.dyn_ref::<js_sys::Error>().map(js_sys::Error::cause);
    let cause = cause.as_ref().and_then(text);
    let message = text(error).unwrap_or_else(|| format!("{error:?}"));
    StoreError::from_driver(&match cause {
        Some(cause) if !message.contains(&cause) => format!("{message}: {cause}"),
        _ => message,
    })
}

fn to_js(param: &Param) -> JsValue {
    match param {
        Param::Null => JsValue::NULL,
        Param::Text(text) => text.into(),
        // D1 stores numbers as SQLite does; 2^53 is past every count we keep.
        #[expect(clippy::cast_precision_loss, reason = "see above")]
        Param::Integer(number) => (*number as f64).into(),
        Param::Real(number) => (*number).into(),
    }
}

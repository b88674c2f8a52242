//! The store's database port over D1: a batch is one transaction.

use mcpengine_store::{Database, Outcome, Param, Statement, StoreError};
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement};

#[derive(Debug)]
pub(crate) struct D1(pub(crate) D1Database);

impl Database for D1 {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let prepared = statements
            .into_iter()
            .map(|statement| self.prepare(statement))
            .collect::<Result<Vec<_>, _>>()?;
        let results = self
            .0
            .batch(prepared)
            .await
            .map_err(|error| StoreError::from_driver(&error.to_string()))?;
        results
            .iter()
            .map(|result| {
                let rows = result
                    .results::<Map<String, Value>>()
                    .map_err(|error| StoreError::Corrupt(error.to_string()))?;
                let changes = result
                    .meta()
                    .ok()
                    .flatten()
                    .and_then(|meta| meta.changes)
                    .and_then(|changes| u64::try_from(changes).ok())
                    .unwrap_or_default();
                Ok(Outcome { rows, changes })
            })
            .collect()
    }
}

impl D1 {
    fn prepare(&self, statement: Statement) -> Result<D1PreparedStatement, StoreError> {
        let values: Vec<JsValue> = statement.params.iter().map(to_js).collect();
        self.0
            .prepare(statement.sql)
            .bind(&values)
            .map_err(|error| StoreError::from_driver(&error.to_string()))
    }
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

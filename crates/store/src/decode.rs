//! Rows into structs. Numbers of D1 are JavaScript's: 1 may arrive as 1.0.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{Row, StoreError};

pub(crate) fn row<T: DeserializeOwned>(row: Row) -> Result<T, StoreError> {
    serde_json::from_value(Value::Object(row))
        .map_err(|error| StoreError::Corrupt(error.to_string()))
}

pub(crate) fn rows<T: DeserializeOwned>(rows: Vec<Row>) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(row).collect()
}

/// The row, or "there is no such `what`".
pub(crate) fn found<T: DeserializeOwned>(
    found: Option<Row>,
    what: &'static str,
) -> Result<T, StoreError> {
    row(found.ok_or(StoreError::NotFound(what))?)
}

/// Exact integers only: 2^53 is the last that a JavaScript number holds.
fn exact(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        let whole = float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and within 2^53, as checked"
        )]
        whole.then_some(float as i64)
    })
}

/// A count: a whole number that is not negative.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    let Value::Number(number) = value else {
        return None;
    };
    exact(number).and_then(|number| u64::try_from(number).ok())
}

pub(crate) fn integer<'de, D: Deserializer<'de>>(source: D) -> Result<i64, D::Error> {
    let number = serde_json::Number::deserialize(source)?;
    exact(&number).ok_or_else(|| D::Error::custom(format!("{number} is not a whole number")))
}

pub(crate) fn optional_integer<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<i64>, D::Error> {
    Option::<serde_json::Number>::deserialize(source)?
        .map(|number| {
            exact(&number)
                .ok_or_else(|| D::Error::custom(format!("{number} is not a whole number")))
        })
        .transpose()
}

pub(crate) fn boolean<'de, D: Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    match integer(source)? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(D::Error::custom(format!("{other} is neither 0 nor 1"))),
    }
}

/// A TEXT column that holds JSON.
pub(crate) fn json<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    source: D,
) -> Result<T, D::Error> {
    let text = String::deserialize(source)?;
    serde_json::from_str(&text).map_err(D::Error::custom)
}

/// The same where the column may be NULL.
pub(crate) fn optional_json<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    source: D,
) -> Result<Option<T>, D::Error> {
    Option::<String>::deserialize(source)?
        .map(|text| serde_json::from_str(&text).map_err(D::Error::custom))
        .transpose()
}

//! A tool's schema as it is kept: finished JSON text.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON Schema (2020-12) as compact JSON text.
///
/// A plan can hold ten thousand of them, and nearly all are only passed on: text
/// takes a fifth of the memory of a [`Value`], and costs nothing to print.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schema(Box<RawValue>);

impl Schema {
    /// `text` has to be JSON; what is not gives the schema of an object.
    pub(crate) fn of_json(text: &str) -> Self {
        let text: Result<&RawValue, _> = serde_json::from_str(text);
        text.map_or_else(|_| Self::from(object()), |text| Self(text.to_owned()))
    }

    /// The JSON text.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.0.get()
    }

    /// The JSON text, to be passed on.
    #[must_use]
    pub fn into_raw(self) -> Box<RawValue> {
        self.0
    }

    /// The schema as a value, to look into.
    #[must_use]
    pub fn to_value(&self) -> Value {
        serde_json::from_str(self.as_json()).unwrap_or_else(|_| object())
    }
}

fn object() -> Value {
    serde_json::json!({"type": "object"})
}

impl From<Value> for Schema {
    fn from(value: Value) -> Self {
        // A value's text is JSON: the fallback is never taken.
        serde_json::value::to_raw_value(&value)
            .map_or_else(|_| Self(RawValue::NULL.to_owned()), Self)
    }
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.as_json() == other.as_json()
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_json())
    }
}

//! The two ports: a database of atomic batches and an object store.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::StoreError;

/// A bound value. Booleans are `Integer` 0 or 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    Null,
    Text(String),
    Integer(i64),
    Real(f64),
}

impl From<&str> for Param {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Param {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Param {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<i64> for Param {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Param {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<bool> for Param {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Param {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One SQL statement with parameters `?1`, `?2`, …; every parameter is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub sql: Cow<'static, str>,
    pub params: Vec<Param>,
}

impl Statement {
    pub(crate) fn new<const N: usize>(sql: &'static str, params: [Param; N]) -> Self {
        Self {
            sql: Cow::Borrowed(sql),
            params: params.into(),
        }
    }
}

/// One row, by column name. Integers may arrive as floats (D1 has only numbers).
pub type Row = Map<String, Value>;

/// What one statement did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Rows of a SELECT; empty otherwise.
    pub rows: Vec<Row>,
    /// Rows inserted, updated or deleted by this statement; 0 for a SELECT. D1
    /// adds those that a foreign key's cascade deletes, so that only "none" and
    /// "some" mean the same everywhere.
    pub changes: u64,
}

/// A database with atomic batches.
///
/// `batch` runs the statements in order in one transaction and returns one
/// [`Outcome`] for each, or takes no effect at all and returns an error, which
/// the adapter makes with [`StoreError::from_driver`]. Foreign keys are on.
pub trait Database {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError>;
}

/// Large documents by key. Keys come from [`crate::keys`] only.
pub trait ObjectStore {
    /// `None` when there is no such object.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Creates or replaces.
    async fn put(&self, key: &str, bytes: Vec<u8>, content_type: &str) -> Result<(), StoreError>;
    /// Keys that are not there are no error. Any number of keys.
    async fn delete(&self, keys: &[String]) -> Result<(), StoreError>;
    /// Every key that starts with `prefix`, however many pages that takes.
    async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError>;
}

/// Deletes every object under the prefixes, as [`crate::projects::delete`] and
/// a failed analysis need. Safe to repeat.
pub async fn delete_prefixes(
    objects: &impl ObjectStore,
    prefixes: &[String],
) -> Result<(), StoreError> {
    for prefix in prefixes {
        let keys = objects.list(prefix).await?;
        if !keys.is_empty() {
            objects.delete(&keys).await?;
        }
    }
    Ok(())
}

/// Runs a batch within the limits, and checks that the answer has its shape.
pub(crate) async fn run(
    db: &impl Database,
    statements: Vec<Statement>,
) -> Result<Outcomes, StoreError> {
    crate::limits::check(&statements)?;
    let expected = statements.len();
    let outcomes = db.batch(statements).await?;
    if outcomes.len() != expected {
        return Err(StoreError::Corrupt(format!(
            "a batch of {expected} statements was answered with {} results",
            outcomes.len()
        )));
    }
    Ok(Outcomes(outcomes))
}

/// The results of one batch, by statement.
#[derive(Debug)]
pub(crate) struct Outcomes(Vec<Outcome>);

impl Outcomes {
    pub(crate) fn changes(&self, index: usize) -> u64 {
        self.0.get(index).map_or(0, |outcome| outcome.changes)
    }

    pub(crate) fn rows(&mut self, index: usize) -> Vec<Row> {
        self.0
            .get_mut(index)
            .map(|outcome| std::mem::take(&mut outcome.rows))
            .unwrap_or_default()
    }

    pub(crate) fn last_rows(&mut self) -> Vec<Row> {
        self.rows(self.0.len().saturating_sub(1))
    }

    /// The only row of the last statement.
    pub(crate) fn last_row(&mut self) -> Option<Row> {
        self.last_rows().into_iter().next()
    }
}

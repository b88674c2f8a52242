//! SQLite in memory, with all migrations applied and D1's limits.

use std::cell::RefCell;

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};
use serde_json::Value;

use crate::{Database, Outcome, Param, Row, Statement, StoreError, migrations};

#[derive(Debug)]
pub struct SqliteDatabase {
    connection: RefCell<Connection>,
}

/// What the platform sets (workerd, `sqlite.c++`).
const LIMITS: [(Limit, i32); 8] = [
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_COLUMN, 100),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 5),
    (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 32),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
];

impl SqliteDatabase {
    /// An empty database at the newest schema.
    pub fn new() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory().map_err(driver)?;
        connection
            .pragma_update(None, "foreign_keys", true)
            .map_err(driver)?;
        for (_, sql) in migrations::ALL {
            connection.execute_batch(sql).map_err(driver)?;
        }
        for (limit, value) in LIMITS {
            connection.set_limit(limit, value).map_err(driver)?;
        }
        Ok(Self {
            connection: RefCell::new(connection),
        })
    }

    /// Runs SQL outside the port, for tests that look or tamper.
    pub fn raw(&self, sql: &str) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection.borrow();
        execute(
            &connection,
            &Statement {
                sql: sql.to_owned().into(),
                params: Vec::new(),
            },
        )
        .map(|outcome| outcome.rows)
    }
}

impl Database for SqliteDatabase {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        let mut connection = self.connection.borrow_mut();
        let transaction = connection.transaction().map_err(driver)?;
        let outcomes = statements
            .iter()
            .map(|statement| execute(&transaction, statement))
            .collect::<Result<Vec<_>, _>>()?;
        transaction.commit().map_err(driver)?;
        Ok(outcomes)
    }
}

fn execute(connection: &Connection, statement: &Statement) -> Result<Outcome, StoreError> {
    let mut prepared = connection.prepare(&statement.sql).map_err(driver)?;
    let params = params_from_iter(statement.params.iter().map(value));
    if prepared.column_count() == 0 {
        let changes = prepared.execute(params).map_err(driver)?;
        return Ok(Outcome {
            rows: Vec::new(),
            changes: u64::try_from(changes).unwrap_or(0),
        });
    }
    let names: Vec<String> = prepared
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut rows = prepared.query(params).map_err(driver)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(driver)? {
        let mut map = Row::new();
        for (index, name) in names.iter().enumerate() {
            map.insert(name.clone(), json(row.get_ref(index).map_err(driver)?));
        }
        found.push(map);
    }
    Ok(Outcome {
        rows: found,
        changes: 0,
    })
}

fn value(param: &Param) -> rusqlite::types::Value {
    match param {
        Param::Null => rusqlite::types::Value::Null,
        Param::Text(text) => text.clone().into(),
        Param::Integer(number) => (*number).into(),
        Param::Real(number) => (*number).into(),
    }
}

/// Numbers become floats, as they do on their way through JavaScript.
fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        #[expect(clippy::cast_precision_loss, reason = "the loss is what D1 does")]
        ValueRef::Integer(number) => Value::from(number as f64),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Value::from(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
fn driver(error: rusqlite::Error) -> StoreError {
    StoreError::from_driver(&error.to_string())
}

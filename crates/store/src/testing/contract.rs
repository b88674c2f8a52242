//! What every [`Database`] must do, as one suite for every adapter: SQLite here,
//! D1 and Postgres where they run.

use serde_json::{Value, json};

use super::journey;
use crate::{Database, Outcome, Param, Principal, Statement, StoreError};

/// The first expectation that a database does not meet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{check}: {problem}")]
pub struct Broken {
    pub check: &'static str,
    pub problem: String,
}

/// Runs the suite on a database that has the schema and no rows. It leaves rows
/// behind.
pub async fn run(db: &impl Database) -> Result<(), Broken> {
    named("one outcome for each statement", outcomes(db).await)?;
    named("values come back as they were bound", values(db).await)?;
    named("a batch is all or nothing", atomicity(db).await)?;
    named("statements see those before them", order(db).await)?;
    named("foreign keys are on", foreign_keys(db).await)?;
    named("a hundred parameters are taken", parameters(db).await)?;
    named(
        "the journey of a project",
        journey::run(db).await.map_err(text),
    )
}

fn named(check: &'static str, result: Result<(), String>) -> Result<(), Broken> {
    result.map_err(|problem| Broken { check, problem })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
fn text(error: StoreError) -> String {
    format!("{error:?}")
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{found:?} where {expected:?} belongs"))
    }
}

fn user(id: &str, name: Param) -> Statement {
    Statement {
        sql: "INSERT INTO users (id, clerk_id, email, name, created_at, updated_at) \
              VALUES (?1, ?1, ?1, ?2, ?3, ?3)"
            .into(),
        params: vec![id.into(), name, NOW.into()],
    }
}

fn names(prefix: &str) -> Statement {
    Statement {
        sql: "SELECT id, name FROM users WHERE id >= ?1 AND id < ?2 ORDER BY id".into(),
        params: vec![prefix.into(), format!("{prefix}~").into()],
    }
}

const NOW: &str = "2026-11-23T02:00:00.000Z";

async fn outcomes(db: &impl Database) -> Result<(), String> {
    let rename = |id: &str| Statement {
        sql: "UPDATE users SET name = 'renamed' WHERE id >= ?1 AND id < ?2".into(),
        params: vec![id.into(), "contract-a~".into()],
    };
    let delete = Statement {
        sql: "DELETE FROM users WHERE id = ?1".into(),
        params: vec!["contract-a1".into()],
    };
    let batch = vec![
        user("contract-a1", Param::Null),
        user("contract-a2", Param::Null),
        rename("contract-a"),
        rename("contract-a~"),
        names("contract-a"),
        delete,
        names("contract-a"),
    ];
    let found = db.batch(batch).await.map_err(text)?;
    let changes: Vec<u64> = found.iter().map(|outcome| outcome.changes).collect();
    same(&changes, &vec![1, 1, 2, 0, 0, 1, 0])?;
    let rows: Vec<usize> = found.iter().map(|outcome| outcome.rows.len()).collect();
    same(&rows, &vec![0, 0, 0, 0, 2, 0, 1])
}

async fn values(db: &impl Database) -> Result<(), String> {
    let odd = "it's \"quoted\" \\ ?1 \u{0001} \u{1F680} \n\t \u{2028} ' OR 1=1 --";
    let large = "x".repeat(1_000_000);
    let rest = Statement {
        sql: "SELECT ?1 AS absent, ?2 AS words, CAST(?3 AS INTEGER) AS whole, \
              CAST(?4 AS REAL) AS part"
            .into(),
        params: vec![
            Param::Null,
            Param::from(odd),
            Param::Integer(9_007_199_254_740_991),
            Param::Real(-0.5),
        ],
    };
    let batch = vec![
        user("contract-b1", odd.into()),
        user("contract-b2", Param::Null),
        user("contract-b3", "".into()),
        user("contract-b4", Param::from(&large)),
        names("contract-b"),
        rest,
    ];
    let found = db.batch(batch).await.map_err(text)?;
    let column = |index: usize, name: &str| -> Vec<Value> {
        let rows = found
            .get(index)
            .map(|outcome| outcome.rows.as_slice())
            .unwrap_or_default();
        rows.iter()
            .map(|row| row.get(name).cloned().unwrap_or_default())
            .collect()
    };
    same(
        &column(4, "name"),
        &vec![json!(odd), Value::Null, json!(""), json!(large)],
    )?;
    same(&column(5, "absent"), &vec![Value::Null])?;
    same(&column(5, "words"), &vec![json!(odd)])?;
    let numbers: Vec<Option<f64>> = [column(5, "whole"), column(5, "part")]
        .iter()
        .flatten()
        .map(Value::as_f64)
        .collect();
    same(&numbers, &vec![Some(9_007_199_254_740_991.0), Some(-0.5)])
}

async fn atomicity(db: &impl Database) -> Result<(), String> {
    let twice = vec![
        user("contract-c1", Param::Null),
        user("contract-c2", Param::Null),
        user("contract-c1", Param::Null),
    ];
    match db.batch(twice).await {
        Err(StoreError::Conflict {
            code: "constraint", ..
        }) => {}
        other => return Err(format!("a duplicate key was answered with {other:?}")),
    }
    let broken = Statement {
        sql: "SELECT no_such_column FROM users".into(),
        params: Vec::new(),
    };
    if let Ok(found) = db
        .batch(vec![user("contract-c3", Param::Null), broken])
        .await
    {
        return Err(format!("a broken statement was answered with {found:?}"));
    }
    let found = db.batch(vec![names("contract-c")]).await.map_err(text)?;
    same(&found, &vec![Outcome::default()])
}

async fn order(db: &impl Database) -> Result<(), String> {
    let guarded = |id: &str, before: &str| Statement {
        sql: "INSERT INTO users (id, clerk_id, email, created_at, updated_at) \
              SELECT ?1, ?1, ?1, ?3, ?3 WHERE EXISTS (SELECT 1 FROM users WHERE id = ?2)"
            .into(),
        params: vec![id.into(), before.into(), NOW.into()],
    };
    let batch = vec![
        guarded("contract-d2", "contract-d1"),
        user("contract-d1", Param::Null),
        guarded("contract-d3", "contract-d1"),
    ];
    let found = db.batch(batch).await.map_err(text)?;
    let changes: Vec<u64> = found.iter().map(|outcome| outcome.changes).collect();
    same(&changes, &vec![0, 1, 1])
}

async fn foreign_keys(db: &impl Database) -> Result<(), String> {
    let orphan = Statement {
        sql: "INSERT INTO teams (id, name, slug, owner_id, created_at) \
              VALUES (?1, ?1, ?1, 'nobody', ?2)"
            .into(),
        params: vec!["contract-team".into(), NOW.into()],
    };
    match db.batch(vec![orphan]).await {
        Err(StoreError::Conflict {
            code: "constraint", ..
        }) => Ok(()),
        other => Err(format!(
            "a row without its parent was answered with {other:?}"
        )),
    }
}

async fn parameters(db: &impl Database) -> Result<(), String> {
    let places: Vec<String> = (1..=crate::limits::MAX_PARAMS)
        .map(|n| format!("(?{n})"))
        .collect();
    let params = (1..=crate::limits::MAX_PARAMS)
        .map(|n| Param::from(n.to_string()))
        .collect();
    let sql = format!(
        "SELECT column1 AS n FROM (VALUES {}) AS v",
        places.join(", ")
    );
    let found = db
        .batch(vec![Statement {
            sql: sql.into(),
            params,
        }])
        .await
        .map_err(text)?;
    let rows = found
        .first()
        .map(|outcome| outcome.rows.as_slice())
        .unwrap_or_default();
    let first = rows.first().and_then(|row| row.get("n")).cloned();
    same(
        &(rows.len(), first),
        &(crate::limits::MAX_PARAMS, Some(json!("1"))),
    )
}

/// The account of the suite's journey.
pub(super) fn principal() -> Principal {
    Principal::user(crate::users::LOCAL_USER_ID)
}

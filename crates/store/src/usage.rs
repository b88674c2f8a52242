//! What was used, for limits and billing.

use crate::jobs::JobKind;
use crate::port::run;
use crate::{Database, Principal, Statement, StoreError, time};

#[derive(Debug, Clone, Copy)]
pub struct Usage<'a> {
    pub id: &'a str,
    pub action: JobKind,
    pub project_id: Option<&'a str>,
    /// Tokens of the language model.
    pub tokens_used: Option<i64>,
    pub duration_ms: Option<i64>,
}

/// A project that is not the principal's, or gone, is recorded as none.
pub async fn record(
    db: &impl Database,
    principal: &Principal,
    usage: &Usage<'_>,
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    let insert = Statement::new(
        "INSERT INTO usage_logs \
         (id, user_id, action, project_id, tokens_used, duration_ms, created_at) \
         VALUES (?2, ?1, ?3, \
         (SELECT p.id FROM projects p WHERE p.id = ?4 AND p.user_id = ?1), ?5, ?6, ?7)",
        [
            principal.scope(),
            usage.id.into(),
            usage.action.as_str().into(),
            usage.project_id.into(),
            usage.tokens_used.into(),
            usage.duration_ms.into(),
            now.into(),
        ],
    );
    run(db, vec![insert]).await?;
    Ok(())
}

/// How often the principal did this since then, for the limits of their tier.
pub async fn count_since(
    db: &impl Database,
    principal: &Principal,
    action: JobKind,
    since: &str,
) -> Result<i64, StoreError> {
    #[derive(serde::Deserialize)]
    struct Count {
        #[serde(deserialize_with = "crate::decode::integer")]
        n: i64,
    }
    time::check(since)?;
    let count = Statement::new(
        "SELECT COUNT(*) AS n FROM usage_logs \
         WHERE user_id = ?1 AND action = ?2 AND created_at >= ?3",
        [principal.scope(), action.as_str().into(), since.into()],
    );
    let row = run(db, vec![count]).await?.last_row();
    crate::decode::found::<Count>(row, "count").map(|row| row.n)
}

//! What was used: a row for each job that has ended, written in the batch that ends
//! it. Its id is the job's, so that there is one whatever happens.

use mcpengine_tiers::Action;
use serde::{Deserialize, Serialize};

use crate::jobs::{Ending, JobKind, Lease};
use crate::port::run;
use crate::{Database, Param, Principal, Statement, StoreError, decode, time};

/// What a job took, from the moment it was made to its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Tokens of the language model; `None` where it was not asked.
    pub tokens: Option<i64>,
    pub duration_ms: Option<i64>,
}

/// For the batch of [`crate::jobs::finish`], before the job has ended there. The
/// team is the project's of this moment.
pub(crate) fn statement(
    principal: &Principal,
    lease: &Lease,
    ending: Ending,
    spent: Spent,
    now: &str,
) -> Statement {
    Statement::new(
        "INSERT INTO usage_logs \
         (id, user_id, action, project_id, team_id, ending, tokens_used, duration_ms, created_at) \
         SELECT j.id, j.user_id, j.kind, p.id, p.team_id, ?4, ?5, ?6, ?7 FROM jobs j \
         LEFT JOIN projects p ON p.id = j.project_id \
         WHERE j.id = ?2 AND j.user_id = ?1 AND j.state = 'running' AND j.attempt = ?3 \
         ON CONFLICT DO NOTHING",
        [
            principal.scope(),
            Param::from(&lease.job_id),
            lease.attempt.into(),
            ending.as_str().into(),
            spent.tokens.into(),
            spent.duration_ms.into(),
            now.into(),
        ],
    )
}

/// What was done of one kind on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// `2026-11-23`, in UTC.
    pub day: String,
    pub action: JobKind,
    #[serde(deserialize_with = "decode::integer")]
    pub count: i64,
    /// Of these, those that did not succeed.
    #[serde(deserialize_with = "decode::integer")]
    pub unsuccessful: i64,
    /// `None` where no language model was asked.
    #[serde(deserialize_with = "decode::optional_integer")]
    pub tokens: Option<i64>,
    #[serde(deserialize_with = "decode::integer")]
    pub duration_ms: i64,
}

/// Days since then with at least one job, oldest first: of the principal's own
/// projects, or of a team that they are in; empty for any other team.
pub async fn days(
    db: &impl Database,
    principal: &Principal,
    team_id: Option<&str>,
    since: &str,
) -> Result<Vec<Day>, StoreError> {
    time::check(since)?;
    macro_rules! sums {
        ($whose:literal) => {
            concat!(
                "SELECT substr(l.created_at, 1, 10) AS day, l.action, COUNT(*) AS count, \
                 SUM(CASE WHEN l.ending IN ('failed', 'cancelled', 'dead') THEN 1 ELSE 0 END) \
                 AS unsuccessful, SUM(l.tokens_used) AS tokens, \
                 COALESCE(SUM(l.duration_ms), 0) AS duration_ms FROM usage_logs l WHERE ",
                $whose,
                " AND l.created_at >= ?2 GROUP BY substr(l.created_at, 1, 10), l.action \
                 ORDER BY day, l.action"
            )
        };
    }
    let select = match team_id {
        None => Statement::new(
            sums!("l.user_id = ?1 AND l.team_id IS NULL"),
            [principal.scope(), since.into()],
        ),
        Some(team) => Statement::new(
            sums!(
                "l.team_id = ?3 AND EXISTS (SELECT 1 FROM team_members m \
                 WHERE m.team_id = ?3 AND m.user_id = ?1)"
            ),
            [principal.scope(), since.into(), team.into()],
        ),
    };
    decode::rows(run(db, vec![select]).await?.last_rows())
}

/// How many jobs of the kind were made since then: what is used of a rate that has
/// no limit, and so is not counted elsewhere.
pub async fn made_since(
    db: &impl Database,
    principal: &Principal,
    team_id: Option<&str>,
    action: Action,
    since: &str,
) -> Result<i64, StoreError> {
    #[derive(Deserialize)]
    struct Count {
        #[serde(deserialize_with = "decode::integer")]
        n: i64,
    }
    time::check(since)?;
    let (action, since) = (action.name().into(), since.into());
    let count = match team_id {
        None => Statement::new(
            "SELECT COUNT(*) AS n FROM jobs j LEFT JOIN projects p ON p.id = j.project_id \
             WHERE j.user_id = ?1 AND j.kind = ?2 AND j.created_at >= ?3 AND p.team_id IS NULL",
            [principal.scope(), action, since],
        ),
        Some(team) => Statement::new(
            "SELECT COUNT(*) AS n FROM projects p JOIN jobs j ON j.project_id = p.id \
             WHERE p.team_id = ?4 AND j.kind = ?2 AND j.created_at >= ?3 \
             AND EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = ?4 AND m.user_id = ?1)",
            [principal.scope(), action, since, team.into()],
        ),
    };
    let row = run(db, vec![count]).await?.last_row();
    decode::found::<Count>(row, "count").map(|row| row.n)
}

//! Keys of requests that make something, so that one that is sent twice makes it
//! once (draft-ietf-httpapi-idempotency-key-header).
//!
//! The row comes before the work, and names the id that what is made will have.
//! Whoever takes up a request whose lease has run out makes it under the same id:
//! so key and effect cannot disagree, wherever the first attempt broke off.

use serde::{Deserialize, Serialize};

use crate::limits::check_row;
use crate::port::run;
use crate::{Database, Param, Principal, Statement, StoreError, decode, time};

#[derive(Debug, Clone, Copy)]
pub struct NewClaim<'a> {
    pub key: &'a str,
    /// SHA-256 of the request in lower-case hex.
    pub fingerprint: &'a str,
    /// For the first attempt; later ones get the first's.
    pub resource_id: &'a str,
    /// Until when nobody else takes the request up.
    pub lease_until: &'a str,
    /// Keys of before are forgotten.
    pub kept_since: &'a str,
}

/// The right to carry the request out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub key: String,
    pub resource_id: String,
    pub attempt: i64,
}

/// What a request with a key comes upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// To be carried out now; from the second attempt on, what it makes may be there.
    Held(Held),
    /// Somebody is at it.
    Running,
    /// The key stands for another request.
    Reused,
    /// It was answered.
    Answered {
        resource_id: String,
        status: u16,
        /// `None`: with the stream of the job `resource_id`.
        sealed: Option<String>,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    fingerprint: String,
    resource_id: String,
    #[serde(deserialize_with = "decode::integer")]
    attempt: i64,
    #[serde(deserialize_with = "decode::optional_integer")]
    status: Option<i64>,
    answer: Option<String>,
}

/// Claims the request, or says what became of it.
pub async fn claim(
    db: &impl Database,
    principal: &Principal,
    new: &NewClaim<'_>,
    now: &str,
) -> Result<Claim, StoreError> {
    for at in [now, new.lease_until, new.kept_since] {
        time::check(at)?;
    }
    let mut outcomes = run(db, claiming(principal, new, now)).await?;
    let mine = outcomes.changes(1) > 0 || outcomes.changes(2) > 0;
    let stored: Stored = decode::found(outcomes.last_row(), "key")?;
    if mine {
        return Ok(Claim::Held(Held {
            key: new.key.to_owned(),
            resource_id: stored.resource_id,
            attempt: stored.attempt,
        }));
    }
    if stored.fingerprint != new.fingerprint {
        return Ok(Claim::Reused);
    }
    Ok(match stored.status {
        None => Claim::Running,
        Some(status) => Claim::Answered {
            resource_id: stored.resource_id,
            status: u16::try_from(status).unwrap_or(500),
            sealed: stored.answer,
        },
    })
}

/// Forgets what is too old, makes the row, takes it over, reads it.
fn claiming(principal: &Principal, new: &NewClaim<'_>, now: &str) -> Vec<Statement> {
    let forget = Statement::new(
        "DELETE FROM idempotency_keys WHERE user_id = ?1 AND idempotency_key = ?2 \
         AND created_at < ?3",
        [principal.scope(), new.key.into(), new.kept_since.into()],
    );
    let insert = Statement::new(
        "INSERT INTO idempotency_keys \
         (user_id, idempotency_key, fingerprint, resource_id, lease_until, created_at) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM idempotency_keys k \
         WHERE k.user_id = ?1 AND k.idempotency_key = ?2)",
        [
            principal.scope(),
            new.key.into(),
            new.fingerprint.into(),
            new.resource_id.into(),
            new.lease_until.into(),
            now.into(),
        ],
    );
    let take_over = Statement::new(
        "UPDATE idempotency_keys SET attempt = attempt + 1, lease_until = ?4 \
         WHERE user_id = ?1 AND idempotency_key = ?2 AND fingerprint = ?3 \
         AND status IS NULL AND lease_until <= ?5",
        [
            principal.scope(),
            new.key.into(),
            new.fingerprint.into(),
            new.lease_until.into(),
            now.into(),
        ],
    );
    let select = Statement::new(
        "SELECT fingerprint, resource_id, attempt, status, answer FROM idempotency_keys \
         WHERE user_id = ?1 AND idempotency_key = ?2",
        [principal.scope(), new.key.into()],
    );
    vec![forget, insert, take_over, select]
}

/// Keeps the answer, before the client has it: what was not kept, nobody has seen.
/// Nothing is kept where another attempt has the request by now.
pub async fn answer(
    db: &impl Database,
    principal: &Principal,
    held: &Held,
    status: u16,
    sealed: Option<&str>,
) -> Result<(), StoreError> {
    let params = [
        principal.scope(),
        Param::from(&held.key),
        held.attempt.into(),
        i64::from(status).into(),
        sealed.into(),
    ];
    check_row("an answer", &params)?;
    let keep = Statement::new(
        "UPDATE idempotency_keys SET status = ?4, answer = ?5 \
         WHERE user_id = ?1 AND idempotency_key = ?2 AND attempt = ?3 AND status IS NULL",
        params,
    );
    run(db, vec![keep]).await.map(drop)
}

/// The request was refused and made nothing: its key is free again.
pub async fn forget(
    db: &impl Database,
    principal: &Principal,
    held: &Held,
) -> Result<(), StoreError> {
    let forget = Statement::new(
        "DELETE FROM idempotency_keys \
         WHERE user_id = ?1 AND idempotency_key = ?2 AND attempt = ?3 AND status IS NULL",
        [
            principal.scope(),
            Param::from(&held.key),
            held.attempt.into(),
        ],
    );
    run(db, vec![forget]).await.map(drop)
}

/// The request broke off, and may have made something: the next one with its key
/// carries it out, under the same id, without waiting for the lease.
pub async fn give_up(
    db: &impl Database,
    principal: &Principal,
    held: &Held,
    now: &str,
) -> Result<(), StoreError> {
    time::check(now)?;
    let release = Statement::new(
        "UPDATE idempotency_keys SET lease_until = ?4 \
         WHERE user_id = ?1 AND idempotency_key = ?2 AND attempt = ?3 AND status IS NULL",
        [
            principal.scope(),
            Param::from(&held.key),
            held.attempt.into(),
            now.into(),
        ],
    );
    run(db, vec![release]).await.map(drop)
}

/// Forgets keys that are older than `kept_since`, a part at a time, whosever they
/// are.
pub async fn sweep(db: &impl Database, kept_since: &str, limit: u32) -> Result<(), StoreError> {
    time::check(kept_since)?;
    let old = Statement::new(
        "DELETE FROM idempotency_keys WHERE (user_id, idempotency_key) IN \
         (SELECT user_id, idempotency_key FROM idempotency_keys WHERE created_at < ?1 \
         ORDER BY created_at LIMIT ?2)",
        [kept_since.into(), limit.into()],
    );
    run(db, vec![old]).await.map(drop)
}

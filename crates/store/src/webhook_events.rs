//! Which webhooks have been received. The row of a delivery is in the batch of its
//! effect: either both are there or none.

use crate::port::run;
use crate::{Database, Param, Statement, StoreError, time};

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Clerk,
    Stripe,
}

impl Source {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Stripe => "stripe",
        }
    }
}

/// One message, however often it is sent.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    pub source: Source,
    pub id: &'a str,
    /// Its type, for people.
    pub kind: &'a str,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    Applied,
    /// It was applied before.
    Duplicate,
}

/// How many rows [`prune`] takes away at once.
pub const PRUNE_ROWS: u32 = 1_000;

impl Delivery<'_> {
    /// Fails the batch where the delivery has been received.
    pub(crate) fn insert(&self, now: &str) -> Statement {
        Statement::new(
            "INSERT INTO webhook_events (source, id, type, received_at) VALUES (?1, ?2, ?3, ?4)",
            [
                self.source.as_str().into(),
                self.id.into(),
                self.kind.into(),
                now.into(),
            ],
        )
    }

    /// Whether it was received before.
    pub(crate) async fn is_known(&self, db: &impl Database) -> Result<bool, StoreError> {
        let select = Statement::new(
            "SELECT 1 AS one FROM webhook_events WHERE source = ?1 AND id = ?2",
            [self.source.as_str().into(), self.id.into()],
        );
        Ok(run(db, vec![select]).await?.last_row().is_some())
    }
}

/// Takes away rows from before this time, at most [`PRUNE_ROWS`]; whether there may
/// be more. A message that comes once more after that is applied again, which
/// changes nothing: its effect does not depend on the order of messages.
pub async fn prune(db: &impl Database, before: &str) -> Result<bool, StoreError> {
    time::check(before)?;
    let delete = Statement::new(
        "DELETE FROM webhook_events WHERE (source, id) IN (SELECT source, id \
         FROM webhook_events WHERE received_at < ?1 ORDER BY received_at LIMIT ?2)",
        [Param::from(before), PRUNE_ROWS.into()],
    );
    let deleted = run(db, vec![delete]).await?.changes(0);
    Ok(deleted >= u64::from(PRUNE_ROWS))
}

//! The walk that seals every stored credential under the current root key.
//!
//! It acts for nobody in particular: the scheduled event takes one [`step`] after
//! the other. A step may be lost or done twice anywhere. It replaces only the
//! envelope that it has read, so that what a user stores meanwhile stays, and its
//! place is kept in the same batch as its effect. At the end the walk starts
//! over: a row that was written under an older key behind it is found then.

use mcpengine_vault::{Context, Keyring, rewrap};
use serde::Deserialize;

use crate::api_keys::FIELD;
use crate::port::run;
use crate::users::sealed_for;
use crate::{Database, Param, Statement, StoreError, decode, time};

/// Rows of one step, and so statements of its batch.
pub const STEP_ROWS: u32 = 100;

/// Name of this walk in the table `walks`.
const WALK: &str = "api_keys";

/// What one step did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Rows that are sealed under the current key since.
    pub rewrapped: u64,
    /// Ids of rows that could not be opened. They stay as they are.
    pub unreadable: Vec<String>,
    /// No older row lay beyond: the next step starts at the first row.
    pub at_end: bool,
}

/// A row that is not sealed under the current key.
#[derive(Deserialize)]
struct Stale {
    id: String,
    sealed_for: String,
    project_id: String,
    key_name: String,
    encrypted_value: String,
}

impl Stale {
    fn rewrapped(&self, ring: &Keyring, nonce: [u8; 12]) -> Option<String> {
        let context = Context {
            user: &self.sealed_for,
            project: &self.project_id,
            secret: &self.key_name,
            field: FIELD,
        };
        rewrap(ring, &context, &self.encrypted_value, nonce)
            .ok()
            .flatten()
    }
}

/// Rewraps the next [`STEP_ROWS`] older rows, in two calls of the database.
/// `nonce` gives 12 fresh random bytes each time.
pub async fn step(
    db: &impl Database,
    ring: &Keyring,
    mut nonce: impl FnMut() -> Result<[u8; 12], StoreError>,
    now: &str,
) -> Result<Step, StoreError> {
    time::check(now)?;
    let stale = next(db, ring).await?;
    let mut step = Step {
        at_end: stale.len() < STEP_ROWS as usize,
        ..Step::default()
    };
    let mut statements = Vec::new();
    for row in &stale {
        match row.rewrapped(ring, nonce()?) {
            Some(envelope) => statements.push(replace(row, envelope)),
            None => step.unreadable.push(row.id.clone()),
        }
    }
    let replacements = statements.len();
    let place = stale.last().filter(|_| !step.at_end);
    statements.push(keep_place(place.map_or("", |row| &row.id), now));
    let outcomes = run(db, statements).await?;
    step.rewrapped = (0..replacements).map(|index| outcomes.changes(index)).sum();
    Ok(step)
}

/// Rows beyond the walk's place whose envelope names another key. The comparison
/// is one of equality: the order of texts is the database's own affair.
async fn next(db: &impl Database, ring: &Keyring) -> Result<Vec<Stale>, StoreError> {
    let select = Statement::new(
        concat!(
            "SELECT id, ",
            sealed_for!("api_keys.user_id"),
            " AS sealed_for, project_id, key_name, encrypted_value FROM api_keys \
             WHERE id > COALESCE((SELECT cursor FROM walks WHERE name = ?1), '') \
             AND substr(encrypted_value, 1, length(?2)) <> ?2 ORDER BY id LIMIT ?3"
        ),
        [
            WALK.into(),
            ring.prefix_of_current().into(),
            STEP_ROWS.into(),
        ],
    );
    decode::rows(run(db, vec![select]).await?.last_rows())
}

fn replace(row: &Stale, envelope: String) -> Statement {
    Statement::new(
        "UPDATE api_keys SET encrypted_value = ?3 WHERE id = ?1 AND encrypted_value = ?2",
        [
            Param::from(&row.id),
            Param::from(&row.encrypted_value),
            envelope.into(),
        ],
    )
}

fn keep_place(cursor: &str, now: &str) -> Statement {
    Statement::new(
        "INSERT INTO walks (name, cursor, updated_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, \
         updated_at = excluded.updated_at WHERE walks.cursor <> excluded.cursor",
        [WALK.into(), cursor.into(), now.into()],
    )
}

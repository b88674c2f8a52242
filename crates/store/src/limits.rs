//! Limits of D1, checked before the call: local emulation does not enforce all
//! of them, and the platform's own errors name no column.
//!
//! Source: Cloudflare D1 limits page (100 bound parameters and 100 kB of SQL a
//! statement, 2 MB a row or string).

use crate::{Param, Statement, StoreError};

/// Bound parameters of one statement.
pub const MAX_PARAMS: usize = 100;
/// Bytes of SQL text of one statement.
pub const MAX_SQL_BYTES: usize = 100_000;
/// Bytes of one row, and so of the values that one row is made of.
pub const MAX_ROW_BYTES: usize = 2_000_000;
/// An event larger than this is an object and its row a pointer.
pub const MAX_INLINE_EVENT_BYTES: usize = 32 * 1024;
/// A deployment's log stops growing here; the row has other columns too.
pub const MAX_LOG_BYTES: usize = 256 * 1024;
/// Projects, deployments or tokens on one page.
pub const MAX_PAGE: u32 = 100;
/// Tokens of a project that work; a list shows all of them.
pub const MAX_ACTIVE_TOKENS: u32 = 50;
/// Characters of a token's name.
pub const MAX_TOKEN_NAME_CHARS: usize = 60;
/// Edits in one call, and so in one batch.
pub const MAX_EDITS: usize = 10_000;
/// Characters of a project's name.
pub const MAX_NAME_CHARS: usize = 200;
/// Characters of a project's description.
pub const MAX_DESCRIPTION_CHARS: usize = 4_000;

/// Teams that one person owns.
pub const MAX_TEAMS: u32 = 20;
/// Characters of a team's name.
pub const MAX_TEAM_NAME_CHARS: usize = 80;
/// Members of a team in a list.
pub const MAX_MEMBERS: u32 = 1_000;
/// Invitations of a team that are open.
pub const MAX_OPEN_INVITATIONS: u32 = 100;
/// Characters of an email address (RFC 5321 §4.5.3.1).
pub const MAX_EMAIL_CHARS: usize = 254;

/// How many rows of `columns` values fit beside `shared` parameters.
#[must_use]
pub const fn rows_per_statement(columns: usize, shared: usize) -> usize {
    match (MAX_PARAMS - shared).checked_div(columns) {
        Some(0) | None => 1,
        Some(rows) => rows,
    }
}

/// Refuses statements that D1 would refuse, or worse, accept only locally.
///
/// A statement writes at most one row's worth of parameters per row, so the
/// largest value is checked here and whole rows where they are built
/// ([`check_row`]).
pub(crate) fn check(statements: &[Statement]) -> Result<(), StoreError> {
    for statement in statements {
        within("bound parameters", statement.params.len(), MAX_PARAMS)?;
        within("bytes of SQL", statement.sql.len(), MAX_SQL_BYTES)?;
        for param in &statement.params {
            within("bytes of one value", size(param), MAX_ROW_BYTES)?;
        }
    }
    Ok(())
}

/// Refuses a row that is over the limit as a whole.
pub(crate) fn check_row(what: &str, values: &[Param]) -> Result<(), StoreError> {
    within(
        &format!("bytes of {what}"),
        values.iter().map(size).sum(),
        MAX_ROW_BYTES,
    )
}

fn size(param: &Param) -> usize {
    match param {
        Param::Null => 1,
        Param::Text(text) => text.len(),
        Param::Integer(_) | Param::Real(_) => 8,
    }
}

fn within(what: &str, actual: usize, limit: usize) -> Result<(), StoreError> {
    if actual > limit {
        return Err(StoreError::TooLarge {
            what: what.to_owned(),
            limit,
            actual,
        });
    }
    Ok(())
}

//! What the gateway asks. A request to a hosted server has no principal: what it
//! may see is what these few functions return, and all that it changes is when
//! its token was used.

use serde::Deserialize;

use crate::api_keys::ApiKeyEnvelope;
use crate::deployments::{Access, DeploymentConfig};
use crate::port::run;
use crate::users::sealed_for;
use crate::{Database, Param, Statement, StoreError, decode, time};

/// The version that answers at a name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LiveServer {
    pub slug: String,
    pub project_id: String,
    /// Owner, whose envelopes hold the credentials.
    pub user_id: String,
    pub deployment_id: String,
    pub version: String,
    pub access: Access,
    /// Key of the modules object.
    pub modules_key: String,
    /// Where it runs, if not in our own loader.
    pub worker_id: Option<String>,
    #[serde(deserialize_with = "decode::json")]
    pub config: DeploymentConfig,
}

/// Who answers at this name; `None` for names that nobody has live.
pub async fn resolve(db: &impl Database, slug: &str) -> Result<Option<LiveServer>, StoreError> {
    if crate::slugs::check_form(slug).is_err() {
        return Ok(None);
    }
    let row = run(db, vec![live_at(slug)]).await?.last_row();
    row.map(decode::row).transpose()
}

/// The same with the project's token of this hash, unless there is none or it is
/// revoked: one call of the database, as every request to a server makes it.
pub async fn resolve_with_token(
    db: &impl Database,
    slug: &str,
    token_hash: &str,
) -> Result<Option<(LiveServer, Option<ValidToken>)>, StoreError> {
    if crate::slugs::check_form(slug).is_err() {
        return Ok(None);
    }
    let Some(row) = run(db, vec![live_at_with_token(slug, token_hash)])
        .await?
        .last_row()
    else {
        return Ok(None);
    };
    let held: Held = decode::row(row.clone())?;
    Ok(Some((decode::row(row)?, held.token())))
}

/// The columns of a token beside a server's.
#[derive(Deserialize)]
struct Held {
    token_id: Option<String>,
    token_name: Option<String>,
    token_hash: Option<String>,
    last_used_at: Option<String>,
}

impl Held {
    fn token(self) -> Option<ValidToken> {
        Some(ValidToken {
            id: self.token_id?,
            name: self.token_name?,
            token_hash: self.token_hash?,
            last_used_at: self.last_used_at,
        })
    }
}

/// Of the version that answers at a name: its columns, and what they are joined from.
///
/// Parameters are cast to what they are: where SQLite looks at their values to plan a
/// join, it plans it again whenever they are bound, a tenth of a millisecond for every
/// call of every server.
macro_rules! live_at {
    ($columns:literal, $join:literal) => {
        concat!(
            "SELECT s.slug, d.project_id, p.user_id, d.id AS deployment_id, d.version, d.access, \
             d.modules_key, d.worker_id, d.config",
            $columns,
            " FROM slugs s JOIN deployments d ON d.id = s.deployment_id \
             AND d.project_id = s.project_id JOIN projects p ON p.id = d.project_id",
            $join,
            " WHERE s.slug = CAST(?1 AS TEXT) AND s.released_at IS NULL \
             AND d.status = 'live'"
        )
    };
}

fn live_at(slug: &str) -> Statement {
    Statement::new(live_at!("", ""), [slug.into()])
}

fn live_at_with_token(slug: &str, token_hash: &str) -> Statement {
    Statement::new(
        live_at!(
            ", t.id AS token_id, t.name AS token_name, t.token_hash, t.last_used_at",
            " LEFT JOIN endpoint_tokens t ON t.project_id = d.project_id \
             AND t.token_hash = CAST(?2 AS TEXT) AND t.revoked_at IS NULL"
        ),
        [slug.into(), token_hash.into()],
    )
}

/// Whether the name belongs to a server that its owner has stopped, which
/// [`resolve`] does not find.
pub async fn is_stopped(db: &impl Database, slug: &str) -> Result<bool, StoreError> {
    if crate::slugs::check_form(slug).is_err() {
        return Ok(false);
    }
    let select = Statement::new(
        "SELECT s.slug FROM slugs s WHERE s.slug = ?1 AND s.released_at IS NULL \
         AND s.deployment_id IS NULL AND EXISTS (SELECT 1 FROM deployments d \
         WHERE d.project_id = s.project_id AND d.status = 'stopped')",
        [slug.into()],
    );
    Ok(run(db, vec![select]).await?.last_row().is_some())
}

/// A token that opens an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ValidToken {
    pub id: String,
    pub name: String,
    /// The stored hash, for a last comparison in constant time.
    pub token_hash: String,
    pub last_used_at: Option<String>,
}

impl ValidToken {
    /// Whether [`note_use`] would write: once an hour, so that a busy endpoint
    /// does not cost a write with every request.
    #[must_use]
    pub fn is_use_due(&self, now: &str) -> bool {
        self.last_used_at
            .as_deref()
            .is_none_or(|last| last.get(..HOUR) < now.get(..HOUR))
    }
}

/// Characters of a time up to its hour.
const HOUR: usize = "2026-11-23T02".len();

/// Keeps that the token was used at this time. A later time stays.
pub async fn note_use(db: &impl Database, token: &ValidToken, now: &str) -> Result<(), StoreError> {
    time::check(now)?;
    let update = Statement::new(
        "UPDATE endpoint_tokens SET last_used_at = ?2 WHERE id = ?1 \
         AND (last_used_at IS NULL OR last_used_at < ?2)",
        [Param::from(&token.id), now.into()],
    );
    run(db, vec![update]).await.map(drop)
}

/// The sealed credentials of a version, for the outbound entrypoint. None unless
/// that very version of that very project is live.
pub async fn envelopes(
    db: &impl Database,
    project_id: &str,
    deployment_id: &str,
) -> Result<Vec<ApiKeyEnvelope>, StoreError> {
    // Cast as in `live_at`: every call of an API with credentials asks for them.
    let select = Statement::new(
        concat!(
            "SELECT k.id, k.key_name, ",
            sealed_for!("k.user_id"),
            " AS sealed_for, k.encrypted_value FROM api_keys k \
             JOIN deployments d ON d.project_id = k.project_id \
             WHERE k.project_id = CAST(?1 AS TEXT) AND d.id = CAST(?2 AS TEXT) \
             AND d.status = 'live' ORDER BY k.key_name"
        ),
        [project_id.into(), deployment_id.into()],
    );
    decode::rows(run(db, vec![select]).await?.last_rows())
}

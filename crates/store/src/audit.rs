//! The log of sensitive actions: who did what, as what, to what, when, in which
//! request. It holds no text of a request, no secret and no address of a person.
//!
//! An entry is written in the batch of the effect itself: [`Noted`] stands for the
//! database in one call of this crate, and adds the entry to what that call writes.
//! The entry's own statement looks whether the effect is there, so a call that is
//! refused leaves none.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use crate::limits::MAX_PAGE;
use crate::port::run;
use crate::{Database, Outcome, Param, Principal, Statement, StoreError, decode, time};

/// What was done. A new one is a line here and one in each `match` below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    PersonalTokenCreated,
    PersonalTokenRevoked,
    EndpointTokenCreated,
    EndpointTokenRevoked,
    SecretDeleted,
    ProjectDeleted,
    DeploymentCreated,
    DeploymentActivated,
    ServerStopped,
    ProjectMoved,
    InvitationCreated,
    /// The object is the member, the detail the team.
    MemberChanged,
    /// As [`Self::MemberChanged`].
    MemberRemoved,
    TeamTransferred,
    TeamDeleted,
    /// The object is who is to have it: the account, or a team; the detail is the plan.
    CheckoutStarted,
    /// The object is as in [`Self::CheckoutStarted`].
    PortalOpened,
}

impl Action {
    pub const ALL: [Self; 17] = [
        Self::PersonalTokenCreated,
        Self::PersonalTokenRevoked,
        Self::EndpointTokenCreated,
        Self::EndpointTokenRevoked,
        Self::SecretDeleted,
        Self::ProjectDeleted,
        Self::DeploymentCreated,
        Self::DeploymentActivated,
        Self::ServerStopped,
        Self::ProjectMoved,
        Self::InvitationCreated,
        Self::MemberChanged,
        Self::MemberRemoved,
        Self::TeamTransferred,
        Self::TeamDeleted,
        Self::CheckoutStarted,
        Self::PortalOpened,
    ];

    /// Stable: it is in rows and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PersonalTokenCreated => "personal_token.created",
            Self::PersonalTokenRevoked => "personal_token.revoked",
            Self::EndpointTokenCreated => "endpoint_token.created",
            Self::EndpointTokenRevoked => "endpoint_token.revoked",
            Self::SecretDeleted => "secret.deleted",
            Self::ProjectDeleted => "project.deleted",
            Self::DeploymentCreated => "deployment.created",
            Self::DeploymentActivated => "deployment.activated",
            Self::ServerStopped => "server.stopped",
            Self::ProjectMoved => "project.moved",
            Self::InvitationCreated => "invitation.created",
            Self::MemberChanged => "member.changed",
            Self::MemberRemoved => "member.removed",
            Self::TeamTransferred => "team.transferred",
            Self::TeamDeleted => "team.deleted",
            Self::CheckoutStarted => "checkout.started",
            Self::PortalOpened => "billing_portal.opened",
        }
    }

    /// What shows, in the same batch, that it was done: `?4` is the object, `?5` its
    /// project.
    const fn evidence(self) -> &'static str {
        match self {
            Self::PersonalTokenCreated => {
                "EXISTS (SELECT 1 FROM personal_tokens e WHERE e.id = ?4 AND e.user_id = ?1)"
            }
            Self::PersonalTokenRevoked => {
                "EXISTS (SELECT 1 FROM personal_tokens e WHERE e.id = ?4 AND e.user_id = ?1 \
                 AND e.revoked_at IS NOT NULL)"
            }
            Self::EndpointTokenCreated => {
                "EXISTS (SELECT 1 FROM endpoint_tokens e WHERE e.id = ?4 AND e.project_id = ?5)"
            }
            Self::EndpointTokenRevoked => {
                "EXISTS (SELECT 1 FROM endpoint_tokens e WHERE e.id = ?4 AND e.project_id = ?5 \
                 AND e.revoked_at IS NOT NULL)"
            }
            Self::SecretDeleted => {
                "NOT EXISTS (SELECT 1 FROM api_keys e WHERE e.project_id = ?5 AND e.key_name = ?4)"
            }
            Self::ProjectDeleted => "NOT EXISTS (SELECT 1 FROM projects e WHERE e.id = ?4)",
            Self::DeploymentCreated => {
                "EXISTS (SELECT 1 FROM deployments e WHERE e.id = ?4 AND e.project_id = ?5)"
            }
            Self::DeploymentActivated => {
                "EXISTS (SELECT 1 FROM deployments e WHERE e.id = ?4 AND e.status = 'live')"
            }
            Self::ServerStopped => {
                "NOT EXISTS (SELECT 1 FROM deployments e WHERE e.project_id = ?4 \
                 AND e.target = 'mcpengine' AND e.status = 'live')"
            }
            Self::ProjectMoved => {
                "EXISTS (SELECT 1 FROM projects e WHERE e.id = ?4 \
                 AND COALESCE(e.team_id, '') = COALESCE(?6, ''))"
            }
            Self::InvitationCreated => {
                "EXISTS (SELECT 1 FROM team_invitations e WHERE e.id = ?4 AND e.invited_by = ?1)"
            }
            Self::MemberChanged => {
                "EXISTS (SELECT 1 FROM team_members e WHERE e.team_id = ?6 AND e.user_id = ?4 \
                 AND e.role <> 'owner') AND EXISTS (SELECT 1 FROM team_members a \
                 WHERE a.team_id = ?6 AND a.user_id = ?1 AND a.role IN ('owner', 'admin'))"
            }
            Self::MemberRemoved => {
                "NOT EXISTS (SELECT 1 FROM team_members e WHERE e.team_id = ?6 AND e.user_id = ?4)"
            }
            Self::TeamTransferred => {
                "EXISTS (SELECT 1 FROM teams e WHERE e.id = ?4 AND e.owner_id <> ?1) AND EXISTS \
                 (SELECT 1 FROM team_members a WHERE a.team_id = ?4 AND a.user_id = ?1)"
            }
            Self::TeamDeleted => "NOT EXISTS (SELECT 1 FROM teams e WHERE e.id = ?4)",
            // Their effect is a page of Stripe's: whose it is has to be true at least.
            Self::CheckoutStarted | Self::PortalOpened => {
                "(?4 = ?1 OR EXISTS (SELECT 1 FROM team_members e WHERE e.team_id = ?4 \
                 AND e.user_id = ?1 AND e.role = 'owner'))"
            }
        }
    }
}

/// As what somebody acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Session,
    /// The personal access token of this id.
    Token(String),
}

#[derive(Debug, Clone, Copy)]
pub struct NewEntry<'a> {
    pub id: &'a str,
    pub action: Action,
    pub object_id: &'a str,
    /// Where the object is part of one.
    pub project_id: Option<&'a str>,
    /// A word of our own about it, `public` say; never text of a request.
    pub detail: Option<&'a str>,
    pub actor: &'a Actor,
    pub request_id: Option<&'a str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub id: String,
    pub action: String,
    pub object_id: String,
    pub project_id: Option<String>,
    pub detail: Option<String>,
    /// `None` for the session of the person.
    pub token_id: Option<String>,
    pub request_id: Option<String>,
    pub created_at: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// For the next call; `None` at the end.
    pub next_cursor: Option<String>,
}

/// A database whose next batch has one statement more, the entry.
pub struct Noted<'a, D> {
    db: &'a D,
    entry: RefCell<Option<Statement>>,
}

impl<D> std::fmt::Debug for Noted<'_, D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Noted").finish_non_exhaustive()
    }
}

/// To be given to the one call that has the effect.
pub fn noted<'a, D: Database>(
    db: &'a D,
    principal: &Principal,
    new: &NewEntry<'_>,
    now: &str,
) -> Result<Noted<'a, D>, StoreError> {
    time::check(now)?;
    let token = match new.actor {
        Actor::Session => None,
        Actor::Token(id) => Some(id.as_str()),
    };
    let sql = format!(
        "INSERT INTO audit_log (id, user_id, action, object_id, project_id, detail, token_id, \
         request_id, created_at) SELECT ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9 \
         WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = ?1) AND {}",
        new.action.evidence()
    );
    let params = vec![
        principal.scope(),
        new.id.into(),
        new.action.as_str().into(),
        new.object_id.into(),
        new.project_id.into(),
        new.detail.into(),
        token.into(),
        new.request_id.into(),
        now.into(),
    ];
    let entry = Statement {
        sql: sql.into(),
        params,
    };
    Ok(Noted {
        db,
        entry: RefCell::new(Some(entry)),
    })
}

impl<D: Database> Noted<'_, D> {
    /// Writes the entry alone, for what takes effect elsewhere and has done so.
    pub async fn write(self) -> Result<(), StoreError> {
        self.batch(Vec::new()).await.map(drop)
    }
}

impl<D: Database> Database for Noted<'_, D> {
    async fn batch(&self, mut statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        let Some(entry) = self.entry.take() else {
            return self.db.batch(statements).await;
        };
        statements.push(entry);
        let mut outcomes = self.db.batch(statements).await?;
        outcomes.pop();
        Ok(outcomes)
    }
}

/// What this person did. `limit` is brought into 1..=[`MAX_PAGE`]; `Invalid
/// invalid_cursor` for a cursor that no page returned.
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    limit: u32,
    cursor: Option<&str>,
) -> Result<Page, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let (before, id) = match cursor {
        Some(cursor) => crate::projects::read_cursor(cursor)?,
        None => ("9999-12-31T23:59:59.999Z", ""),
    };
    let select = Statement::new(
        "SELECT id, action, object_id, project_id, detail, token_id, request_id, created_at \
         FROM audit_log WHERE user_id = ?1 AND (created_at, id) < (?3, ?4) \
         ORDER BY created_at DESC, id DESC LIMIT ?2",
        [
            principal.scope(),
            Param::Integer(i64::from(limit) + 1),
            before.into(),
            id.into(),
        ],
    );
    let mut entries: Vec<Entry> = decode::rows(run(db, vec![select]).await?.last_rows())?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next_cursor = entries
        .last()
        .filter(|_| more)
        .map(|last| format!("{}_{}", last.created_at, last.id));
    Ok(Page {
        entries,
        next_cursor,
    })
}

/// Forgets entries that are older than `kept_since`, a part at a time, whosever
/// they are.
pub async fn sweep(db: &impl Database, kept_since: &str, limit: u32) -> Result<(), StoreError> {
    time::check(kept_since)?;
    let old = Statement::new(
        "DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE created_at < ?1 \
         ORDER BY created_at LIMIT ?2)",
        [kept_since.into(), limit.into()],
    );
    run(db, vec![old]).await.map(drop)
}

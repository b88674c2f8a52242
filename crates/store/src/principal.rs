//! Who asks. Every statement on a user's data binds the user's id as `?1`, and
//! looks up there and then what that user may do: nothing about teams is kept in
//! the principal, so that a role that was taken away ends with the next statement.

use serde::{Deserialize, Serialize};

use crate::{Param, Statement};

/// What somebody may do in a team and with its projects; each can do what those
/// before it can. The owner of a project of one's own is its [`Role::Owner`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees projects, their files, versions and measures.
    Viewer,
    /// Makes and changes projects, deploys them, holds their tokens and credentials.
    Editor,
    /// Deletes and moves projects, invites and removes people.
    Admin,
    /// Deletes the team, hands it on, pays for it. One for each team.
    Owner,
}

impl Role {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// The one on whose behalf a request runs; made by the edge from a verified
/// identity and by nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    user_id: String,
}

impl Principal {
    /// A person's own account.
    #[must_use]
    pub fn user(id: impl Into<String>) -> Self {
        Self { user_id: id.into() }
    }

    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The first parameter of every scoped statement.
    pub(crate) fn scope(&self) -> Param {
        Param::from(&self.user_id)
    }
}

/// The condition that the principal (`?1`) may do something with a project: it is
/// one of their own, or one of a team in which they have one of these roles. It
/// looks the project up by its key, so that many projects cost no more rows read.
macro_rules! allows {
    ($project:literal, $roles:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM projects own WHERE own.id = ",
            $project,
            " AND CASE WHEN own.team_id IS NULL THEN own.user_id = ?1 ELSE EXISTS \
             (SELECT 1 FROM team_members may WHERE may.team_id = own.team_id \
             AND may.user_id = ?1",
            $roles,
            ") END)"
        )
    };
}
pub(crate) use allows;

/// [`Role::Viewer`] at least.
macro_rules! reads {
    ($project:literal) => {
        crate::principal::allows!($project, "")
    };
}
pub(crate) use reads;

/// [`Role::Editor`] at least.
macro_rules! edits {
    ($project:literal) => {
        crate::principal::allows!($project, " AND may.role <> 'viewer'")
    };
}
pub(crate) use edits;

/// [`Role::Admin`] at least.
macro_rules! manages {
    ($project:literal) => {
        crate::principal::allows!($project, " AND may.role IN ('owner', 'admin')")
    };
}
pub(crate) use manages;

/// A row where the principal may see the project.
pub(crate) fn readable(principal: &Principal, project_id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT 1 AS one FROM projects WHERE id = ?2 AND ",
            reads!("?2")
        ),
        [principal.scope(), project_id.into()],
    )
}

/// A row where the principal may change the project.
pub(crate) fn editable(principal: &Principal, project_id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT 1 AS one FROM projects WHERE id = ?2 AND ",
            edits!("?2")
        ),
        [principal.scope(), project_id.into()],
    )
}

/// A row where the principal may delete or move the project.
pub(crate) fn manageable(principal: &Principal, project_id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT 1 AS one FROM projects WHERE id = ?2 AND ",
            manages!("?2")
        ),
        [principal.scope(), project_id.into()],
    )
}

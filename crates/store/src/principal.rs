//! Who asks. Every statement on a user's data binds the user's id as `?1`.

use crate::Param;

/// What the principal may do in a team. One role until teams come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Owner,
}

/// The one on whose behalf a request runs; made by the edge from a verified
/// identity and by nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    user_id: String,
    team_ids: Vec<String>,
    role: Role,
}

impl Principal {
    /// A person's own account.
    #[must_use]
    pub fn user(id: impl Into<String>) -> Self {
        Self {
            user_id: id.into(),
            team_ids: Vec::new(),
            role: Role::Owner,
        }
    }

    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    #[must_use]
    pub fn team_ids(&self) -> &[String] {
        &self.team_ids
    }

    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The first parameter of every scoped statement.
    pub(crate) fn scope(&self) -> Param {
        Param::from(&self.user_id)
    }
}

/// The condition that a project is the principal's, `?1` being the user's id.
/// The one place that changes when teams share projects. It looks the project
/// up by its key, so that a user with many projects costs no more rows read.
macro_rules! owns {
    ($project:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM projects own WHERE own.id = ",
            $project,
            " AND own.user_id = ?1)"
        )
    };
}
pub(crate) use owns;

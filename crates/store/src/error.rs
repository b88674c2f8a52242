//! What can go wrong, as a closed set that the edge maps to statuses.

/// A `code` is stable and goes to the client; a `message` is a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Not there, or not the principal's: the two look alike on purpose. The
    /// text names the kind of thing, e.g. `project`.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// There, and the principal sees it, but doing this asks for this role.
    #[error("this asks for the role {}", .0.as_str())]
    Denied(crate::Role),
    /// The request is fine, the present state is not.
    #[error("{message}")]
    Conflict { code: &'static str, message: String },
    /// The request can never succeed as it stands.
    #[error("{message}")]
    Invalid { code: &'static str, message: String },
    /// A storage limit; `limit` and `actual` in bytes or items, as `what` says.
    #[error("{what}: {actual} is over the limit of {limit}")]
    TooLarge {
        what: String,
        limit: usize,
        actual: usize,
    },
    /// The database or the object store did not answer. Trying again may help.
    #[error("the storage did not answer: {0}")]
    Unavailable(String),
    /// What is stored does not have the form that this code writes.
    #[error("stored data is not readable: {0}")]
    Corrupt(String),
}

/// Code of a [`StoreError::Conflict`] that a constraint of the schema raised.
pub(crate) const CONSTRAINT: &str = "constraint";

impl StoreError {
    pub(crate) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict {
            code,
            message: message.into(),
        }
    }

    pub(crate) fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            code,
            message: message.into(),
        }
    }

    /// The error for a driver's message. D1 gives nothing but text, in SQLite's
    /// words; Postgres has its own. A broken constraint is a conflict (two
    /// requests raced for the same thing), a size limit is [`Self::TooLarge`],
    /// and everything else may pass when tried again.
    #[must_use]
    pub fn from_driver(message: &str) -> Self {
        let lower = message.to_ascii_lowercase();
        let is = |needle: &str| lower.contains(needle);
        if is("constraint failed") || is("duplicate key value") || is("violates") {
            return Self::conflict(
                CONSTRAINT,
                "another request changed the same data at the same time; try again",
            );
        }
        if is("toobig") || is("string or blob too big") || is("too many sql variables") {
            return Self::TooLarge {
                what: "a stored value or statement".into(),
                limit: crate::limits::MAX_ROW_BYTES,
                actual: crate::limits::MAX_ROW_BYTES + 1,
            };
        }
        // Code and schema do not fit together: trying again will not help.
        if is("no such table") || is("no such column") || is("does not exist") || is("syntax error")
        {
            return Self::Corrupt(message.to_owned());
        }
        Self::Unavailable(message.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{CONSTRAINT, StoreError};

    #[test]
    fn drivers_messages_are_told_apart() {
        let conflict = |message: &str| {
            let error = StoreError::from_driver(message);
            matches!(
                error,
                StoreError::Conflict {
                    code: CONSTRAINT,
                    ..
                }
            )
        };
        // As workerd's D1 writes them, then Postgres.
        assert!(conflict(
            "D1_ERROR: UNIQUE constraint failed: users.email: SQLITE_CONSTRAINT \
             (extended: SQLITE_CONSTRAINT_UNIQUE)"
        ));
        assert!(conflict(
            "D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT"
        ));
        assert!(conflict(
            "duplicate key value violates unique constraint \"users_email_key\""
        ));
        assert!(conflict(
            "insert or update on table \"t\" violates foreign key constraint"
        ));
        for message in [
            "D1_ERROR: string or blob too big: SQLITE_TOOBIG",
            "too many SQL variables",
        ] {
            let error = StoreError::from_driver(message);
            assert!(matches!(error, StoreError::TooLarge { .. }), "{message}");
        }
        for message in [
            "D1_ERROR: no such column: x at offset 7: SQLITE_ERROR",
            "syntax error",
        ] {
            assert_eq!(
                StoreError::from_driver(message),
                StoreError::Corrupt(message.to_owned())
            );
        }
        for message in [
            "D1_ERROR: Network connection lost.",
            "storage caused object to be reset",
        ] {
            let expected = StoreError::Unavailable(message.to_owned());
            assert_eq!(StoreError::from_driver(message), expected);
        }
    }
}

//! Why a request did not succeed (<https://docs.stripe.com/api/errors>).

/// What to do about a failure depends on this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The key, or what it may do: the operator's to mend.
    Unauthorized,
    /// What was asked for is not there (any more).
    NotFound,
    /// Another request changes the same at this moment.
    Conflict,
    RateLimited,
    /// Stripe did not answer, or not in time, or with a fault of its own.
    Unavailable,
    /// Anything else.
    Refused,
}

impl Kind {
    /// Stable, for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Failure {
    pub kind: Kind,
    /// HTTP status; `None` where no answer came.
    pub status: Option<u16>,
    /// Stripe's own code, e.g. `resource_missing`, else its type of error.
    pub code: Option<String>,
    /// Stripe's own words, in one bounded line.
    pub message: String,
    /// Of `Stripe-Should-Retry`: Stripe knows better than a status.
    pub should_retry: Option<bool>,
    /// Of `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
}

impl Failure {
    /// No answer came: `why` is a part of the sentence, not from Stripe.
    #[must_use]
    pub fn unreachable(why: &str) -> Self {
        Self {
            kind: Kind::Unavailable,
            status: None,
            code: None,
            message: why.to_owned(),
            should_retry: None,
            retry_after: None,
        }
    }

    fn sentence(&self) -> String {
        let message = self.message.trim_end_matches('.');
        match (&self.code, self.status) {
            (Some(code), _) => format!("Stripe: {message} ({code})."),
            (None, Some(status)) => format!("Stripe: {message} (status {status})."),
            (None, None) => format!("Stripe: {message}."),
        }
    }
}

//! Cloudflare's error codes, what they mean and what helps. Sources:
//! <https://developers.cloudflare.com/workers/observability/errors/#errors-on-worker-upload>,
//! and for the codes before 10000 what Cloudflare's own command line meets.

/// What to do about a failure depends on this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The token, or what it may do.
    Unauthorized,
    /// The account has no such Worker, namespace or sub-domain.
    NotFound,
    /// Cloudflare read the Worker and will not run it.
    InvalidScript,
    /// The account's plan, or a limit of it.
    Limit,
    /// The account has a step to take first, in the dashboard.
    AccountNotReady,
    /// Somebody else changes the same script.
    Busy,
    RateLimited,
    /// Cloudflare did not answer, or not in time, or with a fault of its own.
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
            Self::InvalidScript => "invalid_script",
            Self::Limit => "limit",
            Self::AccountNotReady => "account_not_ready",
            Self::Busy => "busy",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
        }
    }
}

/// Why a request to the API did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Failure {
    pub kind: Kind,
    /// HTTP status; `None` where no answer came.
    pub status: Option<u16>,
    /// Cloudflare's own code.
    pub code: Option<i64>,
    /// Cloudflare's own words, in one bounded line.
    pub message: String,
    /// What the code means and what helps; empty for codes that are not known.
    pub meaning: &'static str,
    /// Of `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
}

impl Failure {
    /// No answer came: `why` is a part of the sentence, not from Cloudflare.
    #[must_use]
    pub fn unreachable(why: &str) -> Self {
        Self {
            kind: Kind::Unavailable,
            status: None,
            code: None,
            message: why.to_owned(),
            meaning: "",
            retry_after: None,
        }
    }

    /// Whether there is no script of that name.
    #[must_use]
    pub fn is_no_script(&self) -> bool {
        matches!(self.code, Some(10007 | 10090)) && self.kind == Kind::NotFound
    }

    /// Of a question for the account's sub-domain: 10007 means two things.
    #[must_use]
    pub fn about_subdomain(self) -> Self {
        if !self.is_no_script() {
            return self;
        }
        Self {
            kind: Kind::AccountNotReady,
            meaning: SUBDOMAIN,
            ..self
        }
    }

    fn sentence(&self) -> String {
        let mut out = format!("Cloudflare: {}", self.message.trim_end_matches('.'));
        match (self.code, self.status) {
            (Some(code), _) => out.push_str(&format!(" (code {code})")),
            (None, Some(status)) => out.push_str(&format!(" (status {status})")),
            (None, None) => {}
        }
        out.push('.');
        if !self.meaning.is_empty() {
            out.push(' ');
            out.push_str(self.meaning);
        }
        if let (Kind::RateLimited, Some(seconds)) = (self.kind, self.retry_after) {
            out.push_str(&format!(" Try again in {seconds} s."));
        }
        out
    }
}

/// A code's kind and meaning.
pub(crate) fn known(code: i64) -> Option<(Kind, &'static str)> {
    CODES
        .iter()
        .find(|(known, ..)| *known == code)
        .map(|(_, kind, meaning)| (*kind, *meaning))
}

const TOKEN: &str = "The API token is not valid for this account, or lacks the permission \
    Workers Scripts: Edit. Check the account id, and the token under My Profile, API Tokens.";
const TOKEN_FORM: &str = "The API token does not have the form of one. Copy it again.";
const SUBDOMAIN: &str = "The account has no workers.dev subdomain yet. Open Workers & Pages \
    in the dashboard once, which makes one.";

const CODES: &[(i64, Kind, &str)] = {
    use Kind::{AccountNotReady, Busy, InvalidScript, Limit, NotFound, Refused, Unauthorized};
    &[
        (6003, Unauthorized, TOKEN_FORM),
        (6111, Unauthorized, TOKEN_FORM),
        (
            7003,
            NotFound,
            "There is no such account. Check the account id.",
        ),
        (9109, Unauthorized, TOKEN),
        (10000, Unauthorized, TOKEN),
        (
            10006,
            InvalidScript,
            "Cloudflare could not parse the Worker's code.",
        ),
        (
            10007,
            NotFound,
            "The account has no such Worker, or no workers.dev subdomain.",
        ),
        (
            10015,
            Limit,
            "The account is not entitled to use Workers. Its plan has to include them.",
        ),
        (10016, Refused, "The Worker's name is not valid."),
        (
            10021,
            InvalidScript,
            "The Worker did not pass validation: Cloudflare runs its top level before it accepts it.",
        ),
        (10023, Unauthorized, TOKEN),
        (10026, Refused, "Cloudflare could not read the upload."),
        (
            10027,
            Limit,
            "The Worker is larger than the account's plan allows.",
        ),
        (
            10034,
            AccountNotReady,
            "The account's email address is not verified yet.",
        ),
        (
            10035,
            Busy,
            "Something else changes the same Worker at this moment.",
        ),
        (
            10037,
            Limit,
            "The account has as many Workers as its plan allows. Delete one that is not used.",
        ),
        (10052, Refused, "A binding has no name."),
        (
            10054,
            Limit,
            "A variable or secret is longer than Cloudflare allows (5 kB).",
        ),
        (
            10055,
            Limit,
            "The Worker has more variables and secrets than the account's plan allows.",
        ),
        (
            10056,
            Refused,
            "A binding points to something that does not exist.",
        ),
        (10063, AccountNotReady, SUBDOMAIN),
        (
            10068,
            InvalidScript,
            "The Worker has no handler: src/worker.ts has to export one.",
        ),
        (
            10069,
            InvalidScript,
            "The Worker has a handler that Cloudflare does not support.",
        ),
        (10090, NotFound, "The account has no such Worker."),
    ]
};

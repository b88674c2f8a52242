//! What a verified token has to say.

use serde::Deserialize;

use crate::{Refused, Unverified};

/// Seconds by which the clocks of issuer and studio may differ.
pub const SKEW_SECS: i64 = 5;

const MAX_SUBJECT_CHARS: usize = 255;

/// Whose tokens are accepted, and issued for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The exact `iss`.
    pub issuer: String,
    /// Origins and client ids that tokens are issued for: `azp`, `client_id` and
    /// `aud` name one of these.
    pub parties: Vec<String>,
}

/// Who a token is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    /// Unique at the issuer only.
    pub subject: String,
    /// As the issuer says; it may belong to somebody else.
    pub email: Option<String>,
    pub name: Option<String>,
    /// When the token ends, seconds since the epoch.
    pub expires_at: i64,
}

/// Duplicate members are an error of the reader; so are other types.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    azp: Option<String>,
    client_id: Option<String>,
    aud: Option<Audience>,
    /// Clerk: the status of a session; `pending` until its tasks are done.
    sts: Option<String>,
    email: Option<String>,
    name: Option<String>,
}

/// RFC 7519 §4.1.3.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn any(&self, is_party: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::One(one) => is_party(one),
            Self::Many(many) => many.iter().any(|one| is_party(one)),
        }
    }
}

impl Unverified<'_> {
    /// Judges the claims. To be called once the signature is verified, and not
    /// to be believed before.
    ///
    /// # Errors
    /// `claims` where one is missing, doubled or of another type, `issuer`,
    /// `party`, `subject`, `pending`, `expired`, `not_yet_valid`.
    pub fn claims(&self, policy: &Policy, now_secs: i64) -> Result<Identity, Refused> {
        let claims = self
            .token
            .deserialize_claims_unchecked::<Claims>()
            .map_err(|_| Refused::new("claims", "The token's claims cannot be read"))?;
        let expires_at = claims
            .expiration
            .ok_or(Refused::new("claims", "The token has no end (exp)"))?
            .timestamp();
        let starts = [claims.not_before, claims.issued_at].map(|at| at.map(|at| at.timestamp()));
        check_parties(&claims.custom, policy)?;
        check_times(expires_at, starts, now_secs)?;
        let Claims {
            iss,
            sub,
            email,
            name,
            ..
        } = claims.custom;
        Ok(Identity {
            issuer: iss,
            subject: sub,
            email: email.and_then(|text| one_line(&text, 320)),
            name: name.and_then(|text| one_line(&text, 200)),
            expires_at,
        })
    }
}

fn check_parties(claims: &Claims, policy: &Policy) -> Result<(), Refused> {
    if claims.iss != policy.issuer {
        let message = "The token comes from another issuer";
        return Err(Refused::new("issuer", message));
    }
    let is_party = |name: &str| policy.parties.iter().any(|party| party == name);
    let authorised = claims.azp.as_deref().or(claims.client_id.as_deref());
    let named = authorised.is_some() || claims.aud.is_some();
    let ours = authorised.is_none_or(is_party)
        && claims.client_id.as_deref().is_none_or(is_party)
        && claims.aud.as_ref().is_none_or(|aud| aud.any(is_party));
    if !named || !ours {
        let message = "The token was issued for another application (azp, aud)";
        return Err(Refused::new("party", message));
    }
    if claims.sts.as_deref().is_some_and(|state| state != "active") {
        let message = "The session is not complete: finish signing in";
        return Err(Refused::new("pending", message));
    }
    let subject = claims.sub.chars();
    if claims.sub.trim().is_empty()
        || subject.clone().count() > MAX_SUBJECT_CHARS
        || subject.clone().any(char::is_control)
    {
        return Err(Refused::new("subject", "The token is about nobody (sub)"));
    }
    Ok(())
}

fn check_times(expires_at: i64, starts: [Option<i64>; 2], now: i64) -> Result<(), Refused> {
    if now > expires_at.saturating_add(SKEW_SECS) {
        return Err(Refused::new("expired", "The token has expired"));
    }
    if starts
        .into_iter()
        .flatten()
        .any(|start| now < start.saturating_sub(SKEW_SECS))
    {
        let message = "The token is not valid yet (nbf, iat)";
        return Err(Refused::new("not_yet_valid", message));
    }
    Ok(())
}

/// Text for people to see, bounded; `None` where nothing is left.
fn one_line(text: &str, max_chars: usize) -> Option<String> {
    let line: String = text
        .chars()
        .filter(|character| !character.is_control())
        .take(max_chars)
        .collect();
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

//! What a tier allows, for one request: whose tier it is, one use of a rate, and
//! what the client is told of it.

use mcpengine_store::Principal;
use mcpengine_store::tiers::{self, Held, Holder};
use mcpengine_tiers::window::Standing;
use mcpengine_tiers::{Action, Allowances, Tier};
use serde_json::{Value, json};
use worker::Response;

use crate::adapters::limiter;
use crate::app::App;
use crate::clock;
use crate::durable::limiter::{Counted, Question};
use crate::error::ApiError;
use crate::http::set_header;

/// One use of a rate, under the id of the job that it is for. Attempts at the job
/// use nothing more.
#[derive(Debug)]
pub(crate) struct Use {
    /// The new job's id.
    pub(crate) job_id: String,
    action: Action,
    held: Held,
    /// `None` where the rate has no limit: then nothing is counted.
    standing: Option<(Standing, u64)>,
}

/// What the holder of the project has, or the principal where none is given.
///
/// # Errors
/// `project_not_found`, and those of the store.
pub(crate) async fn holder(
    app: &App,
    principal: &Principal,
    project_id: Option<&str>,
) -> Result<Held, ApiError> {
    let held = match project_id {
        Some(id) => tiers::of_project(&app.db, principal, id).await?,
        None => tiers::of_user(&app.db, principal).await?,
    };
    Ok(Held {
        tier: effective(app, held.tier),
        ..held
    })
}

/// As [`holder`], for a project that a team is going to have.
///
/// # Errors
/// `team_not_found`, and those of the store.
pub(crate) async fn team_holder(
    app: &App,
    principal: &Principal,
    team_id: &str,
) -> Result<Held, ApiError> {
    let held = tiers::of_team(&app.db, principal, team_id).await?;
    Ok(Held {
        tier: effective(app, held.tier),
        ..held
    })
}

/// Everybody has the deployment's minimum.
pub(crate) fn effective(app: &App, tier: Tier) -> Tier {
    tier.max(app.config.minimum_tier)
}

/// Takes one use, to be followed by the making of the job.
///
/// # Errors
/// `rate_limited` (429), `limits_unavailable` (503).
pub(crate) async fn take(app: &App, held: Held, action: Action) -> Result<Use, ApiError> {
    let job_id = app.resource_id()?;
    let Some(limit) = mcpengine_tiers::of(held.tier).rate(action).limit else {
        return Ok(Use {
            job_id,
            action,
            held,
            standing: None,
        });
    };
    let question = Question::Take {
        id: job_id.clone(),
        rate: Counted::new(action, limit),
    };
    let answer = limiter::ask(&app.env, &held.holder, &question).await?;
    let standing = answer
        .standings
        .first()
        .map(|told| Standing::from(*told))
        .ok_or_else(|| ApiError::internal("the limiter tells no standing"))?;
    if !answer.taken {
        return Err(refused(&held, action, &standing, answer.now));
    }
    Ok(Use {
        job_id,
        action,
        held,
        standing: Some((standing, answer.now)),
    })
}

impl Use {
    /// The result of making the job; where that failed nothing was used.
    pub(crate) async fn unless_failed<T>(
        &self,
        app: &App,
        result: Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        if result.is_err() && self.standing.is_some() {
            let question = Question::GiveBack {
                id: self.job_id.clone(),
                action: self.action.name().to_owned(),
            };
            if let Err(error) = limiter::ask(&app.env, &self.held.holder, &question).await {
                crate::log::error!("a use is not given back: {}", error.message);
            }
        }
        result
    }

    /// How many servers its holder may have.
    pub(crate) fn server_limit(&self) -> Option<u32> {
        servers(&self.held)
    }

    /// See [`explained`].
    pub(crate) fn explained(&self, error: ApiError) -> ApiError {
        explained(&self.held, error)
    }

    /// The job's answer, with what is left.
    ///
    /// # Errors
    /// The headers cannot be set.
    pub(crate) fn told(&self, mut response: Response) -> Result<Response, ApiError> {
        if let Some((standing, now)) = &self.standing {
            let left = (standing.remaining(), standing.reset_seconds(*now));
            for (name, value) in fields(self.action, standing.limit, left) {
                set_header(&mut response, name, &value)?;
            }
        }
        Ok(response)
    }
}

/// How many servers the holder may have.
pub(crate) fn servers(held: &Held) -> Option<u32> {
    mcpengine_tiers::of(held.tier).servers.limit
}

/// Says of the error `too_many_servers` what the tiers have.
pub(crate) fn explained(held: &Held, error: ApiError) -> ApiError {
    if error.code != "too_many_servers" {
        return error;
    }
    let limit = servers(held).unwrap_or_default();
    let message = format!(
        "{} has room for {limit} servers, and each is taken",
        whose(held)
    );
    let next = next(held.tier, |next| next.servers.limit);
    ApiError::conflict("too_many_servers", message).with_details(json!({
        "tier": held.tier.name(),
        "limit": limit,
        "help": format!("Delete a project that is hosted, or upgrade{}", has(&next, ": ")),
        "nextTier": next,
    }))
}

/// What of each rate is used, and when the next use comes back.
///
/// # Errors
/// `limits_unavailable` (503).
pub(crate) async fn standings(
    app: &App,
    holder: &Holder,
    rates: Vec<Counted>,
) -> Result<Vec<Standing>, ApiError> {
    if rates.is_empty() {
        return Ok(Vec::new());
    }
    let answer = limiter::ask(&app.env, holder, &Question::Look { rates }).await?;
    Ok(answer.standings.into_iter().map(Standing::from).collect())
}

/// `RateLimit-Policy` and `RateLimit`, structured fields of
/// draft-ietf-httpapi-ratelimit-headers-10, §3 and §4. `left`: uses, and seconds
/// until there is one more.
fn fields(action: Action, limit: u32, left: (u32, u64)) -> [(&'static str, String); 2] {
    let (name, window) = (action.name(), action.window_seconds());
    let (remaining, reset) = left;
    [
        (
            "ratelimit-policy",
            format!("\"{name}\";q={limit};w={window}"),
        ),
        ("ratelimit", format!("\"{name}\";r={remaining};t={reset}")),
    ]
}

/// The headers that go with the error `rate_limited`; none with any other.
pub(crate) fn error_headers(error: &ApiError) -> Vec<(&'static str, String)> {
    let Some(details) = error
        .details
        .as_deref()
        .filter(|_| error.code == RATE_LIMITED)
    else {
        return Vec::new();
    };
    let number = |key: &str| details.get(key).and_then(Value::as_u64);
    let action = details.get("action").and_then(Value::as_str);
    let (Some(action), Some(limit), Some(seconds)) = (
        action.and_then(Action::parse),
        number("limit").and_then(|limit| u32::try_from(limit).ok()),
        number("retryAfter"),
    ) else {
        return Vec::new();
    };
    let mut headers = fields(action, limit, (0, seconds)).to_vec();
    headers.push(("retry-after", seconds.to_string()));
    headers
}

const RATE_LIMITED: &str = "rate_limited";

fn refused(held: &Held, action: Action, standing: &Standing, now: u64) -> ApiError {
    // At least a second: who comes at once would only be refused again.
    let seconds = standing.reset_seconds(now).max(1);
    let reset_at = clock::rfc3339(standing.reset_at.unwrap_or(now));
    let window = action.window_seconds();
    let what = match action {
        Action::Analyze => "analyses an hour",
        Action::Generate => "generations an hour",
        Action::Deploy => "deployments a day",
    };
    let whose = whose(held);
    let message = format!("{whose} allows {} {what}, and each is used", standing.limit);
    let next = next(held.tier, |next| next.rate(action).limit);
    ApiError::new(429, RATE_LIMITED, message).with_details(json!({
        "action": action.name(),
        "tier": held.tier.name(),
        "team": held.name,
        "limit": standing.limit,
        "windowSeconds": window,
        "used": standing.used,
        "resetAt": reset_at,
        "retryAfter": seconds,
        "help": format!("The next is possible at {reset_at}{}", has(&next, "; ")),
        "nextTier": next,
    }))
}

fn whose(held: &Held) -> String {
    let tier = held.tier.name();
    match &held.name {
        Some(team) => format!("The {tier} tier of the team {}", crate::error::shown(team)),
        None => format!("The {tier} tier"),
    }
}

/// The tier above and its limit, null where that has none; null above the last.
fn next(tier: Tier, limit: impl Fn(&Allowances) -> Option<u32>) -> Value {
    match tier.next() {
        Some(next) => json!({
            "tier": next.name(),
            "limit": limit(&mcpengine_tiers::of(next)),
        }),
        None => Value::Null,
    }
}

/// What of [`next`] is said in a sentence that goes on; empty above the last tier.
fn has(next: &Value, after: &str) -> String {
    let Some(tier) = next.get("tier").and_then(Value::as_str) else {
        return String::new();
    };
    match next.get("limit").and_then(Value::as_u64) {
        Some(limit) => format!("{after}the {tier} tier has {limit}"),
        None => format!("{after}the {tier} tier has no limit"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_structured() {
        assert_eq!(
            fields(Action::Deploy, 2, (1, 86_399)),
            [
                ("ratelimit-policy", "\"deploy\";q=2;w=86400".to_owned()),
                ("ratelimit", "\"deploy\";r=1;t=86399".to_owned()),
            ]
        );
    }

    #[test]
    fn only_a_rate_that_is_used_up_has_headers() {
        let details = json!({ "action": "analyze", "limit": 5, "retryAfter": 7 });
        let error = |code: &str| ApiError::new(429, code, "m").with_details(details.clone());
        assert_eq!(
            error_headers(&error("rate_limited")),
            [
                ("ratelimit-policy", "\"analyze\";q=5;w=3600".to_owned()),
                ("ratelimit", "\"analyze\";r=0;t=7".to_owned()),
                ("retry-after", "7".to_owned()),
            ]
        );
        assert_eq!(error_headers(&error("other")), []);
        assert_eq!(error_headers(&ApiError::new(429, "rate_limited", "m")), []);
    }

    #[test]
    fn the_next_tier_is_said_with_its_limit() {
        let servers = |tier| next(tier, |next| next.servers.limit);
        assert_eq!(servers(Tier::Free), json!({ "tier": "pro", "limit": 25 }));
        assert_eq!(
            servers(Tier::Team),
            json!({ "tier": "enterprise", "limit": null })
        );
        assert_eq!(servers(Tier::Enterprise), Value::Null);
        assert_eq!(
            [Tier::Free, Tier::Team, Tier::Enterprise].map(|tier| has(&servers(tier), ": ")),
            [
                ": the pro tier has 25",
                ": the enterprise tier has no limit",
                "",
            ]
        );
    }
}

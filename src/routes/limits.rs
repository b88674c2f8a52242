use futures_util::{StreamExt, TryStreamExt, stream};
use mcpengine_api::{
    ActionUsage, HolderUsage, ServerUsage, TierAllowances, TierFeature, TierFigure, TierList,
    TierRate, UsageDay, UsageReport, UsageTeam,
};
use mcpengine_store::tiers::{self, Held};
use mcpengine_store::{Principal, time, usage};
use mcpengine_tiers::{Action, Allowances, Figure, Tier};
use worker::Response;

use crate::app::App;
use crate::clock;
use crate::durable::limiter::Counted;
use crate::error::ApiError;
use crate::http::json_response;
use crate::limits;
use crate::wire;

/// Days that the report goes back, this one included.
const HISTORY_DAYS: i64 = 30;
/// Holders that are looked up side by side: a request may have six connections open
/// at once (Workers' limit).
const AT_ONCE: usize = 5;

pub(crate) fn get_tiers() -> Result<Response, ApiError> {
    let tiers = Tier::ALL.map(mcpengine_tiers::of);
    let tiers = tiers.iter().map(allowances).collect();
    json_response(200, &TierList { tiers })
}

fn allowances(of: &Allowances) -> TierAllowances {
    let figure = |figure: Figure| TierFigure {
        limit: figure.limit,
        source: wire::figure_source(figure.source),
    };
    let rates = Action::ALL.into_iter().map(|action| {
        let rate = of.rate(action);
        TierRate {
            action: wire::action(action),
            limit: rate.limit,
            window_seconds: action.window_seconds(),
            source: wire::figure_source(rate.source),
        }
    });
    TierAllowances {
        tier: wire::tier(of.tier),
        rates: rates.collect(),
        servers: figure(of.servers),
        seats: figure(of.seats),
        collaboration: TierFeature {
            included: of.collaboration.included,
            source: wire::figure_source(of.collaboration.source),
        },
    }
}

pub(crate) async fn get_usage(app: &App, principal: &Principal) -> Result<Response, ApiError> {
    let held = tiers::all(&app.db, principal).await?;
    let holders = stream::iter(held)
        .map(|held| holder_usage(app, principal, held))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    json_response(200, &UsageReport { holders })
}

async fn holder_usage(
    app: &App,
    principal: &Principal,
    held: Held,
) -> Result<HolderUsage, ApiError> {
    let tier = limits::effective(app, held.tier);
    let team_id = held.holder.team_id();
    let servers = tiers::servers(&app.db, principal, team_id).await?;
    let midnight = format!("{}T00:00:00.000Z", day(&clock::now()));
    let since = time::days_before(&midnight, HISTORY_DAYS - 1)?;
    let days = usage::days(&app.db, principal, team_id, &since).await?;
    Ok(HolderUsage {
        actions: actions(app, principal, &held, tier).await?,
        team: team_id.map(|id| UsageTeam {
            id: id.to_owned(),
            name: held.name.clone().unwrap_or_default(),
        }),
        tier: wire::tier(tier),
        servers: ServerUsage {
            used: count(servers),
            limit: mcpengine_tiers::of(tier).servers.limit,
        },
        history: days.into_iter().filter_map(history).collect(),
    })
}

/// What has a limit is counted by the holder's limiter; jobs tell of the rest.
async fn actions(
    app: &App,
    principal: &Principal,
    held: &Held,
    tier: Tier,
) -> Result<Vec<ActionUsage>, ApiError> {
    let allowances = mcpengine_tiers::of(tier);
    let limited = |action: Action| allowances.rate(action).limit;
    let rates = Action::ALL
        .into_iter()
        .filter_map(|action| limited(action).map(|limit| Counted::new(action, limit)))
        .collect();
    let mut standings = limits::standings(app, &held.holder, rates)
        .await?
        .into_iter();
    let mut actions = Vec::with_capacity(Action::ALL.len());
    for action in Action::ALL {
        let standing = limited(action).and_then(|_| standings.next());
        let used = match standing {
            Some(standing) => standing.used,
            None => made(app, principal, held, action).await?,
        };
        actions.push(ActionUsage {
            action: wire::action(action),
            used,
            limit: limited(action),
            window_seconds: action.window_seconds(),
            reset_at: standing
                .and_then(|standing| standing.reset_at)
                .map(clock::rfc3339),
        });
    }
    Ok(actions)
}

async fn made(
    app: &App,
    principal: &Principal,
    held: &Held,
    action: Action,
) -> Result<u32, ApiError> {
    let window = u64::from(action.window_seconds()) * 1_000;
    let since = clock::rfc3339(clock::now_millis().saturating_sub(window));
    let team_id = held.holder.team_id();
    let made = usage::made_since(&app.db, principal, team_id, action, &since).await?;
    Ok(count(made))
}

/// `None` of what has no rate, as tests have none.
fn history(day: usage::Day) -> Option<UsageDay> {
    Some(UsageDay {
        action: Action::parse(day.action.as_str()).map(wire::action)?,
        day: day.day,
        count: count(day.count),
        unsuccessful: count(day.unsuccessful),
        tokens: day.tokens.and_then(|tokens| u64::try_from(tokens).ok()),
        duration_ms: u64::try_from(day.duration_ms).unwrap_or_default(),
    })
}

/// `2026-11-24` of a time.
fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

use mcpengine_api::{TierAllowances, TierFeature, TierFigure, TierList, TierRate};
use mcpengine_tiers::{Action, Allowances, Figure, Tier};
use worker::Response;

use crate::error::ApiError;
use crate::http::json_response;
use crate::wire;

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

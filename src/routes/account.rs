use mcpengine_api::Account;
use mcpengine_store::{Principal, users};
use mcpengine_tiers::Tier;
use worker::Response;

use crate::app::App;
use crate::error::ApiError;
use crate::http::json_response;
use crate::limits;
use crate::wire;

pub(crate) async fn get_me(app: &App, principal: &Principal) -> Result<Response, ApiError> {
    let user = users::get(&app.db, principal).await?;
    let account = Account {
        email: user.known_email().map(str::to_owned),
        tier: wire::tier(limits::effective(
            app,
            Tier::parse(&user.tier).unwrap_or(Tier::Free),
        )),
        id: user.id,
        name: user.name,
        created_at: user.created_at,
    };
    json_response(200, &account)
}

use mcpengine_api::{Account, Tier};
use mcpengine_store::{Principal, users};
use worker::Response;

use crate::app::App;
use crate::error::ApiError;
use crate::http::json_response;

pub(crate) async fn get_me(app: &App, principal: &Principal) -> Result<Response, ApiError> {
    let user = users::get(&app.db, principal).await?;
    let account = Account {
        email: user.known_email().map(str::to_owned),
        tier: match user.tier.as_str() {
            "pro" => Tier::Pro,
            "team" => Tier::Team,
            "enterprise" => Tier::Enterprise,
            _ => Tier::Free,
        },
        id: user.id,
        name: user.name,
        created_at: user.created_at,
    };
    json_response(200, &account)
}

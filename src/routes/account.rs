use mcpengine_api::{Account, DeleteAccount};
use mcpengine_store::{Principal, users};
use mcpengine_tiers::Tier;
use worker::{Request, Response};

use crate::app::App;
use crate::endings::{self, Budget};
use crate::error::ApiError;
use crate::http::{json_response, read_json};
use crate::limits;
use crate::wire;

/// What the end of an account is asked for with.
const CONFIRMATION: &str = "delete my account";

pub(crate) async fn get_me(app: &App, principal: &Principal) -> Result<Response, ApiError> {
    json_response(200, &account(app, principal).await?)
}

pub(super) async fn account(app: &App, principal: &Principal) -> Result<Account, ApiError> {
    let user = users::get(&app.db, principal).await?;
    Ok(Account {
        email: user.known_email().map(str::to_owned),
        tier: wire::tier(limits::effective(
            app,
            Tier::parse(&user.tier).unwrap_or(Tier::Free),
        )),
        id: user.id,
        name: user.name,
        created_at: user.created_at,
    })
}

/// Ends the account:
/// 1. the confirmation, else 400 `not_confirmed`;
/// 2. neither a team of one's own nor a subscription, else 409 `owns_teams`,
///    `subscribed`: before anything is gone;
/// 3. all that is the account's own, and the account, see [`endings::account`].
pub(crate) async fn delete_me(
    app: &App,
    principal: &Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: DeleteAccount = read_json(request).await?;
    if body.confirm != CONFIRMATION {
        return Err(ApiError::bad_request(
            "not_confirmed",
            format!("Give confirm as \"{CONFIRMATION}\": nothing of the account can be had back"),
        ));
    }
    users::check_end(&app.db, principal).await?;
    endings::account(app, principal, &mut Budget(u32::MAX)).await?;
    Ok(Response::builder().with_status(204).empty())
}

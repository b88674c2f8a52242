use mcpengine_api::{
    AccountBilling, Billing, BillingPage, CheckoutPlan, OpenPortal, StartCheckout,
    SubscriptionSummary, TeamBilling, Tier,
};
use mcpengine_store::Principal;
use mcpengine_store::audit::Action;
use mcpengine_store::billing::{self, DEFAULT_SEATS, OwnPlan, Subscription, TeamPlan};
use mcpengine_stripe::Owner;
use mcpengine_stripe::request::Checkout;
use serde_json::json;
use worker::{Request, Response};

use crate::adapters::stripe::Stripe;
use crate::app::App;
use crate::error::ApiError;
use crate::http::{json_response, read_json};
use crate::wire;

/// Seats of one team; more are a matter for a contract.
const MAX_SEATS: u32 = 500;

pub(crate) async fn get_billing(app: &App, principal: &Principal) -> Result<Response, ApiError> {
    let own = billing::own(&app.db, principal).await?;
    let teams = billing::owned_teams(&app.db, principal).await?;
    let billing = Billing {
        configured: Stripe::new(app).is_some()
            && (app.config.stripe.price_pro.is_some() || app.config.stripe.price_team.is_some()),
        account: account(own),
        teams: teams.into_iter().map(team).collect(),
    };
    json_response(200, &billing)
}

/// 1. Billing is configured, else 409 `billing_not_configured`; 2. the fields, else
///    400; 3. the team, else 404 `team_not_found`, and the principal's place in it,
///    else 403 `insufficient_role`; 4. no subscription in force, else 409
///    `already_subscribed`; 5. Stripe, else `stripe_…`.
pub(crate) async fn start_checkout(
    app: &App,
    principal: &Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: StartCheckout = read_json(request).await?;
    let stripe = Stripe::new(app).ok_or_else(not_configured)?;
    let prices = &app.config.stripe;
    let own = billing::own(&app.db, principal).await?;
    let (owner, price, quantity, customer) = match (body.plan, body.team_id) {
        (CheckoutPlan::Pro, None) if body.seats.is_none() => {
            check_free(own.subscription.as_ref())?;
            let owner = Owner::User(principal.user_id().to_owned());
            (owner, &prices.price_pro, 1, own.customer_id)
        }
        (CheckoutPlan::Pro, _) => {
            return Err(invalid("pro is for yourself, without team and seats"));
        }
        (CheckoutPlan::Team, None) => return Err(invalid("teamId names the team")),
        (CheckoutPlan::Team, Some(id)) => {
            let plan = owned(app, principal, &id).await?;
            let seats = seats(body.seats, plan.members)?;
            check_free(plan.subscription.as_ref())?;
            (Owner::Team(id), &prices.price_team, seats, plan.customer_id)
        }
    };
    let settings = settings_url(app, request)?;
    let checkout = Checkout {
        owner: &owner,
        price: price.as_deref().ok_or_else(not_configured)?,
        quantity,
        customer: customer.as_deref(),
        email: own.email.as_deref().filter(|email| is_public(email)),
        success_url: &format!("{settings}?billing=done"),
        cancel_url: &settings,
    };
    let url = stripe.checkout(&checkout, &app.resource_id()?).await?;
    let (object, plan) = match &owner {
        Owner::User(id) => (id, "pro"),
        Owner::Team(id) => (id, "team"),
    };
    let noted = app.noted(principal, Action::CheckoutStarted, object, None, Some(plan))?;
    noted.write().await?;
    json_response(200, &BillingPage { url })
}

/// 1. Billing is configured, else 409 `billing_not_configured`; 2. the team, as in
///    [`start_checkout`]; 3. something bought, else 409 `nothing_bought`; 4. Stripe,
///    else `stripe_…`.
pub(crate) async fn open_billing_portal(
    app: &App,
    principal: &Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: OpenPortal = read_json(request).await?;
    let stripe = Stripe::new(app).ok_or_else(not_configured)?;
    let customer = match &body.team_id {
        Some(id) => owned(app, principal, id).await?.customer_id,
        None => billing::own(&app.db, principal).await?.customer_id,
    };
    let customer = customer
        .ok_or_else(|| ApiError::conflict("nothing_bought", "Nothing has been bought yet"))?;
    let settings = settings_url(app, request)?;
    let url = stripe.portal(&customer, &settings).await?;
    let object = body.team_id.as_deref().unwrap_or(principal.user_id());
    let noted = app.noted(principal, Action::PortalOpened, object, None, None)?;
    noted.write().await?;
    json_response(200, &BillingPage { url })
}

/// A team that the principal owns: nobody else pays for it.
async fn owned(app: &App, principal: &Principal, id: &str) -> Result<TeamPlan, ApiError> {
    let plan = billing::team(&app.db, principal, id).await?;
    if plan.role == "owner" {
        return Ok(plan);
    }
    let message = "The team's owner alone buys for it";
    Err(ApiError::new(403, "insufficient_role", message).with_details(json!({ "role": "owner" })))
}

/// Whether Stripe would take the address: one at a host by itself is none to it.
fn is_public(email: &str) -> bool {
    let domain = email.rsplit_once('@').map(|(_, domain)| domain);
    domain.is_some_and(|domain| domain.contains('.'))
}

/// As many as are taken at least.
fn seats(asked: Option<u32>, members: i64) -> Result<u32, ApiError> {
    let taken = u32::try_from(members).unwrap_or(MAX_SEATS).max(1);
    let seats = asked.unwrap_or_else(|| DEFAULT_SEATS.max(taken));
    if (1..=MAX_SEATS).contains(&seats) && seats >= taken {
        return Ok(seats);
    }
    let message = format!("seats is from {taken}, which are taken, to {MAX_SEATS}");
    Err(ApiError::bad_request("invalid_seats", message))
}

fn check_free(subscription: Option<&Subscription>) -> Result<(), ApiError> {
    if subscription.is_some_and(Subscription::is_live) {
        let message = "There is a subscription already: change it in the billing portal";
        return Err(ApiError::conflict("already_subscribed", message));
    }
    Ok(())
}

fn invalid(message: &str) -> ApiError {
    ApiError::bad_request("invalid_plan", message)
}

fn not_configured() -> ApiError {
    ApiError::conflict(
        "billing_not_configured",
        "Nothing can be bought on this installation",
    )
}

/// Where Stripe sends the browser back to. In production that is the studio's first
/// host, whatever the request says.
fn settings_url(app: &App, request: &Request) -> Result<String, ApiError> {
    let origin = if app.config.is_development() {
        request.url()?.origin().ascii_serialization()
    } else {
        let host = app.config.studio_hosts.first();
        let host =
            host.ok_or_else(|| ApiError::misconfigured("STUDIO_HOSTS is empty".to_owned()))?;
        format!("https://{host}")
    };
    Ok(format!("{origin}/settings"))
}

fn account(plan: OwnPlan) -> AccountBilling {
    AccountBilling {
        tier: stored_tier(&plan.tier),
        manageable: plan.customer_id.is_some(),
        subscription: plan.subscription.map(summary),
    }
}

fn team(plan: TeamPlan) -> TeamBilling {
    let count = |number: i64| u32::try_from(number).unwrap_or_default();
    let status = plan.subscription.as_ref().map(|it| it.status.as_str());
    TeamBilling {
        tier: wire::tier(mcpengine_tiers::of_team(
            &plan.tier,
            status.unwrap_or("none"),
        )),
        manageable: plan.customer_id.is_some(),
        seats: count(plan.seats),
        seats_used: count(plan.members),
        subscription: plan.subscription.map(summary),
        id: plan.id,
        name: plan.name,
    }
}

fn stored_tier(name: &str) -> Tier {
    mcpengine_tiers::Tier::parse(name).map_or(Tier::Free, wire::tier)
}

fn summary(subscription: Subscription) -> SubscriptionSummary {
    SubscriptionSummary {
        in_force: subscription.is_live(),
        status: subscription.status,
        period_end: subscription.period_end,
        ends_at: subscription.ends_at,
        payment_failed_at: subscription.payment_failed_at,
    }
}

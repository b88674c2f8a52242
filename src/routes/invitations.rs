use mcpengine_api::{CreateInvitation, Invitation, InvitationOffer, InvitationToken};
use mcpengine_store::audit::Action;
use mcpengine_store::teams::{self, invitations};
use mcpengine_store::{Principal, StoreError};
use mcpengine_vault::token::{self, INVITATION_PREFIX};
use worker::{Request, Response};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::http::{json_response, read_json};
use crate::routes::teams::{invitation, team};
use crate::team_tier;
use crate::wire;

/// How long a link works.
const LIFE_MILLIS: u64 = 7 * 24 * 60 * 60 * 1_000;

/// 1. The fields, else 400; 2. the team, else 404; 3. an admin, else 403; 4. a seat,
///    else 409 `no_seat_left`. The answer is the one place that holds the link.
pub(crate) async fn create_invitation(
    app: &App,
    principal: &Principal,
    team_id: &str,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let body: CreateInvitation = read_json(request).await?;
    let asked = teams::get(&app.db, principal, team_id).await?;
    let token = token::mint(INVITATION_PREFIX, clock::random()?);
    let id = app.resource_id()?;
    let new = invitations::NewInvitation {
        id: &id,
        team_id,
        email: &body.email,
        role: wire::role_of(body.role),
        token_hash: &token.hash,
        expires_at: &clock::rfc3339(clock::now_millis() + LIFE_MILLIS),
        seats: team_tier::of(&app.config, &asked).seats,
    };
    let db = app.noted(principal, Action::InvitationCreated, &id, None, None)?;
    let row = invitations::insert(&db, principal, &new, &clock::now()).await?;
    let origin = request.url()?.origin().ascii_serialization();
    let shown = Invitation {
        // Behind the `#`, where no server and no log sees it.
        url: format!("{origin}/invite#{}", token.expose()),
        summary: invitation(row),
    };
    json_response(201, &shown)
}

/// 1. The team, else 404; 2. an admin, else 403; 3. its invitation, else 404.
pub(crate) async fn revoke_invitation(
    app: &App,
    principal: &Principal,
    team_id: &str,
    id: &str,
) -> Result<Response, ApiError> {
    invitations::revoke(&app.db, principal, team_id, id, &clock::now()).await?;
    Ok(Response::builder().with_status(204).empty())
}

/// The invitation, else 404 `invitation_not_found`.
pub(crate) async fn preview_invitation(
    app: &App,
    principal: &Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let hash = token_hash(request).await?;
    let offer = invitations::offer(&app.db, principal, &hash, &clock::now()).await?;
    let shown = InvitationOffer {
        team_id: offer.team_id,
        team_name: offer.team_name,
        role: wire::role(offer.role),
        invited_by: offer.invited_by,
        expires_at: offer.expires_at,
        joined: offer.joined,
    };
    json_response(200, &shown)
}

/// The invitation, else 404 `invitation_not_found`. Who is in the team already stays
/// in their role.
pub(crate) async fn accept_invitation(
    app: &App,
    principal: &Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let hash = token_hash(request).await?;
    let row = invitations::accept(&app.db, principal, &hash, &clock::now()).await?;
    json_response(200, &team(app, row))
}

/// Of the token in the body; one of another form is no invitation.
async fn token_hash(request: &mut Request) -> Result<String, ApiError> {
    let body: InvitationToken = read_json(request).await?;
    let hash = token::parse(INVITATION_PREFIX, body.token.trim());
    Ok(hash.ok_or(StoreError::NotFound("invitation"))?)
}

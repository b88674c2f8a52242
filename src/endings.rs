//! How projects and accounts end, whoever asks: the person, or the sweep for whom the
//! directory has deleted.

use mcpengine_store::audit::Action;
use mcpengine_store::ended::{self, AsLastOwner, EndedTeam};
use mcpengine_store::projects::Whose;
use mcpengine_store::{
    Database, Principal, StoreError, delete_prefixes, deployments, projects, teams, users,
};

use crate::adapters::stripe::Stripe;
use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::scripts;

/// Projects that are looked up at once.
const PAGE: u32 = 20;

/// 1. The scripts of its versions, so that nobody's credentials stay where no row
///    points any more: if that fails, the project is still there to be deleted
///    again; 2. rows, so that nothing points to an object that is gone; 409
///    `project_published` while the marketplace lists it; 3. the objects. A
///    deployment under way finds its project gone and clears up after itself.
pub(crate) async fn project(app: &App, principal: &Principal, id: &str) -> Result<(), ApiError> {
    let noted = app.noted(principal, Action::ProjectDeleted, id, None, None)?;
    project_in(app, &app.db, &noted, principal, id).await
}

async fn project_in(
    app: &App,
    reading: &impl Database,
    deleting: &impl Database,
    principal: &Principal,
    id: &str,
) -> Result<(), ApiError> {
    for worker_id in deployments::workers(reading, principal, id).await? {
        scripts::delete(app, &worker_id).await?;
    }
    let deleted = projects::delete(deleting, principal, id, &clock::now()).await?;
    Ok(delete_prefixes(&app.objects, &deleted.object_prefixes).await?)
}

/// How many projects may still be deleted at this event.
#[derive(Debug)]
pub(crate) struct Budget(pub(crate) u32);

/// Deletes projects; whether all of them are gone.
async fn all_projects(
    app: &App,
    principal: &Principal,
    whose: Whose<'_>,
    budget: &mut Budget,
) -> Result<bool, ApiError> {
    loop {
        let page = projects::list(&app.db, principal, whose, PAGE, None).await?;
        if page.projects.is_empty() {
            return Ok(true);
        }
        for found in page.projects {
            if budget.0 == 0 {
                return Ok(false);
            }
            budget.0 -= 1;
            project(app, principal, &found.id).await?;
        }
    }
}

/// Each project of the principal's own, then the account: memberships, tokens and
/// stored credentials, whose copies are past opening then. What fails on the way
/// leaves the account in place; whoever asks again goes on. Whether it has ended.
///
/// # Errors
/// `owns_teams`, `subscribed`; and those of the store.
pub(crate) async fn account(
    app: &App,
    principal: &Principal,
    budget: &mut Budget,
) -> Result<bool, ApiError> {
    if !all_projects(app, principal, Whose::Own, budget).await? {
        return Ok(false);
    }
    users::delete(&app.db, principal, &clock::now()).await?;
    Ok(true)
}

/// An account that the directory has deleted: 1. what is paid for; 2. its teams, which
/// others take, or which end; 3. [`account`]. Whether it has ended.
pub(crate) async fn deleted_account(
    app: &App,
    user_id: &str,
    budget: &mut Budget,
) -> Result<bool, ApiError> {
    let principal = Principal::user(user_id);
    let mut paid = ended::subscriptions_of_user(&app.db, user_id).await?;
    let orphans = ended::hand_on_teams(&app.db, &principal).await?;
    for team in &orphans {
        paid.extend(ended::subscriptions_of_team(&app.db, team).await?);
    }
    if !nothing_is_paid(app, &paid).await? {
        return Ok(false);
    }
    for team in &orphans {
        if !all_projects(app, &principal, Whose::Team(team), budget).await? {
            return Ok(false);
        }
        teams::delete(&app.db, &principal, team).await?;
    }
    account(app, &principal, budget).await
}

/// A team whose organisation the directory has deleted: its projects, and what is paid
/// for. Its row stays, so that nothing brings it back.
pub(crate) async fn deleted_team(
    app: &App,
    team: &EndedTeam,
    budget: &mut Budget,
) -> Result<(), ApiError> {
    let db = AsLastOwner::of(&app.db, team);
    let owner = Principal::user(&team.owner_id);
    let page = projects::list(&db, &owner, Whose::Team(&team.id), PAGE, None).await?;
    for found in page.projects {
        if budget.0 == 0 {
            break;
        }
        budget.0 -= 1;
        project_in(app, &db, &db, &owner, &found.id).await?;
    }
    let paid = ended::subscriptions_of_team(&app.db, &team.id).await?;
    nothing_is_paid(app, &paid).await.map(drop)
}

/// Ends subscriptions at Stripe, which then tells of it. Whether there was none left.
async fn nothing_is_paid(app: &App, subscriptions: &[String]) -> Result<bool, ApiError> {
    if subscriptions.is_empty() {
        return Ok(true);
    }
    let stripe = Stripe::new(app).ok_or_else(|| {
        StoreError::Unavailable(format!(
            "{} is paid for, and there is no key to end it with",
            subscriptions.join(", ")
        ))
    })?;
    for subscription in subscriptions {
        stripe.cancel(subscription).await?;
    }
    Ok(false)
}

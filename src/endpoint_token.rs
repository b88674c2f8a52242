//! Bearer tokens of hosted endpoints: made here, kept as hashes only.

use mcpengine_store::Principal;
use mcpengine_store::audit::Action;
use mcpengine_store::tokens::{self, EndpointToken, NewToken};
use mcpengine_vault::token::{self, Token};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;

/// A new token: its text, and what is kept of it.
#[derive(Debug)]
pub(crate) struct Minted {
    pub(crate) token: Token,
    pub(crate) row: EndpointToken,
}

/// A new token of the project. Its text is in the answer and nowhere else.
///
/// # Errors
/// Those of [`tokens::insert`].
pub(crate) async fn mint(
    app: &App,
    principal: &Principal,
    project_id: &str,
    name: &str,
) -> Result<Minted, ApiError> {
    let token = token::mint(token::ENDPOINT_PREFIX, clock::random()?);
    let new = NewToken {
        id: &app.resource_id()?,
        project_id,
        name,
        token_hash: &token.hash,
        last4: &token.last4,
    };
    let (action, project) = (Action::EndpointTokenCreated, Some(project_id));
    let db = app.noted(principal, action, new.id, project, None)?;
    let row = tokens::insert(&db, principal, &new, &clock::now()).await?;
    Ok(Minted { token, row })
}

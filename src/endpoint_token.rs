//! Bearer tokens of hosted endpoints: made here, kept as hashes only.

use mcpengine_store::Principal;
use mcpengine_store::tokens::{self, NewToken};
use mcpengine_vault::token::{self, Token};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;

/// A new token of the project. Its text is in the answer and nowhere else.
///
/// # Errors
/// `not_found` where the project is not the principal's.
pub(crate) async fn mint(
    app: &App,
    principal: &Principal,
    project_id: &str,
    name: &str,
) -> Result<Token, ApiError> {
    let minted = token::mint(token::ENDPOINT_PREFIX, clock::random()?);
    let new = NewToken {
        id: &clock::new_id()?,
        project_id,
        name,
        token_hash: &minted.hash,
        last4: &minted.last4,
    };
    tokens::insert(&app.db, principal, &new, &clock::now()).await?;
    Ok(minted)
}

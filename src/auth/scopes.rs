//! What a route asks of who comes in with a personal access token.

use mcpengine_api::TokenScope;
use serde_json::json;

use crate::error::ApiError;

/// How a request may be signed in to use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// By a person's session alone: what concerns the account.
    Session,
    /// By a session, or by any personal token.
    Any,
    /// By a session, or by a personal token with this scope.
    Scope(TokenScope),
}

/// Scopes as they are stored: sorted, each once, between spaces.
pub(crate) fn to_text(scopes: &[TokenScope]) -> String {
    let names: Vec<&str> = TokenScope::ALL
        .into_iter()
        .filter(|scope| scopes.contains(scope))
        .map(TokenScope::name)
        .collect();
    names.join(" ")
}

/// The inverse; words of a later version are none of them.
pub(crate) fn of_text(text: &str) -> Vec<TokenScope> {
    TokenScope::ALL
        .into_iter()
        .filter(|scope| text.split(' ').any(|word| word == scope.name()))
        .collect()
}

/// Whether a personal token with these scopes may use the route.
///
/// # Errors
/// `session_required` and `insufficient_scope` (403).
pub(crate) fn check(access: Access, scopes: &str) -> Result<(), ApiError> {
    match access {
        Access::Any => Ok(()),
        Access::Scope(scope) if of_text(scopes).contains(&scope) => Ok(()),
        Access::Scope(scope) => {
            let name = scope.name();
            let message = format!("The token does not have the scope {name}");
            let details = json!({ "scope": name });
            Err(ApiError::new(403, "insufficient_scope", message).with_details(details))
        }
        Access::Session => Err(ApiError::new(
            403,
            "session_required",
            "A personal access token cannot do this: sign in to the studio",
        )),
    }
}

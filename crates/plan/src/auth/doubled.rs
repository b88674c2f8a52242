//! Tokens that a document asks for as parameters beside a scheme that sends the same
//! one. OAuth lets a token go as a parameter (RFC 6750 §2.2 and §2.3), and some list
//! that everywhere: the server sends it already.

use std::collections::HashSet;

use mcpengine_openapi::{ApiDescription, Operation, Parameter, SecurityKind};

use super::undeclared::{letters, says};

/// What such a parameter is called, in letters.
const NAMES: [&str; 3] = ["token", "accesstoken", "oauthtoken"];

/// What a model is told of it, in place of its own words.
pub(crate) const NOTE: &str = "Not needed: the server sends its own.";

/// The schemes that send a token, where at least half of the operations ask for it as
/// a parameter too; else none.
pub(super) fn senders(api: &ApiDescription<'_>) -> HashSet<String> {
    let senders: HashSet<String> = api
        .security_schemes
        .iter()
        .filter(|(_, scheme)| {
            matches!(
                scheme.kind,
                SecurityKind::HttpBearer { .. }
                    | SecurityKind::OAuth2 { .. }
                    | SecurityKind::OpenIdConnect { .. }
            )
        })
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let asks = |operation: &&Operation<'_>| {
        is_sent(operation, &senders) && operation.parameters.iter().any(is_token)
    };
    let count = api.operations.iter().filter(asks).count();
    if count * 2 >= api.operations.len() {
        senders
    } else {
        HashSet::new()
    }
}

/// Whether one of `senders` sends the token whichever way an operation is called.
pub(super) fn is_sent(operation: &Operation<'_>, senders: &HashSet<String>) -> bool {
    !operation.security.is_empty()
        && operation
            .security
            .iter()
            .all(|way| way.iter().any(|(name, _)| senders.contains(*name)))
}

/// Whether a parameter or a property is such a token, by its name and its words.
pub(crate) fn is_named(name: &str, description: Option<&str>) -> bool {
    NAMES.contains(&letters(name).as_str()) && says(description)
}

fn is_token(parameter: &Parameter<'_>) -> bool {
    is_named(parameter.name, parameter.description)
}

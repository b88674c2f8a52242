//! What is told where no credential is stored that a request needs.

use std::collections::HashSet;

use mcpengine_plan::{AuthScheme, SecretSpec};

use crate::error::ApiError;
use crate::secrets::Opened as Secrets;

/// Of the ways to authenticate, this many are told.
const MAX_TOLD: usize = 6;

/// `missing_credential` (401), with the names of what would be enough.
pub(super) fn error(alternatives: &[Vec<&AuthScheme>], secrets: &Secrets) -> ApiError {
    let names = ways_of(alternatives, secrets);
    let message = if names.is_empty() {
        "The API asks for a kind of sign-in that a hosted server cannot give".to_owned()
    } else {
        format!(
            "No credential is stored. Deploy again with {}",
            names.join(", or ")
        )
    };
    ApiError::new(401, "missing_credential", message)
}

/// What each way misses: all of one is enough.
fn ways_of(alternatives: &[Vec<&AuthScheme>], secrets: &Secrets) -> Vec<String> {
    let misses = |choice: &[SecretSpec]| -> Vec<String> {
        let names = choice.iter().map(|secret| &secret.name);
        let missing = names.filter(|name| !secrets.contains_key(*name));
        missing.cloned().collect()
    };
    let mut ways: Vec<String> = Vec::new();
    for schemes in alternatives {
        // The schemes of a way go together, and one of them may be given in two ways.
        let mut own: Vec<Vec<String>> = vec![Vec::new()];
        for scheme in schemes.iter().take(MAX_TOLD) {
            let choices: Vec<Vec<String>> = scheme.choices().map(misses).collect();
            let with = |way: &Vec<String>| -> Vec<Vec<String>> {
                let choices = choices.iter();
                choices
                    .map(|choice| [way.as_slice(), choice].concat())
                    .collect()
            };
            own = own.iter().flat_map(with).take(MAX_TOLD).collect();
        }
        let told = own.iter().filter(|names| !names.is_empty());
        ways.extend(told.map(|names| names.join(" and ")));
    }
    let mut seen = HashSet::new();
    ways.retain(|way| seen.insert(way.clone()));
    ways.truncate(MAX_TOLD);
    ways
}

#[cfg(test)]
mod tests {
    use mcpengine_plan::{AuthKind, ClientCredentials};

    use super::*;

    fn secret(name: &str) -> SecretSpec {
        SecretSpec {
            name: name.to_owned(),
            title: String::new(),
            description: None,
        }
    }

    fn scheme(names: &[&str], client: Option<&[&str]>) -> AuthScheme {
        AuthScheme {
            id: String::new(),
            kind: AuthKind::Basic,
            description: None,
            secrets: names.iter().map(|name| secret(name)).collect(),
            client_credentials: client.map(|names| ClientCredentials {
                token_url: String::new(),
                scopes: Vec::new(),
                secrets: names.iter().map(|name| secret(name)).collect(),
            }),
        }
    }

    #[test]
    fn what_is_enough_is_told_once() {
        let user = scheme(&["USER", "PASSWORD"], None);
        let oauth = scheme(&["TOKEN"], Some(&["ID", "SECRET"]));
        let key = scheme(&["KEY"], None);
        let told = |ways: &[Vec<&AuthScheme>], stored: &[&str]| {
            let stored = stored
                .iter()
                .map(|name| ((*name).to_owned(), String::new()));
            ways_of(ways, &stored.collect())
        };
        assert_eq!(told(&[vec![&user]], &["USER"]), ["PASSWORD"]);
        assert_eq!(
            told(&[vec![&oauth, &key], vec![&user], vec![&user]], &[]),
            [
                "ID and SECRET and KEY",
                "TOKEN and KEY",
                "USER and PASSWORD"
            ]
        );
        assert_eq!(told(&[vec![&oauth]], &["ID"]), ["SECRET", "TOKEN"]);
        let many = vec![&oauth; 64];
        assert_eq!(told(&[many], &[]).len(), MAX_TOLD);
    }
}

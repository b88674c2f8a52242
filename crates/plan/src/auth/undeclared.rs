//! Credentials that a document asks for as parameters and declares no scheme for. A
//! model must not fill in a credential, so they become one.

use std::collections::HashMap;

use mcpengine_openapi::{ApiDescription, Location, Parameter};

/// The letters of names that mean a credential wherever they stand.
const CREDENTIALS: [&str; 15] = [
    "accesskey",
    "accesstoken",
    "apikey",
    "apisecret",
    "apitoken",
    "appkey",
    "appsecret",
    "apptoken",
    "authtoken",
    "ocpapimsubscriptionkey",
    "subscriptionkey",
    "xaccesstoken",
    "xapikey",
    "xapptoken",
    "xauthtoken",
];
/// Names that mean one where the description says so.
const PERHAPS: [&str; 2] = ["key", "token"];
const WORDS: [&str; 5] = [
    "api key",
    "apikey",
    "api token",
    "access token",
    "authentication",
];
/// Names that mean one beside another credential.
const COMPANIONS: [&str; 2] = ["appid", "applicationid"];

/// The credentials among the parameters, each once, in the order in which operations
/// list them, where the document has no security scheme: headers, and what at least
/// half of the operations ask for in their query.
pub(super) fn undeclared<'a>(api: &ApiDescription<'a>) -> Vec<(Location, &'a str)> {
    if !api.security_schemes.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(Location, &'a str)> = Vec::new();
    let mut counts: HashMap<(Location, &'a str), (usize, bool)> = HashMap::new();
    for operation in &api.operations {
        for parameter in &operation.parameters {
            let Some(is_companion) = role(parameter) else {
                continue;
            };
            let key = (parameter.location, parameter.name);
            let (count, _) = counts.entry(key).or_insert_with(|| {
                found.push(key);
                (0, is_companion)
            });
            *count += 1;
        }
    }
    found.retain(|key| {
        let count = counts.get(key).map_or(0, |(count, _)| *count);
        // A header of such a name is nothing else, whoever asks for it.
        key.0 == Location::Header || count * 2 >= api.operations.len()
    });
    let is_companion = |key: &(Location, &str)| counts.get(key).is_some_and(|(_, it)| *it);
    if found.iter().all(is_companion) {
        return Vec::new();
    }
    found
}

/// The end of the name of a credential's variable, and its name for people.
pub(super) fn secret(name: &str) -> (&'static str, &'static str) {
    match letters(name).as_str() {
        letters if letters.ends_with("token") => ("TOKEN", "Token"),
        letters if letters.ends_with("secret") => ("SECRET", "Secret"),
        letters if letters.ends_with("id") => ("APP_ID", "Application id"),
        "appkey" => ("APP_KEY", "Application key"),
        _ => ("API_KEY", "API key"),
    }
}

pub(super) fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Whether a description tells of a credential.
pub(super) fn says(description: Option<&str>) -> bool {
    description.is_some_and(|text| {
        let text = text.to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    })
}

/// Whether a parameter is a credential of its own (`false`) or perhaps a companion of
/// one (`true`); `None` for all others.
fn role(parameter: &Parameter<'_>) -> Option<bool> {
    if !matches!(parameter.location, Location::Query | Location::Header) {
        return None;
    }
    let says = || says(parameter.description);
    let letters = letters(parameter.name);
    let letters = letters.as_str();
    if CREDENTIALS.contains(&letters) || (PERHAPS.contains(&letters) && says()) {
        Some(false)
    } else {
        COMPANIONS.contains(&letters).then_some(true)
    }
}

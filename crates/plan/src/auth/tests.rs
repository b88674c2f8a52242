use super::*;
use crate::fixtures::{api, operation, parameter};
use mcpengine_openapi::Method;

fn scheme(kind: SecurityKind) -> SecurityScheme {
    SecurityScheme {
        kind,
        description: None,
    }
}

fn key(name: &str) -> SecurityScheme {
    scheme(SecurityKind::ApiKey {
        name: name.to_owned(),
        location: Location::Header,
    })
}

#[test]
fn secrets_are_named_by_service_and_by_scheme_where_needed() {
    let mut one = api(Vec::new());
    one.security_schemes
        .insert("api_key".to_owned(), key("X-Key"));
    one.security_schemes
        .insert("login".to_owned(), scheme(SecurityKind::HttpBasic));
    one.security_schemes
        .insert("cert".to_owned(), scheme(SecurityKind::MutualTls));
    let mut diagnostics = Vec::new();
    let plan = Credentials::new(&one, "PET_STORE", &mut diagnostics).plan;
    let names: Vec<&str> = plan
        .schemes
        .iter()
        .flat_map(|scheme| &scheme.secrets)
        .map(|secret| secret.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "PET_STORE_API_KEY",
            "PET_STORE_USERNAME",
            "PET_STORE_PASSWORD"
        ]
    );
    assert_eq!(diagnostics.len(), 1);

    one.security_schemes
        .insert("appId".to_owned(), key("X-App"));
    let plan = Credentials::new(&one, "PET_STORE", &mut diagnostics).plan;
    let names: Vec<&str> = plan
        .schemes
        .iter()
        .flat_map(|scheme| &scheme.secrets)
        .map(|secret| secret.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "PET_STORE_API_KEY",
            "PET_STORE_USERNAME",
            "PET_STORE_PASSWORD",
            "PET_STORE_APP_ID_API_KEY"
        ]
    );
}

#[test]
fn alternatives_put_credentials_before_anonymity() {
    let mut api = api(Vec::new());
    api.security_schemes.insert("a".to_owned(), key("A"));
    api.security_schemes
        .insert("tls".to_owned(), scheme(SecurityKind::MutualTls));
    let credentials = Credentials::new(&api, "X", &mut Vec::new());
    let mut call = operation(Method::Get, "/x", None);
    call.security = &[&[], &[("tls", &[])], &[("a", &[])], &[("gone", &[])]];
    let mut unknown = HashSet::new();
    assert_eq!(
        credentials.alternatives(&call, &mut unknown),
        [vec!["a".to_owned()], vec!["tls".to_owned()], vec![]]
    );
    assert!(unknown.contains("gone"));
    call.security = &[&[]];
    assert!(credentials.alternatives(&call, &mut unknown).is_empty());
}

#[test]
fn an_authorization_parameter_becomes_a_credential() {
    let mut call = operation(Method::Get, "/x", None);
    call.parameters.push(parameter(
        "authorization",
        Location::Header,
        &serde_json::json!({"type": "string"}),
    ));
    let api = api(vec![call.clone()]);
    let credentials = Credentials::new(&api, "PET_STORE", &mut Vec::new());
    assert_eq!(
        credentials.plan.schemes[0].secrets[0].name,
        "PET_STORE_AUTHORIZATION"
    );
    assert!(credentials.holds(&call.parameters[0]));
    assert_eq!(
        credentials.alternatives(&call, &mut HashSet::new()),
        [vec!["authorization".to_owned()], vec![]]
    );
}

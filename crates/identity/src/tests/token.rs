use proptest::prelude::*;
use serde_json::json;

use super::{claims, header, raw, with};
use crate::{Algorithm, MAX_TOKEN_BYTES, Unverified};

fn reason(token: &str) -> &'static str {
    Unverified::read(token)
        .err()
        .map_or("accepted", |refused| refused.reason)
}

#[test]
fn a_token_is_taken_apart() {
    let text = raw(&header().to_string(), &claims().to_string());
    let token = Unverified::read(&text).unwrap();
    assert_eq!(token.key_id(), "key-1");
    assert_eq!(token.algorithm(), Algorithm::Rs256);
    assert_eq!(token.signature(), [0, 1, 2, 3]);
    assert_eq!(
        token.signed(),
        text.strip_suffix(".AAECAw").unwrap().as_bytes()
    );
}

#[test]
fn headers_are_judged() {
    let claims = claims().to_string();
    for (change, expected) in [
        (json!({}), "accepted"),
        (json!({ "typ": null }), "accepted"),
        (json!({ "typ": "at+JWT" }), "accepted"),
        (json!({ "typ": "application/at+jwt" }), "accepted"),
        (json!({ "alg": "ES256" }), "accepted"),
        (json!({ "alg": "EdDSA" }), "accepted"),
        // Clerk's own.
        (json!({ "cat": "cl_B7d4PD111AAA" }), "accepted"),
        (json!({ "alg": "none" }), "algorithm"),
        (json!({ "alg": "None" }), "algorithm"),
        (json!({ "alg": "" }), "algorithm"),
        (json!({ "alg": "HS256" }), "algorithm"),
        (json!({ "alg": "HS512" }), "algorithm"),
        (json!({ "alg": "RS512" }), "algorithm"),
        (json!({ "alg": "PS256" }), "algorithm"),
        (json!({ "alg": "ES384" }), "algorithm"),
        (json!({ "alg": "ES256K" }), "algorithm"),
        (json!({ "alg": "rs256" }), "algorithm"),
        (json!({ "alg": "RS256 " }), "algorithm"),
        (json!({ "alg": ["RS256"] }), "malformed"),
        (json!({ "alg": null }), "malformed"),
        (json!({ "kid": null }), "key"),
        (json!({ "kid": "" }), "key"),
        (json!({ "kid": "k".repeat(257) }), "key"),
        (json!({ "kid": 7 }), "malformed"),
        (json!({ "kid": ["key-1"] }), "malformed"),
        (json!({ "jku": "https://evil.example/jwks.json" }), "header"),
        (json!({ "x5u": "https://evil.example/cert" }), "header"),
        (
            json!({ "jwk": { "kty": "RSA", "n": "AQ", "e": "AQAB" } }),
            "header",
        ),
        (json!({ "x5c": ["MIIB"] }), "header"),
        (json!({ "crit": ["exp"] }), "header"),
        (json!({ "b64": false }), "header"),
        (json!({ "zip": "DEF" }), "header"),
        (json!({ "enc": "A256GCM" }), "header"),
        (json!({ "typ": "id_token" }), "header"),
        (json!({ "typ": "logout+jwt" }), "header"),
        (json!({ "typ": "dpop+jwt" }), "header"),
        (json!({ "typ": 1 }), "malformed"),
        (json!({ "cty": "JWT" }), "malformed"),
    ] {
        let text = raw(&with(header(), &change).to_string(), &claims);
        assert_eq!(reason(&text), expected, "{change}");
    }
}

#[test]
fn other_forms_are_refused() {
    let good = raw(&header().to_string(), &claims().to_string());
    let parts: Vec<&str> = good.split('.').collect();
    let [head, body, signature] = parts[..] else {
        panic!("three parts");
    };
    let doubled = raw(r#"{"alg":"none","alg":"RS256","kid":"key-1"}"#, "{}");
    for text in [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        head.into(),
        format!("{head}.{body}"),
        format!("{good}."),
        format!("{good}.AAAA"),
        format!(".{body}.{signature}"),
        format!("{head}.{body}.{signature}=="),
        format!("{head}==.{body}.{signature}"),
        format!("{good} "),
        format!(" {good}"),
        format!("{head}.{body}.\n{signature}"),
        format!("{head}.{body}.AAEC/w"),
        format!("{head}.{body}.AAEC+w"),
        // The last digit carries bits that belong to no byte.
        format!("{head}.{body}.AAECAx"),
        raw("[]", "{}"),
        raw("null", "{}"),
        raw("{", "{}"),
        doubled,
        "{\"payload\":\"\",\"signatures\":[]}".into(),
    ] {
        assert_eq!(reason(&text), "malformed", "{text}");
    }
}

#[test]
fn length_is_bounded() {
    let filler = |bytes: usize| {
        let claims = with(claims(), &json!({ "filler": "x".repeat(bytes) }));
        raw(&header().to_string(), &claims.to_string())
    };
    let longest = (0..MAX_TOKEN_BYTES)
        .rev()
        .find(|bytes| filler(*bytes).len() <= MAX_TOKEN_BYTES)
        .unwrap();
    assert_eq!(reason(&filler(longest)), "accepted");
    assert_eq!(reason(&filler(longest + 3)), "malformed");
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,200}", head in "\\PC{0,80}", body in "\\PC{0,80}") {
        let _ = Unverified::read(&text);
        if let Ok(token) = Unverified::read(&raw(&head, &body)) {
            prop_assert!(!token.key_id().is_empty());
        }
    }
}

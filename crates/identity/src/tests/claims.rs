use proptest::prelude::*;
use serde_json::json;

use super::{ISSUER, NOW, ORIGIN, claims, header, raw, with};
use crate::{Identity, Policy, Unverified};

fn policy() -> Policy {
    Policy {
        issuer: ISSUER.to_owned(),
        parties: vec![ORIGIN.to_owned(), "client_1".to_owned()],
    }
}

fn judged(claims: &str) -> Result<Identity, &'static str> {
    let text = raw(&header().to_string(), claims);
    let token = Unverified::read(&text).expect("a header that is accepted");
    token
        .claims(&policy(), NOW)
        .map_err(|refused| refused.reason)
}

fn reason(claims: &str) -> &'static str {
    judged(claims).err().unwrap_or("accepted")
}

#[test]
fn the_identity_is_what_the_token_says() {
    let said = with(
        claims(),
        &json!({ "email": " ada@example.com", "name": "Ada\u{7}\nL." }),
    );
    let expected = Identity {
        issuer: ISSUER.to_owned(),
        subject: "user_1".to_owned(),
        email: Some("ada@example.com".to_owned()),
        name: Some("AdaL.".to_owned()),
        expires_at: NOW + 50,
    };
    assert_eq!(judged(&said.to_string()), Ok(expected));
}

fn all(table: &[(serde_json::Value, &str)]) {
    for (change, expected) in table {
        let said = with(claims(), change).to_string();
        assert_eq!(reason(&said), *expected, "{change}");
    }
}

#[test]
fn issuer_and_party_are_judged() {
    all(&[
        (json!({}), "accepted"),
        // Session tokens of Clerk, version 1 and 2.
        (
            json!({ "sid": "sess_1", "org_id": "org_1", "org_role": "admin" }),
            "accepted",
        ),
        (
            json!({ "v": 2, "sts": "active", "o": { "id": "org_1", "rol": "admin" } }),
            "accepted",
        ),
        (json!({ "nbf": null, "iat": null }), "accepted"),
        (json!({ "iss": null }), "claims"),
        (json!({ "iss": "https://other.example.com" }), "issuer"),
        (json!({ "iss": format!("{ISSUER}/") }), "issuer"),
        (json!({ "iss": ISSUER.to_uppercase() }), "issuer"),
        (json!({ "iss": [ISSUER] }), "claims"),
        (json!({ "iss": "" }), "issuer"),
        (json!({ "azp": null }), "party"),
        (json!({ "azp": "" }), "party"),
        (json!({ "azp": "https://evil.example.com" }), "party"),
        (
            json!({ "azp": format!("{ORIGIN}.evil.example.com") }),
            "party",
        ),
        (json!({ "azp": format!("{ORIGIN}/") }), "party"),
        (json!({ "azp": [ORIGIN] }), "claims"),
        (json!({ "azp": null, "aud": "client_1" }), "accepted"),
        (
            json!({ "azp": null, "aud": ["other", "client_1"] }),
            "accepted",
        ),
        (json!({ "azp": null, "client_id": "client_1" }), "accepted"),
        (json!({ "azp": null, "aud": "other" }), "party"),
        (json!({ "azp": null, "aud": [] }), "party"),
        (json!({ "azp": null, "aud": 7 }), "claims"),
        (json!({ "azp": null, "aud": [[ORIGIN]] }), "claims"),
        (json!({ "aud": "other" }), "party"),
        (json!({ "azp": "other", "aud": "client_1" }), "party"),
        (json!({ "client_id": "other" }), "party"),
    ]);
}

#[test]
fn times_and_subject_are_judged() {
    all(&[
        (json!({ "exp": null }), "claims"),
        (json!({ "exp": NOW - 5 }), "accepted"),
        (json!({ "exp": NOW - 6 }), "expired"),
        (json!({ "exp": 0 }), "expired"),
        (json!({ "exp": -1 }), "expired"),
        (json!({ "exp": (NOW + 50).to_string() }), "claims"),
        (json!({ "exp": [NOW + 50] }), "claims"),
        (json!({ "exp": 1e300 }), "claims"),
        (json!({ "exp": true }), "claims"),
        (json!({ "nbf": NOW + 5 }), "accepted"),
        (json!({ "nbf": NOW + 6 }), "not_yet_valid"),
        (json!({ "nbf": "now" }), "claims"),
        (json!({ "iat": NOW + 6 }), "not_yet_valid"),
        (json!({ "iat": {} }), "claims"),
        (json!({ "nbf": i64::MIN }), "claims"),
        (json!({ "sub": null }), "claims"),
        (json!({ "sub": "" }), "subject"),
        (json!({ "sub": " " }), "subject"),
        (json!({ "sub": "a\nb" }), "subject"),
        (json!({ "sub": "a".repeat(256) }), "subject"),
        (json!({ "sub": 7 }), "claims"),
        (json!({ "sub": ["user_1"] }), "claims"),
        (json!({ "sts": "pending" }), "pending"),
        (json!({ "sts": "anything" }), "pending"),
        (json!({ "sts": 1 }), "claims"),
        (json!({ "email": 1 }), "claims"),
    ]);
}

#[test]
fn a_doubled_claim_is_refused_whichever_comes_first() {
    let good = claims().to_string();
    let members = good
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap();
    for extra in [
        r#""iss":"https://other.example.com""#,
        r#""sub":"user_2""#,
        r#""azp":"https://evil.example.com""#,
        r#""exp":1"#,
        r#""nbf":9000000000"#,
        r#""sub":"user_1""#,
    ] {
        assert_eq!(
            reason(&format!("{{{extra},{members}}}")),
            "claims",
            "{extra} first"
        );
        assert_eq!(
            reason(&format!("{{{members},{extra}}}")),
            "claims",
            "{extra} last"
        );
    }
}

#[test]
fn claims_are_one_object() {
    for text in ["", "null", "[]", "7", "{", "{}", "\"x\"", "{} {}"] {
        assert_eq!(reason(text), "claims", "{text}");
    }
}

proptest! {
    #[test]
    fn no_claims_make_judging_panic(text in "\\PC{0,200}", exp: i64, nbf: i64, now: i64) {
        let _ = judged(&text);
        let said = with(claims(), &json!({ "exp": exp, "nbf": nbf, "iat": null }));
        let text = raw(&header().to_string(), &said.to_string());
        let token = Unverified::read(&text).unwrap();
        if token.claims(&policy(), now).is_ok() {
            prop_assert!(i128::from(exp) + 5 >= i128::from(now));
            prop_assert!(i128::from(nbf) - 5 <= i128::from(now));
        }
    }
}

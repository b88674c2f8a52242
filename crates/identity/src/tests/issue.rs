use serde_json::json;

use super::{NOW, claims};
use crate::issue::{compact, public_key_set, signing_input, verifies};
use crate::{Algorithm, KeySet, Unverified};

#[test]
fn an_issued_token_reads_as_it_was_meant() {
    let input = signing_input("JWT", Algorithm::Es256, "key-1", &claims()).unwrap();
    let text = compact(&input, &[7; 64]);
    let token = Unverified::read(&text).unwrap();
    assert_eq!(
        (token.key_id(), token.algorithm()),
        ("key-1", Algorithm::Es256)
    );
    assert_eq!(
        (token.signed(), token.signature()),
        (input.as_bytes(), &[7; 64][..])
    );
    let policy = crate::Policy {
        issuer: super::ISSUER.to_owned(),
        parties: vec![super::ORIGIN.to_owned()],
    };
    assert_eq!(token.claims(&policy, NOW).unwrap().subject, "user_1");
}

#[test]
fn the_published_set_has_no_private_member() {
    let x = "A".repeat(43);
    let private = json!({ "kty": "EC", "crv": "P-256", "kid": "k", "x": x, "y": x, "d": "secret" });
    let set = public_key_set(&private).unwrap();
    assert!(!set.to_string().contains("secret"));
    assert!(
        KeySet::parse(set.to_string().as_bytes())
            .unwrap()
            .find("k", Algorithm::Es256)
            .is_some()
    );
    for missing in ["kty", "crv", "kid", "x", "y"] {
        let mut broken = private.clone();
        broken.as_object_mut().unwrap().shift_remove(missing);
        assert_eq!(public_key_set(&broken), None, "{missing}");
    }
}

#[test]
fn pkce_as_in_rfc_7636_appendix_b() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    assert!(verifies(verifier, challenge));
    assert!(!verifies(challenge, verifier));
    assert!(!verifies("", challenge) && !verifies(verifier, "") && !verifies("short", "short"));
}

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::with;
use crate::{Algorithm, KeySet, KeySetError, MAX_KEY_SET_BYTES};

/// A number of so many bits, whose first byte is not 0.
fn modulus(bits: usize) -> String {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    bytes[0] = 0xff >> ((8 - bits % 8) % 8);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn rsa() -> Value {
    json!({ "kty": "RSA", "kid": "r", "use": "sig", "alg": "RS256", "n": modulus(2_048), "e": "AQAB" })
}

fn p256() -> Value {
    let coordinate = URL_SAFE_NO_PAD.encode([1; 32]);
    json!({ "kty": "EC", "crv": "P-256", "kid": "p", "x": coordinate, "y": coordinate })
}

fn ed25519() -> Value {
    let x = URL_SAFE_NO_PAD.encode([1; 32]);
    json!({ "kty": "OKP", "crv": "Ed25519", "kid": "o", "x": x })
}

fn parse(keys: &[Value]) -> Result<KeySet, KeySetError> {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

#[test]
fn each_kind_of_key_is_found_with_its_own_algorithm_only() {
    let set = parse(&[rsa(), p256(), ed25519()]).unwrap();
    let all = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];
    for (id, own) in [("r", all[0]), ("p", all[1]), ("o", all[2])] {
        assert!(set.knows(id));
        for algorithm in all {
            let found = set.find(id, algorithm).is_some();
            assert_eq!(found, algorithm == own, "{id} {algorithm:?}");
        }
    }
    assert!(set.find("R", Algorithm::Rs256).is_none() && !set.knows("x"));
}

#[test]
fn what_is_handed_out_is_the_public_key_alone() {
    let private = with(
        p256(),
        &json!({ "d": "secret", "x5c": ["MIIB"], "ext": true }),
    );
    let set = parse(&[private]).unwrap();
    let key = set.find("p", Algorithm::Es256).unwrap().to_json();
    let coordinate = URL_SAFE_NO_PAD.encode([1; 32]);
    let expected = json!({ "kty": "EC", "crv": "P-256", "x": coordinate, "y": coordinate });
    assert_eq!(key, expected);
}

#[test]
fn keys_that_cannot_be_used_are_passed_over() {
    for (key, change) in [
        (rsa(), json!({ "use": "enc" })),
        (rsa(), json!({ "key_ops": ["encrypt"] })),
        (rsa(), json!({ "alg": "RS512" })),
        (rsa(), json!({ "alg": "RSA-OAEP" })),
        (rsa(), json!({ "kid": null })),
        (rsa(), json!({ "kid": "" })),
        (rsa(), json!({ "n": modulus(1_024) })),
        (rsa(), json!({ "n": modulus(2_047) })),
        (rsa(), json!({ "n": modulus(8_193) })),
        (rsa(), json!({ "n": "" })),
        (rsa(), json!({ "n": "+" })),
        (rsa(), json!({ "n": null })),
        (rsa(), json!({ "e": "AQ" })),
        (rsa(), json!({ "e": "Ag" })),
        (rsa(), json!({ "e": null })),
        (rsa(), json!({ "kty": "oct", "k": "c2VjcmV0" })),
        (p256(), json!({ "crv": "P-384" })),
        (p256(), json!({ "crv": "secp256k1" })),
        (p256(), json!({ "x": "AQ" })),
        (p256(), json!({ "y": null })),
        (p256(), json!({ "alg": "ES384" })),
        (ed25519(), json!({ "crv": "X25519" })),
        (ed25519(), json!({ "x": "AQ" })),
    ] {
        let bad = with(key, &change);
        assert_eq!(
            parse(std::slice::from_ref(&bad)),
            Err(KeySetError::NoKey),
            "{bad}"
        );
        let beside = parse(&[bad.clone(), with(ed25519(), &json!({ "kid": "good" }))]);
        assert!(beside.unwrap().knows("good"), "{bad}");
    }
    let operations = with(
        rsa(),
        &json!({ "key_ops": ["verify"], "use": null, "alg": null }),
    );
    assert!(parse(&[operations]).is_ok());
    assert!(parse(&[with(ed25519(), &json!({ "alg": "Ed25519" }))]).is_ok());
}

#[test]
fn other_answers_are_no_key_set() {
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "<html>",
        r#"{"keys":{}}"#,
        r#"{"keys":null}"#,
    ] {
        assert_eq!(
            KeySet::parse(text.as_bytes()),
            Err(KeySetError::Malformed),
            "{text}"
        );
    }
    assert_eq!(KeySet::parse(br#"{"keys":[]}"#), Err(KeySetError::NoKey));
    assert_eq!(
        KeySet::parse(br#"{"keys":[1,null,"x",[]]}"#),
        Err(KeySetError::NoKey)
    );
    let long = json!({ "keys": [rsa()], "x": "x".repeat(MAX_KEY_SET_BYTES) }).to_string();
    assert_eq!(KeySet::parse(long.as_bytes()), Err(KeySetError::Malformed));
}

proptest! {
    #[test]
    fn no_bytes_make_parsing_panic(bytes: Vec<u8>, n in "\\PC*") {
        let _ = KeySet::parse(&bytes);
        let _ = parse(&[with(rsa(), &json!({ "n": n }))]);
    }
}

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::Sha256;

use crate::webhook::{
    InvalidSecrets, Refused, SigningSecrets, StandardHeaders, TOLERANCE_SECONDS, verify_standard,
    verify_stripe,
};

/// The example of Svix's documentation and of its libraries.
const SVIX_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SVIX_ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SVIX_TIMESTAMP: &str = "1614265330";
const SVIX_BODY: &[u8] = br#"{"test": 2432232314}"#;
const SVIX_SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const SVIX_NOW: i64 = 1_614_265_330;

/// Stripe documents the header and how it is made, but no example with its secret:
/// this one was computed with OpenSSL (`printf '1533204620.{}' | openssl dgst -hmac`).
const STRIPE_SECRET: &str = "whsec_test_secret_of_thirty_chars_";
const STRIPE_BODY: &[u8] = b"{}";
const STRIPE_NOW: i64 = 1_533_204_620;
const STRIPE_SIGNATURE: &str = "9b466bc2d5d3f6d541a06d8bcac1483b7518998080f7df18bcb2eb8fa09ddfe9";

fn secrets() -> SigningSecrets {
    SigningSecrets::standard(SVIX_SECRET).unwrap()
}

fn svix<'a>(id: &'a str, timestamp: &'a str, signature: &'a str) -> StandardHeaders<'a> {
    StandardHeaders {
        id: Some(id),
        timestamp: Some(timestamp),
        signature: Some(signature),
    }
}

fn standard(signature: &str) -> Result<&str, Refused> {
    let headers = svix(SVIX_ID, SVIX_TIMESTAMP, signature);
    verify_standard(&secrets(), headers, SVIX_BODY, SVIX_NOW).map(|_| "")
}

fn stripe(header: &str) -> Result<(), Refused> {
    let secrets = SigningSecrets::stripe(STRIPE_SECRET).unwrap();
    verify_stripe(&secrets, Some(header), STRIPE_BODY, STRIPE_NOW)
}

fn stripe_header() -> String {
    format!("t={STRIPE_NOW},v1={STRIPE_SIGNATURE}")
}

/// RFC 4231, test cases 1, 2 and 6.
#[test]
fn hmac_sha256_gives_the_outputs_of_rfc_4231() {
    for (key, data, expected) in [
        (
            vec![0x0b; 20],
            &b"Hi There"[..],
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(data);
        let made: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(made, expected);
    }
}

#[test]
fn the_vendors_examples_are_accepted() {
    let headers = svix(SVIX_ID, SVIX_TIMESTAMP, SVIX_SIGNATURE);
    assert_eq!(
        verify_standard(&secrets(), headers, SVIX_BODY, SVIX_NOW),
        Ok(SVIX_ID)
    );
    assert_eq!(stripe(&stripe_header()), Ok(()));
    // Test mode adds a signature of a scheme that is none.
    assert_eq!(
        stripe(&format!(
            "{},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39",
            stripe_header()
        )),
        Ok(())
    );
}

#[test]
fn each_signature_is_tried_wherever_it_stands() {
    let other = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for header in [
        format!("{other} {SVIX_SIGNATURE}"),
        format!("{SVIX_SIGNATURE} {other}"),
        format!("v1a,x v2,{other} v1,!! {SVIX_SIGNATURE}"),
    ] {
        assert_eq!(standard(&header), Ok(""), "{header}");
    }
    let zeros = "0".repeat(64);
    let header = format!("t={STRIPE_NOW},v1={zeros},v1=short,v1={STRIPE_SIGNATURE},v0={zeros}");
    assert_eq!(stripe(&header), Ok(()));
}

#[test]
fn either_of_two_secrets_will_do_and_a_third_is_refused() {
    let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let headers = svix(SVIX_ID, SVIX_TIMESTAMP, SVIX_SIGNATURE);
    for (text, expected) in [
        (format!("{other}, {SVIX_SECRET}"), Ok(SVIX_ID)),
        (format!("{SVIX_SECRET},{other}"), Ok(SVIX_ID)),
        (other.to_owned(), Err(Refused::NoMatch)),
    ] {
        let secrets = SigningSecrets::standard(&text).unwrap();
        assert_eq!(
            verify_standard(&secrets, headers, SVIX_BODY, SVIX_NOW),
            expected
        );
    }
    let three = format!("{other},{other},{SVIX_SECRET}");
    assert_eq!(
        SigningSecrets::standard(&three).unwrap_err(),
        InvalidSecrets::TooMany
    );
    assert_eq!(format!("{:?}", secrets()), "SigningSecrets(1)");
}

#[test]
fn what_is_no_secret_is_refused() {
    for text in ["", " ", "\n"] {
        assert_eq!(
            SigningSecrets::standard(text).unwrap_err(),
            InvalidSecrets::Empty
        );
        assert_eq!(
            SigningSecrets::stripe(text).unwrap_err(),
            InvalidSecrets::Empty
        );
    }
    for text in [
        "whsec_",
        "whsec_!!!!",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        // 23 bytes, and 65.
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        &format!("{SVIX_SECRET},"),
        &format!(",{SVIX_SECRET}"),
    ] {
        assert_eq!(
            SigningSecrets::standard(text).unwrap_err(),
            InvalidSecrets::Malformed,
            "{text}"
        );
    }
    for text in [
        "whsec_",
        "whsec_short",
        "sk_test_of_thirty_characters_or_so",
        "whsec_with a space in it, and more",
        &format!("{STRIPE_SECRET},"),
    ] {
        assert_eq!(
            SigningSecrets::stripe(text).unwrap_err(),
            InvalidSecrets::Malformed,
            "{text}"
        );
    }
}

#[test]
fn five_minutes_to_both_sides_and_not_a_second_more() {
    for (away, expected) in [
        (TOLERANCE_SECONDS, Ok(())),
        (TOLERANCE_SECONDS + 1, Err(Refused::TooOld)),
        (-TOLERANCE_SECONDS, Ok(())),
        (-TOLERANCE_SECONDS - 1, Err(Refused::TooNew)),
        (i64::MAX - STRIPE_NOW, Err(Refused::TooOld)),
    ] {
        let headers = svix(SVIX_ID, SVIX_TIMESTAMP, SVIX_SIGNATURE);
        let standard = verify_standard(
            &secrets(),
            headers,
            SVIX_BODY,
            SVIX_NOW.saturating_add(away),
        );
        assert_eq!(standard.map(drop), expected);
        let secrets = SigningSecrets::stripe(STRIPE_SECRET).unwrap();
        let header = stripe_header();
        assert_eq!(
            verify_stripe(&secrets, Some(&header), STRIPE_BODY, STRIPE_NOW + away),
            expected
        );
    }
}

#[test]
fn a_header_that_is_missing_or_has_another_form_is_told() {
    let all = svix(SVIX_ID, SVIX_TIMESTAMP, SVIX_SIGNATURE);
    for headers in [
        StandardHeaders { id: None, ..all },
        StandardHeaders {
            timestamp: None,
            ..all
        },
        StandardHeaders {
            signature: None,
            ..all
        },
        svix("", SVIX_TIMESTAMP, SVIX_SIGNATURE),
    ] {
        assert_eq!(
            verify_standard(&secrets(), headers, SVIX_BODY, SVIX_NOW),
            Err(Refused::Missing)
        );
    }
    let long = "v1,x ".repeat(1_000);
    for headers in [
        svix("msg.1", SVIX_TIMESTAMP, SVIX_SIGNATURE),
        svix("msg 1", SVIX_TIMESTAMP, SVIX_SIGNATURE),
        svix(SVIX_ID, "+1614265330", SVIX_SIGNATURE),
        svix(SVIX_ID, " 1614265330", SVIX_SIGNATURE),
        svix(SVIX_ID, "1614265330.0", SVIX_SIGNATURE),
        svix(SVIX_ID, "99999999999999999999", SVIX_SIGNATURE),
        svix(SVIX_ID, SVIX_TIMESTAMP, &long),
    ] {
        assert_eq!(
            verify_standard(&secrets(), headers, SVIX_BODY, SVIX_NOW),
            Err(Refused::Malformed),
            "{headers:?}"
        );
    }
    let v1 = format!("v1={STRIPE_SIGNATURE}");
    let twice = format!("t={STRIPE_NOW},t={STRIPE_NOW},{v1}");
    for header in [v1.as_str(), "t=,v1=00", "t", "t=-1", twice.as_str(), &long] {
        assert_eq!(stripe(header), Err(Refused::Malformed), "{header}");
    }
    let secrets = SigningSecrets::stripe(STRIPE_SECRET).unwrap();
    for header in [None, Some("")] {
        assert_eq!(
            verify_stripe(&secrets, header, STRIPE_BODY, STRIPE_NOW),
            Err(Refused::Missing)
        );
    }
    assert_eq!(stripe(&format!("t={STRIPE_NOW}")), Err(Refused::NoMatch));
    // Another scheme is no signature, however right its digits are.
    assert_eq!(
        stripe(&format!("t={STRIPE_NOW},v0={STRIPE_SIGNATURE}")),
        Err(Refused::NoMatch)
    );
    assert_eq!(
        stripe(&format!(
            "t={STRIPE_NOW},v1={}",
            STRIPE_SIGNATURE.to_uppercase()
        )),
        Err(Refused::NoMatch)
    );
}

/// `bytes` with one bit changed, each once.
fn flipped(bytes: &[u8]) -> Vec<Vec<u8>> {
    (0..bytes.len() * 8)
        .map(|bit| {
            let mut changed = bytes.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            changed
        })
        .collect()
}

/// The same of a text, and the text without its end.
fn broken(text: &str) -> Vec<String> {
    let flipped = flipped(text.as_bytes()).into_iter();
    let cut = (0..text.len()).map(|length| text[..length].to_owned());
    flipped
        .filter_map(|bytes| String::from_utf8(bytes).ok())
        .chain(cut)
        .collect()
}

/// Each bit of everything that is signed, and of the signature itself.
#[test]
fn one_changed_bit_of_a_standard_webhook_is_found() {
    let mut tried = 0;
    let mut refuse = |headers: StandardHeaders<'_>, body: &[u8]| {
        tried += 1;
        let answer = verify_standard(&secrets(), headers, body, SVIX_NOW);
        assert!(answer.is_err(), "{headers:?}");
    };
    let good = svix(SVIX_ID, SVIX_TIMESTAMP, SVIX_SIGNATURE);
    for body in flipped(SVIX_BODY) {
        refuse(good, &body);
    }
    for length in 0..SVIX_BODY.len() {
        refuse(good, &SVIX_BODY[..length]);
    }
    for id in broken(SVIX_ID) {
        refuse(svix(&id, SVIX_TIMESTAMP, SVIX_SIGNATURE), SVIX_BODY);
    }
    for timestamp in broken(SVIX_TIMESTAMP) {
        refuse(svix(SVIX_ID, &timestamp, SVIX_SIGNATURE), SVIX_BODY);
    }
    for signature in broken(SVIX_SIGNATURE) {
        refuse(svix(SVIX_ID, SVIX_TIMESTAMP, &signature), SVIX_BODY);
    }
    assert!(tried > 800, "{tried}");
}

#[test]
fn one_changed_bit_of_stripe_s_is_found() {
    let mut tried = 0;
    let secrets = SigningSecrets::stripe(STRIPE_SECRET).unwrap();
    let mut refuse = |header: &str, body: &[u8]| {
        tried += 1;
        let answer = verify_stripe(&secrets, Some(header), body, STRIPE_NOW);
        assert!(answer.is_err(), "{header}");
    };
    let header = stripe_header();
    for body in flipped(STRIPE_BODY) {
        refuse(&header, &body);
    }
    refuse(&header, b"");
    for changed in broken(&header) {
        refuse(&changed, STRIPE_BODY);
    }
    assert!(tried > 600, "{tried}");
}

proptest! {
    #[test]
    fn no_header_and_no_secret_panics(text in "\\PC{0,200}", header in "(t|v1|v0|=|,|[0-9a-f]{0,64}| ){0,12}", body: Vec<u8>, now: i64) {
        let _ = SigningSecrets::standard(&text);
        let _ = SigningSecrets::stripe(&text);
        let stripe = SigningSecrets::stripe(STRIPE_SECRET).unwrap();
        prop_assert!(verify_stripe(&stripe, Some(&header), &body, now).is_err());
        prop_assert!(verify_stripe(&stripe, Some(&text), &body, now).is_err());
        let headers = svix(&text, &header, &text);
        prop_assert!(verify_standard(&secrets(), headers, &body, now).is_err());
    }

    /// What is signed with the key of either is accepted, whatever the body.
    #[test]
    fn any_body_is_accepted_that_is_signed(body: Vec<u8>, now in 0_i64..4_000_000_000) {
        let mut mac = Hmac::<Sha256>::new_from_slice(STRIPE_SECRET.as_bytes()).unwrap();
        mac.update(format!("{now}.").as_bytes());
        mac.update(&body);
        let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let stripe = SigningSecrets::stripe(STRIPE_SECRET).unwrap();
        let header = format!("t={now},v1={digits}");
        prop_assert_eq!(verify_stripe(&stripe, Some(&header), &body, now), Ok(()));
    }
}

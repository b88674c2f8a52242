use proptest::prelude::*;

use crate::token::{ENDPOINT_PREFIX, bearer, hash, mint, parse, same};

fn counting() -> [u8; 32] {
    std::array::from_fn(|index| u8::try_from(index).unwrap())
}

/// Computed with OpenSSL: tokens in use keep their form and hash for good.
const GOLDEN: &str = "mcpe_000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f717b2f";
const GOLDEN_HASH: &str = "6ae423c7a91e97540bd5f244fe3d285acb00e38f11783e5b0671b1c645164726";

#[test]
fn a_token_is_the_one_that_another_implementation_makes() {
    let token = mint(ENDPOINT_PREFIX, counting());
    assert_eq!(token.expose(), GOLDEN);
    assert_eq!(token.hash, GOLDEN_HASH);
    assert_eq!(token.last4, "7b2f");
    assert_eq!(parse(ENDPOINT_PREFIX, GOLDEN), Some(GOLDEN_HASH.to_owned()));
    assert_eq!(format!("{token:?}"), r#"Token { last4: "7b2f", .. }"#);
}

#[test]
fn hash_is_sha_256() {
    // FIPS 180-4, "abc".
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hash("abc"), abc);
}

#[test]
fn one_wrong_character_is_found_without_a_look_up() {
    for index in 0..GOLDEN.len() {
        for other in (b'!'..=b'~').filter(|other| *other != GOLDEN.as_bytes()[index]) {
            let mut bytes = GOLDEN.as_bytes().to_vec();
            bytes[index] = other;
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(parse(ENDPOINT_PREFIX, &changed), None, "{changed}");
        }
    }
}

#[test]
fn other_forms_are_refused() {
    let upper = GOLDEN.to_ascii_uppercase();
    let other_prefix = mint("mcpp", counting());
    let refused = [
        "",
        "mcpe_",
        "mcpe",
        &GOLDEN[..74],
        &GOLDEN[1..],
        &upper,
        other_prefix.expose(),
        &format!("{GOLDEN}0"),
        &format!(" {GOLDEN}"),
        &GOLDEN.replace('_', "-"),
    ];
    for text in refused {
        assert_eq!(parse(ENDPOINT_PREFIX, text), None, "{text}");
    }
}

#[test]
fn the_scheme_is_bearer_in_any_case() {
    for header in ["Bearer abc", "bearer abc", "BEARER  abc", " Bearer abc "] {
        assert_eq!(bearer(header), Some("abc"), "{header}");
    }
    for header in ["", "Bearer", "Bearer ", "Basic abc", "Bearerabc", "abc"] {
        assert_eq!(bearer(header), None, "{header}");
    }
}

#[test]
fn comparison_is_of_the_whole() {
    assert!(same("", "") && same("abc", "abc"));
    assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
}

proptest! {
    #[test]
    fn every_minted_token_parses_to_its_hash(random: [u8; 32]) {
        let token = mint(ENDPOINT_PREFIX, random);
        prop_assert_eq!(parse(ENDPOINT_PREFIX, token.expose()), Some(token.hash.clone()));
        prop_assert!(token.expose().ends_with(&token.last4));
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "\\PC*") {
        prop_assert_eq!(parse(ENDPOINT_PREFIX, &text), None);
        let prefixed = format!("mcpe_{text}");
        prop_assert_eq!(parse(ENDPOINT_PREFIX, &prefixed), None);
        let _ = bearer(&text);
    }
}

use proptest::prelude::*;

use crate::{Context, Keyring, MAX_PLAINTEXT_BYTES, VaultError, key_id, last4, open, rewrap, seal};

/// 32 bytes of 7, and of 8.
const KEY_1: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const KEY_2: &str = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";

const CONTEXT: Context<'static> = Context {
    user: "user-1",
    project: "project-1",
    secret: "TRELLO_API_KEY",
    field: "encrypted_value",
};

const NONCE: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// Computed with OpenSSL (HMAC-SHA256 and AES-256-GCM) from the description of
/// the format alone. Stored envelopes have this form for good.
const GOLDEN: &str = "v1.k1.AAECAwQFBgcICQoL.8tYbNITF6sQzNWferydQdw.\
                      EfoznnjTYmGzhLghmgxRKz4cevmVZcu1ODmmcao";

fn ring() -> Keyring {
    Keyring::new("k1", &[("k1", KEY_1)]).unwrap()
}

#[test]
fn an_envelope_is_the_one_that_another_implementation_makes() {
    assert_eq!(
        seal(&ring(), &CONTEXT, "s3cr3t-välue".as_bytes(), NONCE).unwrap(),
        GOLDEN
    );
    let opened = open(&ring(), &CONTEXT, GOLDEN).unwrap();
    assert_eq!(opened.expose_str(), Some("s3cr3t-välue"));
    assert_eq!(key_id(GOLDEN), Ok("k1"));
    assert_eq!(ring().prefix_of_current(), "v1.k1.");
}

#[test]
fn every_other_spelling_of_every_byte_is_refused() {
    let ring = Keyring::new("k1", &[("k1", KEY_1), ("k2", KEY_2)]).unwrap();
    for index in 0..GOLDEN.len() {
        for other in (0..128).filter(|other| *other != GOLDEN.as_bytes()[index]) {
            let mut bytes = GOLDEN.as_bytes().to_vec();
            bytes[index] = other;
            let changed = String::from_utf8(bytes).unwrap();
            assert!(open(&ring, &CONTEXT, &changed).is_err(), "{changed}");
        }
    }
}

#[test]
fn a_shorter_or_longer_envelope_is_refused() {
    for end in 0..GOLDEN.len() {
        assert!(open(&ring(), &CONTEXT, &GOLDEN[..end]).is_err());
    }
    for tail in ["A", "=", ".", ".A", " ", "\n", "AAAA"] {
        assert!(open(&ring(), &CONTEXT, &format!("{GOLDEN}{tail}")).is_err());
    }
    let long = format!("{GOLDEN}{}", "A".repeat(MAX_PLAINTEXT_BYTES * 2));
    assert_eq!(open(&ring(), &CONTEXT, &long), Err(VaultError::Malformed));
}

#[test]
fn every_change_of_the_context_is_refused() {
    let others = [
        Context {
            user: "user-2",
            ..CONTEXT
        },
        Context {
            user: "",
            ..CONTEXT
        },
        Context {
            project: "project-2",
            ..CONTEXT
        },
        Context {
            secret: "TRELLO_TOKEN",
            ..CONTEXT
        },
        Context {
            field: "other",
            ..CONTEXT
        },
        // Fields that would be the same text if they were only joined.
        Context {
            project: "project-1T",
            secret: "RELLO_API_KEY",
            ..CONTEXT
        },
        Context {
            project: "project-",
            secret: "1TRELLO_API_KEY",
            ..CONTEXT
        },
        Context {
            secret: "TRELLO_API_KEYencrypted",
            field: "_value",
            ..CONTEXT
        },
        Context {
            user: "user-1p",
            project: "roject-1",
            ..CONTEXT
        },
    ];
    for other in others {
        assert_eq!(
            open(&ring(), &other, GOLDEN),
            Err(VaultError::Refused),
            "{other:?}"
        );
    }
}

/// Each of the four fields takes the place of each other one.
#[test]
fn fields_of_the_context_that_change_places_are_refused() {
    let fields = [CONTEXT.user, CONTEXT.project, CONTEXT.secret, CONTEXT.field];
    for first in 0..fields.len() {
        for second in first + 1..fields.len() {
            let mut swapped = fields;
            swapped.swap(first, second);
            let [user, project, secret, field] = swapped;
            let other = Context {
                user,
                project,
                secret,
                field,
            };
            assert_eq!(
                open(&ring(), &other, GOLDEN),
                Err(VaultError::Refused),
                "{other:?}"
            );
        }
    }
}

/// The bytes behind the text: each bit of nonce, check value, ciphertext and tag,
/// and each of them shortened and lengthened.
#[test]
fn every_flipped_bit_and_every_cut_of_a_part_is_refused() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let parts: Vec<&str> = GOLDEN.split('.').collect();
    let refused = |index: usize, bytes: &[u8]| {
        let mut changed: Vec<String> = parts.iter().map(|&part| part.to_owned()).collect();
        changed[index] = URL_SAFE_NO_PAD.encode(bytes);
        let changed = changed.join(".");
        assert!(open(&ring(), &CONTEXT, &changed).is_err(), "{changed}");
    };
    for (index, length) in [(2, 12), (3, 16), (4, 13 + 16)] {
        let bytes = URL_SAFE_NO_PAD.decode(parts[index]).unwrap();
        assert_eq!(bytes.len(), length);
        for bit in 0..length * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refused(index, &flipped);
        }
        for end in 0..length {
            refused(index, &bytes[..end]);
            refused(index, &bytes[end + 1..]);
        }
        for more in 0..=255 {
            refused(index, &[&bytes[..], &[more]].concat());
            refused(index, &[&[more], &bytes[..]].concat());
        }
    }
}

#[test]
fn another_key_of_the_same_id_is_refused() {
    let other = Keyring::new("k1", &[("k1", KEY_2)]).unwrap();
    assert_eq!(open(&other, &CONTEXT, GOLDEN), Err(VaultError::Refused));
    let unknown = Keyring::new("k2", &[("k2", KEY_2)]).unwrap();
    assert_eq!(
        open(&unknown, &CONTEXT, GOLDEN),
        Err(VaultError::UnknownKey)
    );
}

#[test]
fn the_same_secret_of_two_users_has_different_keys() {
    let other = Context {
        user: "user-2",
        ..CONTEXT
    };
    let ours = seal(&ring(), &CONTEXT, b"same", NONCE).unwrap();
    let theirs = seal(&ring(), &other, b"same", NONCE).unwrap();
    let parts = |envelope: &str| envelope.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (ours, theirs) = (parts(&ours), parts(&theirs));
    assert_eq!(ours[2], theirs[2]);
    assert_ne!(ours[3], theirs[3]);
    // The stream itself differs, not the tag alone.
    assert_ne!(ours[4][..5], theirs[4][..5]);
}

#[test]
fn rotation_keeps_both_keys_readable_and_can_be_repeated() {
    let both = Keyring::new("k2", &[("k1", KEY_1), ("k2", KEY_2)]).unwrap();
    let rewrapped = rewrap(&both, &CONTEXT, GOLDEN, [9; 12]).unwrap().unwrap();
    assert_eq!(key_id(&rewrapped), Ok("k2"));
    assert_eq!(
        open(&both, &CONTEXT, GOLDEN),
        open(&both, &CONTEXT, &rewrapped)
    );
    assert_eq!(rewrap(&both, &CONTEXT, &rewrapped, [10; 12]), Ok(None));
    let only_new = Keyring::new("k2", &[("k2", KEY_2)]).unwrap();
    assert_eq!(
        open(&only_new, &CONTEXT, &rewrapped).unwrap().expose_str(),
        Some("s3cr3t-välue")
    );
    assert_eq!(
        rewrap(&only_new, &CONTEXT, GOLDEN, [9; 12]),
        Err(VaultError::UnknownKey)
    );
    let moved = Context {
        project: "project-2",
        ..CONTEXT
    };
    assert_eq!(
        rewrap(&both, &moved, GOLDEN, [9; 12]),
        Err(VaultError::Refused)
    );
}

#[test]
fn keys_are_read_from_one_value() {
    let ring = Keyring::parse(&format!(" k2:{KEY_2} , k1:{KEY_1}")).unwrap();
    assert_eq!(ring.current(), "k2");
    assert!(open(&ring, &CONTEXT, GOLDEN).is_ok());
    assert_eq!(Keyring::parse(KEY_1).unwrap().current(), "v1");
    let short = "BwcHBwc=";
    let refused = [
        String::new(),
        short.to_owned(),
        format!("k1:{short}"),
        format!("K1:{KEY_1}"),
        format!(":{KEY_1}"),
        format!("a.b:{KEY_1}"),
        format!("k1:{KEY_1},k1:{KEY_2}"),
        format!("k1:{KEY_1},"),
        format!("k1:{}!", &KEY_1[1..]),
    ];
    for text in refused {
        assert_eq!(
            Keyring::parse(&text).err(),
            Some(VaultError::InvalidKey),
            "{text}"
        );
    }
    assert_eq!(
        Keyring::new("k2", &[("k1", KEY_1)]).err(),
        Some(VaultError::UnknownKey)
    );
}

#[test]
fn debug_output_holds_no_secret() {
    let opened = open(&ring(), &CONTEXT, GOLDEN).unwrap();
    assert_eq!(format!("{opened:?}"), "Secret(…)");
    assert_eq!(
        format!("{:?}", ring()),
        r#"Keyring { current: "k1", ids: ["k1"] }"#
    );
}

#[test]
fn the_last_characters_of_short_secrets_are_not_shown() {
    assert_eq!(last4("abcdefghijkl"), Some("ijkl".to_owned()));
    assert_eq!(last4("ABCDEFGHIJ→→"), Some("IJ→→".to_owned()));
    assert_eq!(last4("abcdefghijk"), None);
    assert_eq!(last4(""), None);
}

#[test]
fn a_secret_has_a_size_limit() {
    let largest = vec![b'x'; MAX_PLAINTEXT_BYTES];
    let envelope = seal(&ring(), &CONTEXT, &largest, NONCE).unwrap();
    assert_eq!(
        open(&ring(), &CONTEXT, &envelope).unwrap().expose(),
        largest
    );
    let over = vec![b'x'; MAX_PLAINTEXT_BYTES + 1];
    assert_eq!(
        seal(&ring(), &CONTEXT, &over, NONCE),
        Err(VaultError::TooLarge)
    );
}

proptest! {
    #[test]
    fn what_is_sealed_opens_for_its_context_only(
        plaintext: Vec<u8>, nonce: [u8; 12], user: String, project: String, secret: String,
        other: String,
    ) {
        let context = Context { user: &user, project: &project, secret: &secret, field: "f" };
        let envelope = seal(&ring(), &context, &plaintext, nonce).unwrap();
        let opened = open(&ring(), &context, &envelope).unwrap();
        prop_assert_eq!(opened.expose(), &plaintext[..]);
        if other != secret {
            let moved = Context { secret: &other, ..context };
            prop_assert_eq!(open(&ring(), &moved, &envelope), Err(VaultError::Refused));
        }
    }

    #[test]
    fn no_text_is_an_envelope_by_chance(text in "\\PC*") {
        prop_assert!(open(&ring(), &CONTEXT, &text).is_err());
        let framed = format!("v1.k1.{text}");
        prop_assert!(open(&ring(), &CONTEXT, &framed).is_err());
    }
}

//! Published vectors, so that the primitives are what their names say.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

use crate::keyring::expand;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

/// RFC 5869, appendix A.1 to A.3: the first 32 bytes of each output.
#[test]
fn hkdf_sha256_gives_the_outputs_of_rfc_5869() {
    let range = |from: u8, to: u8| (from..=to).collect::<Vec<u8>>();
    let cases = [
        (
            vec![0x0b; 22],
            range(0x00, 0x0c),
            range(0xf0, 0xf9),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        ),
        (
            range(0x00, 0x4f),
            range(0x60, 0xaf),
            range(0xb0, 0xff),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c",
        ),
        (
            vec![0x0b; 22],
            Vec::new(),
            Vec::new(),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
        ),
    ];
    for (key, salt, info, expected) in cases {
        assert_eq!(
            expand(&key, &salt, &info).unwrap().as_slice(),
            bytes(expected)
        );
    }
}

struct Gcm {
    key: &'static str,
    nonce: &'static str,
    plaintext: &'static str,
    data: &'static str,
    sealed: &'static str,
}

/// Test cases 13 to 16 of the GCM specification (McGrew and Viega), which NIST
/// SP 800-38D took over.
const GCM: &[Gcm] = &[
    Gcm {
        key: "0000000000000000000000000000000000000000000000000000000000000000",
        nonce: "000000000000000000000000",
        plaintext: "",
        data: "",
        sealed: "530f8afbc74536b9a963b4f1c4cb738b",
    },
    Gcm {
        key: "0000000000000000000000000000000000000000000000000000000000000000",
        nonce: "000000000000000000000000",
        plaintext: "00000000000000000000000000000000",
        data: "",
        sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
    },
    Gcm {
        key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        nonce: "cafebabefacedbaddecaf888",
        plaintext: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                    1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        data: "",
        sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                 8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad\
                 b094dac5d93471bdec1a502270e3cc6c",
    },
    Gcm {
        key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        nonce: "cafebabefacedbaddecaf888",
        plaintext: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                    1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        data: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                 8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
                 76fc6ece0f4e1768cddf8853bb2d551b",
    },
];

#[test]
fn aes_256_gcm_gives_the_outputs_of_the_specification() {
    for case in GCM {
        let cipher = Aes256Gcm::new_from_slice(&bytes(case.key)).unwrap();
        let nonce: [u8; 12] = bytes(case.nonce).try_into().unwrap();
        let (plaintext, data, sealed) =
            (bytes(case.plaintext), bytes(case.data), bytes(case.sealed));
        let encrypted = cipher
            .encrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: &plaintext,
                    aad: &data,
                },
            )
            .unwrap();
        assert_eq!(encrypted, sealed);
        let decrypted = cipher
            .decrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: &sealed,
                    aad: &data,
                },
            )
            .unwrap();
        assert_eq!(decrypted, plaintext);
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            let payload = Payload {
                msg: &changed,
                aad: &data,
            };
            assert!(cipher.decrypt(&Nonce::from(nonce), payload).is_err());
        }
    }
}

/// Fields of each line of a file of vectors.
fn lines(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

/// Project Wycheproof, `aes_gcm_test.json`: every vector of a 256-bit key, a
/// 96-bit nonce and a 128-bit tag (Apache-2.0).
#[test]
fn aes_256_gcm_passes_the_vectors_of_wycheproof() {
    let (mut valid, mut invalid) = (0, 0);
    for line in lines(include_str!("wycheproof/aes_256_gcm.tsv")) {
        let [id, result, key, nonce, data, plaintext, ciphertext, tag] = line[..] else {
            panic!("{line:?}");
        };
        let cipher = Aes256Gcm::new_from_slice(&bytes(key)).unwrap();
        let nonce: [u8; 12] = bytes(nonce).try_into().unwrap();
        let (plaintext, data) = (bytes(plaintext), bytes(data));
        let sealed = bytes(&format!("{ciphertext}{tag}"));
        let decrypted = cipher.decrypt(
            &Nonce::from(nonce),
            Payload {
                msg: &sealed,
                aad: &data,
            },
        );
        if result == "invalid" {
            invalid += 1;
            assert!(decrypted.is_err(), "{id}");
            continue;
        }
        valid += 1;
        assert_eq!(decrypted.as_ref(), Ok(&plaintext), "{id}");
        let encrypted = cipher.encrypt(
            &Nonce::from(nonce),
            Payload {
                msg: &plaintext,
                aad: &data,
            },
        );
        assert_eq!(encrypted, Ok(sealed), "{id}");
    }
    assert_eq!((valid, invalid), (39, 27));
}

/// Project Wycheproof, `hkdf_sha256_test.json`: the beginning of every output
/// that is long enough (Apache-2.0).
#[test]
fn hkdf_sha256_passes_the_vectors_of_wycheproof() {
    let mut count = 0;
    for line in lines(include_str!("wycheproof/hkdf_sha256.tsv")) {
        let [id, key, salt, info, expected] = line[..] else {
            panic!("{line:?}");
        };
        let derived = expand(&bytes(key), &bytes(salt), &bytes(info)).unwrap();
        assert_eq!(derived.as_slice(), bytes(expected), "{id}");
        count += 1;
    }
    assert_eq!(count, 65);
}

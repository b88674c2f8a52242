use proptest::prelude::*;
use url::Url;

use super::policy;
use crate::{Policy, check, check_egress, check_redirect, host_allowed, host_key};

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn hosts_match_exactly_after_canonicalisation() {
    let hosts: Vec<String> = [
        "api.example.com",
        "Other.Example:8443",
        "127.0.0.1:9000",
        "[::1]:9000",
        "dot.example.",
    ]
    .map(str::to_owned)
    .into();
    let allowed = [
        "https://api.example.com/v1?x=1",
        "https://API.EXAMPLE.COM/",
        "https://api.example.com./",
        "https://api.example.com:443/",
        "http://api.example.com/",
        "http://api.example.com:80/",
        "https://other.example:8443/",
        "http://127.0.0.1:9000/",
        "http://127.1:9000/",
        "http://[::1]:9000/",
        "http://[0:0:0:0:0:0:0:1]:9000/",
        "https://dot.example/",
    ];
    for text in allowed {
        assert!(host_allowed(&url(text), &hosts), "{text}");
    }
    let refused = [
        "https://example.com/",
        "https://evil.api.example.com/",
        "https://api.example.com.evil.com/",
        "https://xapi.example.com/",
        "https://api.example.com:8443/",
        "http://api.example.com:443/",
        "https://other.example/",
        "https://other.example:8444/",
        "http://127.0.0.1/",
        "http://127.0.0.1:9001/",
        "http://127.0.0.2:9000/",
        "ftp://api.example.com/",
        "ws://api.example.com/",
        "data:text/plain,api.example.com",
    ];
    for text in refused {
        assert!(!host_allowed(&url(text), &hosts), "{text}");
    }
}

#[test]
fn a_broken_entry_allows_nothing() {
    let target = url("https://evil.com/");
    for entry in [
        "",
        "*",
        "*.evil.com",
        "evil.com/path",
        "user@evil.com",
        "https://evil.com",
        "evil.com#",
        "evil.com?",
        "/",
        "a b",
        "evil.com\\",
    ] {
        let hosts = [entry.to_owned()];
        assert!(!host_allowed(&target, &hosts), "{entry:?}");
    }
    assert!(!host_allowed(&target, &[]));
}

#[test]
fn a_hosted_server_reaches_what_is_listed_and_public() {
    let hosts: Vec<String> = [
        "api.example.com",
        "api.example.com:8443",
        "127.0.0.1:9000",
        "10.0.0.1",
        "localhost:9000",
        "other.mcpengine.run",
        "metadata.google.internal",
    ]
    .map(str::to_owned)
    .into();
    let production = |url: &str| check_egress(url, &hosts, &policy()).map_err(|denied| denied.code);
    assert_eq!(
        production("https://api.example.com:8443/v1?x#y")
            .map(String::from)
            .as_deref(),
        Ok("https://api.example.com:8443/v1?x")
    );
    assert!(production("http://api.example.com/").is_ok());
    let refused = [
        ("https://api.example.com:8444/", "host_denied"),
        ("https://example.com/", "host_denied"),
        ("https://user@api.example.com/", "userinfo_denied"),
        ("http://127.0.0.1:9000/", "address_denied"),
        ("http://localhost:9000/", "address_denied"),
        ("https://10.0.0.1/", "address_denied"),
        ("https://metadata.google.internal/", "address_denied"),
        ("https://other.mcpengine.run/", "own_domain_denied"),
        ("ftp://api.example.com/", "scheme_denied"),
        ("/v1", "invalid_url"),
    ];
    for (url, code) in refused {
        assert_eq!(production(url), Err(code), "{url}");
    }
    let development = Policy {
        allow_loopback: true,
        ..policy()
    };
    assert!(check_egress("http://127.0.0.1:9000/", &hosts, &development).is_ok());
    let unlisted = check_egress("http://127.0.0.1:9001/", &hosts, &development);
    assert_eq!(unlisted.unwrap_err().code, "host_denied");
    assert!(check_egress("https://10.0.0.1/", &hosts, &development).is_err());
}

#[test]
fn a_host_key_is_canonical() {
    let cases = [
        ("https://API.Example.com:443/a", Some("api.example.com")),
        ("http://api.example.com:443/a", Some("api.example.com:443")),
        (
            "https://api.example.com.:8443/",
            Some("api.example.com:8443"),
        ),
        ("http://0x7f.1:9000/", Some("127.0.0.1:9000")),
        ("http://[::ffff:7f00:1]/", Some("[::ffff:7f00:1]")),
        ("https://bücher.de/", Some("xn--bcher-kva.de")),
        ("data:text/plain,x", None),
    ];
    for (text, key) in cases {
        assert_eq!(host_key(&url(text)).as_deref(), key, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_check_panic(text in "\\PC*", tail in "\\PC*") {
        let _ = check(&text, &policy());
        let _ = check(&format!("https://{text}/{tail}"), &policy());
        let _ = check_redirect(&url("https://example.com/"), &text, 1, &policy());
        let _ = host_allowed(&url("https://example.com/"), &[text]);
    }

    /// Every 32-bit number is judged the same in every spelling.
    #[test]
    fn every_spelling_of_an_address_is_judged_alike(bits: u32) {
        let [a, b, c, d] = bits.to_be_bytes();
        let spellings = [
            format!("{a}.{b}.{c}.{d}"),
            format!("{bits}"),
            format!("{bits:#x}"),
            format!("0{bits:o}"),
            format!("{a:#x}.{b:#o}.{}", u32::from(c) << 8 | u32::from(d)).replace("0o", "0"),
            format!("{a}.{}", bits & 0x00ff_ffff),
        ];
        let judged: Vec<Option<String>> = spellings
            .iter()
            .map(|host| check(&format!("https://{host}/"), &policy()).ok().map(Into::into))
            .collect();
        for (spelling, judgement) in spellings.iter().zip(&judged) {
            prop_assert_eq!(judgement, &judged[0], "{} against {}", spelling, spellings[0]);
        }
        let mapped = check(&format!("https://[::ffff:{a}.{b}.{c}.{d}]/"), &policy());
        prop_assert!(mapped.is_err());
    }

    /// What is allowed stays allowed under its own key, and under no other host's.
    #[test]
    fn a_host_is_allowed_by_its_own_key(host in "[a-z]{1,10}(\\.[a-z]{2,8}){1,3}", port: u16) {
        let target = url(&format!("https://{host}:{port}/"));
        let key = host_key(&target).unwrap();
        prop_assert!(host_allowed(&target, std::slice::from_ref(&key)));
        let other = url(&format!("https://x{host}:{port}/"));
        prop_assert!(!host_allowed(&other, &[key]));
    }
}

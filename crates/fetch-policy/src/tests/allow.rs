use super::policy;
use crate::{Policy, check};

/// What is given, and what is fetched.
const PUBLIC: &[(&str, &str)] = &[
    ("https://example.com", "https://example.com/"),
    (
        "https://example.com/openapi.json",
        "https://example.com/openapi.json",
    ),
    (
        "http://example.com/openapi.json",
        "http://example.com/openapi.json",
    ),
    (
        "HTTPS://EXAMPLE.COM/OpenAPI.json",
        "https://example.com/OpenAPI.json",
    ),
    ("  https://example.com/a  ", "https://example.com/a"),
    ("https://example.com:443/a", "https://example.com/a"),
    ("http://example.com:80/a", "http://example.com/a"),
    ("https://example.com:80/a", "https://example.com:80/a"),
    ("http://example.com:443/a", "http://example.com:443/a"),
    ("https://example.com/a#fragment", "https://example.com/a"),
    (
        "https://example.com/a?b=c&d=%20",
        "https://example.com/a?b=c&d=%20",
    ),
    (
        "https://example.com/?u=http://127.0.0.1/",
        "https://example.com/?u=http://127.0.0.1/",
    ),
    (
        "https://example.com/@localhost",
        "https://example.com/@localhost",
    ),
    ("https://example.com/a/../b", "https://example.com/b"),
    ("https://example.com./a", "https://example.com./a"),
    (
        "https://api.sub.example.co.uk/v1",
        "https://api.sub.example.co.uk/v1",
    ),
    (
        "https://raw.githubusercontent.com/o/r/main/a.yaml",
        "https://raw.githubusercontent.com/o/r/main/a.yaml",
    ),
    (
        "https://petstore3.swagger.io/api/v3/openapi.json",
        "https://petstore3.swagger.io/api/v3/openapi.json",
    ),
    (
        "https://bücher.example.com/",
        "https://xn--bcher-kva.example.com/",
    ),
    ("https://例え.jp/", "https://xn--r8jz45g.jp/"),
    (
        "https://xn--bcher-kva.example.com/",
        "https://xn--bcher-kva.example.com/",
    ),
    ("https://8.8.8.8/", "https://8.8.8.8/"),
    ("https://1.1.1.1/", "https://1.1.1.1/"),
    ("https://0x08.8.8.8/", "https://8.8.8.8/"),
    // The neighbours of the special ranges.
    ("https://9.255.255.255/", "https://9.255.255.255/"),
    ("https://11.0.0.0/", "https://11.0.0.0/"),
    ("https://1.0.0.0/", "https://1.0.0.0/"),
    ("https://100.63.255.255/", "https://100.63.255.255/"),
    ("https://100.128.0.0/", "https://100.128.0.0/"),
    ("https://126.255.255.255/", "https://126.255.255.255/"),
    ("https://128.0.0.1/", "https://128.0.0.1/"),
    ("https://169.253.255.255/", "https://169.253.255.255/"),
    ("https://169.255.0.0/", "https://169.255.0.0/"),
    ("https://172.15.255.255/", "https://172.15.255.255/"),
    ("https://172.32.0.0/", "https://172.32.0.0/"),
    ("https://192.167.255.255/", "https://192.167.255.255/"),
    ("https://192.169.0.0/", "https://192.169.0.0/"),
    ("https://192.0.1.1/", "https://192.0.1.1/"),
    ("https://198.17.255.255/", "https://198.17.255.255/"),
    ("https://198.20.0.0/", "https://198.20.0.0/"),
    ("https://223.255.255.255/", "https://223.255.255.255/"),
    (
        "https://[2606:4700:4700::1111]/",
        "https://[2606:4700:4700::1111]/",
    ),
    (
        "https://[2001:4860:4860::8888]/",
        "https://[2001:4860:4860::8888]/",
    ),
    ("https://[2001:200::1]/", "https://[2001:200::1]/"),
    ("https://[2003::1]/", "https://[2003::1]/"),
    (
        "https://[2a00:1450:4001:81b::200e]/",
        "https://[2a00:1450:4001:81b::200e]/",
    ),
    // Names that only look like refused ones.
    (
        "https://localhost.example.com/",
        "https://localhost.example.com/",
    ),
    ("https://mylocalhost.com/", "https://mylocalhost.com/"),
    ("https://notmcpengine.run/", "https://notmcpengine.run/"),
    (
        "https://mcpengine.run.example.com/",
        "https://mcpengine.run.example.com/",
    ),
    (
        "https://mcpengine.running.com/",
        "https://mcpengine.running.com/",
    ),
    (
        "https://internal.example.com/",
        "https://internal.example.com/",
    ),
    ("https://test.com/", "https://test.com/"),
    ("https://local.dev/", "https://local.dev/"),
    ("https://my-home.net/", "https://my-home.net/"),
    (
        "https://127.0.0.1.example.com/",
        "https://127.0.0.1.example.com/",
    ),
    ("https://10.example.com/", "https://10.example.com/"),
    ("https://home.de/", "https://home.de/"),
];

#[test]
fn public_addresses_pass_in_canonical_form() {
    for (given, fetched) in PUBLIC {
        match check(given, &policy()) {
            Ok(url) => assert_eq!(url.as_str(), *fetched, "{given}"),
            Err(denied) => panic!("{given} is refused: {denied}"),
        }
    }
    let mut distinct: Vec<&str> = PUBLIC.iter().map(|(given, _)| *given).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), PUBLIC.len());
    assert!(distinct.len() >= 40, "{} addresses pass", distinct.len());
}

#[test]
fn development_reaches_loopback_on_any_port_even_without_https() {
    let development = Policy {
        allow_loopback: true,
        ..Policy::default()
    };
    let allowed = [
        (
            "http://localhost:8787/sample/openapi.json",
            "http://localhost:8787/sample/openapi.json",
        ),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/"),
        ("http://127.1:9000/", "http://127.0.0.1:9000/"),
        ("http://[::1]:9000/", "http://[::1]:9000/"),
        (
            "http://things.localhost:8787/",
            "http://things.localhost:8787/",
        ),
        ("https://localhost/", "https://localhost/"),
    ];
    for (given, fetched) in allowed {
        assert_eq!(
            check(given, &development).unwrap().as_str(),
            fetched,
            "{given}"
        );
    }
}

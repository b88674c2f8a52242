use url::Url;

use super::policy;
use crate::{MAX_REDIRECTS, MAX_URL_BYTES, Policy, check_redirect};

fn follow(from: &str, location: &str) -> Result<String, &'static str> {
    check_redirect(&Url::parse(from).unwrap(), location, 1, &policy())
        .map(Into::into)
        .map_err(|denied| denied.code)
}

#[test]
fn every_hop_is_checked_anew() {
    let from = "https://example.com/a/b";
    let cases = [
        ("/c", Ok("https://example.com/c")),
        ("c?x=1#y", Ok("https://example.com/a/c?x=1")),
        ("//www.example.com/", Ok("https://www.example.com/")),
        (
            "https://other.example.org/",
            Ok("https://other.example.org/"),
        ),
        (
            " https://other.example.org/ ",
            Ok("https://other.example.org/"),
        ),
        ("http://example.com/c", Err("insecure_redirect")),
        ("http://127.0.0.1/", Err("insecure_redirect")),
        ("https://127.0.0.1/", Err("address_denied")),
        ("//169.254.169.254/latest/meta-data/", Err("address_denied")),
        ("//[::ffff:a9fe:a9fe]/", Err("address_denied")),
        ("\\\\127.0.0.1\\x", Err("address_denied")),
        ("/\\localhost./x", Err("address_denied")),
        ("https://things.mcpengine.run/", Err("own_domain_denied")),
        ("https://user@example.com/", Err("userinfo_denied")),
        ("https://example.com:8443/", Err("port_denied")),
        ("file:///etc/passwd", Err("scheme_denied")),
        ("data:,x", Err("scheme_denied")),
        ("javascript:alert(1)", Err("scheme_denied")),
        ("https://", Err("invalid_url")),
        ("", Ok("https://example.com/a/b")),
    ];
    for (location, expected) in cases {
        assert_eq!(
            follow(from, location).as_deref(),
            expected.as_ref().copied(),
            "{location}"
        );
    }
    assert_eq!(
        follow("http://example.com/", "https://example.com/").as_deref(),
        Ok("https://example.com/")
    );
}

#[test]
fn hops_are_counted() {
    let from = Url::parse("https://example.com/").unwrap();
    for hop in 1..=MAX_REDIRECTS {
        assert!(check_redirect(&from, "/next", hop, &policy()).is_ok());
    }
    let denied = check_redirect(&from, "/next", MAX_REDIRECTS + 1, &policy()).unwrap_err();
    assert_eq!(denied.code, "too_many_redirects");
}

#[test]
fn a_public_address_cannot_lead_into_development() {
    // Loopback may be fetched in development when the user asks for it, but no
    // stranger's server may send us there.
    let development = Policy {
        allow_loopback: true,
        ..policy()
    };
    let public = Url::parse("http://example.com/").unwrap();
    let denied = check_redirect(&public, "http://127.0.0.1:8787/", 1, &development).unwrap_err();
    assert_eq!(denied.code, "address_denied");
    let local = Url::parse("http://localhost:9000/").unwrap();
    let target = check_redirect(&local, "http://127.0.0.1:9001/", 1, &development).unwrap();
    assert_eq!(target.as_str(), "http://127.0.0.1:9001/");
}

#[test]
fn a_very_long_location_is_refused() {
    let from = Url::parse("https://example.com/").unwrap();
    let long = format!("/{}", "a".repeat(MAX_URL_BYTES));
    assert_eq!(
        check_redirect(&from, &long, 1, &policy()).unwrap_err().code,
        "url_too_long"
    );
}

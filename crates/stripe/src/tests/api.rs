use crate::answer::{Answer, object, session_url};
use crate::request::{Checkout, portal_form, subscription_path};
use crate::{Kind, Owner, retry};

#[test]
fn the_form_says_whose_the_subscription_will_be() {
    let team = Owner::Team("t-1".into());
    let checkout = Checkout {
        owner: &team,
        price: "price_1",
        quantity: 7,
        customer: None,
        email: Some("a+b@example.com"),
        success_url: "https://studio.example/settings?billing=done",
        cancel_url: "https://studio.example/settings",
    };
    assert_eq!(
        checkout.form(),
        "mode=subscription&line_items%5B0%5D%5Bprice%5D=price_1\
         &line_items%5B0%5D%5Bquantity%5D=7&client_reference_id=t-1\
         &metadata%5Bmcpengine_team%5D=t-1\
         &subscription_data%5Bmetadata%5D%5Bmcpengine_team%5D=t-1\
         &success_url=https%3A%2F%2Fstudio.example%2Fsettings%3Fbilling%3Ddone\
         &cancel_url=https%3A%2F%2Fstudio.example%2Fsettings\
         &customer_email=a%2Bb%40example.com"
    );
    let known = Checkout {
        customer: Some("cus_1"),
        ..checkout
    };
    assert!(known.form().ends_with("&customer=cus_1"));
    assert!(!known.form().contains("email"));
    assert_eq!(
        portal_form("cus_1", "https://studio.example/settings"),
        "customer=cus_1&return_url=https%3A%2F%2Fstudio.example%2Fsettings"
    );
    assert_eq!(
        subscription_path("sub_1").as_deref(),
        Some("/v1/subscriptions/sub_1")
    );
    for id in ["", "../x", "sub_1?a", "sub 1"] {
        assert_eq!(subscription_path(id), None, "{id}");
    }
}

fn answer(status: u16, body: &str) -> Answer<'_> {
    Answer {
        status,
        should_retry: None,
        retry_after: None,
        body: body.as_bytes(),
    }
}

#[test]
fn a_refusal_is_told_in_stripe_s_words() {
    let missing = r#"{"error":{"code":"resource_missing","message":"No such price: 'price_x'",
        "param":"line_items[0][price]","type":"invalid_request_error"}}"#;
    let failure = object(&answer(400, missing)).unwrap_err();
    assert_eq!(failure.kind, Kind::Refused);
    assert_eq!(
        failure.to_string(),
        "Stripe: No such price: 'price_x' (resource_missing)."
    );
    let key = r#"{"error":{"message":"Invalid API Key provided","type":"invalid_request_error"}}"#;
    let failure = object(&answer(401, key)).unwrap_err();
    assert_eq!(failure.kind, Kind::Unauthorized);
    assert_eq!(failure.code.as_deref(), Some("invalid_request_error"));
    for (status, kind) in [
        (403, Kind::Unauthorized),
        (404, Kind::NotFound),
        (409, Kind::Conflict),
        (429, Kind::RateLimited),
        (500, Kind::Unavailable),
        (302, Kind::Refused),
    ] {
        let failure = object(&answer(status, "<html>")).unwrap_err();
        assert_eq!(failure.kind, kind, "{status}");
        assert!(failure.to_string().contains(&status.to_string()));
    }
    for body in ["", "[]", "null", "<html>"] {
        assert!(object(&answer(200, body)).is_err(), "{body}");
    }
}

#[test]
fn a_page_is_https_or_on_loopback() {
    let body = |url: &str| format!(r#"{{"object":"checkout.session","url":{url}}}"#);
    for url in [
        "https://checkout.stripe.com/c/pay/cs_1",
        "http://127.0.0.1:1/c",
    ] {
        let body = body(&format!("{url:?}"));
        assert_eq!(session_url(&answer(200, &body)), Ok(url.to_owned()));
    }
    for url in [
        r#""javascript:alert(1)""#,
        r#""http://example.com""#,
        r#""x""#,
        "null",
        "5",
    ] {
        assert!(session_url(&answer(200, &body(url))).is_err(), "{url}");
    }
}

#[test]
fn it_is_sent_again_where_that_can_help() {
    let failure = |status, should_retry, retry_after| {
        let answer = Answer {
            should_retry,
            retry_after,
            ..answer(status, "{}")
        };
        object(&answer).unwrap_err()
    };
    for (attempt, failure, expected) in [
        (1, failure(500, None, None), Some(500)),
        (2, failure(409, None, None), Some(1_000)),
        (3, failure(500, None, None), None),
        (1, failure(400, None, None), None),
        (1, failure(400, Some("true"), None), Some(500)),
        (1, failure(500, Some("false"), None), None),
        (1, failure(429, None, Some("2")), Some(2_000)),
        (1, failure(429, None, Some("60")), None),
        (1, crate::Failure::unreachable("it is gone"), Some(500)),
    ] {
        assert_eq!(
            retry::wait_ms(attempt, &failure, 0),
            expected,
            "{failure:?}"
        );
    }
    assert_eq!(retry::wait_ms(1, &failure(500, None, None), 255), Some(749));
}

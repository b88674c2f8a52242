//! Cloudflare's documented examples, its faults, and input that is neither.

use proptest::prelude::*;
use serde::Deserialize;

use crate::answer::{self, Answer};
use crate::names::{
    check_account_id, check_api_token, check_namespace, check_script_name, check_subdomain,
};
use crate::retry::{ATTEMPTS, MAX_WAIT_MS, wait_ms};
use crate::{
    Binding, Failure, JAVASCRIPT_MODULE, Kind, Limits, Metadata, Multipart, Script,
    account_subdomain_path,
};

const ACCOUNT: &str = "023e105f4ecef8ad9ca31a8372d0c353";

fn answer(status: u16, body: &str) -> Answer<'_> {
    Answer {
        status,
        retry_after: None,
        body: body.as_bytes(),
    }
}

#[test]
fn scripts_have_their_documented_addresses() {
    let plain = Script::new(ACCOUNT, None, "pets-1").expect("a script");
    let path = format!("/accounts/{ACCOUNT}/workers/scripts/pets-1");
    assert_eq!(plain.path(), path);
    assert_eq!(plain.subdomain_path(), Some(format!("{path}/subdomain")));
    assert_eq!(plain.settings_path(), format!("{path}/script-settings"));
    let dispatched = Script::new(ACCOUNT, Some("my_servers"), "pets-1").expect("a script");
    assert_eq!(
        dispatched.path(),
        format!("/accounts/{ACCOUNT}/workers/dispatch/namespaces/my_servers/scripts/pets-1")
    );
    assert_eq!(dispatched.subdomain_path(), None);
    assert_eq!(
        dispatched.settings_path(),
        format!("{}/settings", dispatched.path())
    );
    assert_eq!(
        account_subdomain_path(ACCOUNT),
        Ok(format!("/accounts/{ACCOUNT}/workers/subdomain"))
    );
}

#[test]
fn what_is_no_name_enters_no_address() {
    let long = "a".repeat(64);
    for bad in [
        "", "-a", "a-", "A", "a_b", "a.b", "a/b", "../x", "a?b", "a%2e", "ä", &long,
    ] {
        assert!(check_script_name(bad).is_err(), "{bad}");
        assert!(check_subdomain(bad).is_err(), "{bad}");
        assert!(Script::new(ACCOUNT, None, bad).is_err(), "{bad}");
    }
    for bad in ["", "a.b", "a/b", &long] {
        assert!(check_namespace(bad).is_err(), "{bad}");
    }
    for bad in [
        "",
        "023e105f4ecef8ad9ca31a8372d0c35",
        "023E105F4ECEF8AD9CA31A8372D0C353",
        "../e105f4ecef8ad9ca31a8372d0c353",
    ] {
        assert!(check_account_id(bad).is_err(), "{bad}");
        assert!(account_subdomain_path(bad).is_err(), "{bad}");
    }
    let token = "Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY";
    assert_eq!(check_api_token(token), Ok(()));
    for bad in [
        "",
        "short",
        &format!("Bearer {token}"),
        &format!("{token}\n"),
    ] {
        let error = check_api_token(bad).expect_err(bad);
        assert!(bad.is_empty() || !error.to_string().contains(bad));
    }
}

#[test]
fn the_metadata_is_as_documented() {
    let metadata = Metadata {
        main_module: "worker.js".to_owned(),
        bindings: vec![
            Binding::PlainText {
                name: "API_BASE_URL".to_owned(),
                text: "https://api.example/v2".to_owned(),
            },
            Binding::SecretText {
                name: "PETS_TOKEN".to_owned(),
                text: "s3cret \"\n".to_owned(),
            },
        ],
        compatibility_date: "2026-11-01".to_owned(),
        compatibility_flags: vec!["no_nodejs_compat".to_owned()],
        tags: vec!["mcpengine".to_owned()],
        limits: Some(Limits { cpu_ms: 50 }),
    };
    assert_eq!(
        metadata.to_json(),
        concat!(
            r#"{"main_module":"worker.js","bindings":["#,
            r#"{"type":"plain_text","name":"API_BASE_URL","text":"https://api.example/v2"},"#,
            r#"{"type":"secret_text","name":"PETS_TOKEN","text":"s3cret \"\n"}],"#,
            r#""compatibility_date":"2026-11-01","compatibility_flags":["no_nodejs_compat"],"#,
            r#""tags":["mcpengine"],"limits":{"cpu_ms":50}}"#
        )
    );
    assert!(!format!("{metadata:?}").contains("s3cret"));
    let bare = Metadata {
        main_module: "main.js".to_owned(),
        compatibility_date: "2021-09-14".to_owned(),
        ..Metadata::default()
    };
    assert_eq!(
        bare.to_json(),
        r#"{"main_module":"main.js","bindings":[],"compatibility_date":"2021-09-14"}"#
    );
}

#[test]
fn a_form_is_written_part_by_part() {
    let mut form = Multipart::new([0xab; 16]);
    let boundary = "mcpengine-abababababababababababababababab";
    assert_eq!(
        form.content_type(),
        format!("multipart/form-data; boundary={boundary}")
    );
    // RFC 2046 §5.1.1: at most 70 characters.
    assert!(boundary.len() <= 70);
    let mut body = form.field("metadata", "application/json");
    body.push_str("{}");
    body.push_str(&form.file("tools/\"a\"\r\n.js", JAVASCRIPT_MODULE));
    body.push_str("export {};");
    body.push_str(&form.end());
    assert_eq!(
        body,
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\
             Content-Type: application/json\r\n\r\n{{}}\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"tools/%22a%22%0D%0A.js\"; \
             filename=\"tools/%22a%22%0D%0A.js\"\r\n\
             Content-Type: application/javascript+module\r\n\r\nexport {{}};\r\n--{boundary}--\r\n"
        )
    );
}

#[derive(Debug, PartialEq, Deserialize)]
struct Subdomain {
    subdomain: String,
}

#[test]
fn a_result_is_read_from_its_envelope() {
    let body =
        r#"{"errors":[],"messages":[],"success":true,"result":{"subdomain":"my-subdomain"}}"#;
    assert_eq!(
        answer::result(&answer(200, body)),
        Ok(Subdomain {
            subdomain: "my-subdomain".to_owned()
        })
    );
    assert_eq!(answer::success(&answer(200, body)), Ok(()));
    let nothing = r#"{"result":null,"success":true,"errors":[],"messages":[]}"#;
    assert_eq!(answer::success(&answer(200, nothing)), Ok(()));
    assert_eq!(answer::success(&answer(200, "")), Ok(()));
    assert!(answer::result::<Subdomain>(&answer(200, nothing)).is_err());
    for wrong in [
        "",
        "<html>",
        "[]",
        r#"{"result":{}}"#,
        r#"{"success":true,"result":7}"#,
    ] {
        let failure = answer::result::<Subdomain>(&answer(200, wrong)).expect_err(wrong);
        assert_eq!(
            (failure.kind, failure.code),
            (Kind::Refused, None),
            "{wrong}"
        );
    }
}

fn refusal(status: u16, code: i64, message: &str) -> Failure {
    let body = serde_json::json!({
        "success": false, "result": null, "messages": [],
        "errors": [{ "code": code, "message": message }],
    });
    answer::success(&answer(status, &body.to_string())).expect_err("a refusal")
}

/// Status, code and message of a refusal, and what is made of them.
const REFUSALS: &[(u16, i64, &str, Kind, &str)] = &[
    (
        403,
        10000,
        "Authentication error",
        Kind::Unauthorized,
        "Cloudflare: Authentication error (code 10000). The API token is not valid for this \
             account, or lacks the permission Workers Scripts: Edit. Check the account id, and \
             the token under My Profile, API Tokens.",
    ),
    (
        404,
        10007,
        "workers.api.error.script_not_found",
        Kind::NotFound,
        "Cloudflare: workers.api.error.script_not_found (code 10007). The account has no \
             such Worker, or no workers.dev subdomain.",
    ),
    (
        400,
        10021,
        "Uncaught Error: boom\n  at worker.js:1:7\n",
        Kind::InvalidScript,
        "Cloudflare: Uncaught Error: boom at worker.js:1:7 (code 10021). The Worker did not \
             pass validation: Cloudflare runs its top level before it accepts it.",
    ),
    (
        400,
        10063,
        "You need a workers.dev subdomain in order to proceed.",
        Kind::AccountNotReady,
        "Cloudflare: You need a workers.dev subdomain in order to proceed (code 10063). The \
             account has no workers.dev subdomain yet. Open Workers & Pages in the dashboard \
             once, which makes one.",
    ),
    (
        400,
        99_999,
        "something new",
        Kind::Refused,
        "Cloudflare: something new (code 99999).",
    ),
    (
        503,
        10013,
        "workers.api.error.unknown",
        Kind::Unavailable,
        "Cloudflare: workers.api.error.unknown (code 10013).",
    ),
];

#[test]
fn a_refusal_says_its_code_and_what_it_means() {
    for (status, code, message, kind, sentence) in REFUSALS {
        let failure = refusal(*status, *code, message);
        assert_eq!((failure.kind, failure.code), (*kind, Some(*code)));
        assert_eq!(failure.to_string(), *sentence);
    }
    let chained = r#"{"success":false,"errors":[{"code":6003,"message":"Invalid request headers",
        "error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}]}"#;
    let failure = answer::success(&answer(400, chained)).expect_err("a refusal");
    assert_eq!(
        (failure.kind, failure.code),
        (Kind::Unauthorized, Some(6111))
    );
    let page = answer::success(&answer(502, "<html>Bad gateway</html>")).expect_err("a page");
    assert_eq!(
        page.to_string(),
        "Cloudflare: it refused without a reason (status 502)."
    );
}

#[test]
fn what_is_gone_is_deleted() {
    let gone = r#"{"success":false,"errors":[{"code":10007,"message":"not found"}]}"#;
    assert_eq!(answer::deleted(&answer(404, gone)), Ok(()));
    let account = r#"{"success":false,"errors":[{"code":7003,"message":"no route"}]}"#;
    assert!(answer::deleted(&answer(404, account)).is_err());
    assert!(answer::deleted(&answer(500, gone)).is_err());
}

#[test]
fn a_missing_subdomain_is_for_the_owner_to_make() {
    let failure = refusal(404, 10007, "workers.api.error.subdomain_not_found").about_subdomain();
    assert_eq!(failure.kind, Kind::AccountNotReady);
    assert!(
        failure.to_string().ends_with("which makes one."),
        "{failure}"
    );
    let other = refusal(403, 10000, "Authentication error");
    assert_eq!(other.clone().about_subdomain(), other);
}

#[test]
fn only_what_passes_is_tried_again() {
    let failure = |kind, retry_after| Failure {
        kind,
        retry_after,
        ..Failure::unreachable("the connection broke off")
    };
    for kind in [
        Kind::Unauthorized,
        Kind::NotFound,
        Kind::InvalidScript,
        Kind::Limit,
        Kind::AccountNotReady,
        Kind::Refused,
    ] {
        assert_eq!(wait_ms(1, &failure(kind, Some(1)), 0), None);
    }
    for kind in [Kind::Busy, Kind::RateLimited, Kind::Unavailable] {
        let waits = |random| [1, 2, 3, 4].map(|n| wait_ms(n, &failure(kind, None), random));
        assert_eq!(waits(0), [Some(500), Some(1_000), Some(2_000), None]);
        assert_eq!(waits(255), [Some(749), Some(1_498), Some(2_996), None]);
        assert_eq!(wait_ms(1, &failure(kind, Some(7)), 255), Some(7_000));
        assert_eq!(wait_ms(1, &failure(kind, Some(0)), 255), Some(0));
        assert_eq!(wait_ms(1, &failure(kind, Some(21)), 0), None);
        assert_eq!(wait_ms(1, &failure(kind, Some(u64::MAX)), 0), None);
    }
    let mut limited = refusal(429, 10000, "slow down");
    assert_eq!(limited.kind, Kind::RateLimited);
    limited.retry_after = Some(300);
    assert_eq!(
        limited.to_string(),
        "Cloudflare: slow down (code 10000). Try again in 300 s."
    );
}

proptest! {
    #[test]
    fn no_answer_panics(status: u16, after in ".*", body: Vec<u8>, attempt: u32, random: u8) {
        let answer = Answer { status, retry_after: Some(&after), body: &body };
        if let Err(failure) = answer::result::<Subdomain>(&answer) {
            prop_assert!(failure.to_string().chars().count() < 1_000);
            let wait = wait_ms(attempt, &failure, random);
            prop_assert!(wait.is_none_or(|wait| wait <= MAX_WAIT_MS && attempt < ATTEMPTS));
        }
        let _ = answer::deleted(&answer);
    }

    #[test]
    fn a_name_that_is_taken_needs_no_escaping(text in ".{0,70}") {
        if check_script_name(&text).is_ok() {
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        }
    }
}

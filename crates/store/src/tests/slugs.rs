use proptest::prelude::*;

use super::support::*;
use crate::slugs::{self, MAX_CHARS, candidates, check_form, check_hosted, from_text, is_reserved};
use crate::{hosting, projects};

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn forms() {
    for slug in [
        "a",
        "0",
        "a-b",
        "a1",
        "pet-store",
        "x--y-z",
        &"a".repeat(40),
    ] {
        assert_eq!(check_form(slug), Ok(()), "{slug}");
    }
    for slug in [
        "",
        "-",
        "-a",
        "a-",
        "A",
        "a_b",
        "a.b",
        "a b",
        "ä",
        "а",
        "xn--80ak6aa92e",
        "ab--c",
        "a\n",
        &"a".repeat(41),
    ] {
        assert_eq!(
            code(&check_form(slug).unwrap_err()),
            "invalid_slug",
            "{slug}"
        );
    }
}

#[test]
fn reserved_names_cannot_be_hosted() {
    for slug in [
        "www",
        "api",
        "app",
        "admin",
        "mcp",
        "docs",
        "status",
        "mail",
        "mcpengine",
        "a",
    ] {
        assert_eq!(is_reserved(slug), slug != "a", "{slug}");
        assert_eq!(check_hosted(slug).is_ok(), slug == "a", "{slug}");
    }
    assert_eq!(code(&check_hosted("www").unwrap_err()), "reserved_slug");
}

#[test]
fn names_to_try() {
    let names = candidates("Pet Store (v2)!", "k3x9");
    assert_eq!(
        names,
        [
            "pet-store-v2",
            "pet-store-v2-mcp",
            "pet-store-v2-2",
            "pet-store-v2-3",
            "pet-store-v2-4",
            "pet-store-v2-5",
            "pet-store-v2-k3x9",
        ]
    );
    assert_eq!(candidates("API", "")[0], "api-mcp");
    assert_eq!(candidates("日本", "")[0], "server-mcp");
    let long = candidates(&"long-".repeat(20), "k3x9");
    assert!(long.iter().all(|name| name.len() <= MAX_CHARS), "{long:?}");
    assert!(long.last().unwrap().ends_with("-k3x9"));
}

#[test]
fn the_first_free_name_is_claimed_and_kept() {
    let db = database();
    for (who, id) in [(alice(), "a1"), (alice(), "a2"), (bob(), "b1")] {
        now(analyzed(&db, &who, id, id)).unwrap();
    }
    let names = list(&["things", "things-2", "things-3"]);
    let claim = |who, id, names: &[String]| now(slugs::claim(&db, &who, id, names, T0));
    assert_eq!(claim(alice(), "a1", &names).as_deref(), Ok("things"));
    assert_eq!(claim(bob(), "b1", &names).as_deref(), Ok("things-2"));
    assert_eq!(claim(alice(), "a2", &names).as_deref(), Ok("things-3"));
    // A project keeps its name, whatever it asks for later.
    assert_eq!(
        claim(alice(), "a1", &list(&["other"])).as_deref(),
        Ok("things")
    );
    assert_eq!(
        now(slugs::of_project(&db, &bob(), "b1")),
        Ok(Some("things-2".to_owned()))
    );
    now(analyzed(&db, &bob(), "b2", "b2")).unwrap();
    let before = dump(&db);
    assert_eq!(code(&claim(bob(), "b2", &names).unwrap_err()), "slug_taken");
    assert_eq!(
        code(&claim(bob(), "b2", &list(&["www"])).unwrap_err()),
        "reserved_slug"
    );
    assert_eq!(
        code(&claim(bob(), "b2", &list(&["A"])).unwrap_err()),
        "invalid_slug"
    );
    assert_eq!(code(&claim(bob(), "b2", &[]).unwrap_err()), "slug_taken");
    assert_eq!(dump(&db), before);
    assert_eq!(now(slugs::of_project(&db, &bob(), "b2")), Ok(None));
}

#[test]
fn a_name_that_was_in_use_is_nobody_elses_for_90_days() {
    let db = database();
    now(live(&db, &alice(), "a1", "things")).unwrap();
    now(analyzed(&db, &bob(), "b1", "b1")).unwrap();
    let names = list(&["things"]);
    let at_89_days = "2027-02-21T01:59:59.999Z";
    let at_90_days = "2027-02-21T02:00:00.000Z";
    now(projects::delete(&db, &alice(), "a1", T0)).unwrap();
    assert_eq!(now(hosting::resolve(&db, "things")), Ok(None));
    for (time, free) in [(T0, false), (at_89_days, false), (at_90_days, true)] {
        assert_eq!(
            now(slugs::is_available(&db, &bob(), "things", time)),
            Ok(free),
            "{time}"
        );
        assert_eq!(
            now(slugs::is_available(&db, &alice(), "things", time)),
            Ok(true),
            "{time}"
        );
    }
    let early = now(slugs::claim(&db, &bob(), "b1", &names, at_89_days));
    assert_eq!(code(&early.unwrap_err()), "slug_taken");
    let late = now(slugs::claim(&db, &bob(), "b1", &names, at_90_days));
    assert_eq!(late.as_deref(), Ok("things"));
    assert_eq!(
        now(slugs::is_available(&db, &alice(), "things", at_90_days)),
        Ok(false)
    );
    assert_eq!(now(hosting::resolve(&db, "things")), Ok(None));
}

#[test]
fn the_same_user_has_a_released_name_back_at_once() {
    let db = database();
    now(live(&db, &alice(), "a1", "things")).unwrap();
    now(projects::delete(&db, &alice(), "a1", T0)).unwrap();
    now(live(&db, &alice(), "a2", "things")).unwrap();
    let server = now(hosting::resolve(&db, "things")).unwrap().unwrap();
    assert_eq!(
        (server.project_id.as_str(), server.user_id.as_str()),
        ("a2", ALICE)
    );
}

#[test]
fn a_name_that_never_answered_is_free_at_once() {
    let db = database();
    now(analyzed(&db, &alice(), "a1", "a1")).unwrap();
    now(analyzed(&db, &bob(), "b1", "b1")).unwrap();
    let names = list(&["things"]);
    now(slugs::claim(&db, &alice(), "a1", &names, T0)).unwrap();
    now(projects::delete(&db, &alice(), "a1", T1)).unwrap();
    assert_eq!(
        now(slugs::claim(&db, &bob(), "b1", &names, T1)).as_deref(),
        Ok("things")
    );
}

#[test]
fn a_malformed_name_resolves_to_nobody() {
    let db = database();
    for slug in ["", "A", "a'--", "%", "_", &"a".repeat(100_000)] {
        assert_eq!(now(hosting::resolve(&db, slug)), Ok(None));
    }
}

proptest! {
    #[test]
    fn any_text_gives_names_that_can_be_hosted(text in "\\PC*", suffix in "\\PC*") {
        prop_assert!(check_form(&from_text(&text)).is_ok() || from_text(&text).get(2..4) == Some("--"));
        let names = candidates(&text, &suffix);
        prop_assert!(!names.is_empty());
        for name in &names {
            prop_assert!(check_hosted(name).is_ok(), "{}", name);
        }
        let mut distinct = names.clone();
        distinct.sort();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), names.len());
    }

    #[test]
    fn a_slug_stays_itself(slug in "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?") {
        if check_form(&slug).is_ok() && !slug.contains("--") {
            prop_assert_eq!(from_text(&slug), slug);
        }
    }

    /// The check agrees with the form that the documentation promises.
    #[test]
    fn the_form_is_what_it_says(text in "[a-zA-Z0-9._ -]{0,44}") {
        let letters = text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'));
        let ends = !text.starts_with('-') && !text.ends_with('-');
        let length = (1..=40).contains(&text.len());
        let expected = letters && ends && length && text.get(2..4) != Some("--");
        prop_assert_eq!(check_form(&text).is_ok(), expected);
    }
}

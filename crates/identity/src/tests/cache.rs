use serde_json::json;

use crate::{Algorithm, FRESH_MILLIS, KeyCache, KeySet, STALE_MILLIS, Step, UNKNOWN_MILLIS};

const T0: u64 = 1_800_000_000_000;
const MINUTE: u64 = 60_000;

fn set(ids: &[&str]) -> KeySet {
    let x = "A".repeat(43);
    let keys: Vec<_> = ids
        .iter()
        .map(|id| json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "x": x }))
        .collect();
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

/// The step by its name, with the key's id.
fn step(cache: &mut KeyCache, id: &str, now: u64) -> String {
    match cache.step(id, Algorithm::EdDsa, now) {
        Step::Use(key) => format!("use {}", key.key_id),
        Step::UseAndFetch(key) => format!("use {} and fetch", key.key_id),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn holding(ids: &[&str]) -> KeyCache {
    let mut cache = KeyCache::new();
    assert_eq!(step(&mut cache, "a", T0), "fetch");
    cache.fetched(set(ids), ids[0], T0);
    cache
}

#[test]
fn the_first_request_fetches_and_the_others_wait() {
    let mut cache = KeyCache::new();
    assert!(cache.is_empty(T0));
    assert_eq!(step(&mut cache, "a", T0), "fetch");
    assert_eq!(step(&mut cache, "a", T0 + 1), "wait");
    assert_eq!(step(&mut cache, "b", T0 + 2), "wait");
    cache.fetched(set(&["a"]), "a", T0 + 3);
    assert_eq!(step(&mut cache, "a", T0 + 4), "use a");
    assert!(!cache.is_empty(T0 + 4));
}

#[test]
fn who_fetches_and_is_never_heard_of_again_is_replaced() {
    let mut cache = KeyCache::new();
    assert_eq!(step(&mut cache, "a", T0), "fetch");
    assert_eq!(step(&mut cache, "a", T0 + 19_999), "wait");
    assert_eq!(step(&mut cache, "a", T0 + 20_000), "fetch");
}

#[test]
fn a_fresh_set_is_used_for_an_hour_and_then_fetched_behind_the_answer() {
    let mut cache = holding(&["a"]);
    assert_eq!(step(&mut cache, "a", T0 + FRESH_MILLIS - 1), "use a");
    assert_eq!(step(&mut cache, "a", T0 + FRESH_MILLIS), "use a and fetch");
    assert_eq!(step(&mut cache, "a", T0 + FRESH_MILLIS + 1), "use a");
    cache.fetched(set(&["b"]), "a", T0 + FRESH_MILLIS + 2);
    // The issuer has withdrawn the key.
    assert_eq!(step(&mut cache, "a", T0 + FRESH_MILLIS + 3), "unknown");
    assert_eq!(step(&mut cache, "b", T0 + FRESH_MILLIS + 3), "use b");
}

#[test]
fn an_outage_of_a_day_is_not_seen_by_those_who_have_keys() {
    let mut cache = holding(&["a"]);
    let mut fetches = 0;
    for minute in 0..24 * 60 {
        let now = T0 + minute * MINUTE;
        match step(&mut cache, "a", now).as_str() {
            "use a" => {}
            "use a and fetch" => {
                fetches += 1;
                cache.failed(now);
                assert_eq!(step(&mut cache, "a", now + 29_999), "use a");
            }
            other => panic!("{other} after {minute} minutes"),
        }
    }
    assert_eq!(fetches, 23 * 60);
    assert_eq!(step(&mut cache, "a", T0 + STALE_MILLIS), "fetch");
    cache.failed(T0 + STALE_MILLIS);
    assert_eq!(
        step(&mut cache, "a", T0 + STALE_MILLIS + 999),
        "unavailable"
    );
    assert_eq!(step(&mut cache, "a", T0 + STALE_MILLIS + 1_000), "fetch");
}

#[test]
fn a_new_key_is_fetched_at_once() {
    let mut cache = holding(&["a"]);
    assert_eq!(step(&mut cache, "b", T0 + 1), "fetch");
    assert_eq!(step(&mut cache, "b", T0 + 2), "wait");
    assert_eq!(step(&mut cache, "a", T0 + 2), "use a");
    cache.fetched(set(&["a", "b"]), "b", T0 + 3);
    assert_eq!(step(&mut cache, "b", T0 + 4), "use b");
    // A fetch that brought the key costs nothing: the next rotation is not held up.
    assert_eq!(step(&mut cache, "c", T0 + 5), "fetch");
}

#[test]
fn strangers_make_one_fetch_in_five_minutes() {
    let mut cache = holding(&["a"]);
    let mut fetches = 0;
    for second in 0..600_u64 {
        let now = T0 + second * 1_000;
        for name in ["x", "y", "z"] {
            if step(&mut cache, &format!("{name}{second}"), now) == "fetch" {
                fetches += 1;
                cache.fetched(set(&["a"]), name, now);
            }
        }
        assert_eq!(step(&mut cache, "a", now), "use a");
    }
    assert_eq!(fetches, 2);
    assert_eq!(UNKNOWN_MILLIS, 300_000);
}

#[test]
fn tokens_of_a_withdrawn_key_do_not_hold_up_the_next_rotation() {
    let mut cache = holding(&["a"]);
    for (turn, pair) in ["a", "b", "c", "d"].windows(2).enumerate() {
        let now = T0 + 10 * turn as u64;
        assert_eq!(step(&mut cache, pair[1], now + 1), "fetch");
        cache.fetched(set(&[pair[1]]), pair[1], now + 2);
        assert_eq!(step(&mut cache, pair[0], now + 3), "unknown");
        assert_eq!(
            step(&mut cache, pair[1], now + 3),
            "use b".replace('b', pair[1])
        );
    }
    // One that the issuer has again is good again.
    assert_eq!(step(&mut cache, "e", T0 + 90), "fetch");
    cache.fetched(set(&["a", "e"]), "e", T0 + 91);
    assert_eq!(step(&mut cache, "a", T0 + 92), "use a");
}

#[test]
fn an_id_with_another_algorithm_makes_no_fetch() {
    let mut cache = holding(&["a"]);
    assert_eq!(cache.step("a", Algorithm::Rs256, T0 + 1), Step::Unknown);
}

#[test]
fn an_unknown_key_while_the_issuer_is_out_of_reach() {
    let mut cache = holding(&["a"]);
    assert_eq!(step(&mut cache, "b", T0 + 1), "fetch");
    cache.failed(T0 + 2);
    assert_eq!(step(&mut cache, "b", T0 + 3), "unavailable");
    assert_eq!(step(&mut cache, "a", T0 + 3), "use a");
    assert_eq!(step(&mut cache, "b", T0 + 1_002), "fetch");
}

#[test]
fn a_kept_set_serves_until_its_own_end() {
    let mut cache = KeyCache::new();
    assert_eq!(step(&mut cache, "a", T0), "fetch");
    cache.failed(T0);
    cache.restored(set(&["a"]), T0 - 2 * FRESH_MILLIS);
    assert_eq!(step(&mut cache, "a", T0 + 1), "use a");
    assert_eq!(step(&mut cache, "a", T0 + 30_000), "use a and fetch");
    cache.fetched(set(&["b"]), "a", T0 + 30_001);
    cache.restored(set(&["a"]), T0);
    assert_eq!(step(&mut cache, "b", T0 + 30_002), "use b");

    let mut late = KeyCache::new();
    late.restored(set(&["a"]), T0 - STALE_MILLIS);
    assert_eq!(step(&mut late, "a", T0), "fetch");
}

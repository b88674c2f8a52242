use super::support::*;
use crate::calls::{
    self, Call, DAYS_KEPT, Hour, MAX_CALLS, MAX_ERROR_CHARS, Metrics, Outcome, RECENT_KEPT,
    TOOLS_CALL, UNKNOWN_TOOL,
};
use crate::testing::SqliteDatabase;
use crate::{Database, Statement, StoreError, time};

const CALL: Call<'static> = Call {
    deployment_id: "p-v1",
    at: T0,
    method: TOOLS_CALL,
    tool: "list_things",
    outcome: Outcome::Ok,
    duration_ms: 8,
    bytes_out: 100,
    error: None,
};

fn world() -> SqliteDatabase {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    let names = ["list_things", "get_thing", "a.b-c_d"].map(str::to_owned);
    now(calls::set_tools(&db, &alice(), "p-v1", &names)).unwrap();
    db
}

fn record(db: &impl Database, call: Call<'_>) {
    now(calls::record(db, &[call])).unwrap();
}

fn metrics(db: &SqliteDatabase) -> Metrics {
    now(calls::metrics(db, &alice(), "p-v1", T0)).unwrap()
}

/// `name calls errors bytes p50 p95` of each tool.
fn lines(metrics: &Metrics) -> Vec<String> {
    let line = |tool: &calls::Tool| {
        let sums = &tool.sums;
        let at = |percent| sums.durations.percentile(percent).unwrap();
        let (name, p50, p95) = (&tool.name, at(50), at(95));
        let (calls, errors, bytes) = (sums.calls, sums.errors, sums.bytes_out);
        format!("{name} {calls} {errors} {bytes} {p50} {p95}")
    };
    metrics.tools.iter().map(line).collect()
}

#[test]
fn calls_of_an_hour_add_up() {
    let db = world();
    for duration_ms in [8, 8, 700] {
        record(
            &db,
            Call {
                duration_ms,
                ..CALL
            },
        );
    }
    record(
        &db,
        Call {
            tool: "get_thing",
            outcome: Outcome::ToolError,
            error: Some("first"),
            ..CALL
        },
    );
    let next_hour = "2026-11-23T03:00:00.000Z";
    record(
        &db,
        Call {
            tool: "get_thing",
            at: next_hour,
            outcome: Outcome::ProtocolError,
            error: Some("second"),
            ..CALL
        },
    );
    // A call that works does not take the last error away.
    record(
        &db,
        Call {
            tool: "get_thing",
            at: next_hour,
            ..CALL
        },
    );
    let found = metrics(&db);
    let expected = ["get_thing 3 2 300 8 8", "list_things 3 0 300 10 700"];
    assert_eq!(lines(&found), expected);
    let error = &found.tools[0];
    let error = (error.last_error.as_deref(), error.last_error_at.as_deref());
    assert_eq!(error, (Some("second"), Some(next_hour)));
    assert_eq!((found.total.calls, found.total.errors), (6, 2));
    assert_eq!(found.total.durations.percentile(50), Some(10));
    let hour = |hour: &str, calls, errors| Hour {
        hour: hour.to_owned(),
        calls,
        errors,
    };
    let hours = [hour("2026-11-23T02", 4, 1), hour("2026-11-23T03", 2, 1)];
    assert_eq!(found.hours, hours);
    let later = now(calls::metrics(&db, &alice(), "p-v1", next_hour)).unwrap();
    assert_eq!(lines(&later), ["get_thing 2 1 200 8 8"]);
}

#[test]
fn a_name_that_is_not_listed_makes_no_row() {
    let db = world();
    let before = count(&db, "call_hours");
    for tool in [
        "",
        " ",
        "get_thing list_things",
        "list_thing",
        "get_thing ",
        "things",
        "%",
        "_",
        "(unknown)",
        "' OR 1=1 --",
    ] {
        record(&db, Call { tool, ..CALL });
    }
    assert_eq!(lines(&metrics(&db)), ["(unknown) 10 0 1000 8 8"]);
    assert_eq!(count(&db, "call_hours"), before + 1);
    let names = now(calls::recent(&db, &alice(), "p-v1", None, 100)).unwrap();
    assert!(names.iter().all(|call| call.tool == UNKNOWN_TOOL));
    record(
        &db,
        Call {
            tool: "a.b-c_d",
            ..CALL
        },
    );
    assert_eq!(metrics(&db).tools[1].name, "a.b-c_d");
}

#[test]
fn before_its_tools_are_known_a_version_counts_under_one_name() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    record(&db, CALL);
    assert_eq!(lines(&metrics(&db)), ["(unknown) 1 0 100 8 8"]);
}

#[test]
fn requests_that_call_no_tool_are_counted_apart() {
    let db = world();
    record(
        &db,
        Call {
            method: "tools/list",
            ..CALL
        },
    );
    let found = metrics(&db);
    assert_eq!((found.tools.len(), found.hours.len()), (0, 0));
    assert_eq!(found.total, calls::Sums::default());
    assert_eq!(found.methods[0].name, "tools/list");
    let kept = now(calls::recent(&db, &alice(), "p-v1", None, 1)).unwrap();
    assert_eq!(
        (kept[0].method.as_str(), kept[0].tool.as_str()),
        ("tools/list", "")
    );
}

/// Another writer's call lands before each batch of this one.
struct Interleaved<'a>(&'a SqliteDatabase);

impl Database for Interleaved<'_> {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<crate::Outcome>, StoreError> {
        calls::record(self.0, &[CALL]).await?;
        self.0.batch(statements).await
    }
}

#[test]
fn two_writers_lose_no_call() {
    let db = world();
    for _ in 0..50 {
        record(
            &Interleaved(&db),
            Call {
                duration_ms: 300,
                ..CALL
            },
        );
    }
    assert_eq!(lines(&metrics(&db)), ["list_things 100 0 10000 10 300"]);
    let kept = now(calls::recent(&db, &alice(), "p-v1", Some(0), 100)).unwrap();
    assert!(kept.iter().map(|call| call.seq).eq(1..=100));
}

/// What many calls at once leave is what they leave one by one.
#[test]
fn a_batch_counts_as_its_calls_do_one_by_one() {
    let (one_by_one, at_once) = (world(), world());
    let next_hour = "2026-11-23T03:00:00.000Z";
    let calls: Vec<Call<'_>> = (0..u32::try_from(MAX_CALLS).unwrap())
        .map(|n| Call {
            deployment_id: if n % 11 == 0 { "gone" } else { "p-v1" },
            at: if n < 50 { T0 } else { next_hour },
            tool: ["list_things", "get_thing", "made_up", "also made up"][n as usize % 4],
            method: if n % 7 == 0 { "tools/list" } else { TOOLS_CALL },
            outcome: if n % 5 == 0 {
                Outcome::ToolError
            } else {
                Outcome::Ok
            },
            error: (n % 5 == 0).then_some(if n % 2 == 0 { "even" } else { "odd" }),
            duration_ms: n * n,
            bytes_out: i64::from(n),
        })
        .collect();
    for call in &calls {
        record(&one_by_one, *call);
    }
    now(calls::record(&at_once, &calls)).unwrap();
    assert_eq!(dump(&at_once), dump(&one_by_one));
    assert_eq!(count(&at_once, "recent_calls"), 90);
    let one_more = [&calls[..], &[CALL]].concat();
    let error = now(calls::record(&at_once, &one_more)).unwrap_err();
    assert_eq!(code(&error), "too_large");
    now(calls::record(&at_once, &[])).unwrap();
    assert_eq!(dump(&at_once), dump(&one_by_one));
}

#[test]
fn the_latest_calls_stay_and_no_more() {
    let db = world();
    let more = i64::from(RECENT_KEPT) + 5;
    for _ in 0..more {
        record(&db, CALL);
    }
    assert_eq!(count(&db, "recent_calls"), i64::from(RECENT_KEPT));
    let oldest = now(calls::recent(&db, &alice(), "p-v1", Some(0), 1)).unwrap();
    assert_eq!(oldest[0].seq, 6);
    let newest = now(calls::recent(&db, &alice(), "p-v1", None, 1_000)).unwrap();
    assert_eq!((newest.len(), newest[0].seq), (100, more));
}

#[test]
fn counters_stay_a_month() {
    let db = world();
    record(&db, CALL);
    let later = |days: i64| time::days_before(T0, -days).unwrap();
    let kept = later(i64::from(DAYS_KEPT));
    record(&db, Call { at: &kept, ..CALL });
    assert_eq!(count(&db, "call_hours"), 2);
    let gone = later(i64::from(DAYS_KEPT) + 1);
    record(&db, Call { at: &gone, ..CALL });
    assert_eq!(count(&db, "call_hours"), 2);
}

#[test]
fn an_error_is_cut_and_a_version_that_is_gone_keeps_nothing() {
    let db = world();
    let long = "ü".repeat(MAX_ERROR_CHARS + 1);
    record(
        &db,
        Call {
            outcome: Outcome::Failed,
            error: Some(&long),
            ..CALL
        },
    );
    let kept = now(calls::recent(&db, &alice(), "p-v1", None, 1)).unwrap();
    let chars = kept[0].error.as_ref().unwrap().chars().count();
    assert_eq!((kept[0].outcome, chars), (Outcome::Failed, MAX_ERROR_CHARS));
    let before = dump(&db);
    record(
        &db,
        Call {
            deployment_id: "gone",
            ..CALL
        },
    );
    assert_eq!(dump(&db), before);
    now(crate::projects::delete(&db, &alice(), "p", T1)).unwrap();
    assert_eq!(
        (count(&db, "call_hours"), count(&db, "recent_calls")),
        (0, 0)
    );
}

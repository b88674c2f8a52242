use proptest::prelude::*;
use serde_json::json;

use super::support::*;
use crate::limits::{MAX_PARAMS, MAX_ROW_BYTES, rows_per_statement};
use crate::port::run;
use crate::tools::{self, NewTool};
use crate::{Param, Statement, StoreError, edits, jobs, time};

#[test]
fn limits_are_refused_before_the_call() {
    let db = database();
    let too_many = Statement {
        sql: "SELECT 1".into(),
        params: vec![Param::Null; 101],
    };
    let too_long = Statement {
        sql: " ".repeat(100_001).into(),
        params: Vec::new(),
    };
    let value = Param::from("x".repeat(MAX_ROW_BYTES + 1));
    let too_large = Statement {
        sql: "SELECT ?1".into(),
        params: vec![value],
    };
    for (statement, what) in [
        (too_many, "bound parameters"),
        (too_long, "bytes of SQL"),
        (too_large, "bytes of one value"),
    ] {
        match now(run(&db, vec![statement])) {
            Err(StoreError::TooLarge { what: found, .. }) => assert_eq!(found, what),
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[test]
fn a_row_that_is_too_large_as_a_whole_is_named_and_leaves_nothing() {
    let db = database();
    let half = json!({"description": "x".repeat(MAX_ROW_BYTES / 2 - 100)});
    let mut large = tool(0);
    large.input_schema = half.clone().into();
    large.output_schema = Some(half.into());
    now(analyzed(&db, &alice(), "p", "things")).unwrap();
    let before = dump(&db);
    let tools = [tool(1), large];
    let error = now(tools::replace_all(
        &db,
        &alice(),
        "p",
        &new_tools("new", &tools),
        T1,
    ))
    .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("bytes of the tool get_thing_0: "),
        "{error}"
    );
    assert_eq!(dump(&db), before);
}

#[test]
fn an_event_is_an_object_where_it_is_large() {
    let small = "x".repeat(crate::limits::MAX_INLINE_EVENT_BYTES);
    let (event, object) = jobs::place("job", 7, small.clone());
    assert_eq!(
        (event.body, object),
        (jobs::EventBody::Inline(small.clone()), None)
    );
    let large = small + "x";
    let (event, object) = jobs::place("job", 8, large.clone());
    let key = "events/job/8.json".to_owned();
    assert_eq!(
        event,
        jobs::Event {
            seq: 8,
            body: jobs::EventBody::Object(key.clone())
        }
    );
    assert_eq!(object, Some((key, large)));
}

#[test]
fn any_number_of_tools_is_stored_in_order() {
    let db = database();
    now(analyzed(&db, &alice(), "p", "things")).unwrap();
    for count in [0, 1, 6, 7, 8, 300] {
        let tools: Vec<_> = (0..count).map(tool).collect();
        now(tools::replace_all(
            &db,
            &alice(),
            "p",
            &new_tools("n", &tools),
            T1,
        ))
        .unwrap();
        let rows = now(tools::list(&db, &alice(), "p")).unwrap();
        let keys: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
        let expected: Vec<String> = tools.iter().map(|tool| tool.key.clone()).collect();
        assert_eq!(keys, expected);
    }
    let row = now(tools::list(&db, &alice(), "p")).unwrap().swap_remove(4);
    let expected = tools::ToolRow {
        id: "n-tool-4".into(),
        key: "GET /things/4".into(),
        name: "get_thing_4".into(),
        title: "Get thing 4".into(),
        description: "Returns thing 4. It's \"quoted\" \u{1F680}.".into(),
        group: "things".into(),
        method: "GET".into(),
        path: "/things/4".into(),
        input_schema: json!({"type": "object", "properties": {"b": {}, "a": {}}}),
        output_schema: Some(json!({"type": "object"})),
        annotations: json!({
            "readOnlyHint": true, "destructiveHint": false,
            "idempotentHint": true, "openWorldHint": true,
        }),
        enabled: true,
        deprecated: true,
        position: 4,
    };
    assert_eq!(row, expected);
    // A document's order of properties is what people see.
    assert!(
        row.input_schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .eq(["b", "a"])
    );
}

#[test]
fn text_of_any_kind_comes_back_as_it_was() {
    let db = database();
    now(analyzed(&db, &alice(), "p", "things")).unwrap();
    let mut odd = tool(0);
    odd.title = "a\u{0}b\u{1}\u{7f}\u{2028}\u{1F680}'\"\\/\\u0041 $[0] ?1".into();
    odd.group = String::new();
    odd.input_schema =
        json!({"a\u{0}": [1e300, -0.5, 9_007_199_254_740_993_i64, null, true]}).into();
    let tools = [odd.clone()];
    now(tools::replace_all(
        &db,
        &alice(),
        "p",
        &new_tools("n", &tools),
        T1,
    ))
    .unwrap();
    let row = now(tools::list(&db, &alice(), "p")).unwrap().swap_remove(0);
    assert_eq!((row.title, row.group), (odd.title, odd.group));
    assert_eq!(row.input_schema, odd.input_schema.to_value());
}

#[test]
fn many_large_tools_are_stored_in_several_statements() {
    let db = database();
    now(analyzed(&db, &alice(), "p", "things")).unwrap();
    let large = json!({"description": "\"x".repeat(200_000)});
    let tools: Vec<_> = (0..7)
        .map(|number| {
            let mut tool = tool(number);
            tool.input_schema = large.clone().into();
            tool
        })
        .collect();
    now(tools::replace_all(
        &db,
        &alice(),
        "p",
        &new_tools("n", &tools),
        T1,
    ))
    .unwrap();
    let rows = now(tools::list(&db, &alice(), "p")).unwrap();
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().all(|row| row.input_schema == large));
}

#[test]
fn two_tools_of_one_key_are_a_conflict_and_leave_nothing() {
    let db = database();
    now(analyzed(&db, &alice(), "p", "things")).unwrap();
    let before = dump(&db);
    let one = tool(1);
    let twice = [("a", &one), ("b", &one)].map(|(id, tool)| NewTool {
        id: id.into(),
        tool,
    });
    let error = now(tools::replace_all(&db, &alice(), "p", &twice, T1)).unwrap_err();
    assert_eq!(code(&error), "constraint");
    assert_eq!(dump(&db), before);
}

#[test]
fn edits_are_numbered_without_gaps() {
    let db = database();
    now(analyzed(&db, &alice(), "p", "things")).unwrap();
    let edit = |number: i64| edits::NewEdit {
        key: "GET /things/0".into(),
        path: vec!["input/Schema".into(), "~".into()],
        value: json!(number),
        prev: json!(null),
    };
    let mut revision = 0;
    for count in [1, 19, 20, 0, 100] {
        let new: Vec<_> = (0..count).map(edit).collect();
        revision = now(edits::append(&db, &alice(), "p", revision, &new, None, T1)).unwrap();
    }
    assert_eq!(revision, 140);
    let rows = now(edits::list(&db, &alice(), "p", 0)).unwrap();
    assert!(rows.iter().map(|row| row.revision).eq(1..=140));
    assert_eq!(rows[139].value, json!(99));
    assert_eq!(rows[0].path, ["input/Schema", "~"]);
    assert_eq!(rows[0].user_id, ALICE);
    for stale in [0, 139, 141] {
        let before = dump(&db);
        let error = now(edits::append(
            &db,
            &alice(),
            "p",
            stale,
            &[edit(1)],
            None,
            T1,
        ))
        .unwrap_err();
        assert_eq!(code(&error), "revision_changed");
        assert_eq!(dump(&db), before);
    }
}

#[test]
fn times_of_another_form_are_refused() {
    assert_eq!(time::check("2026-11-23T02:00:00.000Z"), Ok(()));
    for text in [
        "",
        "2026-11-23",
        "2026-11-23T02:00:00Z",
        "2026-11-23T02:00:00.000+00:00",
        "2026-11-23 02:00:00.000Z",
        "2026-11-23T02:00:00.0000Z",
        "2026-11-2３T02:00:00.00Z",
    ] {
        assert_eq!(
            code(&time::check(text).unwrap_err()),
            "invalid_time",
            "{text}"
        );
    }
}

#[test]
fn days_are_counted_over_months_and_leap_years() {
    let before = |time: &str, days| time::days_before(time, days).unwrap();
    assert_eq!(
        before("2026-11-23T02:00:00.123Z", 0),
        "2026-11-23T02:00:00.123Z"
    );
    assert_eq!(
        before("2026-11-23T02:00:00.123Z", 90),
        "2026-08-25T02:00:00.123Z"
    );
    assert_eq!(
        before("2024-03-01T23:59:59.999Z", 1),
        "2024-02-29T23:59:59.999Z"
    );
    assert_eq!(
        before("2100-03-01T00:00:00.000Z", 1),
        "2100-02-28T00:00:00.000Z"
    );
    assert_eq!(
        before("2000-03-01T00:00:00.000Z", 366),
        "1999-03-01T00:00:00.000Z"
    );
    assert_eq!(
        before("1970-01-01T00:00:00.000Z", 1),
        "1969-12-31T00:00:00.000Z"
    );
}

proptest! {
    #[test]
    fn going_back_and_forth_is_the_same_day(
        year in 1i64..9_999, month in 1u8..=12, day in 1u8..=28, days in 0i64..100_000,
    ) {
        let time = format!("{year:04}-{month:02}-{day:02}T12:00:00.000Z");
        let forth = time::days_before(&time, -days);
        if let Ok(there) = &forth && time::check(there).is_ok() {
            let back = time::days_before(there, days).unwrap();
            prop_assert_eq!(&back, &time);
            prop_assert!(there.as_str() >= time.as_str());
        }
    }

    #[test]
    fn a_full_statement_stays_within_the_parameters(columns in 1usize..60, shared in 0usize..40) {
        let rows = rows_per_statement(columns, shared);
        prop_assert!(rows >= 1 && rows * columns + shared <= MAX_PARAMS);
        prop_assert!((rows + 1) * columns + shared > MAX_PARAMS);
    }
}

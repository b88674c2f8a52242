use serde_json::json;

use super::support::*;
use crate::jobs::{
    self, Ending, Event, EventBody, Job, JobKind, JobState, Lease, NewJob, append_events,
    events_after, finish, heartbeat, request_cancel, take_over, try_again,
};
use crate::testing::SqliteDatabase;
use crate::usage::Spent;
use crate::{Database, StoreError, sweep};

fn event(seq: i64) -> Event {
    Event {
        seq,
        body: EventBody::Inline(format!(r#"{{"seq":{seq}}}"#)),
    }
}

fn start(db: &impl Database, id: &str) -> Job {
    let input = json!({"spec": "specs/p/x.json"});
    let job = NewJob {
        id,
        project_id: Some("not-made-yet"),
        kind: JobKind::Analyze,
        input: &input,
        lease_until: T1,
    };
    now(jobs::create(db, &alice(), &job, T0)).unwrap()
}

fn seqs(db: &SqliteDatabase, id: &str, after: i64, limit: u32) -> Vec<i64> {
    let events = now(events_after(db, &alice(), id, after, limit)).unwrap();
    events.iter().map(|event| event.seq).collect()
}

#[test]
fn a_job_is_made_for_a_project_that_it_will_make() {
    let db = database();
    let job = start(&db, "j");
    let expected = Job {
        id: "j".into(),
        user_id: ALICE.into(),
        project_id: Some("not-made-yet".into()),
        kind: JobKind::Analyze,
        state: JobState::Running,
        ending: None,
        lease_until: T1.into(),
        attempt: 1,
        input: json!({"spec": "specs/p/x.json"}),
        created_at: T0.into(),
        cancel_requested_at: None,
        finished_at: None,
    };
    assert_eq!(job, expected);
    assert_eq!(now(jobs::get(&db, &alice(), "j")), Ok(expected));
}

#[test]
fn events_are_replayed_from_anywhere() {
    let db = database();
    let lease = start(&db, "j").lease();
    let all: Vec<Event> = (1..=250).map(event).collect();
    now(append_events(&db, &alice(), &lease, &all)).unwrap();
    now(append_events(&db, &alice(), &lease, &[])).unwrap();
    assert_eq!(seqs(&db, "j", 0, 1_000), (1..=250).collect::<Vec<_>>());
    assert_eq!(seqs(&db, "j", 247, 1_000), [248, 249, 250]);
    assert_eq!(seqs(&db, "j", 0, 2), [1, 2]);
    assert_eq!(seqs(&db, "j", 250, 10), Vec::<i64>::new());
    assert_eq!(
        now(events_after(&db, &alice(), "j", 100, 1)),
        Ok(vec![event(101)])
    );
}

#[test]
fn a_repeated_sequence_number_appends_nothing() {
    let db = database();
    let lease = start(&db, "j").lease();
    now(append_events(&db, &alice(), &lease, &[event(1), event(2)])).unwrap();
    let error = now(append_events(&db, &alice(), &lease, &[event(3), event(2)])).unwrap_err();
    assert_eq!(code(&error), "constraint");
    assert_eq!(seqs(&db, "j", 0, 10), [1, 2]);
}

#[test]
fn a_job_ends_once_with_one_terminal_event() {
    let db = database();
    let lease = start(&db, "j").lease();
    now(append_events(&db, &alice(), &lease, &[event(1)])).unwrap();
    let end = |ending, seq: i64| {
        now(finish(
            &db,
            &alice(),
            &lease,
            ending,
            Spent::default(),
            &event(seq),
            T2,
        ))
    };
    let done = end(Ending::Done, 2).unwrap();
    assert_eq!(
        (done.state, done.finished_at),
        (JobState::Done, Some(T2.to_owned()))
    );
    let before = dump(&db);
    assert_eq!(code(&end(Ending::Failed, 3).unwrap_err()), "job_finished");
    let late = now(append_events(&db, &alice(), &lease, &[event(3)])).unwrap_err();
    assert_eq!(code(&late), "job_finished");
    let beat = now(heartbeat(&db, &alice(), &lease, T3)).unwrap_err();
    assert_eq!(code(&beat), "job_finished");
    let again = now(take_over(&db, &alice(), "j", T3, T2)).unwrap_err();
    assert_eq!(code(&again), "job_finished");
    assert_eq!(dump(&db), before);
    assert_eq!(seqs(&db, "j", 0, 10), [1, 2]);
}

#[test]
fn an_expired_lease_is_taken_over_and_fences_the_first_worker() {
    let db = database();
    let first = start(&db, "j").lease();
    now(append_events(&db, &alice(), &first, &[event(1)])).unwrap();
    let early = now(take_over(&db, &alice(), "j", T3, T0)).unwrap_err();
    assert_eq!(code(&early), "lease_held");
    let job = now(take_over(&db, &alice(), "j", T3, T2)).unwrap();
    assert_eq!((job.attempt, job.lease_until.as_str()), (2, T3));
    let before = dump(&db);
    for error in [
        now(append_events(&db, &alice(), &first, &[event(2)])).unwrap_err(),
        now(heartbeat(&db, &alice(), &first, T3)).unwrap_err(),
        now(finish(
            &db,
            &alice(),
            &first,
            Ending::Done,
            Spent::default(),
            &event(2),
            T2,
        ))
        .unwrap_err(),
    ] {
        assert_eq!(code(&error), "lease_lost");
    }
    assert_eq!(dump(&db), before);
    now(finish(
        &db,
        &alice(),
        &job.lease(),
        Ending::Failed,
        Spent::default(),
        &event(2),
        T2,
    ))
    .unwrap();
    assert_eq!(seqs(&db, "j", 0, 10), [1, 2]);
}

#[test]
fn a_heartbeat_keeps_the_lease() {
    let db = database();
    let lease = start(&db, "j").lease();
    now(heartbeat(&db, &alice(), &lease, T3)).unwrap();
    let error = now(take_over(&db, &alice(), "j", T3, T2)).unwrap_err();
    assert_eq!(code(&error), "lease_held");
    let none = Lease {
        job_id: "none".into(),
        attempt: 1,
    };
    let error = now(heartbeat(&db, &alice(), &none, T3)).unwrap_err();
    assert_eq!(error, StoreError::NotFound("job"));
}

#[test]
fn the_sweeper_sees_expired_jobs_only() {
    let db = database();
    let ended = start(&db, "ended").lease();
    now(finish(
        &db,
        &alice(),
        &ended,
        Ending::Done,
        Spent::default(),
        &event(1),
        T0,
    ))
    .unwrap();
    let kept = start(&db, "kept").lease();
    now(heartbeat(&db, &alice(), &kept, T3)).unwrap();
    start(&db, "expired");
    let found = |time, limit| {
        let jobs = now(sweep::expired_jobs(&db, time, limit)).unwrap();
        jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(found(T0, 10), Vec::<String>::new());
    assert_eq!(found(T1, 10), ["expired"]);
    assert_eq!(found(T3, 10), ["expired", "kept"]);
    assert_eq!(found(T3, 1), ["expired"]);
}

#[test]
fn who_holds_the_lease_tries_again_at_once() {
    let db = database();
    let first = start(&db, "j").lease();
    let second = now(try_again(&db, &alice(), &first, T2)).unwrap();
    assert_eq!((second.attempt, second.lease_until.as_str()), (2, T2));
    assert_eq!(second.input, json!({"spec": "specs/p/x.json"}));
    let late = now(try_again(&db, &alice(), &first, T3)).unwrap_err();
    assert_eq!(code(&late), "lease_lost");
    let late = now(append_events(&db, &alice(), &first, &[event(1)])).unwrap_err();
    assert_eq!(code(&late), "lease_lost");
    now(append_events(&db, &alice(), &second.lease(), &[event(1)])).unwrap();
}

#[test]
fn every_ending_is_told_apart_and_takes_the_input_along() {
    for (ending, state) in [
        (Ending::Done, JobState::Done),
        (Ending::Failed, JobState::Failed),
        (Ending::Cancelled, JobState::Failed),
        (Ending::Dead, JobState::Failed),
    ] {
        let db = database();
        let lease = start(&db, "j").lease();
        let job = now(finish(
            &db,
            &alice(),
            &lease,
            ending,
            Spent::default(),
            &event(1),
            T1,
        ))
        .unwrap();
        assert_eq!((job.state, job.ending), (state, Some(ending)));
        assert_eq!(job.input, json!(null));
        assert_eq!(now(sweep::running_job(&db, "j")), Ok(None));
    }
}

#[test]
fn a_job_is_asked_to_end_by_its_user_alone() {
    let db = database();
    let lease = start(&db, "j").lease();
    assert_eq!(
        now(request_cancel(&db, &bob(), "j", T1)),
        Err(StoreError::NotFound("job"))
    );
    let asked = now(request_cancel(&db, &alice(), "j", T1)).unwrap();
    assert_eq!(asked.cancel_requested_at.as_deref(), Some(T1));
    let again = now(request_cancel(&db, &alice(), "j", T2)).unwrap();
    assert_eq!(again, asked);
    let beat = now(heartbeat(&db, &alice(), &lease, T3)).unwrap();
    assert_eq!(beat.cancel_requested_at.as_deref(), Some(T1));
    let running = now(sweep::running_job(&db, "j")).unwrap();
    assert_eq!(running, Some(beat));
    let end = Ending::Cancelled;
    now(finish(
        &db,
        &alice(),
        &lease,
        end,
        Spent::default(),
        &event(1),
        T2,
    ))
    .unwrap();
    let late = now(request_cancel(&db, &alice(), "j", T2)).unwrap_err();
    assert_eq!(code(&late), "job_finished");
}

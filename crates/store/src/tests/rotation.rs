//! Stored credentials go over to a new root key: interrupted anywhere, beside
//! those who store and read them.

use std::cell::RefCell;

use mcpengine_vault::{Context, Keyring, key_id, open, seal};

use super::support::*;
use crate::rotation::{STEP_ROWS, Step, step};
use crate::testing::{Fault, Faulty, SqliteDatabase};
use crate::{Database, Outcome, Param, Statement, StoreError, api_keys, hosting};

/// 32 bytes of 7, and of 8.
const OLD: (&str, &str) = ("k1", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
const NEW: (&str, &str) = ("k2", "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=");

fn ring(keys: &[(&str, &str)]) -> Keyring {
    Keyring::new(keys[0].0, keys).unwrap()
}

/// Both keys, the new one current.
fn both() -> Keyring {
    ring(&[NEW, OLD])
}

fn context(name: &str) -> Context<'_> {
    Context {
        user: ALICE,
        project: "p",
        secret: name,
        field: api_keys::FIELD,
    }
}

fn name(row: usize) -> String {
    format!("KEY_{row:05}")
}

fn id(row: usize) -> String {
    format!("id-{row:05}")
}

fn plain(row: usize) -> String {
    format!("secret of {row}")
}

/// Nonces that never repeat within a test.
fn nonces() -> impl FnMut() -> Result<[u8; 12], StoreError> {
    let mut count = 0_u64;
    move || {
        count += 1;
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&count.to_be_bytes());
        Ok(nonce)
    }
}

/// A live project with this many credentials under the old key.
fn world(rows: usize) -> SqliteDatabase {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    let (old, mut nonce) = (ring(&[OLD]), nonces());
    let insert = |row: usize, envelope: String| Statement {
        sql: "INSERT INTO api_keys \
              (id, project_id, user_id, key_name, encrypted_value, last4, created_at) \
              VALUES (?1, 'p', ?2, ?3, ?4, NULL, ?5)"
            .into(),
        params: vec![
            id(row).into(),
            ALICE.into(),
            name(row).into(),
            envelope.into(),
            T0.into(),
        ],
    };
    let inserts = (0..rows).map(|row| {
        let nonce = nonce().unwrap();
        let sealed = seal(&old, &context(&name(row)), plain(row).as_bytes(), nonce);
        insert(row, sealed.unwrap())
    });
    now(db.batch(inserts.collect())).unwrap();
    db
}

fn envelopes(db: &SqliteDatabase) -> Vec<(String, String)> {
    let rows = db
        .raw("SELECT id, encrypted_value FROM api_keys ORDER BY id")
        .unwrap();
    let text = |row: &crate::Row, column: &str| row[column].as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| (text(row, "id"), text(row, "encrypted_value")))
        .collect()
}

/// Every row opens with these keys, to what it held at first; how many are new.
fn check(db: &SqliteDatabase, keys: &Keyring) -> usize {
    let mut new = 0;
    for (row, (_, envelope)) in envelopes(db).iter().enumerate() {
        let name = name(row);
        let opened = open(keys, &context(&name), envelope).unwrap();
        assert_eq!(opened.expose_str(), Some(plain(row).as_str()));
        new += usize::from(key_id(envelope) == Ok("k2"));
    }
    new
}

/// Steps until one is at the end; the sum of all.
fn walk(db: &impl Database, keys: &Keyring) -> Step {
    let (mut sum, mut nonce) = (Step::default(), nonces());
    while !sum.at_end {
        let step = now(step(db, keys, &mut nonce, T1)).unwrap();
        sum.rewrapped += step.rewrapped;
        sum.unreadable.extend(step.unreadable);
        sum.at_end = step.at_end;
    }
    sum
}

/// Pseudo-random numbers below `bound` (Knuth's MMIX generator).
fn random(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |bound| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    }
}

#[test]
fn ten_thousand_rows_go_over_however_often_the_walk_is_interrupted() {
    const ROWS: usize = 10_000;
    let db = Faulty::new(world(ROWS));
    let (keys, mut nonce, mut random) = (both(), nonces(), random(7));
    let (mut interruptions, mut reported, mut at_end) = (0, 0, false);
    while !at_end {
        // Somewhere within the next eight steps, before its effect or after it.
        let fault = [Fault::BeforeEffect, Fault::LostAnswer][random(2)];
        db.fail_call(random(16), fault);
        loop {
            match now(step(&db, &keys, &mut nonce, T1)) {
                Ok(step) => {
                    reported += step.rewrapped;
                    at_end = step.at_end;
                    assert_eq!(step.unreadable, Vec::<String>::new());
                }
                Err(error) => {
                    assert_eq!(code(&error), "unavailable");
                    interruptions += 1;
                    break;
                }
            }
            if at_end {
                break;
            }
        }
        if interruptions % 5 == 0 {
            db.heal();
            check(db.inner(), &keys);
        }
    }
    assert!(interruptions >= 10, "{interruptions}");
    // A step whose answer was lost has rewrapped its rows without saying so.
    assert!(reported <= ROWS as u64 && reported > ROWS as u64 / 2);
    db.heal();
    assert_eq!(check(db.inner(), &keys), ROWS);
    // The old key is not needed any more, and nothing is left to do.
    assert_eq!(check(db.inner(), &ring(&[NEW])), ROWS);
    let before = dump(db.inner());
    let nothing = Step {
        at_end: true,
        ..Step::default()
    };
    assert_eq!(walk(&db, &keys), nothing);
    assert_eq!(dump(db.inner()), before);
    assert_eq!(db.heal(), 2, "calls where there is nothing to do");
}

#[test]
fn every_failing_call_leaves_whole_rows() {
    let rows = STEP_ROWS as usize * 2 + 1;
    let first = Faulty::new(world(rows));
    first.heal();
    walk(&first, &both());
    let calls = first.heal();
    assert_eq!(calls, 6);
    for call in 0..calls {
        for fault in [Fault::BeforeEffect, Fault::LostAnswer] {
            let db = Faulty::new(world(rows));
            db.fail_call(call, fault);
            let mut nonce = nonces();
            let failed = (0..3)
                .map(|_| now(step(&db, &both(), &mut nonce, T1)))
                .find_map(Result::err);
            assert_eq!(failed.as_ref().map(code), Some("unavailable"));
            check(db.inner(), &both());
            db.heal();
            walk(&db, &both());
            assert_eq!(check(db.inner(), &both()), rows, "call {call}, {fault:?}");
        }
    }
}

#[test]
fn what_cannot_be_opened_is_named_and_stops_nobody() {
    let rows = STEP_ROWS as usize * 2;
    let db = world(rows);
    // More than one whole step of them at the start, of every kind.
    let spoilt = STEP_ROWS as usize + 5;
    let (_, good) = envelopes(&db)[0].clone();
    let mut tampered = good.clone();
    tampered.pop();
    tampered.push('A');
    assert_ne!(tampered, good);
    let kinds = [
        tampered,
        good.replace(".k1.", ".k9."),
        "".into(),
        "v1.k2".into(),
        good.to_uppercase(),
        // Of another row.
        envelopes(&db)[rows - 1].1.clone(),
    ];
    for row in 0..spoilt {
        let update = Statement {
            sql: "UPDATE api_keys SET encrypted_value = ?2 WHERE id = ?1".into(),
            params: vec![id(row).into(), kinds[row % kinds.len()].clone().into()],
        };
        now(db.batch(vec![update])).unwrap();
    }
    let before = envelopes(&db);
    let sum = walk(&db, &both());
    assert_eq!(sum.unreadable, (0..spoilt).map(id).collect::<Vec<_>>());
    assert_eq!(sum.rewrapped, (rows - spoilt) as u64);
    let after = envelopes(&db);
    assert_eq!(after[..spoilt], before[..spoilt]);
    for (_, envelope) in &after[spoilt..] {
        assert_eq!(key_id(envelope), Ok("k2"));
    }
    // They are named again each time round.
    let again = walk(&db, &both());
    assert_eq!((again.rewrapped, again.unreadable.len()), (0, spoilt));
}

/// Somebody stores another secret, or deletes it, between a step's two calls.
struct Meddler {
    db: SqliteDatabase,
    /// Run once, before the next batch that updates.
    between: RefCell<Vec<Statement>>,
}

impl Database for Meddler {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        if statements[0].sql.starts_with("UPDATE api_keys") {
            self.db.batch(self.between.take()).await?;
        }
        self.db.batch(statements).await
    }
}

#[test]
fn what_is_stored_meanwhile_stays() {
    let db = world(10);
    // One writer knows only the old key, as a version of the Worker before would.
    let sealed = |keys: &Keyring, text: &str| {
        seal(keys, &context(&name(3)), text.as_bytes(), [200; 12]).unwrap()
    };
    for (writer, later) in [(ring(&[OLD]), 1), (both(), 0)] {
        let fresh = sealed(&writer, "another secret");
        let update = Statement {
            sql: "UPDATE api_keys SET encrypted_value = ?2 WHERE id = ?1".into(),
            params: vec![id(3).into(), Param::from(&fresh)],
        };
        let delete = Statement {
            sql: "DELETE FROM api_keys WHERE id = ?1".into(),
            params: vec![id(4).into()],
        };
        let meddler = Meddler {
            db: world(10),
            between: RefCell::new(vec![update, delete]),
        };
        assert_eq!(walk(&meddler, &both()).rewrapped, 8);
        let stored = envelopes(&meddler.db);
        assert_eq!(stored[3], (id(3), fresh));
        assert_eq!(stored[4].0, id(5));
        // The walk comes by again.
        assert_eq!(walk(&meddler, &both()).rewrapped, later);
        let opened = open(&both(), &context(&name(3)), &envelopes(&meddler.db)[3].1);
        assert_eq!(opened.unwrap().expose_str(), Some("another secret"));
    }
    check(&db, &ring(&[OLD]));
}

#[test]
fn a_live_server_has_its_credentials_all_the_while() {
    let rows = STEP_ROWS as usize * 2 + 50;
    let db = world(rows);
    let (keys, mut nonce) = (both(), nonces());
    for _ in 0..3 {
        now(step(&db, &keys, &mut nonce, T1)).unwrap();
        let found = now(hosting::envelopes(&db, "p", "p-v1")).unwrap();
        assert_eq!(found.len(), rows);
        for (row, key) in found.iter().enumerate() {
            let opened = open(&keys, &context(&key.name), &key.envelope).unwrap();
            assert_eq!(opened.expose_str(), Some(plain(row).as_str()));
        }
    }
    assert_eq!(check(&db, &keys), rows);
}

#[test]
fn randomness_that_fails_changes_nothing() {
    let db = world(3);
    let before = dump(&db);
    let none = || Err(StoreError::Unavailable("no randomness".into()));
    let error = now(step(&db, &both(), none, T1)).unwrap_err();
    assert_eq!(code(&error), "unavailable");
    assert_eq!(dump(&db), before);
}

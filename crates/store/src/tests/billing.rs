use mcpengine_stripe::{Event, Snapshot};
use serde_json::{Value, json};

use super::shuffle::Random;
use super::support::*;
use crate::billing::{self, Unsettled};
use crate::testing::{Fault, Faulty, SqliteDatabase};
use crate::webhook_events::{self, Received};

const TEAM: &str = "00000000-0000-4000-8000-0000000000f1";
const START: i64 = 1_760_000_000;

/// Alice's team beside Alice and Bob.
fn world() -> SqliteDatabase {
    let db = database();
    db.raw(&format!(
        "INSERT INTO teams (id, name, slug, owner_id, created_at) \
         VALUES ('{TEAM}', 'Acme', 'acme', '{ALICE}', '{T0}')"
    ))
    .unwrap();
    for (user, role) in [(ALICE, "owner"), (BOB, "editor")] {
        db.raw(&format!(
            "INSERT INTO team_members (team_id, user_id, role, created_at) \
             VALUES ('{TEAM}', '{user}', '{role}', '{T0}')"
        ))
        .unwrap();
    }
    db
}

/// Events of what happens, each as Stripe would tell it; ids in no order.
#[derive(Default)]
struct Account {
    events: Vec<Event>,
}

impl Account {
    fn tell(&mut self, kind: &str, created: i64, data: &Value) {
        let number = self.events.len() as u64;
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
        let event = json!({ "id": format!("evt_{mixed:016x}"), "object": "event", "type": kind,
            "created": created, "data": data });
        self.events
            .push(Event::read(event.to_string().as_bytes()).unwrap());
    }

    fn made(&mut self, at: i64, subscription: &Value) {
        let data = json!({ "object": subscription });
        self.tell("customer.subscription.created", at, &data);
    }

    fn changed(&mut self, at: i64, subscription: &mut Value, pointer: &str, value: Value) {
        let place = subscription.pointer_mut(pointer).unwrap();
        let before = std::mem::replace(place, value);
        let was = if pointer.starts_with("/items") {
            let name = pointer.rsplit('/').next().unwrap();
            json!({ "items": { "data": [{ name: before }] } })
        } else {
            json!({ pointer.trim_start_matches('/'): before })
        };
        let data = json!({ "object": subscription, "previous_attributes": was });
        self.tell("customer.subscription.updated", at, &data);
    }

    fn ended(&mut self, at: i64, subscription: &mut Value) {
        subscription["status"] = "canceled".into();
        let data = json!({ "object": subscription });
        self.tell("customer.subscription.deleted", at, &data);
    }

    fn bought(&mut self, at: i64, subscription: &Value) {
        let session = json!({ "id": "cs_1", "mode": "subscription",
            "subscription": subscription["id"], "customer": subscription["customer"],
            "metadata": subscription["metadata"] });
        self.tell(
            "checkout.session.completed",
            at,
            &json!({ "object": session }),
        );
    }

    fn failed(&mut self, at: i64, subscription: &Value) {
        let invoice = json!({ "id": "in_1", "object": "invoice", "parent": {
            "subscription_details": { "subscription": subscription["id"] } } });
        self.tell("invoice.payment_failed", at, &json!({ "object": invoice }));
    }
}

fn subscription(id: &str, at: i64, customer: &str, metadata: &Value, seats: u32) -> Value {
    json!({ "id": id, "object": "subscription", "customer": customer, "created": at,
        "status": "incomplete", "cancel_at_period_end": false, "cancel_at": null,
        "metadata": metadata,
        "items": { "data": [{ "id": "si", "quantity": seats, "price": { "id": "price" },
            "current_period_end": at + 2_592_000 }] } })
}

const SEATS: &str = "/items/data/0/quantity";
const PERIOD: &str = "/items/data/0/current_period_end";

/// 24 events of three subscriptions, many of them in one second: Alice's first ends,
/// her second lives; the team buys 5 seats, then 8, and is behind with a payment.
pub(super) fn history() -> Vec<Event> {
    let mut account = Account::default();
    let own = json!({ "mcpengine_user": ALICE });
    let mut first = subscription("sub_first", START, "cus_alice", &own, 1);
    account.made(START, &first);
    account.changed(START, &mut first, "/status", "active".into());
    account.bought(START + 1, &first);
    account.changed(START + 50, &mut first, "/cancel_at_period_end", true.into());
    account.changed(START + 50, &mut first, "/cancel_at", (START + 99).into());
    account.ended(START + 100, &mut first);
    let later = START + 500;
    let mut second = subscription("sub_second", later, "cus_alice", &own, 1);
    account.made(later, &second);
    account.changed(later, &mut second, "/status", "active".into());
    account.bought(later, &second);
    let end = later + 5_184_000;
    account.changed(later + 2_592_000, &mut second, PERIOD, end.into());
    account.changed(later + 2_592_000, &mut second, "/status", "past_due".into());
    account.failed(later + 2_592_000, &second);
    account.changed(later + 2_595_600, &mut second, "/status", "active".into());
    let at = START + 7;
    let metadata = json!({ "mcpengine_team": TEAM });
    let mut team = subscription("sub_team", at, "cus_team", &metadata, 5);
    account.made(at, &team);
    account.bought(at + 2, &team);
    account.changed(at + 1, &mut team, "/status", "trialing".into());
    account.changed(at + 60, &mut team, SEATS, 6.into());
    account.changed(at + 60, &mut team, SEATS, 9.into());
    account.changed(at + 60, &mut team, "/status", "active".into());
    account.changed(at + 60, &mut team, SEATS, 8.into());
    account.changed(at + 90, &mut team, "/status", "past_due".into());
    account.failed(at + 90, &team);
    account.failed(at + 80, &team);
    account.tell(
        "customer.updated",
        at,
        &json!({ "object": { "id": "cus_team" } }),
    );
    account.events
}

/// What is stored in the end, times of receipt and counts of writes aside.
fn outcome(db: &SqliteDatabase) -> Vec<String> {
    let mut lines = Vec::new();
    for sql in [
        "SELECT id, tier, stripe_customer_id FROM users ORDER BY id",
        "SELECT id, tier, stripe_subscription_id, stripe_customer_id, subscription_status, \
         max_seats FROM teams ORDER BY id",
        "SELECT id, customer_id, user_id, team_id, status, standing, price_id, seats, started_at, \
         period_end, ends_at, payment_failed_at, unsettled_at, history \
         FROM subscriptions ORDER BY id",
        "SELECT source, id, type FROM webhook_events ORDER BY source, id",
    ] {
        let rows = db.raw(sql).unwrap();
        lines.extend(rows.into_iter().map(|row| Value::Object(row).to_string()));
    }
    lines
}

fn run(db: &SqliteDatabase, events: &[Event]) -> usize {
    let received = |event| now(billing::receive(db, event, T0)).unwrap();
    let applied = events.iter().map(received);
    applied.filter(|it| *it == Received::Applied).count()
}

#[test]
fn five_hundred_orders_with_duplicates_end_as_the_one_in_order() {
    let events = history();
    assert_eq!(events.len(), 24);
    let expected = {
        let db = world();
        run(&db, &events);
        outcome(&db)
    };
    let line = |start: &str| {
        let found = expected.iter().find(|line| line.contains(start)).unwrap();
        serde_json::from_str::<Value>(found).unwrap()
    };
    let alice = line(&format!("{{\"id\":\"{ALICE}\",\"tier\""));
    assert_eq!(alice["tier"], "pro");
    assert_eq!(alice["stripe_customer_id"], "cus_alice");
    let team = line(&format!("{{\"id\":\"{TEAM}\""));
    assert_eq!(team["subscription_status"], "past_due");
    assert_eq!(team["max_seats"], 8.0);
    assert_eq!(team["stripe_subscription_id"], "sub_team");
    let mut random = Random::new(20);
    let mut repeated = 0;
    let db = world();
    for order in 0..500 {
        db.raw("DELETE FROM subscriptions").unwrap();
        db.raw("DELETE FROM webhook_events").unwrap();
        db.raw("UPDATE users SET tier = 'free', stripe_customer_id = NULL")
            .unwrap();
        db.raw(
            "UPDATE teams SET subscription_status = 'none', max_seats = 5, \
             stripe_subscription_id = NULL, stripe_customer_id = NULL",
        )
        .unwrap();
        let shuffled = random.shuffled(&events);
        repeated += shuffled.len() - events.len();
        assert_eq!(run(&db, &shuffled), events.len(), "order {order}");
        assert_eq!(outcome(&db), expected, "order {order}");
    }
    assert!(repeated > 4_000, "{repeated}");
}

/// Whatever step fails, the event is there with its whole effect or not at all, and
/// once it is sent again everything is as if nothing had failed.
#[test]
fn a_fault_at_any_step_leaves_an_event_whole_or_out() {
    let events = history();
    let expected = {
        let db = world();
        run(&db, &events);
        outcome(&db)
    };
    let mut failed = 0;
    for fault in [Fault::BeforeEffect, Fault::LostAnswer] {
        for call in 0..events.len() * 2 {
            let faulty = Faulty::new(world());
            faulty.fail_call(call, fault);
            for event in &events {
                if now(billing::receive(&faulty, event, T0)).is_err() {
                    failed += 1;
                    now(billing::receive(&faulty, event, T0)).unwrap();
                }
            }
            assert_eq!(outcome(faulty.inner()), expected, "{fault:?} {call}");
        }
    }
    assert!(failed > 90, "{failed}");
}

#[test]
fn a_ring_of_one_second_is_settled_by_what_stripe_says() {
    let db = world();
    let mut account = Account::default();
    let metadata = json!({ "mcpengine_team": TEAM });
    let mut team = subscription("sub_team", START, "cus_team", &metadata, 5);
    account.made(START, &team);
    account.changed(START + 1, &mut team, "/status", "active".into());
    account.changed(START + 9, &mut team, SEATS, 7.into());
    account.changed(START + 9, &mut team, SEATS, 5.into());
    run(&db, &account.events);
    let asked = Unsettled {
        id: "sub_team".into(),
        unsettled_at: START + 9,
    };
    assert_eq!(now(billing::unsettled(&db, START + 9, 10)), Ok(Vec::new()));
    assert_eq!(
        now(billing::unsettled(&db, START + 10, 10)),
        Ok(vec![asked.clone()])
    );
    let snapshot = Snapshot::read(&team).unwrap();
    now(billing::settle(&db, &asked, &snapshot, T1)).unwrap();
    assert_eq!(now(billing::unsettled(&db, i64::MAX, 10)), Ok(Vec::new()));
    let plan = now(billing::team(&db, &alice(), TEAM)).unwrap();
    assert_eq!((plan.seats, plan.members), (5, 2));
    assert!(plan.subscription.unwrap().is_live());
}

#[test]
fn what_is_not_ours_to_say_stays() {
    let db = world();
    db.raw(&format!(
        "UPDATE users SET tier = 'enterprise' WHERE id = '{BOB}'"
    ))
    .unwrap();
    let mut account = Account::default();
    let bobs = json!({ "mcpengine_user": BOB });
    let mut own = subscription("sub_bob", START, "cus_bob", &bobs, 1);
    account.made(START, &own);
    account.changed(START + 1, &mut own, "/status", "active".into());
    // Another installation with the same account at Stripe.
    let elsewhere = json!({ "mcpengine_user": "00000000-0000-4000-8000-0000000000ee" });
    account.made(
        START,
        &subscription("sub_else", START, "cus_else", &elsewhere, 1),
    );
    // Made by hand in Stripe's dashboard, for nobody.
    account.made(
        START,
        &subscription("sub_none", START, "cus_none", &json!({}), 1),
    );
    run(&db, &account.events);
    let plan = now(billing::own(&db, &bob())).unwrap();
    assert_eq!(plan.tier, "enterprise");
    assert_eq!(plan.customer_id.as_deref(), Some("cus_bob"));
    let owners = db
        .raw("SELECT id FROM subscriptions WHERE user_id IS NULL AND team_id IS NULL ORDER BY id")
        .unwrap();
    assert_eq!(owners.len(), 2);
    let alices = now(billing::own(&db, &alice())).unwrap();
    assert_eq!((alices.tier.as_str(), alices.subscription), ("free", None));
}

#[test]
fn who_ends_a_subscription_is_back_where_they_were() {
    let db = world();
    let mut account = Account::default();
    let metadata = json!({ "mcpengine_team": TEAM });
    let mut team = subscription("sub_team", START, "cus_team", &metadata, 40);
    account.made(START, &team);
    account.changed(START, &mut team, "/status", "active".into());
    let own = json!({ "mcpengine_user": ALICE });
    let mut alices = subscription("sub_alice", START, "cus_alice", &own, 1);
    alices["status"] = "active".into();
    account.made(START, &alices);
    run(&db, &account.events);
    let seats = || now(billing::team(&db, &bob(), TEAM)).unwrap();
    assert_eq!((seats().seats, seats().role.as_str()), (40, "editor"));
    assert_eq!(now(billing::own(&db, &alice())).unwrap().tier, "pro");
    account.ended(START + 5, &mut team);
    account.ended(START + 5, &mut alices);
    run(&db, &account.events);
    let plan = seats();
    assert_eq!(plan.seats, 5);
    let subscription = plan.subscription.unwrap();
    assert_eq!(
        (subscription.status.as_str(), subscription.is_live()),
        ("canceled", false)
    );
    let plan = now(billing::own(&db, &alice())).unwrap();
    assert_eq!(
        (plan.tier.as_str(), plan.customer_id.as_deref()),
        ("free", Some("cus_alice"))
    );
}

#[test]
fn deliveries_are_forgotten_in_time() {
    let db = world();
    run(&db, &history());
    assert_eq!(now(webhook_events::prune(&db, T0)), Ok(false));
    assert_eq!(count(&db, "webhook_events"), 24);
    let before = outcome(&db);
    assert_eq!(now(webhook_events::prune(&db, T1)), Ok(false));
    assert_eq!(count(&db, "webhook_events"), 0);
    // They may come once more, and change nothing.
    assert_eq!(run(&db, &history()), 24);
    assert_eq!(outcome(&db), before);
}

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::event::{About, Malformed};
use crate::{Event, Owner, Snapshot, Status};

fn read(event: &Value) -> Result<Event, Malformed> {
    Event::read(event.to_string().as_bytes())
}

fn event(kind: &str, object: &Value) -> Value {
    json!({ "id": "evt_1", "object": "event", "type": kind, "created": 1_760_000_000,
        "api_version": "2026-07-29.dahlia", "livemode": false, "data": { "object": object } })
}

fn subscription() -> Value {
    json!({ "id": "sub_1", "object": "subscription", "customer": "cus_1",
        "created": 1_760_000_000, "status": "active", "cancel_at_period_end": false,
        "cancel_at": null, "metadata": { "mcpengine_team": "t" },
        "items": { "object": "list", "data": [{ "id": "si_1", "quantity": 7,
            "price": { "id": "price_team" }, "current_period_end": 1_762_592_000 }] } })
}

#[test]
fn a_subscription_is_read_in_the_form_of_today_and_of_before() {
    let expected = Snapshot {
        status: Status::Active,
        price: Some("price_team".into()),
        quantity: 7,
        period_end: Some(1_762_592_000),
        cancel_at_period_end: false,
        cancel_at: None,
        owner: Some(Owner::Team("t".into())),
    };
    assert_eq!(Snapshot::read(&subscription()), Some(expected.clone()));
    let mut before = subscription();
    before["items"]["data"][0]
        .as_object_mut()
        .unwrap()
        .remove("current_period_end");
    before["current_period_end"] = 1_762_592_000.into();
    before["customer"] = json!({ "id": "cus_1", "object": "customer" });
    assert_eq!(Snapshot::read(&before), Some(expected));
    let Ok(Event {
        about: About::Subscription(change),
        ..
    }) = read(&event("customer.subscription.updated", &before))
    else {
        panic!("no change");
    };
    assert_eq!(change.customer.as_deref(), Some("cus_1"));
}

#[test]
fn each_status_has_its_name_and_five_give_nothing() {
    for (name, is_live) in [
        ("active", true),
        ("trialing", true),
        ("past_due", true),
        ("incomplete", false),
        ("unpaid", false),
        ("paused", false),
        ("canceled", false),
        ("incomplete_expired", false),
    ] {
        let mut object = subscription();
        object["status"] = name.into();
        let status = Snapshot::read(&object).unwrap().status;
        assert_eq!((status.as_str(), status.is_live()), (name, is_live));
    }
    let mut object = subscription();
    object["status"] = "suspended_by_moon".into();
    let status = Snapshot::read(&object).unwrap().status;
    assert_eq!((status.as_str(), status.is_live()), ("unknown", false));
}

#[test]
fn it_ends_at_the_time_that_is_set_or_with_its_period() {
    let snapshot = Snapshot::read(&subscription()).unwrap();
    assert_eq!(snapshot.ends_at(), None);
    let ending = Snapshot {
        cancel_at_period_end: true,
        ..snapshot
    };
    assert_eq!(ending.ends_at(), Some(1_762_592_000));
    let earlier = Snapshot {
        cancel_at: Some(5),
        ..ending
    };
    assert_eq!(earlier.ends_at(), Some(5));
}

#[test]
fn checkout_and_invoice_name_their_subscription() {
    let session = json!({ "id": "cs_1", "object": "checkout.session", "mode": "subscription",
        "subscription": "sub_1", "customer": "cus_1", "metadata": { "mcpengine_user": "u" } });
    let expected = About::Checkout {
        subscription: "sub_1".into(),
        customer: Some("cus_1".into()),
        owner: Some(Owner::User("u".into())),
    };
    let read_session = read(&event("checkout.session.completed", &session)).unwrap();
    assert_eq!(read_session.about, expected);
    let once = json!({ "id": "cs_1", "mode": "payment", "subscription": null });
    let nothing = read(&event("checkout.session.completed", &once)).unwrap();
    assert_eq!(
        (nothing.subscription(), &nothing.about),
        (None, &About::Nothing)
    );
    for invoice in [
        json!({ "id": "in_1", "parent": { "type": "subscription_details",
            "subscription_details": { "subscription": "sub_1", "metadata": {} } } }),
        json!({ "id": "in_1", "subscription": "sub_1" }),
        json!({ "id": "in_1", "subscription": { "id": "sub_1", "object": "subscription" } }),
    ] {
        let failed = read(&event("invoice.payment_failed", &invoice)).unwrap();
        assert_eq!(failed.subscription(), Some("sub_1"), "{invoice}");
    }
    let once = read(&event("invoice.payment_failed", &json!({ "id": "in_1" }))).unwrap();
    assert_eq!(once.about, About::Nothing);
    let other = read(&event("customer.created", &json!({ "id": "cus_1" }))).unwrap();
    assert_eq!(
        (other.about, other.kind.as_str()),
        (About::Nothing, "customer.created")
    );
}

#[test]
fn what_is_no_event_is_told_by_its_place() {
    assert_eq!(Event::read(b"{"), Err(Malformed::NotJson));
    let good = event("customer.subscription.updated", &subscription());
    for (pointer, value, member) in [
        ("/type", json!(1), "type"),
        ("/id", json!("evt 1"), "id"),
        ("/id", json!(""), "id"),
        ("/created", json!("soon"), "created"),
        ("/created", json!(-1), "created"),
        ("/created", json!(i64::MAX), "created"),
        ("/data", json!({}), "data.object"),
        ("/data/object/id", json!("../x"), "data.object.id"),
        ("/data/object/status", json!(5), "data.object.status"),
    ] {
        let mut event = good.clone();
        *event.pointer_mut(pointer).unwrap() = value;
        assert_eq!(read(&event), Err(Malformed::Member(member)), "{pointer}");
    }
}

proptest! {
    #[test]
    fn no_body_panics(body: Vec<u8>, text in "\\PC{0,300}") {
        let _ = Event::read(&body);
        let _ = Event::read(text.as_bytes());
    }
}

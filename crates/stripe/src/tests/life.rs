//! A subscription that lives: each change of it as the event that Stripe would make.

use serde_json::{Map, Value, json};

use crate::Event;

pub(super) const OWNER: &str = "00000000-0000-4000-8000-00000000000a";

/// What can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Status(&'static str),
    Seats(u32),
    CancelAtPeriodEnd(bool),
    CancelAt(Option<i64>),
    Renew,
    /// Something that is not looked at.
    Other,
}

#[derive(Debug)]
pub(super) struct Life {
    now: i64,
    object: Value,
    pub(super) events: Vec<Event>,
}

impl Life {
    /// Made at `now`, not yet paid.
    pub(super) fn new(now: i64) -> Self {
        let object = json!({
            "id": "sub_1", "object": "subscription", "customer": "cus_1", "created": now,
            "status": "incomplete", "cancel_at_period_end": false, "cancel_at": null,
            "metadata": { "mcpengine_user": OWNER }, "description": "0",
            "items": { "object": "list", "data": [{
                "id": "si_1", "price": { "id": "price_1" }, "quantity": 1,
                "current_period_end": now + 2_592_000,
            }] },
        });
        let mut life = Self {
            now,
            object,
            events: Vec::new(),
        };
        life.tell("created", json!({}));
        life
    }

    /// So many seconds later, which may be none.
    pub(super) fn act(&mut self, later: i64, act: Act) {
        self.now += later;
        let before = self.object.clone();
        let item = "/items/data/0";
        match act {
            Act::Status(status) => self.object["status"] = status.into(),
            Act::Seats(seats) => {
                self.object.pointer_mut(item).unwrap()["quantity"] = seats.into();
            }
            Act::CancelAtPeriodEnd(ends) => self.object["cancel_at_period_end"] = ends.into(),
            Act::CancelAt(at) => self.object["cancel_at"] = at.into(),
            Act::Renew => {
                let item = self.object.pointer_mut(item).unwrap();
                let end = item["current_period_end"].as_i64().unwrap();
                item["current_period_end"] = (end + 2_592_000).into();
            }
            Act::Other => {
                self.object["description"] = self.events.len().to_string().into();
            }
        }
        let was: Map<String, Value> = before
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, value)| self.object[name.as_str()] != **value)
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        // What changes nothing makes no event.
        if !was.is_empty() {
            self.tell("updated", Value::Object(was));
        }
    }

    pub(super) fn end(&mut self, later: i64) {
        self.now += later;
        self.object["status"] = "canceled".into();
        self.tell("deleted", json!({}));
    }

    pub(super) fn is(&self) -> crate::Snapshot {
        crate::Snapshot::read(&self.object).unwrap()
    }

    /// Ids tell nothing of the order.
    fn tell(&mut self, what: &str, was: Value) {
        let number = self.events.len() as u64;
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17);
        let mut data = json!({ "object": self.object });
        if what == "updated" {
            data["previous_attributes"] = was;
        }
        let event = json!({
            "id": format!("evt_{mixed:016x}"), "object": "event", "created": self.now,
            "type": format!("customer.subscription.{what}"), "data": data,
        });
        self.events
            .push(Event::read(event.to_string().as_bytes()).unwrap());
    }
}

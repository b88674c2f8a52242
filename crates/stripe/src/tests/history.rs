use proptest::prelude::*;
use proptest::sample::Index;

use super::life::{Act, Life};
use crate::event::About;
use crate::{Event, History, Owner, Status};

const START: i64 = 1_760_000_000;

fn all(events: &[Event]) -> History {
    events.iter().fold(History::default(), History::with)
}

/// Every order of up to seven events, by Heap's algorithm.
fn each_order(events: &[Event], check: &mut impl FnMut(&[Event])) {
    fn permute(count: usize, events: &mut Vec<Event>, check: &mut impl FnMut(&[Event])) {
        if count <= 1 {
            return check(events);
        }
        for index in 0..count {
            permute(count - 1, events, check);
            events.swap(if count.is_multiple_of(2) { index } else { 0 }, count - 1);
        }
    }
    permute(events.len(), &mut events.to_vec(), check);
}

#[test]
fn a_checkout_within_one_second_ends_active_in_every_order() {
    let mut life = Life::new(START);
    life.act(0, Act::Status("active"));
    life.act(0, Act::Other);
    life.act(0, Act::Seats(7));
    life.act(0, Act::CancelAtPeriodEnd(true));
    let mut orders = 0;
    each_order(&life.events, &mut |events| {
        orders += 1;
        let state = all(events).state();
        assert_eq!(state.snapshot, Some(life.is()));
        assert_eq!(state.unsettled, None);
    });
    assert_eq!(orders, 120);
}

#[test]
fn the_end_is_the_end() {
    let mut life = Life::new(START);
    life.act(5, Act::Status("active"));
    life.end(10);
    let end = life.events.last().unwrap().clone();
    // Stripe goes on telling of one that has ended.
    let mut after = life.events.get(1).unwrap().clone();
    after.id = "evt_after".into();
    after.created = end.created + 100;
    for events in [[end.clone(), after.clone()], [after, end]] {
        assert_eq!(all(&events).state().status(), Some(Status::Canceled));
    }
}

#[test]
fn a_ring_within_one_second_is_asked_about_and_the_answer_counts() {
    let mut life = Life::new(START);
    life.act(60, Act::Status("active"));
    life.act(60, Act::Seats(2));
    life.act(0, Act::Seats(1));
    let truth = life.is();
    let mut states = std::collections::BTreeSet::new();
    each_order(&life.events, &mut |events| {
        let history = all(events);
        let state = history.state();
        assert_eq!(state.unsettled, Some(START + 120));
        states.insert(format!("{state:?}"));
        let settled = history.settled(START + 120, truth.clone());
        assert_eq!(settled.state().snapshot.as_ref(), Some(&truth));
        assert_eq!(settled.state().unsettled, None);
        // What comes late changes nothing, what comes later does.
        assert_eq!(
            all(&life.events).settled(START + 120, truth.clone()),
            settled
        );
        let again = life.events.iter().fold(settled, History::with);
        assert_eq!(again.state().unsettled, None);
    });
    assert_eq!(states.len(), 1);
    life.act(1, Act::Seats(9));
    let last = life.events.last().unwrap();
    let settled = all(&life.events).settled(START + 120, truth);
    assert_eq!(settled.with(last).state().snapshot, Some(life.is()));
}

#[test]
fn checkout_and_failed_payment_count_whenever_they_come() {
    let mut life = Life::new(START);
    life.act(5, Act::Status("past_due"));
    let mut event = life.events.first().unwrap().clone();
    event.about = About::Checkout {
        subscription: "sub_1".into(),
        customer: Some("cus_1".into()),
        owner: Some(Owner::Team("team".into())),
    };
    let failed = |id: &str, created| Event {
        id: id.into(),
        created,
        about: About::PaymentFailed {
            subscription: "sub_1".into(),
        },
        ..event.clone()
    };
    let mut events = vec![event.clone(), failed("evt_f1", 10), failed("evt_f2", 20)];
    let only = all(&events).state();
    assert_eq!(only.owner, Some(Owner::Team("team".into())));
    assert_eq!((only.snapshot, only.payment_failed), (None, Some(20)));
    events.extend(life.events);
    let mut states = std::collections::BTreeSet::new();
    each_order(&events, &mut |events| {
        states.insert(format!("{:?}", all(events)));
    });
    assert_eq!(states.len(), 1);
    let state = all(&events).state();
    // What the subscription itself says of its owner counts.
    assert_eq!(state.owner, Some(Owner::User(super::life::OWNER.into())));
    assert_eq!(state.started, Some(START));
}

#[test]
fn it_survives_being_stored() {
    let mut life = Life::new(START);
    life.act(0, Act::CancelAt(Some(START + 5)));
    life.act(0, Act::CancelAt(None));
    let history = all(&life.events);
    let stored = serde_json::to_string(&history).unwrap();
    assert_eq!(serde_json::from_str::<History>(&stored).unwrap(), history);
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        prop::sample::select(vec!["active", "past_due", "trialing", "unpaid"])
            .prop_map(Act::Status),
        (1_u32..4).prop_map(Act::Seats),
        any::<bool>().prop_map(Act::CancelAtPeriodEnd),
        prop::option::of(1_i64..3).prop_map(Act::CancelAt),
        Just(Act::Renew),
        Just(Act::Other),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Whatever happens in whatever seconds, and in whatever order and however often
    /// it is told: the state is the same, and it is the true one unless it says that
    /// Stripe has to be asked.
    #[test]
    fn any_order_with_duplicates_ends_in_the_same_and_true_state(
        acts in prop::collection::vec((prop::sample::select(vec![0_i64, 0, 0, 1, 3_600]), act()), 0..20),
        ends in any::<bool>(),
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 40),
        again in prop::collection::vec(any::<Index>(), 10),
    ) {
        let mut life = Life::new(START);
        for (later, act) in acts {
            life.act(later, act);
        }
        if ends {
            life.end(0);
        }
        let in_order = all(&life.events);
        let mut events = life.events.clone();
        events.extend(again.iter().map(|index| index.get(&life.events).clone()));
        for (left, right) in swaps {
            let (left, right) = (left.index(events.len()), right.index(events.len()));
            events.swap(left, right);
        }
        let history = all(&events);
        prop_assert_eq!(&history, &in_order);
        let state = history.state();
        if state.unsettled.is_none() {
            prop_assert_eq!(state.snapshot, Some(life.is()));
        }
    }
}

use proptest::prelude::*;

use crate::window::{Rate, Standing, standing};
use crate::{Action, Source, Tier, of, of_team};

const RATES: [(Tier, [Option<u32>; 3]); 4] = [
    (Tier::Free, [Some(5), Some(3), Some(2)]),
    (Tier::Pro, [Some(50), Some(30), Some(20)]),
    (Tier::Team, [Some(200), Some(100), Some(50)]),
    (Tier::Enterprise, [None, None, None]),
];

#[test]
fn the_rates_are_the_briefs() {
    for (tier, expected) in RATES {
        let figures = Action::ALL.map(|action| of(tier).rate(action));
        assert_eq!(figures.map(|figure| figure.limit), expected, "{tier:?}");
        assert!(figures.iter().all(|figure| figure.source == Source::Brief));
    }
    assert_eq!(
        Action::ALL.map(Action::window_seconds),
        [3_600, 3_600, 86_400]
    );
    let free = of(Tier::Free).servers;
    assert_eq!((free.limit, free.source), (Some(3), Source::Brief));
    let team = of(Tier::Team).seats;
    assert_eq!((team.limit, team.source), (Some(5), Source::Brief));
}

/// Whoever pays more has nothing less.
#[test]
fn no_tier_has_less_than_the_one_below() {
    let at_least = |more: Option<u32>, less: Option<u32>| match (more, less) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(more), Some(less)) => more >= less,
    };
    for tier in Tier::ALL {
        let Some(next) = tier.next() else { continue };
        let (less, more) = (of(tier), of(next));
        assert_eq!((less.tier, more.tier), (tier, next));
        for (more, less) in [
            (more.analyze, less.analyze),
            (more.generate, less.generate),
            (more.deploy, less.deploy),
            (more.servers, less.servers),
            (more.seats, less.seats),
        ] {
            assert!(at_least(more.limit, less.limit), "{tier:?}");
        }
        assert!(more.collaboration.included >= less.collaboration.included);
    }
}

#[test]
fn names_go_both_ways() {
    for tier in Tier::ALL {
        assert_eq!(Tier::parse(tier.name()), Some(tier));
    }
    for action in Action::ALL {
        assert_eq!(Action::parse(action.name()), Some(action));
    }
    assert_eq!(Tier::parse("Free"), None);
    assert_eq!(Action::parse(""), None);
    assert_eq!(
        Tier::ALL.map(Tier::next)[2..],
        [Some(Tier::Enterprise), None]
    );
}

#[test]
fn a_teams_tier_counts_while_its_subscription_does() {
    for status in ["active", "trialing", "past_due"] {
        assert_eq!(of_team("team", status), Tier::Team);
        assert_eq!(of_team("enterprise", status), Tier::Enterprise);
        assert_eq!(of_team("gold", status), Tier::Free);
    }
    for status in ["none", "canceled", "unpaid", "incomplete", "paused", ""] {
        assert_eq!(of_team("enterprise", status), Tier::Free, "{status}");
    }
}

const RATE: Rate = Rate {
    limit: 2,
    window_millis: 1_000,
};

#[test]
fn a_use_counts_for_exactly_one_window() {
    let at = |now| standing(&[5_000, 5_400], RATE, now);
    let full = Standing {
        limit: 2,
        used: 2,
        reset_at: Some(6_000),
    };
    assert_eq!((at(5_400), at(5_999)), (full, full));
    let one = Standing {
        used: 1,
        reset_at: Some(6_400),
        ..full
    };
    assert_eq!((at(6_000), at(6_399)), (one, one));
    let none = Standing {
        used: 0,
        reset_at: None,
        ..full
    };
    assert_eq!(at(6_400), none);
    assert_eq!(
        (full.remaining(), one.remaining(), none.remaining()),
        (0, 1, 2)
    );
    assert_eq!(full.reset_seconds(5_400), 1);
    assert_eq!(full.reset_seconds(6_000), 0);
    assert_eq!(none.reset_seconds(0), 0);
}

#[test]
fn a_lowered_limit_is_met_once_enough_have_gone() {
    let standing = standing(&[1, 2, 3, 4, 5], RATE, 10);
    assert_eq!((standing.used, standing.remaining()), (5, 0));
    // The first four have to go, so that one of two is free.
    assert_eq!(standing.reset_at, Some(1_004));
}

#[test]
fn no_time_overflows() {
    let far = standing(&[u64::MAX - 1, u64::MAX], RATE, 0);
    assert_eq!((far.used, far.reset_at), (2, Some(u64::MAX)));
    assert_eq!(standing(&[], Rate { limit: 0, ..RATE }, u64::MAX).used, 0);
}

proptest! {
    /// Whoever asks when, as often as they like: no stretch of one window has more
    /// than the limit, and nobody is refused while fewer were let in.
    #[test]
    fn no_window_has_more_than_the_limit(
        limit in 1_u32..8,
        window_millis in 1_u64..500,
        steps in prop::collection::vec(0_u64..120, 1..200),
    ) {
        let rate = Rate { limit, window_millis };
        let mut taken: Vec<u64> = Vec::new();
        let mut now = 1_000;
        for step in steps {
            now += step;
            let before = standing(&taken, rate, now);
            let recent = taken.iter().filter(|at| **at + window_millis > now).count();
            prop_assert_eq!(before.used as usize, recent);
            if before.remaining() > 0 {
                taken.push(now);
            } else {
                let free_at = before.reset_at.expect("it ends");
                prop_assert!(free_at > now);
                prop_assert_eq!(standing(&taken, rate, free_at - 1).remaining(), 0);
                prop_assert!(standing(&taken, rate, free_at).remaining() > 0);
            }
        }
        for (index, start) in taken.iter().enumerate() {
            let within = taken[index..].iter().filter(|at| **at < start + window_millis).count();
            prop_assert!(within <= limit as usize);
        }
    }
}

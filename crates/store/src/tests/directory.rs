use serde_json::Value;

use super::shuffle::Random;
use super::support::*;
use crate::directory::{self, MemberRole, Membership, NewIds, Organisation, Person, Told};
use crate::testing::SqliteDatabase;
use crate::users::{self, SignIn};
use crate::webhook_events::{Delivery, Received, Source};

/// A delivery: its id, what it tells, when that happened.
pub(super) type Message = (&'static str, Told<'static>, &'static str);

const ADA: &str = "iss|user_ada";
const BEA: &str = "iss|user_bea";
const CAL: &str = "iss|user_cal";
const ORG: &str = "iss|org_acme";

const fn person(id: &'static str, email: &'static str, version: &'static str) -> Told<'static> {
    Told::Person(Person {
        external_id: id,
        email: Some(email),
        name: Some(email),
        avatar_url: Some("https://img.example/a"),
        version,
    })
}

const fn acme(name: &'static str, version: &'static str) -> Organisation<'static> {
    Organisation {
        external_id: ORG,
        name,
        slug: Some("acme"),
        spare_slug: "acme-x7",
        creator: Some(ADA),
        version,
    }
}

const fn member(
    id: &'static str,
    member: &'static str,
    role: MemberRole,
    joined_at: &'static str,
    version: &'static str,
) -> Told<'static> {
    Told::Membership(Membership {
        external_id: id,
        organisation: acme("Acme", "01"),
        member,
        role,
        joined_at,
        version,
    })
}

use MemberRole::{Admin, Editor};

/// What a directory would tell, in this order.
const HISTORY: &[Message] = &[
    ("m01", person(ADA, "ada@example.com", "01"), T0),
    ("m02", Told::Organisation(acme("Acme", "01")), T0),
    ("m03", member("iss|om_ada", ADA, Admin, T0, "01"), T0),
    ("m04", person(BEA, "bea@example.com", "01"), T0),
    ("m05", member("iss|om_bea", BEA, Editor, T1, "01"), T1),
    ("m06", person(CAL, "cal@example.com", "01"), T1),
    ("m07", member("iss|om_cal", CAL, Editor, T2, "01"), T2),
    ("m08", member("iss|om_cal", CAL, Admin, T2, "02"), T2),
    // Ada gives her address away, and Bea takes it.
    ("m09", person(ADA, "ada@new.example.com", "02"), T2),
    ("m10", person(BEA, "ada@example.com", "02"), T2),
    ("m11", Told::Organisation(acme("Acme Inc", "02")), T2),
    // Bea leaves and comes back.
    ("m12", Told::MembershipGone("iss|om_bea"), T2),
    ("m13", member("iss|om_bea2", BEA, Editor, T3, "03"), T3),
    ("m14", Told::Organisation(acme("Acme Corp", "03")), T3),
    // Who made it goes: the first admin after her has it.
    ("m15", Told::MembershipGone("iss|om_ada"), T3),
    ("m16", Told::PersonGone(ADA), T3),
];

pub(super) const fn history() -> &'static [Message] {
    HISTORY
}

fn tell(db: &SqliteDatabase, message: &Message, made: usize) -> Received {
    let (id, told, at) = message;
    let delivery = Delivery {
        source: Source::Clerk,
        id,
        kind: "test",
    };
    let ids = [format!("p{made}"), format!("c{made}"), format!("t{made}")];
    let [person, creator, team] = &ids;
    let ids = NewIds {
        person,
        creator,
        team,
    };
    now(directory::apply(db, &delivery, told, ids, at, T3)).unwrap()
}

fn tell_all(db: &SqliteDatabase, messages: &[Message]) -> usize {
    let received = messages
        .iter()
        .enumerate()
        .map(|(made, message)| tell(db, message, made));
    received.filter(|it| *it == Received::Applied).count()
}

/// What is stored, by the directory's ids: ours depend on who came first.
fn outcome(db: &SqliteDatabase) -> Vec<String> {
    let mut lines = Vec::new();
    for sql in [
        "SELECT clerk_id, CASE WHEN email LIKE '%@unknown.invalid' THEN NULL ELSE email END AS email, \
         wanted_email, name, avatar_url, deleted_at, directory_version FROM users ORDER BY clerk_id",
        "SELECT t.external_id, t.name, t.slug, o.clerk_id AS owner, t.deleted_at FROM teams t \
         JOIN users o ON o.id = t.owner_id ORDER BY t.external_id",
        "SELECT t.external_id, u.clerk_id, m.role, m.created_at FROM team_members m \
         JOIN teams t ON t.id = m.team_id JOIN users u ON u.id = m.user_id ORDER BY 1, 2",
    ] {
        let rows = db.raw(sql).unwrap();
        lines.extend(rows.into_iter().map(|row| Value::Object(row).to_string()));
    }
    lines
}

fn members(db: &SqliteDatabase) -> Vec<String> {
    let rows = db
        .raw(
            "SELECT u.clerk_id || ' ' || m.role AS line FROM team_members m \
             JOIN users u ON u.id = m.user_id ORDER BY 1",
        )
        .unwrap();
    let line = |row: crate::Row| row["line"].as_str().unwrap().to_owned();
    rows.into_iter().map(line).collect()
}

#[test]
fn the_history_ends_as_it_should() {
    let db = SqliteDatabase::new().unwrap();
    assert_eq!(tell_all(&db, HISTORY), HISTORY.len());
    assert_eq!(
        members(&db),
        [format!("{BEA} editor"), format!("{CAL} owner")]
    );
    let found = outcome(&db);
    let expected = [
        format!(
            r#"{{"clerk_id":"{ADA}","email":null,"wanted_email":null,"name":null,"avatar_url":null,"deleted_at":"{T3}","directory_version":"02"}}"#
        ),
        format!(
            r#"{{"clerk_id":"{BEA}","email":"ada@example.com","wanted_email":null,"name":"ada@example.com","avatar_url":"https://img.example/a","deleted_at":null,"directory_version":"02"}}"#
        ),
    ];
    assert_eq!(found[..2], expected);
    assert!(
        found[3].contains(r#""name":"Acme Corp","slug":"acme""#),
        "{}",
        found[3]
    );
}

/// Versions of who is gone do not matter; everything else does.
#[test]
fn two_hundred_orders_with_duplicates_end_the_same() {
    let plain = |db: &SqliteDatabase| -> Vec<String> {
        db.raw(&format!(
            "UPDATE users SET directory_version = NULL WHERE clerk_id = '{ADA}'"
        ))
        .unwrap();
        outcome(db)
    };
    let expected = {
        let db = SqliteDatabase::new().unwrap();
        tell_all(&db, HISTORY);
        plain(&db)
    };
    let mut random = Random::new(16);
    for order in 0..200 {
        let db = SqliteDatabase::new().unwrap();
        let shuffled = random.shuffled(HISTORY);
        let names: Vec<&str> = shuffled.iter().map(|(id, ..)| *id).collect();
        assert_eq!(tell_all(&db, &shuffled), HISTORY.len(), "{names:?}");
        assert_eq!(plain(&db), expected, "{order}: {names:?}");
    }
}

/// At each moment, in whatever order things are told, a team has one owner.
#[test]
fn a_team_has_one_owner_all_the_while() {
    let mut random = Random::new(3);
    for _ in 0..30 {
        let db = SqliteDatabase::new().unwrap();
        for (made, message) in random.shuffled(HISTORY).iter().enumerate() {
            tell(&db, message, made);
            let rows = db
                .raw(
                    "SELECT (SELECT COUNT(*) FROM teams) AS teams, COUNT(*) AS owners, \
                     COUNT(t.id) AS named FROM team_members m LEFT JOIN teams t \
                     ON t.id = m.team_id AND t.owner_id = m.user_id WHERE m.role = 'owner'",
                )
                .unwrap();
            let row = &rows[0];
            assert_eq!(row["owners"], row["teams"], "{message:?}");
            assert_eq!(row["named"], row["teams"], "{message:?}");
        }
    }
}

#[test]
fn who_is_gone_stays_gone() {
    let db = SqliteDatabase::new().unwrap();
    let first = ("m1", Told::PersonGone(ADA), T0);
    tell(&db, &first, 1);
    tell(&db, &("m2", person(ADA, "ada@example.com", "99"), T1), 2);
    let who = SignIn {
        id: "p3",
        issuer: "iss",
        subject: "user_ada",
        email: Some("ada@example.com"),
        name: None,
    };
    let user = now(users::sign_in(&db, &who, T2)).unwrap();
    assert_eq!(
        (user.deleted_at.as_deref(), user.known_email()),
        (Some(T0), None)
    );
    assert_eq!(count(&db, "users"), 1);
    // The same for an organisation: no member brings it back.
    tell(&db, &("m4", Told::OrganisationGone(ORG), T0), 4);
    tell(&db, &("m5", Told::Organisation(acme("Acme", "99")), T1), 5);
    tell(&db, &("m6", member("iss|om", BEA, Admin, T1, "99"), T1), 6);
    assert_eq!((count(&db, "teams"), count(&db, "team_members")), (0, 0));
}

#[test]
fn an_organisation_that_is_gone_lets_everybody_out() {
    let db = SqliteDatabase::new().unwrap();
    tell_all(&db, &HISTORY[..8]);
    assert_eq!(members(&db).len(), 3);
    tell(&db, &("m90", Told::OrganisationGone(ORG), T3), 90);
    tell(
        &db,
        &("m91", member("iss|om_bea", BEA, Admin, T1, "99"), T3),
        91,
    );
    assert_eq!(members(&db), Vec::<String>::new());
    let team = db.raw("SELECT deleted_at FROM teams").unwrap();
    assert_eq!(team[0]["deleted_at"], T3);
}

#[test]
fn the_account_of_a_sign_in_is_the_directory_s() {
    let db = SqliteDatabase::new().unwrap();
    let who = SignIn {
        id: "mine",
        issuer: "iss",
        subject: "user_ada",
        email: None,
        name: None,
    };
    now(users::sign_in(&db, &who, T0)).unwrap();
    tell_all(&db, &HISTORY[..3]);
    let user = now(users::sign_in(&db, &who, T1)).unwrap();
    assert_eq!(
        (user.id.as_str(), user.email.as_str()),
        ("mine", "ada@example.com")
    );
    assert_eq!(count(&db, "users"), 1);
}

#[test]
fn a_guest_of_the_studio_stays_and_a_slug_that_is_taken_is_spared() {
    let db = database();
    db.raw(&format!(
        "INSERT INTO teams (id, name, slug, owner_id, created_at) \
         VALUES ('local', 'Acme', 'acme', '{ALICE}', '{T0}')"
    ))
    .unwrap();
    tell_all(&db, &HISTORY[..3]);
    let teams = db
        .raw("SELECT id, slug FROM teams WHERE external_id IS NOT NULL")
        .unwrap();
    assert_eq!(teams[0]["slug"], "acme-x7");
    let team = teams[0]["id"].as_str().unwrap();
    db.raw(&format!(
        "INSERT INTO team_members (team_id, user_id, role, created_at) \
         VALUES ('{team}', '{BOB}', 'viewer', '{T0}')"
    ))
    .unwrap();
    tell(&db, &HISTORY[3], 13);
    tell(&db, &HISTORY[4], 14);
    let expected = ["bob viewer", "iss|user_ada owner", "iss|user_bea editor"];
    assert_eq!(members(&db), expected);
}

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::clerk::{DirectoryEvent, Malformed, MemberRole, Membership, Organisation, Person, Told};

fn event(kind: &str, data: &Value) -> Value {
    json!({ "object": "event", "type": kind, "data": data, "timestamp": 1_654_012_591_835_i64,
        "instance_id": "ins_123", "event_attributes": { "http_request": { "client_ip": "0.0.0.0" } } })
}

fn read(event: &Value) -> Result<DirectoryEvent, Malformed> {
    DirectoryEvent::read(event.to_string().as_bytes())
}

fn told(kind: &str, data: &Value) -> Told {
    read(&event(kind, data)).unwrap().told
}

/// The example of Clerk's documentation, what is not looked at left out.
fn user() -> Value {
    json!({ "id": "user_29w83sxmDNGwOuEthce5gg56FcC", "object": "user", "created_at": 1_654_012_591_514_i64,
        "updated_at": 1_654_012_591_835_i64, "first_name": "Example", "last_name": "Example",
        "image_url": "https://img.clerk.com/xxxxxx", "username": null,
        "primary_email_address_id": "idn_29w83yL7CwVlJXylYLxcslromF1",
        "email_addresses": [{ "id": "idn_29w83yL7CwVlJXylYLxcslromF1", "object": "email_address",
            "email_address": "example@example.org", "linked_to": [],
            "verification": { "status": "verified", "strategy": "ticket" } }] })
}

fn organization() -> Value {
    json!({ "id": "org_29w9IfBrPmcpi0IeBVaKtA7R94W", "object": "organization", "name": "Acme Inc",
        "slug": "acme_inc", "created_by": "user_1vq84bqWzw7qmFgqSwN4CH1Wp0n",
        "created_at": 1_654_013_202_977_i64, "updated_at": 1_654_013_202_977_i64, "public_metadata": {} })
}

fn acme() -> Organisation {
    Organisation {
        id: "org_29w9IfBrPmcpi0IeBVaKtA7R94W".into(),
        name: "Acme Inc".into(),
        slug: Some("acme-inc".into()),
        created_by: Some("user_1vq84bqWzw7qmFgqSwN4CH1Wp0n".into()),
        updated_at: 1_654_013_202_977,
    }
}

fn membership(role: &str) -> Value {
    json!({ "id": "orgmem_29w9IptNja3mP8GDXpquBwN2qR9", "object": "organization_membership",
        "organization": organization(), "role": role, "created_at": 1_654_013_203_217_i64,
        "updated_at": 1_654_013_203_218_i64,
        "public_user_data": { "user_id": "user_29w83sxmDNGwOuEthce5gg56FcC",
            "identifier": "example@example.org", "first_name": "Example", "last_name": null } })
}

#[test]
fn clerk_s_examples_are_read() {
    let person = Person {
        id: "user_29w83sxmDNGwOuEthce5gg56FcC".into(),
        email: Some("example@example.org".into()),
        name: Some("Example Example".into()),
        avatar_url: Some("https://img.clerk.com/xxxxxx".into()),
        updated_at: 1_654_012_591_835,
    };
    let made = read(&event("user.created", &user())).unwrap();
    assert_eq!(made.at, Some(1_654_012_591_835));
    assert_eq!(made.told, Told::Person(person.clone()));
    assert_eq!(told("user.updated", &user()), Told::Person(person));
    let gone = json!({ "deleted": true, "id": "user_29w", "object": "user" });
    assert_eq!(
        told("user.deleted", &gone),
        Told::PersonGone("user_29w".into())
    );
    for kind in ["organization.created", "organization.updated"] {
        assert_eq!(told(kind, &organization()), Told::Organisation(acme()));
    }
    let gone =
        json!({ "deleted": true, "id": "org_29w", "slug": "acme", "object": "organization" });
    assert_eq!(
        told("organization.deleted", &gone),
        Told::OrganisationGone("org_29w".into())
    );
    assert_eq!(
        told("session.created", &json!({ "id": "sess_1" })),
        Told::Nothing
    );
    let gone = membership("org:admin");
    assert_eq!(
        told("organizationMembership.deleted", &gone),
        Told::MembershipGone("orgmem_29w9IptNja3mP8GDXpquBwN2qR9".into())
    );
    for (role, expected) in [
        ("org:admin", MemberRole::Admin),
        ("admin", MemberRole::Admin),
        ("org:member", MemberRole::Member),
        ("basic_member", MemberRole::Member),
        ("org:billing", MemberRole::Other),
    ] {
        let expected = Membership {
            id: "orgmem_29w9IptNja3mP8GDXpquBwN2qR9".into(),
            organisation: acme(),
            member: "user_29w83sxmDNGwOuEthce5gg56FcC".into(),
            role: expected,
            created_at: 1_654_013_203_217,
            updated_at: 1_654_013_203_218,
        };
        let told = told("organizationMembership.updated", &membership(role));
        assert_eq!(told, Told::Membership(Box::new(expected)), "{role}");
    }
}

#[test]
fn an_address_counts_once_it_is_verified_and_is_the_primary_one() {
    let email = |change: &dyn Fn(&mut Value)| {
        let mut user = user();
        change(&mut user);
        match told("user.updated", &user) {
            Told::Person(person) => person.email,
            other => panic!("{other:?}"),
        }
    };
    assert!(email(&|_| {}).is_some());
    assert_eq!(
        email(&|user| user["primary_email_address_id"] = Value::Null),
        None
    );
    assert_eq!(email(&|user| user["email_addresses"] = json!([])), None);
    let unverified = |user: &mut Value| {
        user["email_addresses"][0]["verification"]["status"] = "unverified".into();
    };
    assert_eq!(email(&unverified), None);
    assert_eq!(
        email(&|user| user["email_addresses"][0]["verification"] = Value::Null),
        None
    );
}

#[test]
fn what_is_no_event_is_told_by_its_place() {
    assert_eq!(DirectoryEvent::read(b"{"), Err(Malformed::NotJson));
    for (kind, data, pointer, value, member) in [
        ("user.created", user(), "/type", json!(""), "type"),
        ("user.created", user(), "/data", json!("x"), "data"),
        ("user.created", user(), "/data/id", json!("a|b"), "data.id"),
        (
            "user.created",
            user(),
            "/data/updated_at",
            json!(-1),
            "data.updated_at",
        ),
        (
            "organization.created",
            organization(),
            "/data/name",
            json!(" "),
            "an organization's name",
        ),
        (
            "organizationMembership.created",
            membership("x"),
            "/data/role",
            json!(1),
            "data.role",
        ),
        (
            "organizationMembership.created",
            membership("x"),
            "/data/organization",
            json!(null),
            "an organization's id",
        ),
        (
            "organizationMembership.created",
            membership("x"),
            "/data/public_user_data",
            json!(null),
            "data.public_user_data.user_id",
        ),
    ] {
        let mut event = event(kind, &data);
        *event.pointer_mut(pointer).unwrap() = value;
        assert_eq!(read(&event), Err(Malformed::Member(member)), "{pointer}");
    }
    // Seconds are milliseconds too.
    let mut seconds = event("user.created", &user());
    seconds["timestamp"] = 1_716_883_200.into();
    assert_eq!(read(&seconds).unwrap().at, Some(1_716_883_200_000));
}

proptest! {
    #[test]
    fn no_body_panics(body: Vec<u8>, text in "\\PC{0,300}") {
        let _ = DirectoryEvent::read(&body);
        let _ = DirectoryEvent::read(text.as_bytes());
    }
}

use super::support::*;
use super::teams::{crew, join};
use crate::ended::{self, AsLastOwner};
use crate::projects::{self, Whose};
use crate::teams::members;
use crate::testing::SqliteDatabase;
use crate::{Principal, Role, users};

/// As the directory's webhook leaves somebody.
fn gone(db: &SqliteDatabase, who: &Principal) {
    let id = who.user_id();
    db.raw(&format!(
        "UPDATE users SET deleted_at = '{T1}' WHERE id = '{id}'"
    ))
    .unwrap();
}

fn carol() -> Principal {
    Principal::user(CAROL)
}

fn roles(db: &SqliteDatabase, who: &Principal) -> Vec<(String, Role)> {
    let members = now(members::list(db, who, "crew")).unwrap();
    let mut roles: Vec<_> = members
        .into_iter()
        .map(|it| (it.user_id, it.role))
        .collect();
    roles.sort();
    roles
}

#[test]
fn a_team_goes_to_its_first_admin_or_else_its_first_editor() {
    for (carols, heir) in [(Role::Admin, CAROL), (Role::Editor, bob().user_id())] {
        let db = database();
        crew(&db);
        let carol = carol();
        join(&db, &carol, carols, T2);
        // Of somebody who lives nothing is taken.
        assert_eq!(now(ended::hand_on_teams(&db, &alice())), Ok(Vec::new()));
        gone(&db, &alice());
        for _ in 0..2 {
            assert_eq!(now(ended::hand_on_teams(&db, &alice())), Ok(Vec::new()));
        }
        let owners: Vec<_> = roles(&db, &carol)
            .into_iter()
            .filter(|(_, role)| *role == Role::Owner)
            .collect();
        assert_eq!(owners, [(heir.to_owned(), Role::Owner)]);
        now(users::delete(&db, &alice(), T2)).unwrap();
        assert_eq!(roles(&db, &carol).len(), 2);
        assert_eq!(now(ended::users(&db, 10)), Ok(Vec::new()));
    }
}

#[test]
fn a_team_of_viewers_ends_and_one_of_the_directory_waits() {
    let db = database();
    crew(&db);
    gone(&db, &alice());
    gone(&db, &bob());
    let carol = carol();
    join(&db, &carol, Role::Viewer, T2);
    // Bob is deleted as well, so he is no heir.
    let ended = now(ended::hand_on_teams(&db, &alice())).unwrap();
    assert_eq!(ended, ["crew"]);
    assert!(now(users::delete(&db, &alice(), T2)).is_err());
    db.raw("UPDATE teams SET external_id = 'iss|org'").unwrap();
    assert_eq!(now(ended::hand_on_teams(&db, &alice())), Ok(Vec::new()));
    assert_eq!(count(&db, "teams"), 1);
    now(users::delete(&db, &alice(), T2)).unwrap();
    let found = now(ended::users(&db, 10)).unwrap();
    assert_eq!(found, [bob().user_id()]);
}

#[test]
fn the_last_owner_of_a_deleted_team_is_in_it_for_a_batch() {
    let db = database();
    crew(&db);
    now(live(&db, &alice(), "live", "things")).unwrap();
    now(projects::to_team(&db, &alice(), "live", "crew", None, T1)).unwrap();
    assert_eq!(now(ended::teams(&db, 10)), Ok(Vec::new()));
    db.raw(&format!("UPDATE teams SET deleted_at = '{T1}'"))
        .unwrap();
    db.raw("DELETE FROM team_members").unwrap();
    let found = now(ended::teams(&db, 10)).unwrap();
    assert_eq!(found.len(), 1);
    let team = &found[0];
    assert_eq!(team.owner_id, alice().user_id());
    // They do not see it, and the sweep does.
    assert!(now(projects::get(&db, &alice(), "live")).is_err());
    let steward = AsLastOwner::of(&db, team);
    let list = now(projects::list(
        &steward,
        &alice(),
        Whose::Team("crew"),
        10,
        None,
    ))
    .unwrap();
    let ids: Vec<&str> = list.projects.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["live"]);
    assert_eq!(count(&db, "team_members"), 0);
    now(projects::delete(&steward, &alice(), "live", T2)).unwrap();
    assert_eq!((count(&db, "projects"), count(&db, "team_members")), (0, 0));
    assert_eq!(now(ended::teams(&db, 10)), Ok(Vec::new()));
}

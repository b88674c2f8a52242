use super::support::*;
use crate::teams::{self, NewTeam, invitations, members};
use crate::testing::SqliteDatabase;
use crate::{Principal, Role};

/// Of Alice, with Bob as an editor.
pub(super) fn crew(db: &SqliteDatabase) {
    let new = NewTeam {
        id: "crew",
        name: "Crew",
        slugs: &["crew".to_owned()],
    };
    now(teams::create(db, &alice(), &new, T0)).unwrap();
    join(db, &bob(), Role::Editor, T1);
}

pub(super) fn join(db: &SqliteDatabase, who: &Principal, role: Role, at: &str) {
    let new = invitations::NewInvitation {
        id: who.user_id(),
        team_id: "crew",
        email: "somebody@example.com",
        role,
        token_hash: who.user_id(),
        expires_at: T3,
        seats: None,
    };
    now(invitations::insert(db, &alice(), &new, T0)).unwrap();
    now(invitations::accept(db, who, who.user_id(), at)).unwrap();
}

#[test]
fn a_change_on_what_was_seen_is_made_on_nothing_else() {
    let db = database();
    crew(&db);
    let rename = |name, seen| now(teams::rename(&db, &alice(), "crew", name, seen));
    assert_eq!(rename("First", Some("Crew")).unwrap().name, "First");
    assert_eq!(
        code(&rename("Second", Some("Crew")).unwrap_err()),
        "revision_changed"
    );
    assert_eq!(rename("Third", None).unwrap().name, "Third");
    let bobs = bob();
    let set = |role, seen| {
        now(members::set_role(
            &db,
            &alice(),
            "crew",
            bobs.user_id(),
            role,
            seen,
        ))
    };
    set(Role::Viewer, Some(Role::Editor)).unwrap();
    let late = set(Role::Admin, Some(Role::Editor)).unwrap_err();
    assert_eq!(code(&late), "revision_changed");
    set(Role::Admin, None).unwrap();
    // The owner's stays, whatever was seen.
    let own = now(members::set_role(
        &db,
        &alice(),
        "crew",
        alice().user_id(),
        Role::Viewer,
        Some(Role::Owner),
    ));
    assert_eq!(code(&own.unwrap_err()), "owner_must_transfer");
}

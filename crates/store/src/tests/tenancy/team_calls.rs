//! As `calls`, for teams: Alice owns `crew`, Carol is an editor in it.

use super::calls::{
    Call,
    Foreign::{self, ByToken, NotFound, Own, Sees},
    call,
};
use super::invite;
use crate::Role;
use crate::projects;
use crate::teams::{self, invitations, members};
use crate::tests::support::*;

pub(super) const TEAM_CALLS: &[(&str, Foreign, Call)] = &[
    (
        "teams::create",
        Own,
        call!(|db, who| async {
            let slugs = ["pack".to_owned()];
            let team = teams::NewTeam {
                id: "pack",
                name: "Pack",
                slugs: &slugs,
            };
            teams::create(db, who, &team, T2).await?;
            crate::users::get(db, who).await
        }),
    ),
    (
        "teams::list",
        Sees("[]"),
        call!(|db, who| teams::list(db, who)),
    ),
    (
        "teams::get",
        NotFound,
        call!(|db, who| teams::get(db, who, "crew")),
    ),
    (
        "teams::rename",
        NotFound,
        call!(|db, who| teams::rename(db, who, "crew", "Mine", None)),
    ),
    (
        "teams::delete",
        NotFound,
        call!(|db, who| teams::delete(db, who, "crew")),
    ),
    (
        "members::list",
        NotFound,
        call!(|db, who| members::list(db, who, "crew")),
    ),
    (
        "members::set_role",
        NotFound,
        call!(|db, who| members::set_role(db, who, "crew", CAROL, Role::Viewer, None)),
    ),
    (
        "members::remove",
        NotFound,
        call!(|db, who| members::remove(db, who, "crew", CAROL)),
    ),
    (
        "members::transfer",
        NotFound,
        call!(|db, who| members::transfer(db, who, "crew", CAROL)),
    ),
    (
        "invitations::insert",
        NotFound,
        call!(|db, who| invite(db, who, "ask-3", "ask-hash-3")),
    ),
    (
        "invitations::list",
        NotFound,
        call!(|db, who| invitations::list(db, who, "crew", T1)),
    ),
    (
        "invitations::revoke",
        NotFound,
        call!(|db, who| invitations::revoke(db, who, "crew", "ask-1", T1)),
    ),
    (
        "invitations::offer",
        ByToken,
        call!(|db, who| invitations::offer(db, who, "ask-hash-1", T1)),
    ),
    (
        "invitations::accept",
        ByToken,
        call!(|db, who| invitations::accept(db, who, "ask-hash-1", T1)),
    ),
    (
        "projects::to_team",
        NotFound,
        call!(|db, who| projects::to_team(db, who, "live", "crew", None, T2)),
    ),
    (
        "projects::to_self",
        NotFound,
        call!(|db, who| projects::to_self(db, who, "live", "x", None, T2)),
    ),
];

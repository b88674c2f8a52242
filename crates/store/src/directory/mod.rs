//! People, organisations and memberships as another directory (Clerk) tells them.
//!
//! What is told comes twice, late and in any order; what is stored in the end does
//! not depend on that. Each thing has a version, and an older one changes nothing.
//! What is gone stays gone. A membership that comes before its person or its
//! organisation makes both, and what is told of them later fills them in.

mod organisations;
mod people;

use crate::port::run;
use crate::webhook_events::{Delivery, Received};
use crate::{Database, Statement, StoreError, time};

/// A person; ids of the directory are [`crate::users::external_id`].
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    pub external_id: &'a str,
    /// One that the directory has verified.
    pub email: Option<&'a str>,
    pub name: Option<&'a str>,
    pub avatar_url: Option<&'a str>,
    pub version: &'a str,
}

#[derive(Debug, Clone, Copy)]
pub struct Organisation<'a> {
    pub external_id: &'a str,
    pub name: &'a str,
    /// Of `[a-z0-9-]`.
    pub slug: Option<&'a str>,
    /// Where the slug is another team's.
    pub spare_slug: &'a str,
    /// External id of the person who made it.
    pub creator: Option<&'a str>,
    pub version: &'a str,
}

#[derive(Debug, Clone, Copy)]
pub struct Membership<'a> {
    pub external_id: &'a str,
    pub organisation: Organisation<'a>,
    /// External id of the person.
    pub member: &'a str,
    pub role: MemberRole,
    pub joined_at: &'a str,
    pub version: &'a str,
}

/// The owner is not told by the directory: it is who made the organisation while
/// they are in it, else the first admin, else the first member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberRole {
    Admin,
    Editor,
    Viewer,
}

impl MemberRole {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Viewer => "viewer",
        }
    }
}

/// One thing that is told.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    Person(Person<'a>),
    PersonGone(&'a str),
    Organisation(Organisation<'a>),
    OrganisationGone(&'a str),
    Membership(Membership<'a>),
    MembershipGone(&'a str),
    /// Something that does not matter here.
    Nothing,
}

/// Ids for the rows that one delivery may make.
#[derive(Debug, Clone, Copy)]
pub struct NewIds<'a> {
    pub person: &'a str,
    pub creator: &'a str,
    pub team: &'a str,
}

/// Applies a delivery. `at` is when it happened, `now` when it came.
pub async fn apply(
    db: &impl Database,
    delivery: &Delivery<'_>,
    told: &Told<'_>,
    ids: NewIds<'_>,
    at: &str,
    now: &str,
) -> Result<Received, StoreError> {
    time::check(at)?;
    time::check(now)?;
    let mut statements = vec![delivery.insert(now)];
    match told {
        Told::Person(person) => {
            statements.extend(people::put(person, ids.person, now));
        }
        Told::PersonGone(id) => {
            statements.extend(people::remove(id, ids.person, at, now));
            statements.extend(organisations::members_of(id));
        }
        Told::Organisation(organisation) => {
            statements.extend(organisations::put(organisation, None, ids, now));
            statements.extend(organisations::members_of(organisation.external_id));
        }
        Told::OrganisationGone(id) => statements.extend(organisations::remove(id, at)),
        Told::Membership(membership) => {
            time::check(membership.joined_at)?;
            statements.push(people::stub(membership.member, ids.person, now));
            let organisation = &membership.organisation;
            statements.extend(organisations::put(
                organisation,
                Some(membership.member),
                ids,
                now,
            ));
            statements.push(organisations::put_membership(membership));
            statements.extend(organisations::members_of(organisation.external_id));
        }
        Told::MembershipGone(id) => {
            statements.extend(organisations::remove_membership(id, at));
            statements.extend(organisations::members_of(id));
        }
        Told::Nothing => {}
    }
    run_once(db, delivery, statements).await
}

/// The batch, unless the delivery has been received.
async fn run_once(
    db: &impl Database,
    delivery: &Delivery<'_>,
    statements: Vec<Statement>,
) -> Result<Received, StoreError> {
    if delivery.is_known(db).await? {
        return Ok(Received::Duplicate);
    }
    match run(db, statements).await {
        Ok(_) => Ok(Received::Applied),
        // The same delivery, twice at once: the other has done all of it.
        Err(StoreError::Conflict { .. }) if delivery.is_known(db).await? => Ok(Received::Duplicate),
        Err(error) => Err(error),
    }
}

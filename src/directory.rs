//! Clerk's events as what the store keeps.

use mcpengine_identity::clerk::{DirectoryEvent, MemberRole, Organisation, Told};
use mcpengine_store::directory::{self, Membership, NewIds, Person};
use mcpengine_store::time::from_millis;
use mcpengine_store::users::external_id;
use mcpengine_store::webhook_events::{Delivery, Received, Source};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;

/// Characters of an organisation's id that make its spare slug unique.
const SPARE_CHARS: usize = 12;

/// Takes in what a delivery tells. `id` is the same each time it is sent.
pub(crate) async fn receive(
    app: &App,
    id: &str,
    event: &DirectoryEvent,
) -> Result<Received, ApiError> {
    let now = clock::now();
    let happened = event.at.map_or_else(|| now.clone(), from_millis);
    let delivery = Delivery {
        source: Source::Clerk,
        id,
        kind: &event.kind,
    };
    let ids = [clock::new_id()?, clock::new_id()?, clock::new_id()?];
    let [person, creator, team] = &ids;
    let ids = NewIds {
        person,
        creator,
        team,
    };
    let issuer = app.config.authentication.policy.issuer.as_str();
    let version = |updated_at| version(updated_at, event.at, id);
    let external = |id: &str| external_id(issuer, id);
    let put = async |told: directory::Told<'_>| {
        directory::apply(&app.db, &delivery, &told, ids, &happened, &now).await
    };
    let received = match &event.told {
        Told::Person(person) => {
            put(directory::Told::Person(Person {
                external_id: &external(&person.id),
                email: person.email.as_deref(),
                name: person.name.as_deref(),
                avatar_url: person.avatar_url.as_deref(),
                version: &version(person.updated_at),
            }))
            .await
        }
        Told::PersonGone(id) => put(directory::Told::PersonGone(&external(id))).await,
        Told::Organisation(organisation) => {
            let own = Own::of(organisation, issuer, version(organisation.updated_at));
            put(directory::Told::Organisation(own.told(organisation))).await
        }
        Told::OrganisationGone(id) => put(directory::Told::OrganisationGone(&external(id))).await,
        Told::Membership(membership) => {
            let organisation = &membership.organisation;
            let own = Own::of(organisation, issuer, version(organisation.updated_at));
            put(directory::Told::Membership(Membership {
                external_id: &external(&membership.id),
                organisation: own.told(organisation),
                member: &external(&membership.member),
                role: role(membership.role),
                joined_at: &from_millis(membership.created_at),
                version: &version(membership.updated_at),
            }))
            .await
        }
        Told::MembershipGone(id) => put(directory::Told::MembershipGone(&external(id))).await,
        Told::Nothing => put(directory::Told::Nothing).await,
    };
    Ok(received?)
}

/// Later changes have greater versions; of changes in one millisecond the events'
/// own times and ids decide, so that the order of arrival does not.
fn version(updated_at: i64, happened: Option<i64>, id: &str) -> String {
    format!("{updated_at:016}.{:016}.{id}", happened.unwrap_or_default())
}

/// Roles that an organisation has made itself may look.
const fn role(role: MemberRole) -> directory::MemberRole {
    match role {
        MemberRole::Admin => directory::MemberRole::Admin,
        MemberRole::Member => directory::MemberRole::Editor,
        MemberRole::Other => directory::MemberRole::Viewer,
    }
}

/// What the store's form of an organisation borrows.
struct Own {
    external_id: String,
    spare_slug: String,
    creator: Option<String>,
    version: String,
}

impl Own {
    fn of(organisation: &Organisation, issuer: &str, version: String) -> Self {
        let slug = organisation.slug.as_deref().unwrap_or("team");
        let id = organisation.id.chars().rev().take(SPARE_CHARS);
        let tail: String = id.filter(char::is_ascii_alphanumeric).collect();
        let creator = organisation.created_by.as_deref();
        Self {
            external_id: external_id(issuer, &organisation.id),
            spare_slug: format!("{slug}-{}", tail.to_ascii_lowercase()),
            creator: creator.map(|creator| external_id(issuer, creator)),
            version,
        }
    }

    fn told<'a>(&'a self, organisation: &'a Organisation) -> directory::Organisation<'a> {
        directory::Organisation {
            external_id: &self.external_id,
            name: &organisation.name,
            slug: organisation.slug.as_deref(),
            spare_slug: &self.spare_slug,
            creator: self.creator.as_deref(),
            version: &self.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_in_the_order_of_changes() {
        let versions = [
            version(9, Some(9), "z"),
            version(10, None, "b"),
            version(10, Some(3), "a"),
            version(10, Some(20), "a"),
            version(10, Some(20), "b"),
            version(1_760_000_000_000, Some(1), "a"),
        ];
        assert!(versions.is_sorted());
    }
}

//! What Clerk tells by webhook of people, organisations and memberships
//! (<https://clerk.com/docs/guides/development/webhooks/overview>). The signature has
//! been verified by then (`mcpengine_vault::webhook`).

use serde_json::Value;

/// Longest id, name or address that is taken; longer ones are cut or left out.
const MAX_CHARS: usize = 255;

/// 2^53: JavaScript's last whole number, past every time in milliseconds.
const MAX_MILLIS: i64 = 9_007_199_254_740_992;

/// Times before this are in seconds: it is March 1973 in milliseconds.
const FIRST_MILLIS: i64 = 100_000_000_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEvent {
    /// `user.created` and the like.
    pub kind: String,
    /// When it happened, in milliseconds since the epoch; `None` where it is not said.
    pub at: Option<i64>,
    pub told: Told,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Person(Person),
    /// Its id.
    PersonGone(String),
    Organisation(Organisation),
    OrganisationGone(String),
    Membership(Box<Membership>),
    MembershipGone(String),
    /// An event of another type.
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `user_…`: the `sub` of their tokens.
    pub id: String,
    /// The primary address, where it is verified.
    pub email: Option<String>,
    pub name: Option<String>,
    pub avatar_url: Option<String>,
    /// In milliseconds since the epoch.
    pub updated_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// `org_…`.
    pub id: String,
    pub name: String,
    /// Of `[a-z0-9-]`; `None` where it has none.
    pub slug: Option<String>,
    /// Id of the person who made it.
    pub created_by: Option<String>,
    pub updated_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// `orgmem_…`: who comes back has another.
    pub id: String,
    pub organisation: Organisation,
    /// Id of the person.
    pub member: String,
    pub role: MemberRole,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberRole {
    Admin,
    Member,
    /// A role that the organisation has made itself.
    Other,
}

/// Why a body is no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("the body is not JSON")]
    NotJson,
    #[error("the event has no valid {0}")]
    Member(&'static str),
}

impl DirectoryEvent {
    /// # Errors
    /// [`Malformed`]: it does not have the documented form.
    pub fn read(body: &[u8]) -> Result<Self, Malformed> {
        let event: Value = serde_json::from_slice(body).map_err(|_| Malformed::NotJson)?;
        let kind = text(&event, "type").ok_or(Malformed::Member("type"))?;
        let data = event.get("data").filter(|data| data.is_object());
        let data = data.ok_or(Malformed::Member("data"))?;
        Ok(Self {
            told: told(&kind, data)?,
            at: millis(&event, "timestamp"),
            kind,
        })
    }
}

fn told(kind: &str, data: &Value) -> Result<Told, Malformed> {
    let gone = || id(data, "id").ok_or(Malformed::Member("data.id"));
    Ok(match kind {
        "user.created" | "user.updated" => Told::Person(person(data)?),
        "user.deleted" => Told::PersonGone(gone()?),
        "organization.created" | "organization.updated" => Told::Organisation(organisation(data)?),
        "organization.deleted" => Told::OrganisationGone(gone()?),
        "organizationMembership.created" | "organizationMembership.updated" => {
            Told::Membership(Box::new(membership(data)?))
        }
        "organizationMembership.deleted" => Told::MembershipGone(gone()?),
        _ => Told::Nothing,
    })
}

fn person(data: &Value) -> Result<Person, Malformed> {
    let parts = [text(data, "first_name"), text(data, "last_name")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Ok(Person {
        id: id(data, "id").ok_or(Malformed::Member("data.id"))?,
        email: primary_email(data),
        name: Some(parts.join(" ")).filter(|name| !name.is_empty()),
        avatar_url: text(data, "image_url").filter(|url| url.starts_with("https://")),
        updated_at: millis(data, "updated_at").ok_or(Malformed::Member("data.updated_at"))?,
    })
}

fn primary_email(data: &Value) -> Option<String> {
    let primary = data.get("primary_email_address_id")?.as_str()?;
    let addresses = data.get("email_addresses")?.as_array()?;
    let address = addresses
        .iter()
        .find(|address| address.get("id").and_then(Value::as_str) == Some(primary))?;
    let is_verified = address.pointer("/verification/status")?.as_str()? == "verified";
    let email = address.get("email_address")?.as_str()?;
    (is_verified && email.len() <= MAX_CHARS && email.contains('@')).then(|| email.to_owned())
}

fn organisation(data: &Value) -> Result<Organisation, Malformed> {
    Ok(Organisation {
        id: id(data, "id").ok_or(Malformed::Member("an organization's id"))?,
        name: text(data, "name").ok_or(Malformed::Member("an organization's name"))?,
        slug: text(data, "slug").and_then(|slug| slug_of(&slug)),
        created_by: id(data, "created_by"),
        updated_at: millis(data, "updated_at")
            .ok_or(Malformed::Member("an organization's updated_at"))?,
    })
}

fn membership(data: &Value) -> Result<Membership, Malformed> {
    let person = data.get("public_user_data").unwrap_or(&Value::Null);
    let time = |name, missing| millis(data, name).ok_or(Malformed::Member(missing));
    Ok(Membership {
        id: id(data, "id").ok_or(Malformed::Member("data.id"))?,
        organisation: organisation(data.get("organization").unwrap_or(&Value::Null))?,
        member: id(person, "user_id").ok_or(Malformed::Member("data.public_user_data.user_id"))?,
        role: match data.get("role").and_then(Value::as_str) {
            Some("org:admin" | "admin") => MemberRole::Admin,
            Some("org:member" | "basic_member") => MemberRole::Member,
            Some(_) => MemberRole::Other,
            None => return Err(Malformed::Member("data.role")),
        },
        created_at: time("created_at", "data.created_at")?,
        updated_at: time("updated_at", "data.updated_at")?,
    })
}

/// Letters, digits and underscores: what is made into `issuer|id`.
fn id(object: &Value, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let fits = !text.is_empty() && text.len() <= MAX_CHARS && text.bytes().all(allowed);
    fits.then(|| text.to_owned())
}

/// In one line, without spaces around it; `None` where nothing is left.
fn text(object: &Value, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    let visible = text.chars().filter(|c| !c.is_control()).take(MAX_CHARS);
    let text: String = visible.collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn slug_of(text: &str) -> Option<String> {
    let slug: String = text
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => c,
            _ => '-',
        })
        .take(60)
        .collect();
    let slug = slug.trim_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

/// Clerk's pages show times in milliseconds, and in seconds in places.
fn millis(object: &Value, name: &str) -> Option<i64> {
    let number = object.get(name)?.as_i64()?;
    match number {
        0..FIRST_MILLIS => Some(number * 1_000),
        FIRST_MILLIS..=MAX_MILLIS => Some(number),
        _ => None,
    }
}

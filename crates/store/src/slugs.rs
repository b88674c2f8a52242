//! Names: `{slug}.mcpengine.run`. Global, never shared, and not given to anybody
//! else for 90 days after their project is gone, so that nobody inherits the
//! callers of a server that went away.

use serde::Deserialize;

use crate::port::run;
use crate::principal::{editable, edits, readable, reads};
use crate::{Database, Param, Principal, Row, Statement, StoreError, time};

/// Longest slug; a DNS label has 63.
pub const MAX_CHARS: usize = 40;
/// Days until a released name is free for others.
pub const REUSE_AFTER_DAYS: i64 = 90;
/// Candidates that one claim may try.
pub const MAX_CANDIDATES: usize = 16;

/// Names that the platform needs, or that would lend a stranger its authority.
/// Sorted.
const RESERVED: &[&str] = &[
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "alpha",
    "analytics",
    "anthropic",
    "api",
    "app",
    "apps",
    "assets",
    "auth",
    "autoconfig",
    "autodiscover",
    "beta",
    "billing",
    "blog",
    "cache",
    "cdn",
    "chatgpt",
    "checkout",
    "claude",
    "cloud",
    "cloudflare",
    "community",
    "config",
    "console",
    "contact",
    "dashboard",
    "db",
    "debug",
    "demo",
    "dev",
    "developer",
    "developers",
    "discover",
    "dns",
    "docs",
    "documentation",
    "download",
    "downloads",
    "edge",
    "email",
    "events",
    "example",
    "examples",
    "faq",
    "feedback",
    "files",
    "forum",
    "ftp",
    "gateway",
    "git",
    "github",
    "graphql",
    "grpc",
    "health",
    "help",
    "host",
    "hostmaster",
    "id",
    "identity",
    "imap",
    "img",
    "info",
    "internal",
    "invoice",
    "jobs",
    "legal",
    "local",
    "localhost",
    "log",
    "login",
    "logout",
    "logs",
    "mail",
    "marketplace",
    "mcp",
    "mcpengine",
    "media",
    "metrics",
    "mx",
    "news",
    "noc",
    "no-reply",
    "noreply",
    "ns",
    "ns1",
    "ns2",
    "oauth",
    "official",
    "openai",
    "pay",
    "payment",
    "payments",
    "pop",
    "pop3",
    "postmaster",
    "preview",
    "pricing",
    "privacy",
    "prod",
    "production",
    "proxy",
    "public",
    "registry",
    "root",
    "sales",
    "sandbox",
    "search",
    "secure",
    "security",
    "server",
    "servers",
    "setup",
    "shop",
    "signin",
    "signup",
    "smtp",
    "sso",
    "staff",
    "staging",
    "stat",
    "static",
    "stats",
    "status",
    "store",
    "stripe",
    "studio",
    "support",
    "sys",
    "system",
    "team",
    "teams",
    "telemetry",
    "terms",
    "test",
    "testing",
    "token",
    "tokens",
    "trust",
    "update",
    "updates",
    "upload",
    "uploads",
    "user",
    "users",
    "verify",
    "web",
    "webhook",
    "webhooks",
    "webmail",
    "webmaster",
    "well-known",
    "wiki",
    "worker",
    "workers",
    "wpad",
    "ws",
    "www",
    "www1",
    "www2",
];

/// `[a-z0-9-]{1,40}`, no hyphen at either end, and none of the form `xn--`, which
/// a browser would show as other letters. `Invalid invalid_slug`.
pub fn check_form(slug: &str) -> Result<(), StoreError> {
    let bytes = slug.as_bytes();
    let letters = bytes
        .iter()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let punycode = bytes.get(2..4) == Some(b"--");
    if letters
        && (1..=MAX_CHARS).contains(&bytes.len())
        && !slug.starts_with('-')
        && !slug.ends_with('-')
        && !punycode
    {
        return Ok(());
    }
    Err(StoreError::invalid(
        "invalid_slug",
        format!(
            "a slug has 1 to {MAX_CHARS} characters a-z, 0-9 and hyphens, with no hyphen at \
             either end or as both its third and fourth"
        ),
    ))
}

#[must_use]
pub fn is_reserved(slug: &str) -> bool {
    RESERVED.binary_search(&slug).is_ok()
}

/// The form of [`check_form`] and not reserved: a name that can be hosted.
pub fn check_hosted(slug: &str) -> Result<(), StoreError> {
    check_form(slug)?;
    if is_reserved(slug) {
        return Err(StoreError::invalid(
            "reserved_slug",
            format!("{slug} is reserved; choose another name"),
        ));
    }
    Ok(())
}

/// A slug of any text: lower case, hyphens between words, at most
/// [`MAX_CHARS`]; `server` when nothing is left.
#[must_use]
pub fn from_text(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars() {
        if slug.len() >= MAX_CHARS {
            break;
        }
        let lower = character.to_ascii_lowercase();
        if lower.is_ascii_lowercase() || lower.is_ascii_digit() {
            slug.push(lower);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "server".to_owned()
    } else {
        slug.to_owned()
    }
}

/// Names to try for `base` (any text), best first: itself where it is not
/// reserved, `base-mcp`, `base-2` to `base-5`, and `base-{suffix}` with the
/// caller's random `[a-z0-9]` suffix, which makes the list practically certain.
#[must_use]
pub fn candidates(base: &str, suffix: &str) -> Vec<String> {
    let base = from_text(base);
    let suffix: String = suffix
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        .take(12)
        .collect();
    let tails = ["", "-mcp", "-2", "-3", "-4", "-5"].map(str::to_owned);
    let random = (!suffix.is_empty()).then(|| format!("-{suffix}"));
    let mut names: Vec<String> = Vec::new();
    for tail in tails.into_iter().chain(random) {
        let room = MAX_CHARS.saturating_sub(tail.len());
        let head = base
            .get(..room.min(base.len()))
            .unwrap_or_default()
            .trim_end_matches('-');
        let name = format!("{head}{tail}");
        if check_hosted(&name).is_ok() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[derive(Deserialize)]
struct Held {
    slug: String,
}

/// The project's hosted name: the one it holds, or else the first free one of
/// the candidates, claimed for it. `Conflict slug_taken` when none is free.
///
/// A released name is free after 90 days, and at once for the user who had it.
pub async fn claim(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    candidates: &[String],
    now: &str,
) -> Result<String, StoreError> {
    let candidates = candidates.get(..MAX_CANDIDATES).unwrap_or(candidates);
    for candidate in candidates {
        check_hosted(candidate)?;
    }
    let free_since = time::days_before(now, REUSE_AFTER_DAYS)?;
    let mut statements: Vec<Statement> = candidates
        .iter()
        .map(|slug| {
            Statement::new(
                concat!(
                    "INSERT INTO slugs (slug, project_id, user_id, created_at) \
                     SELECT ?3, ?2, ?1, ?4 WHERE ",
                    edits!("?2"),
                    " AND NOT EXISTS (SELECT 1 FROM slugs h \
                     WHERE h.project_id = ?2 AND h.released_at IS NULL) \
                     ON CONFLICT (slug) DO UPDATE SET project_id = excluded.project_id, \
                     user_id = excluded.user_id, created_at = excluded.created_at, \
                     deployment_id = NULL, released_at = NULL \
                     WHERE slugs.released_at IS NOT NULL \
                     AND (slugs.user_id = excluded.user_id OR slugs.released_at <= ?5)"
                ),
                [
                    principal.scope(),
                    project_id.into(),
                    slug.into(),
                    now.into(),
                    Param::from(&free_since),
                ],
            )
        })
        .collect();
    let project = statements.len();
    statements.push(editable(principal, project_id));
    statements.push(held(principal, project_id));
    let mut outcomes = run(db, statements).await?;
    if outcomes.rows(project).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    slug_of(outcomes.last_row())?.ok_or_else(|| {
        StoreError::conflict(
            "slug_taken",
            format!("{} is in use; choose another name", candidates.join(", ")),
        )
    })
}

/// The name that the project holds, live or not.
pub async fn of_project(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
) -> Result<Option<String>, StoreError> {
    let statements = vec![readable(principal, project_id), held(principal, project_id)];
    let mut outcomes = run(db, statements).await?;
    if outcomes.rows(0).is_empty() {
        return Err(StoreError::NotFound("project"));
    }
    slug_of(outcomes.last_row())
}

/// Whether the principal could claim this name now. `Invalid` as [`check_hosted`].
pub async fn is_available(
    db: &impl Database,
    principal: &Principal,
    slug: &str,
    now: &str,
) -> Result<bool, StoreError> {
    check_hosted(slug)?;
    let free_since = time::days_before(now, REUSE_AFTER_DAYS)?;
    let taken = Statement::new(
        "SELECT slug FROM slugs WHERE slug = ?2 AND (released_at IS NULL \
         OR (user_id <> ?1 AND released_at > ?3))",
        [principal.scope(), slug.into(), free_since.into()],
    );
    Ok(run(db, vec![taken]).await?.last_row().is_none())
}

fn held(principal: &Principal, project_id: &str) -> Statement {
    Statement::new(
        concat!(
            "SELECT slug FROM slugs WHERE project_id = ?2 AND released_at IS NULL AND ",
            reads!("?2")
        ),
        [principal.scope(), project_id.into()],
    )
}

fn slug_of(row: Option<Row>) -> Result<Option<String>, StoreError> {
    row.map(crate::decode::row::<Held>)
        .transpose()
        .map(|held| held.map(|held| held.slug))
}

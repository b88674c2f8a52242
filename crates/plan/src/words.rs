//! Identifiers as words: splitting, joining, number, abbreviation.

use std::borrow::Cow;

use crate::fold::ascii_folded;

/// Brand and protocol spellings whose capitals are not word borders.
const SPELLINGS: [(&str, &str); 8] = [
    ("OAuth", "Oauth"),
    ("GraphQL", "Graphql"),
    ("OpenID", "Openid"),
    ("GitHub", "Github"),
    ("GitLab", "Gitlab"),
    ("PayPal", "Paypal"),
    ("iOS", "Ios"),
    ("WebHook", "Webhook"),
];

/// Splits an identifier of any convention (camelCase, dots, slashes, hyphens)
/// into lower-case ASCII words, accents left out. Digits stay with the word before them; a run of
/// capitals is one word (`listAPIKeys` is `list api keys`).
pub(crate) fn split(identifier: &str) -> Vec<String> {
    let mut text = ascii_folded(identifier);
    // All of them have capitals within.
    if identifier.bytes().any(|byte| byte.is_ascii_uppercase()) {
        for (spelling, plain) in SPELLINGS {
            if text.contains(spelling) {
                text = Cow::Owned(text.replace(spelling, plain));
            }
        }
    }
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        if !c.is_ascii_alphanumeric() {
            // An apostrophe joins (`user's`), everything else separates.
            if c != '\'' && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        } else {
            let plural = after == 's' && is_end_of_acronym(&characters);
            let border = c.is_ascii_uppercase()
                && (before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && after.is_ascii_lowercase() && !plural));
            if border && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether the `s` that comes next is the plural of an acronym (`URLs`, `IDsOf`).
fn is_end_of_acronym(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut rest = rest.clone();
    rest.next();
    rest.next().is_none_or(|c| !c.is_ascii_lowercase())
}

/// Whether a word is an API version: `v1`, `v2beta1`, `2023-04` split to `2023`.
pub(crate) fn is_version(word: &str) -> bool {
    let bytes = word.as_bytes();
    match bytes.first() {
        Some(b'v') => bytes.get(1).is_some_and(u8::is_ascii_digit),
        Some(first) if first.is_ascii_digit() => {
            bytes.iter().all(|b| b.is_ascii_digit() || *b == b'.')
        }
        _ => false,
    }
}

/// Nouns whose number their ending does not tell, and their singulars.
const IRREGULAR: [(&str, &str); 49] = [
    ("access", "access"),
    ("address", "address"),
    ("ads", "ad"),
    ("alias", "alias"),
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("analytics", "analytics"),
    ("apis", "api"),
    ("atlas", "atlas"),
    ("aws", "aws"),
    ("bias", "bias"),
    ("biases", "bias"),
    ("bonuses", "bonus"),
    ("buses", "bus"),
    ("business", "business"),
    ("caches", "cache"),
    ("calories", "calorie"),
    ("campuses", "campus"),
    ("canvas", "canvas"),
    ("canvases", "canvas"),
    ("children", "child"),
    ("cookies", "cookie"),
    ("cpus", "cpu"),
    ("dbs", "db"),
    ("dns", "dns"),
    ("gpus", "gpu"),
    ("https", "https"),
    ("ids", "id"),
    ("indices", "index"),
    ("ips", "ip"),
    ("kubernetes", "kubernetes"),
    ("kudos", "kudos"),
    ("lens", "lens"),
    ("lenses", "lens"),
    ("matrices", "matrix"),
    ("menus", "menu"),
    ("movies", "movie"),
    ("news", "news"),
    ("people", "person"),
    ("progress", "progress"),
    ("quizzes", "quiz"),
    ("series", "series"),
    ("skus", "sku"),
    ("sms", "sms"),
    ("species", "species"),
    ("status", "status"),
    ("vertices", "vertex"),
    ("viruses", "virus"),
    ("vms", "vm"),
];

/// The singular of an English plural noun, by its ending; of several words, that
/// of the last (`time_series` stays).
pub(crate) fn singular(word: &str) -> String {
    if let Some((before, last)) = word.rsplit_once('_') {
        return format!("{before}_{}", singular(last));
    }
    if let Ok(at) = IRREGULAR.binary_search_by_key(&word, |(plural, _)| *plural) {
        return IRREGULAR
            .get(at)
            .map_or(word, |(_, singular)| singular)
            .to_owned();
    }
    let is_kept = ["ss", "us", "is", "series"]
        .iter()
        .any(|ending| word.ends_with(ending));
    if is_kept || word.len() < 4 {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return if stem.len() > 1 {
            format!("{stem}y")
        } else {
            word.to_owned()
        };
    }
    let takes_es = ["sses", "shes", "ches", "xes", "tzes", "tuses"]
        .iter()
        .any(|ending| word.ends_with(ending));
    if takes_es {
        return word.strip_suffix("es").unwrap_or(word).to_owned();
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// Whether a word reads as a plural noun.
pub(crate) fn is_plural(word: &str) -> bool {
    singular(word) != word
}

/// `user_id` words as a sentence: `User ID`.
pub(crate) fn sentence(words: &[String]) -> String {
    let mut text = String::new();
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            text.push(' ');
        }
        match word.as_str() {
            "id" | "url" | "api" | "uri" | "sms" | "ip" | "dns" | "ssh" | "csv" | "pdf"
            | "html" | "json" | "xml" | "uuid" | "sso" | "ssl" | "tls" | "vat" | "pin" => {
                text.push_str(&word.to_ascii_uppercase());
            }
            "ids" => text.push_str("IDs"),
            "urls" => text.push_str("URLs"),
            "oauth" => text.push_str("OAuth"),
            _ if i == 0 => text.push_str(&capitalised(word)),
            _ => text.push_str(word),
        }
    }
    text
}

/// The text with its first letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// A usual short form of a long word; the word itself where it has none.
pub(crate) fn abbreviated(word: &str) -> &str {
    match word {
        "administrator" | "administrators" | "administration" => "admin",
        "application" => "app",
        "applications" => "apps",
        "authentication" => "auth",
        "authorization" | "authorisation" => "authz",
        "configuration" => "config",
        "configurations" => "configs",
        "database" => "db",
        "databases" => "dbs",
        "definition" => "def",
        "definitions" => "defs",
        "description" => "desc",
        "development" => "dev",
        "document" => "doc",
        "documents" => "docs",
        "environment" => "env",
        "environments" => "envs",
        "identifier" => "id",
        "identifiers" => "ids",
        "information" => "info",
        "language" => "lang",
        "management" => "mgmt",
        "maximum" => "max",
        "message" => "msg",
        "messages" => "msgs",
        "minimum" => "min",
        "notification" => "notif",
        "notifications" => "notifs",
        "number" => "num",
        "organization" | "organisation" => "org",
        "organizations" | "organisations" => "orgs",
        "parameter" => "param",
        "parameters" => "params",
        "permission" => "perm",
        "permissions" => "perms",
        "reference" => "ref",
        "references" => "refs",
        "repository" => "repo",
        "repositories" => "repos",
        "specification" => "spec",
        "specifications" => "specs",
        "statistics" => "stats",
        "subscription" => "sub",
        "subscriptions" => "subs",
        "temporary" => "temp",
        "transaction" => "txn",
        "transactions" => "txns",
        other => other,
    }
}

/// A stable six-character suffix of a text (FNV-1a), for the names that their
/// own content cannot tell apart.
pub(crate) fn fingerprint(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{:06x}", (hash ^ (hash >> 32)) & 0x00ff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_every_convention_split_into_the_same_words() {
        for (identifier, expected) in [
            ("listPets", "list pets"),
            ("ListPets", "list pets"),
            ("list-pets", "list pets"),
            ("drive.files.list", "drive files list"),
            ("repos/list-for-user", "repos list for user"),
            ("listAPIKeys", "list api keys"),
            ("getURLs", "get urls"),
            ("IDsOfUser", "ids of user"),
            ("getV2User", "get v2 user"),
            ("OAuthToken", "oauth token"),
            ("HTTPServerError", "http server error"),
            ("Users_GetById", "users get by id"),
            ("获取用户", ""),
            ("número_pedido", "numero pedido"),
            ("Größe", "grosse"),
            ("user's data", "users data"),
        ] {
            assert_eq!(split(identifier).join(" "), expected, "{identifier}");
        }
    }

    #[test]
    fn nouns_lose_their_plural_and_nothing_else() {
        for (word, expected) in [
            ("pets", "pet"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("statuses", "status"),
            ("status", "status"),
            ("houses", "house"),
            ("caches", "cache"),
            ("branches", "branch"),
            ("releases", "release"),
            ("analysis", "analysis"),
            ("bus", "bus"),
            ("series", "series"),
            ("time_series", "time_series"),
            ("timeseries", "timeseries"),
            ("send_sms", "send_sms"),
            ("email_aliases", "email_alias"),
            ("team_members", "team_member"),
            ("sizes", "size"),
            ("apis", "api"),
            ("ids", "id"),
            ("people", "person"),
        ] {
            assert_eq!(singular(word), expected, "{word}");
        }
    }

    #[test]
    fn irregular_nouns_are_in_order() {
        assert!(IRREGULAR.is_sorted_by_key(|(plural, _)| plural));
    }

    #[test]
    fn titles_keep_acronyms() {
        assert_eq!(sentence(&split("getUserIdAndUrls")), "Get user ID and URLs");
    }
}

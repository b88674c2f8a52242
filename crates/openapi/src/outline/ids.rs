//! Ids within paths that were written down as somebody used them: `/users/17`.

use super::is_uuid;

/// A path with placeholders for its ids, and the names and values of those.
pub(crate) type Named = (String, Vec<(String, String)>);

/// Words before a number that is a version or the like, not an id.
const NO_KINDS: [&str; 10] = [
    "api", "apis", "rest", "restapi", "version", "versions", "oauth", "public", "service", "graph",
];

/// Names the ids in `path` after the words before them; `None` where it has none.
pub(crate) fn name_ids(path: &str, is_id: impl Fn(&str) -> bool) -> Option<Named> {
    let mut out = String::new();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut before: Option<&str> = None;
    for segment in path.split('/').skip(1) {
        out.push('/');
        let (value, format) = match segment.strip_suffix(".json") {
            Some(value) => (value, ".json"),
            None => (segment, ""),
        };
        match before.take() {
            Some(word) if is_id(value) => {
                let plain = format!("{}_id", singular(word));
                let is_taken = |name: &str| {
                    found.iter().any(|(known, _)| known == name) || path.contains(name)
                };
                let mut name = plain.clone();
                let mut number = 2;
                while is_taken(&name) {
                    name = format!("{plain}_{number}");
                    number += 1;
                }
                out.push_str(&format!("{{{name}}}{format}"));
                found.push((name, value.to_owned()));
            }
            _ => {
                out.push_str(segment);
                before = Some(segment).filter(|segment| is_kind(segment));
            }
        }
    }
    (!found.is_empty()).then_some((out, found))
}

/// Whether ids may follow the segment.
fn is_kind(segment: &str) -> bool {
    let rest = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    let is_version = rest.starts_with(|c: char| c.is_ascii_digit());
    segment.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !segment.contains(['{', '#', '?'])
        && !is_version
        && !NO_KINDS
            .iter()
            .any(|word| word.eq_ignore_ascii_case(segment))
}

/// `todo` of `todos`, `category` of `categories`, as a name.
fn singular(word: &str) -> String {
    let stem = match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 1 => format!("{stem}y"),
        _ if ["xes", "sses", "shes", "ches", "tuses"]
            .iter()
            .any(|end| word.ends_with(end)) =>
        {
            word.strip_suffix("es").unwrap_or(word).to_owned()
        }
        _ if ["us", "ss", "is"].iter().any(|end| word.ends_with(end)) => word.to_owned(),
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    stem.chars()
        .map(|c| if is_name(c) { c } else { '_' })
        .take(60)
        .collect()
}

/// A segment that can be nothing but an id: digits, a UUID, a hash.
pub(crate) fn is_plain_id(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let is_hash =
        segment.len() >= 12 && digits > 0 && segment.bytes().all(|byte| byte.is_ascii_hexdigit());
    (digits > 0 && digits == segment.len()) || is_uuid(segment) || is_hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_named_after_what_they_are_of() {
        let named = |path: &str| name_ids(path, is_plain_id).map(|(path, _)| path);
        for (path, wanted) in [
            ("/users/17", Some("/users/{user_id}")),
            (
                "/buckets/1/todolists/3/todos.json",
                Some("/buckets/{bucket_id}/todolists/{todolist_id}/todos.json"),
            ),
            ("/categories/2.json", Some("/categories/{category_id}.json")),
            (
                "/containers/e90e34656806/stop",
                Some("/containers/{container_id}/stop"),
            ),
            ("/pets/1/pets/2", Some("/pets/{pet_id}/pets/{pet_id_2}")),
            ("/a/1/a/2/a/3", Some("/a/{a_id}/a/{a_id_2}/a/{a_id_3}")),
            ("/status/200", Some("/status/{status_id}")),
            ("/inboxes/7", Some("/inboxes/{inbox_id}")),
            ("/api/1/vehicles", None),
            ("/v2/1", None),
            ("/2/tweets", None),
            ("/users/me", None),
            ("/users/{id}/17", None),
        ] {
            assert_eq!(named(path).as_deref(), wanted, "{path}");
        }
    }
}

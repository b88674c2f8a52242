//! Operation ids from the names of requests.

use std::collections::{HashMap, HashSet};

use super::{Reader, merge::Draft};

/// Words of an id.
const MAX_WORDS: usize = 8;

impl Reader<'_, '_> {
    /// Gives each request an id from its name; folder words are added, from the
    /// innermost folder on, only where they are needed to tell two apart.
    pub(super) fn name(&mut self, drafts: &mut [Draft]) {
        let mut wanted: Vec<Option<Vec<String>>> = drafts
            .iter()
            .map(|draft| draft.sketch.summary.as_deref().and_then(words))
            .collect();
        let mut open: Vec<usize> = (0..drafts.len()).collect();
        for level in 0..3 {
            open = shared(&wanted, &open);
            for at in &open {
                let folder = drafts.get(*at).and_then(|draft| draft.folder);
                let more = self
                    .chain(folder)
                    .nth(level)
                    .map(|folder| folder.name.clone());
                if let (Some(Some(list)), Some(more)) =
                    (wanted.get_mut(*at), more.as_deref().and_then(words))
                {
                    list.extend(more);
                }
            }
        }
        let mut taken: HashSet<String> = HashSet::new();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for (draft, list) in drafts.iter_mut().zip(wanted) {
            let Some(base) = list.map(|list| camel(&list)) else {
                continue;
            };
            let mut id = base.clone();
            while !taken.insert(id.clone()) {
                let count = counts.entry(base.clone()).or_insert(1);
                *count += 1;
                id = format!("{base}{count}");
            }
            draft.sketch.id = Some(id);
        }
    }
}

/// Those of `open` whose words another request has as well.
fn shared(wanted: &[Option<Vec<String>>], open: &[usize]) -> Vec<usize> {
    let mut counts: HashMap<&[String], usize> = HashMap::new();
    for words in wanted.iter().flatten() {
        *counts.entry(words).or_default() += 1;
    }
    let is_shared = |at: &&usize| {
        let words = wanted.get(**at).and_then(Option::as_deref);
        words
            .and_then(|words| counts.get(words))
            .is_some_and(|count| *count > 1)
    };
    open.iter().filter(is_shared).copied().collect()
}

/// A request's name without what only orders it (`1. `, `02 - `) and without what
/// Postman adds to a copy.
pub(super) fn clean(name: &str) -> &str {
    let name = name.trim();
    let uncounted = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let name = match uncounted.strip_suffix(" Copy") {
        Some(original) if !original.is_empty() => original.trim_end(),
        _ => name,
    };
    let behind = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    let number = name.len() - behind.len();
    let ends = name
        .get(..number)
        .is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()));
    let is_list = name
        .get(..number)
        .is_some_and(|number| number.ends_with('.'));
    let rest = behind.trim_start();
    let rest = match rest.strip_prefix([')', ':', '-', '\u{2013}', '\u{2014}']) {
        Some(rest) if rest.starts_with(' ') => rest.trim_start(),
        None if is_list && behind.starts_with(' ') => rest,
        _ => return name,
    };
    if ends && rest.starts_with(char::is_alphabetic) {
        rest
    } else {
        name
    }
}

/// The words of a name; `None` where it is a path or says nothing.
fn words(name: &str) -> Option<Vec<String>> {
    let name = name.trim();
    if name.contains("://")
        || name.starts_with(['/', '{'])
        || name.contains("/{")
        || name.contains("/:")
    {
        return None;
    }
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '\'')
        .map(|word| word.replace('\'', ""))
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .collect();
    let has_letter = words
        .iter()
        .any(|word| word.bytes().any(|byte| byte.is_ascii_alphabetic()));
    has_letter.then_some(words)
}

/// `List all pets` as `listAllPets`; what is already one word stays as it is.
fn camel(words: &[String]) -> String {
    if let [one] = words {
        if is_shouted(one) {
            return one.to_ascii_lowercase();
        }
        let mut letters = one.chars();
        let first = letters.next().map(|letter| letter.to_ascii_lowercase());
        return first.into_iter().chain(letters).collect();
    }
    let mut out = String::new();
    for word in words {
        let mut letters = word.chars();
        let Some(first) = letters.next() else {
            continue;
        };
        out.push(if out.is_empty() {
            first.to_ascii_lowercase()
        } else {
            first.to_ascii_uppercase()
        });
        if is_shouted(word) {
            out.extend(letters.map(|letter| letter.to_ascii_lowercase()));
        } else {
            out.extend(letters);
        }
    }
    out
}

/// `URL`, which is `Url` within an id.
fn is_shouted(word: &str) -> bool {
    word.len() > 1 && !word.bytes().any(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> Option<String> {
        words(name).map(|words| camel(&words))
    }

    #[test]
    fn names_lose_what_only_orders_them() {
        for (name, wanted) in [
            ("1. Health", "Health"),
            ("01-2 - Make a token", "Make a token"),
            ("3) Pets", "Pets"),
            ("2: Pets", "Pets"),
            ("Pets Copy 2", "Pets"),
            ("Pets Copy", "Pets"),
            ("Copy", "Copy"),
            ("2-factor sign-in", "2-factor sign-in"),
            ("3D models", "3D models"),
            ("100 pets", "100 pets"),
            ("1. 2", "1. 2"),
            ("Step 2", "Step 2"),
        ] {
            assert_eq!(clean(name), wanted, "{name}");
        }
    }

    #[test]
    fn names_become_ids() {
        let some = |id: &str| Some(id.to_owned());
        assert_eq!(id("List all pets"), some("listAllPets"));
        assert_eq!(id("GET user's URL"), some("getUsersUrl"));
        assert_eq!(id("listPets"), some("listPets"));
        assert_eq!(id("Update"), some("update"));
        assert_eq!(id("XML"), some("xml"));
        assert_eq!(id("Pets: add-photo (v2)"), some("petsAddPhotoV2"));
        for name in [
            "",
            "/pets",
            "https://a.example/pets",
            "…",
            "12",
            "pets/:id",
            "{{url}}/x",
        ] {
            assert_eq!(id(name), None, "{name}");
        }
    }
}

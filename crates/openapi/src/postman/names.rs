//! Operation ids from the names of requests, and requests that share an operation.

use std::collections::{HashMap, HashSet};

use super::Reader;
use crate::{
    outline::{Sketch, key_of},
    place::{Place, shorten},
};

/// Words of an id.
const MAX_WORDS: usize = 8;

impl Reader<'_, '_> {
    /// Gives each request an id from its name; folder words are added, from the
    /// innermost folder on, only where they are needed to tell two apart.
    pub(super) fn name(&mut self, sketches: &mut [(Sketch, Option<usize>)]) {
        let mut wanted: Vec<Option<Vec<String>>> = sketches
            .iter()
            .map(|(sketch, _)| sketch.summary.as_deref().and_then(words))
            .collect();
        let mut open: Vec<usize> = (0..sketches.len()).collect();
        for level in 0..3 {
            open = shared(&wanted, &open);
            for at in &open {
                let folder = sketches.get(*at).and_then(|(_, folder)| *folder);
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
        for ((sketch, _), list) in sketches.iter_mut().zip(wanted) {
            let Some(base) = list.map(|list| camel(&list)) else {
                continue;
            };
            let mut id = base.clone();
            while !taken.insert(id.clone()) {
                let count = counts.entry(base.clone()).or_insert(1);
                *count += 1;
                id = format!("{base}{count}");
            }
            sketch.id = Some(id);
        }
    }

    /// Adds the operation, or what it knows to the one of its method and path.
    pub(super) fn add(&mut self, sketch: Sketch) {
        let key = key_of(sketch.method, &sketch.path);
        let Some(first) = self.outline.operations.get_mut(&key) else {
            self.outline.operations.insert(key, sketch);
            return;
        };
        self.report.info(
            "postman-merged",
            &Place::At(&sketch.at),
            format!(
                "{} {} is requested at {} too; both requests are one operation.",
                sketch.method.to_ascii_uppercase(),
                shorten(&sketch.path),
                first.at
            ),
            "Give requests that are meant to be different tools different paths.",
        );
        first.merge(sketch);
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

//! Ids that put the verb last, behind what it is about: `drive.files.list`,
//! `issues/create`, `Users_GetById`, `UserController_getUser`.

use crate::words::{is_version, singular, split};

/// Verbs that such ids end with.
const VERBS: [&str; 26] = [
    "add", "cancel", "copy", "count", "create", "delete", "download", "export", "find", "get",
    "import", "insert", "list", "move", "patch", "query", "read", "remove", "replace", "retrieve",
    "search", "send", "set", "update", "upload", "upsert",
];
/// Verbs whose object is a collection.
const OF_MANY: [&str; 8] = [
    "count", "export", "find", "import", "list", "query", "search", "upload",
];
const PREPOSITIONS: [&str; 7] = ["by", "for", "from", "in", "of", "to", "with"];
/// Words that name a class in its code and not a thing of the API.
const CLASSES: [&str; 4] = ["api", "controller", "resource", "service"];
/// Ids with more words than this keep their last segment only.
const MANY_WORDS: usize = 8;

/// The words with the verb first, or `None` for an id of another form.
pub(super) fn verb_first(id: &str, turns: bool) -> Option<Vec<String>> {
    let (before, last) = cut(id, turns)?;
    let mut action = split(last);
    // `findAll` and `findOne` of a controller say it by the number of the object.
    let number = action.get(1).filter(|_| action.len() == 2).cloned();
    let is_one = number.as_deref() == Some("one");
    if is_one || number.as_deref() == Some("all") {
        action.truncate(1);
    }
    // `InventoryBills_GetList` lists them.
    if number.as_deref() == Some("list") {
        action.remove(0);
    }
    let mut nouns = split(before);
    let verb = action
        .first()
        .filter(|word| VERBS.contains(&word.as_str()))?;
    if nouns
        .first()
        .is_some_and(|word| VERBS.contains(&word.as_str()))
    {
        return None;
    }
    let is_class = nouns
        .last()
        .is_some_and(|word| CLASSES.contains(&word.as_str()));
    nouns.retain(|word| !CLASSES.contains(&word.as_str()) && !is_version(word));
    let names_its_object = action
        .get(1)
        .is_some_and(|word| !PREPOSITIONS.contains(&word.as_str()));
    if names_its_object {
        // `UserController_getUserById` has said it all, `Calls_GetCalls` too.
        let is_said = match (nouns.as_slice(), action.get(1)) {
            ([noun], Some(object)) => singular(noun) == singular(object),
            _ => false,
        };
        return (is_class || is_said || nouns.len() + action.len() > MANY_WORDS).then_some(action);
    }
    let object = nouns.pop()?;
    let object = if OF_MANY.contains(&verb.as_str()) && !is_one {
        object
    } else {
        singular(&object)
    };
    nouns.insert(0, verb.clone());
    nouns.push(object);
    nouns.extend(action.into_iter().skip(1));
    Some(nouns)
}

/// The id before and behind the last mark that parts what from how: a dot, a
/// slash, a colon, or an underscore in an id that is no snake case.
fn cut(id: &str, turns: bool) -> Option<(&str, &str)> {
    let marks = ['.', '/', ':'];
    id.rsplit_once(marks).or_else(|| {
        let is_snake = !id.bytes().any(|b| b.is_ascii_uppercase());
        id.rsplit_once('_').filter(|_| turns && !is_snake)
    })
}

#[cfg(test)]
mod tests {
    use super::verb_first;

    #[test]
    fn verbs_come_first() {
        for (id, expected) in [
            ("drive.files.list", Some("list drive files")),
            ("issues/create", Some("create issue")),
            ("issues/list-for-repo", Some("list issues for repo")),
            ("Users_GetById", Some("get user by id")),
            ("UserController_getUserById", Some("get user by id")),
            ("UserController_findAll", Some("find user")),
            ("UsersController_findAll", Some("find users")),
            ("UsersController_findOne", Some("find user")),
            ("Calls_GetCalls", Some("get calls")),
            ("InventoryBills_GetList", Some("list inventory bills")),
            ("actions/create-or-update-secret", None),
            ("list_pets", None),
            ("shopping_list", None),
            ("get/users.list", None),
            ("chat.postMessage", None),
            ("listPets", None),
        ] {
            let words = verb_first(id, true).map(|words| words.join(" "));
            assert_eq!(words.as_deref(), expected, "{id}");
        }
    }
}

//! People's edits over a new version of the document.

use super::{How, Pairs};
use crate::edit::apply_each;
use crate::{ConflictCode, Edit, EditConflict, ServerPlan};

/// Carries edits of `old` over to `new`: those that fit, in their order, and
/// those that do not, each with what to do about it. An edit of an operation
/// whose placeholders only have other names goes along, under its new key.
///
/// Every edit is in one of the two, and those that are kept apply to `new`
/// without a conflict.
#[must_use]
pub fn rebase(
    edits: &[Edit],
    old: &ServerPlan,
    new: &ServerPlan,
) -> (Vec<Edit>, Vec<EditConflict>) {
    let pairs = Pairs::of(old, new);
    let carried: Vec<Edit> = edits
        .iter()
        .map(|edit| match pairs.after(&edit.key) {
            Some((key, How::SamePath)) => Edit {
                key: key.to_owned(),
                ..edit.clone()
            },
            _ => edit.clone(),
        })
        .collect();
    let (_, outcomes) = apply_each(new, &carried);
    let mut kept = Vec::new();
    let mut conflicts = Vec::new();
    for ((edit, original), outcome) in carried.into_iter().zip(edits).zip(outcomes) {
        match outcome {
            None => kept.push(edit),
            Some(conflict) => conflicts.push(EditConflict {
                message: advice(&conflict, original, &pairs),
                edit: original.clone(),
                code: conflict.code,
            }),
        }
    }
    (kept, conflicts)
}

/// What happened to an edit, and what to do.
fn advice(conflict: &EditConflict, edit: &Edit, pairs: &Pairs<'_>) -> String {
    let field = edit.path.join(".");
    match conflict.code {
        ConflictCode::UnknownKey if edit.key.is_empty() => format!(
            "{}; nothing to do, unless the document comes to have it again",
            conflict.message
        ),
        ConflictCode::UnknownKey => match pairs.after(&edit.key) {
            Some((key, _)) => format!(
                "`{}` is `{key}` now: change `{field}` there, if it is still wanted",
                edit.key
            ),
            None => format!(
                "the document has no `{}` any more; its `{field}` comes back with it",
                edit.key
            ),
        },
        ConflictCode::Changed => format!(
            "the document itself changes `{field}` of `{}`: it would be {} now; make the change \
             again, if it is still wanted",
            edit.key,
            now(&conflict.message)
        ),
        ConflictCode::UnknownPath | ConflictCode::InvalidValue => format!(
            "`{field}` of `{}` does not take its value any more: {}; choose another one",
            edit.key, conflict.message
        ),
    }
}

/// The value at the end of the message of a changed field.
fn now(message: &str) -> &str {
    message.rsplit("it is now ").next().unwrap_or(message)
}

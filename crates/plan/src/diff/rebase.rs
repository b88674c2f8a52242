//! People's edits over a new version of the document.

use super::{How, Pairs};
use crate::edit::{apply_each, steps};
use crate::{ConflictCode, Edit, EditConflict, ServerPlan, apply};

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
    let mut kept = Vec::new();
    let mut conflicts = Vec::new();
    for outcome in outcomes(edits, old, new) {
        match outcome {
            Ok(edit) => kept.push(edit),
            Err(conflict) => conflicts.push(*conflict),
        }
    }
    (kept, conflicts)
}

/// What becomes of each edit.
fn outcomes(
    edits: &[Edit],
    old: &ServerPlan,
    new: &ServerPlan,
) -> Vec<Result<Edit, Box<EditConflict>>> {
    let pairs = Pairs::of(old, new);
    let carried: Vec<Edit> = edits
        .iter()
        .map(|edit| match pairs.after(&edit.key) {
            Some((key, How::Path)) => Edit {
                key: key.to_owned(),
                ..edit.clone()
            },
            _ => edit.clone(),
        })
        .collect();
    let (_, refused) = apply_each(new, &carried);
    let mut outcomes = Vec::with_capacity(edits.len());
    for ((edit, original), refused) in carried.into_iter().zip(edits).zip(refused) {
        outcomes.push(match refused {
            None => Ok(edit),
            Some(conflict) => Err(Box::new(EditConflict {
                message: advice(&conflict, original, &pairs),
                edit: original.clone(),
                code: conflict.code,
            })),
        });
    }
    outcomes
}

/// A log of edits over a new version of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// The new plan with the edits that fit.
    pub plan: ServerPlan,
    /// How many of them fit.
    pub kept: usize,
    /// Those that fitted the plan before.
    pub conflicts: Vec<EditConflict>,
    /// What to append to the log, so that it gives this plan from now on: the
    /// edits of operations that have another key now.
    pub append: Vec<Edit>,
}

/// [`rebase`] for a log to which can only be appended: applied to `new` as it
/// is, it would lose the edits of operations that have another key.
#[must_use]
pub fn carry(log: &[Edit], old: &ServerPlan, new: ServerPlan) -> Carried {
    let mut kept = Vec::new();
    let mut conflicts = Vec::new();
    let (_, before) = apply_each(old, log);
    for (outcome, before) in outcomes(log, old, &new).into_iter().zip(before) {
        match outcome {
            Ok(edit) => kept.push(edit),
            // What did not fit before either was told then.
            Err(conflict) if before.is_none() => conflicts.push(*conflict),
            Err(_) => {}
        }
    }
    if kept.is_empty() {
        return Carried {
            plan: new,
            kept: 0,
            conflicts,
            append: Vec::new(),
        };
    }
    let wished = apply(&new, &kept).0;
    let as_it_is = apply(&new, log).0;
    drop(new);
    let append = if as_it_is == wished {
        Vec::new()
    } else {
        steps(&as_it_is, &wished)
    };
    let (plan, refused) = apply_each(&as_it_is, &append);
    let append = append.into_iter().zip(&refused);
    Carried {
        plan,
        kept: kept.len(),
        conflicts,
        append: append
            .filter_map(|(edit, refused)| refused.is_none().then_some(edit))
            .collect(),
    }
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

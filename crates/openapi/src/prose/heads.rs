//! What headings say of the endpoints below them.

use super::{
    builder::{Endpoint, Head},
    inline::bare,
    label,
};

/// Headings above one another that are looked at.
const MAX_CLIMB: usize = 6;

/// How many endpoints each heading has.
pub(super) struct Counts {
    /// Right below it: said, shown by examples, listed.
    own: Vec<(usize, usize, usize)>,
    /// Below it and the headings within it.
    all: Vec<usize>,
}

impl Counts {
    pub(super) fn of(heads: &[Head], endpoints: &[Endpoint]) -> Self {
        let mut own = vec![(0, 0, 0); heads.len()];
        let mut all = vec![0; heads.len()];
        for one in endpoints {
            if let Some((said, shown, listed)) = one.head.and_then(|at| own.get_mut(at)) {
                *listed += usize::from(one.is_listed);
                *said += usize::from(!one.is_listed && !one.is_shown);
                *shown += usize::from(!one.is_listed && one.is_shown);
            }
            let mut at = one.head;
            for _ in 0..MAX_CLIMB {
                let Some(head) = at.and_then(|at| heads.get(at)) else {
                    break;
                };
                if let Some(count) = at.and_then(|at| all.get_mut(at)) {
                    *count += 1;
                }
                at = head.parent;
            }
        }
        Self { own, all }
    }

    fn own(&self, head: Option<usize>) -> (usize, usize, usize) {
        let found = head.and_then(|at| self.own.get(at));
        found.copied().unwrap_or_default()
    }

    pub(super) fn is_of_one(&self, head: Option<usize>) -> bool {
        let (said, shown, _) = self.own(head);
        if said > 0 { said == 1 } else { shown == 1 }
    }

    /// Whether one list item is all that the heading has.
    pub(super) fn is_only_listed(&self, head: Option<usize>) -> bool {
        let (said, _, listed) = self.own(head);
        said == 0 && listed == 1
    }
}

/// The heading, or the one around it where it only names a part (`HTTP request`)
/// or repeats the path; that has to be about the same endpoint alone.
pub(super) fn telling<'h>(
    heads: &'h [Head],
    from: Option<usize>,
    title: Option<usize>,
    counts: &Counts,
) -> Option<&'h Head> {
    let mut at = from;
    for _ in 0..MAX_CLIMB {
        let head = heads.get(at?)?;
        let is_part = head.text.starts_with('/') || label::of_heading(&bare(&head.text)).is_some();
        if !is_part && !head.text.is_empty() {
            return Some(head);
        }
        at = head
            .parent
            .filter(|parent| Some(*parent) != title && counts.all.get(*parent) == Some(&1));
    }
    None
}

/// Headings that say nothing of what is below them.
const GENERIC: [&str; 14] = [
    "endpoints",
    "api",
    "apis",
    "api reference",
    "reference",
    "routes",
    "methods",
    "resources",
    "api endpoints",
    "rest api",
    "usage",
    "documentation",
    "introduction",
    "authentication",
];

/// The nearest heading from `at` outwards that names a group.
pub(super) fn group(heads: &[Head], at: Option<usize>, title: Option<usize>) -> Option<String> {
    let mut at = at.filter(|at| Some(*at) != title);
    while let Some(head) = at.and_then(|at| heads.get(at)) {
        let is_generic = GENERIC.contains(&head.text.to_lowercase().as_str());
        if !head.text.is_empty() && !is_generic {
            return Some(head.text.clone());
        }
        at = head.parent.filter(|at| Some(*at) != title);
    }
    None
}

//! Paths against the patterns of the route table.

/// What a path names, empty where it does not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ids {
    /// `{id}`.
    pub(super) id: String,
    /// Of something in it: `{tokenId}`, `{userId}`, `{invitationId}`, `{name}`.
    pub(super) sub_id: String,
}

/// The ids where `path` has the pattern's form.
pub(super) fn matches(pattern: &str, path: &str) -> Option<Ids> {
    let mut ids = Ids::default();
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        match expected {
            "{id}" if !segment.is_empty() => segment.clone_into(&mut ids.id),
            _ if expected.starts_with('{') && !segment.is_empty() => {
                segment.clone_into(&mut ids.sub_id);
            }
            _ if expected == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(ids)
}

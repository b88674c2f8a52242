//! What is read off one tool, whatever stands beside it.

use std::collections::HashMap;

use super::deed::{Aside, Deed, aside};
use super::path::{Need, Path};
use crate::Tool;
use crate::words::split;

/// What many calls lie below, at least 16: two to this.
const CENTRAL: i64 = 4;

/// What a call is about. An overload, `/folders/{id}#get_shared_link`, is about something
/// of its own.
fn subject(tool: &Tool, path: &Path<'_>) -> String {
    let mut subject = path.subject();
    if let Some((_, overload)) = tool.key.split_once('#') {
        subject.push('#');
        subject.push_str(overload);
    }
    subject
}

/// What is read off a tool by itself.
pub(super) struct Seen<'a> {
    pub(super) at: usize,
    pub(super) tool: &'a Tool,
    pub(super) deed: Deed,
    /// What a list or a search yields: the ids of its items.
    pub(super) gives: Option<Need>,
    pub(super) needs: Vec<Need>,
    pub(super) subject: String,
    /// The collections that it lies in.
    pub(super) collections: Vec<String>,
    /// See [`Path::holder`].
    holder: String,
    aside: Aside,
    depth: i64,
    /// It is about what a thing holds.
    is_content: bool,
}

impl<'a> Seen<'a> {
    pub(super) fn of(at: usize, tool: &'a Tool) -> Self {
        let path = Path::of(&tool.request.path);
        let words = split(&tool.name);
        let deed = Deed::of(tool, &words, &path);
        let mut needs = path.needs();
        needs.extend(tool.request.parameters.iter().filter_map(Need::of_query));
        let mut all = words;
        all.extend(path.words());
        Self {
            at,
            tool,
            deed,
            gives: matches!(deed, Deed::List | Deed::Search).then(|| path.yields()),
            needs,
            subject: subject(tool, &path),
            collections: path.collections().collect(),
            holder: path.holder(),
            aside: aside(&all),
            depth: path.depth(),
            is_content: path.is_content(),
        }
    }

    /// What a tool is worth by itself: by what it does, how deep it lies, and how
    /// much of the API lies below its resource.
    pub(super) fn worth(&self, below: &HashMap<&str, u32>) -> i64 {
        let aside = match self.aside {
            Aside::No => 0,
            Aside::Rather => 5,
            Aside::Certainly => 12,
        };
        let central = below.get(self.holder.as_str()).copied().unwrap_or(1).max(1);
        let central = i64::from(central.ilog2()).min(6);
        // `/folders/{id}#update_items` is told beside `/folders/{id}`.
        let variant = if self.tool.key.contains('#') { 4 } else { 0 };
        // What the things hold that the API is about lies no deeper than they do.
        let depth = if self.depth == 1 && central >= CENTRAL && self.is_content {
            0
        } else {
            self.depth
        };
        self.deed.worth() - aside - variant - 3 * depth + 2 * central
    }
}

//! What two versions of a document change for those who use its tools, and
//! which of people's edits survive.

mod rebase;
mod schema;
mod summary;
#[cfg(test)]
#[expect(clippy::too_many_lines, reason = "tables of changes")]
mod tests;
mod tool;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::{AuthScheme, ServerPlan, Tool};

pub use rebase::{Carried, carry, rebase};
pub use summary::{ChangeEntry, EntryKind, LostEdit, PlanChanges};

/// The difference of two plans. Tools are in the order of the plan that has
/// them; of changed and renamed ones that is the new plan's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanDiff {
    pub added: Vec<ToolRef>,
    pub removed: Vec<ToolRef>,
    pub changed: Vec<ChangedTool>,
    /// Operations under another path that are the same as before: only names
    /// of placeholders differ, or name and input are alike.
    pub renamed: Vec<RenamedTool>,
    /// What concerns all tools: servers and credentials.
    pub service: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolRef {
    pub key: String,
    pub name: String,
    /// Whether a generated server has it.
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedTool {
    pub key: String,
    /// As it is now.
    pub name: String,
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RenamedTool {
    pub from: String,
    pub to: String,
    /// As it is now.
    pub name: String,
    /// Only names of placeholders differ: edits go along.
    pub same_path: bool,
    pub changes: Vec<Change>,
}

/// One change of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub field: ChangedField,
    /// Of the input or output, with dots between levels: `address.zip`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// Whether a call that was right may fail now, or its answer be misread.
    pub breaks: bool,
    /// For people, without a full stop.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChangedField {
    Name,
    Title,
    Description,
    Group,
    Enabled,
    Deprecated,
    Input,
    Output,
    Annotations,
    Auth,
    /// How the call is sent, which callers do not see.
    Request,
    Pagination,
    Servers,
}

impl PlanDiff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many tools a change breaks callers of, changes of the whole service
    /// counted as one.
    #[must_use]
    pub fn breaking(&self) -> usize {
        let any = |changes: &[Change]| changes.iter().any(|change| change.breaks);
        self.removed.iter().filter(|tool| tool.enabled).count()
            + self
                .changed
                .iter()
                .filter(|tool| any(&tool.changes))
                .count()
            + self
                .renamed
                .iter()
                .filter(|tool| any(&tool.changes))
                .count()
            + usize::from(any(&self.service))
    }
}

/// What `new` changes of `old`. Both are the engine's plans, or both as people
/// edited them.
#[must_use]
pub fn diff(old: &ServerPlan, new: &ServerPlan) -> PlanDiff {
    let pairs = Pairs::of(old, new);
    let mut found = PlanDiff {
        service: service(old, new),
        ..PlanDiff::default()
    };
    for tool in &new.tools {
        match pairs.before(&tool.key) {
            None => found.added.push(tool_ref(tool)),
            Some(Pair { old: before, how }) => {
                let changes = tool::changes(before, tool);
                match how {
                    How::Key if changes.is_empty() => {}
                    How::Key => found.changed.push(ChangedTool {
                        key: tool.key.clone(),
                        name: tool.name.clone(),
                        changes,
                    }),
                    How::Path | How::NameAndInput => found.renamed.push(RenamedTool {
                        from: before.key.clone(),
                        to: tool.key.clone(),
                        name: tool.name.clone(),
                        same_path: *how == How::Path,
                        changes,
                    }),
                }
            }
        }
    }
    let is_gone = |tool: &&Tool| !pairs.survives(&tool.key);
    found.removed = old.tools.iter().filter(is_gone).map(tool_ref).collect();
    found
}

fn tool_ref(tool: &Tool) -> ToolRef {
    ToolRef {
        key: tool.key.clone(),
        name: tool.name.clone(),
        enabled: tool.enabled,
    }
}

/// Why two tools are taken for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Key,
    /// Only names of placeholders differ.
    Path,
    /// The same method, name and input under another path.
    NameAndInput,
}

struct Pair<'a> {
    old: &'a Tool,
    how: How,
}

/// Which tool of the old plan became which of the new one.
struct Pairs<'a> {
    by_new: HashMap<&'a str, Pair<'a>>,
    by_old: HashMap<&'a str, (&'a str, How)>,
}

impl<'a> Pairs<'a> {
    fn of(old: &'a ServerPlan, new: &'a ServerPlan) -> Self {
        let mut pairs = Self {
            by_new: HashMap::new(),
            by_old: HashMap::new(),
        };
        pairs.pair(old, new, How::Key, |tool| Some(tool.key.clone()));
        pairs.pair(old, new, How::Path, |tool| Some(template(&tool.key)));
        pairs.pair(old, new, How::NameAndInput, |tool| {
            Some(format!("{} {}", tool.request.method, tool.name))
        });
        pairs
    }

    /// Pairs the tools that are left and that have one mark, each alone.
    fn pair(
        &mut self,
        old: &'a ServerPlan,
        new: &'a ServerPlan,
        how: How,
        mark: impl Fn(&Tool) -> Option<String>,
    ) {
        let mut marked: HashMap<String, Vec<&'a Tool>> = HashMap::new();
        for tool in old.tools.iter().filter(|tool| !self.survives(&tool.key)) {
            if let Some(mark) = mark(tool) {
                marked.entry(mark).or_default().push(tool);
            }
        }
        let mut met: HashSet<String> = HashSet::new();
        for tool in &new.tools {
            if self.by_new.contains_key(tool.key.as_str()) {
                continue;
            }
            let Some(mark) = mark(tool) else { continue };
            let Some([before]) = marked.get(&mark).map(Vec::as_slice) else {
                continue;
            };
            let fits = how != How::NameAndInput || before.input_schema == tool.input_schema;
            if fits && met.insert(mark) {
                self.by_new.insert(&tool.key, Pair { old: before, how });
                self.by_old.insert(&before.key, (&tool.key, how));
            }
        }
    }

    fn before(&self, new: &str) -> Option<&Pair<'a>> {
        self.by_new.get(new)
    }

    fn survives(&self, old: &str) -> bool {
        self.by_old.contains_key(old)
    }

    fn after(&self, old: &str) -> Option<(&'a str, How)> {
        self.by_old.get(old).copied()
    }
}

/// A key whose placeholders have no names: `GET /pets/{}`.
fn template(key: &str) -> String {
    let mut template = String::with_capacity(key.len());
    let mut inside = false;
    for c in key.chars() {
        match c {
            '{' => {
                inside = true;
                template.push(c);
            }
            '}' => {
                inside = false;
                template.push(c);
            }
            _ if inside => {}
            _ => template.push(c),
        }
    }
    template
}

/// Servers and credentials.
fn service(old: &ServerPlan, new: &ServerPlan) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut say = |field, breaks, message| {
        changes.push(Change {
            field,
            property: None,
            breaks,
            message,
        });
    };
    let url = |plan: &ServerPlan| plan.servers.first().map(|server| server.url.clone());
    let (before, after) = (url(old), url(new));
    if before != after {
        let shown = |url: Option<String>| url.unwrap_or_else(|| "none".to_owned());
        let message = format!("the server was {}, and is {}", shown(before), shown(after));
        say(ChangedField::Servers, false, message);
    }
    let find = |plan: &'_ ServerPlan, id: &str| -> Option<AuthScheme> {
        plan.auth
            .schemes
            .iter()
            .find(|scheme| scheme.id == id)
            .cloned()
    };
    for scheme in &new.auth.schemes {
        match find(old, &scheme.id) {
            None => say(
                ChangedField::Auth,
                false,
                format!("the credential `{}` is new", scheme.id),
            ),
            Some(before) if before.kind != scheme.kind || before.secrets != scheme.secrets => say(
                ChangedField::Auth,
                true,
                format!("the credential `{}` is given in another way", scheme.id),
            ),
            Some(before) if before.client_credentials != scheme.client_credentials => say(
                ChangedField::Auth,
                before.client_credentials.is_some(),
                format!(
                    "the credential `{}` is given as a client id and secret {}",
                    scheme.id,
                    match (&before.client_credentials, &scheme.client_credentials) {
                        (None, _) => "as well",
                        (_, None) => "no more",
                        _ => "in another way",
                    }
                ),
            ),
            Some(_) => {}
        }
    }
    for scheme in &old.auth.schemes {
        if find(new, &scheme.id).is_none() {
            let message = format!("the credential `{}` is not used any more", scheme.id);
            say(ChangedField::Auth, false, message);
        }
    }
    changes
}

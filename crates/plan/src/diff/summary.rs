//! The difference of two plans in few words: what goes with an analysis.

use serde::Serialize;

use super::{Change, PlanDiff};
use crate::{ConflictCode, EditConflict};

/// How much differs, and the first of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanChanges {
    pub added: usize,
    pub removed: usize,
    pub changed: usize,
    pub renamed: usize,
    /// How many of them break callers.
    pub breaking: usize,
    /// What concerns all tools.
    pub service: Vec<Change>,
    /// Those that break callers first.
    pub entries: Vec<ChangeEntry>,
    /// People's edits that go on to apply.
    pub edits_kept: usize,
    pub edit_conflicts: Vec<LostEdit>,
}

/// What became of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEntry {
    pub kind: EntryKind,
    pub key: String,
    /// The key before, of a renamed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub name: String,
    pub breaks: bool,
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EntryKind {
    Added,
    Removed,
    Changed,
    Renamed,
}

/// An edit that does not apply any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LostEdit {
    pub key: String,
    pub path: Vec<String>,
    pub code: ConflictCode,
    pub message: String,
}

impl PlanChanges {
    /// The summary of a difference and of what [`super::rebase`] made of the
    /// edits, with at most `most` entries and as many conflicts.
    #[must_use]
    pub fn new(diff: &PlanDiff, kept: usize, conflicts: &[EditConflict], most: usize) -> Self {
        let mut entries = diff.entries();
        entries.sort_by_key(|entry| !entry.breaks);
        entries.truncate(most);
        let lost = conflicts.iter().take(most).map(|conflict| LostEdit {
            key: conflict.edit.key.clone(),
            path: conflict.edit.path.clone(),
            code: conflict.code,
            message: conflict.message.clone(),
        });
        Self {
            added: diff.added.len(),
            removed: diff.removed.len(),
            changed: diff.changed.len(),
            renamed: diff.renamed.len(),
            breaking: diff.breaking(),
            service: diff.service.clone(),
            entries,
            edits_kept: kept,
            edit_conflicts: lost.collect(),
        }
    }
}

impl PlanDiff {
    /// Every tool that differs: removed, renamed, changed, added.
    #[must_use]
    pub fn entries(&self) -> Vec<ChangeEntry> {
        let breaks = |changes: &[Change]| changes.iter().any(|change| change.breaks);
        let removed = self.removed.iter().map(|tool| ChangeEntry {
            kind: EntryKind::Removed,
            key: tool.key.clone(),
            from: None,
            name: tool.name.clone(),
            breaks: tool.enabled,
            changes: Vec::new(),
        });
        let renamed = self.renamed.iter().map(|tool| ChangeEntry {
            kind: EntryKind::Renamed,
            key: tool.to.clone(),
            from: Some(tool.from.clone()),
            name: tool.name.clone(),
            breaks: breaks(&tool.changes),
            changes: tool.changes.clone(),
        });
        let changed = self.changed.iter().map(|tool| ChangeEntry {
            kind: EntryKind::Changed,
            key: tool.key.clone(),
            from: None,
            name: tool.name.clone(),
            breaks: breaks(&tool.changes),
            changes: tool.changes.clone(),
        });
        let added = self.added.iter().map(|tool| ChangeEntry {
            kind: EntryKind::Added,
            key: tool.key.clone(),
            from: None,
            name: tool.name.clone(),
            breaks: false,
            changes: Vec::new(),
        });
        removed.chain(renamed).chain(changed).chain(added).collect()
    }
}

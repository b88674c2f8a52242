//! What the tools of many documents are worth: counts, added up.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::documents::Document;
use super::measure::median;
use crate::run;

/// What `judge` found in one document.
#[derive(Debug)]
struct Judged {
    found: Value,
    expected: Option<usize>,
}

impl Judged {
    fn count(&self, name: &str) -> usize {
        let count = self.found.get(name).and_then(Value::as_u64).unwrap_or(0);
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    fn is_accepted(&self) -> bool {
        self.found.get("refusal").is_none_or(Value::is_null)
    }

    /// One tool for each operation, and nothing that a client would refuse or a
    /// model could not fill in.
    fn is_clean(&self) -> bool {
        let faults = [
            "invalid",
            "badNames",
            "duplicateNames",
            "unresolved",
            "roots",
            "badKeys",
            "hollow",
            "opaque",
        ];
        self.is_accepted()
            && faults.iter().all(|name| self.count(name) == 0)
            && self.count("placeholders") == self.count("bound")
            && self.expected.is_none_or(|all| all == self.count("tools"))
    }
}

/// The counts of a set of documents.
#[derive(Debug)]
pub(crate) struct Quality {
    judged: Vec<Judged>,
}

/// Documents that one process judges: an argument list has a limit.
const BATCH: usize = 100;

impl Quality {
    pub(crate) fn of(judge: &std::path::Path, documents: &[Document]) -> Result<Self> {
        let mut judged = Vec::new();
        for batch in documents.chunks(BATCH) {
            let files = batch.iter().map(|document| &document.file);
            let output = run::run_quiet(Command::new(judge).args(files))?;
            let lines = output.lines().zip(batch);
            for (line, document) in lines {
                judged.push(Judged {
                    found: serde_json::from_str(line).context("judge prints JSON")?,
                    expected: document.operations,
                });
            }
        }
        Ok(Self { judged })
    }

    fn sum(&self, name: &str) -> usize {
        self.judged
            .iter()
            .map(|document| document.count(name))
            .sum()
    }

    /// Documents that have operations, by their list.
    fn with_operations(&self) -> impl Iterator<Item = &Judged> {
        let has = |document: &&Judged| document.expected != Some(0);
        self.judged.iter().filter(has)
    }

    /// Documents that are refused, or not clean, with what is wrong with them.
    pub(crate) fn faults(&self) -> Vec<String> {
        let faulty = self
            .with_operations()
            .filter(|document| !document.is_clean());
        faulty
            .map(|document| {
                let mut found = document.found.clone();
                if let Some(map) = found.as_object_mut() {
                    map.retain(|key, value| key == "file" || (key != "bytes" && *value != 0));
                }
                let expected = document
                    .expected
                    .map_or(String::new(), |all| format!(" of {all}"));
                format!("{} tools{expected}: {found}", document.count("tools"))
            })
            .collect()
    }

    /// The rows of the table: what is counted, and the count.
    pub(crate) fn rows(&self) -> Vec<(&'static str, String)> {
        let all = self.with_operations().count();
        let accepted = self.with_operations().filter(|it| it.is_accepted()).count();
        let clean = self.with_operations().filter(|it| it.is_clean()).count();
        let expected: usize = self.with_operations().filter_map(|it| it.expected).sum();
        let tools = self.sum("tools");
        let share = 100.0 * tools as f64 / expected.max(1) as f64;
        let mut bytes: Vec<u64> = self
            .judged
            .iter()
            .filter_map(|document| document.found.get("bytes")?.as_array())
            .flatten()
            .filter_map(Value::as_u64)
            .collect();
        let count = |name| self.sum(name).to_string();
        vec![
            ("documents accepted", format!("{accepted} of {all}")),
            ("clean documents", format!("{clean} of {all}")),
            ("operations to tools", format!("{share:.1} % of {expected}")),
            ("invalid schemas", count("invalid")),
            ("bad names", count("badNames")),
            ("duplicate names", count("duplicateNames")),
            ("unresolved references", count("unresolved")),
            ("roots with combinators", count("roots")),
            ("bad property keys", count("badKeys")),
            ("hollow tools", count("hollow")),
            ("opaque bodies", count("opaque")),
            (
                "path placeholders bound",
                format!("{} of {}", self.sum("bound"), self.sum("placeholders")),
            ),
            ("output schemas", count("outputs")),
            (
                "bytes of a tool, median",
                median(&mut bytes).unwrap_or(0).to_string(),
            ),
            (
                "bytes of a tool, largest",
                bytes.last().copied().unwrap_or(0).to_string(),
            ),
        ]
    }
}

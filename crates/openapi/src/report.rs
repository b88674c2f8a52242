//! Collects diagnostics: each once, and never so many that they are the bomb.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::{
    diagnostic::{Diagnostic, Severity},
    place::Place,
};

/// Diagnostics of one code that are told one by one; the rest is summed up.
const MAX_PER_CODE: usize = 100;

#[derive(Default)]
pub(crate) struct Report {
    found: Vec<Diagnostic>,
    /// A shared component is visited by every operation that refers to it.
    seen: HashSet<(&'static str, String)>,
    counts: IndexMap<&'static str, (usize, Severity)>,
}

impl Report {
    pub(crate) fn info(
        &mut self,
        code: &'static str,
        place: &Place<'_>,
        message: String,
        help: &str,
    ) {
        self.add(code, Severity::Info, place, message, help);
    }

    pub(crate) fn warn(
        &mut self,
        code: &'static str,
        place: &Place<'_>,
        message: String,
        help: &str,
    ) {
        self.add(code, Severity::Warning, place, message, help);
    }

    pub(crate) fn error(
        &mut self,
        code: &'static str,
        place: &Place<'_>,
        message: String,
        help: &str,
    ) {
        self.add(code, Severity::Error, place, message, help);
    }

    fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        place: &Place<'_>,
        message: String,
        help: &str,
    ) {
        let (count, _) = self.counts.get(code).copied().unwrap_or((0, severity));
        // Counting on needs no more pointers to be kept.
        if count < MAX_PER_CODE {
            let pointer = place.pointer();
            if !self.seen.insert((code, pointer.clone())) {
                return;
            }
            self.found.push(Diagnostic {
                code,
                severity,
                pointer,
                message,
                help: help.to_owned(),
            });
        }
        self.counts.insert(code, (count + 1, severity));
    }

    /// What was found, after `before`, which the parser found.
    pub(crate) fn finish(self, before: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut all = before;
        all.extend(self.found);
        for (code, (count, severity)) in self.counts {
            if let Some(more) = count.checked_sub(MAX_PER_CODE).filter(|more| *more > 0) {
                all.push(Diagnostic {
                    code,
                    severity,
                    pointer: String::new(),
                    message: format!("The same (`{code}`) was found about {more} more times."),
                    help: "Correct the first ones and read the document again.".to_owned(),
                });
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_summed_up() {
        let mut report = Report::default();
        for index in 0..250 {
            report.warn("x", &Place::ROOT.index(index), "m".to_owned(), "h");
            report.warn("x", &Place::ROOT.index(index.min(99)), "m".to_owned(), "h");
        }
        let all = report.finish(Vec::new());
        assert_eq!(all.len(), MAX_PER_CODE + 1);
        assert!(all.last().is_some_and(|last| last.pointer.is_empty()));
    }
}

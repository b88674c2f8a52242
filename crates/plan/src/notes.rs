//! Diagnostics that many operations share.

use std::collections::HashSet;

use mcpengine_openapi::{Diagnostic, Severity};

/// What happened to many operations, told once or in few words.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Pointer, key and number of properties without room.
    pub(crate) trimmed: Vec<(String, String, usize)>,
    pub(crate) outlines: usize,
    pub(crate) instructing: Vec<(String, String)>,
    pub(crate) unknown_schemes: HashSet<String>,
}

/// More diagnostics of one code are summed up.
const MAX_OF_A_CODE: usize = 50;

impl Notes {
    /// Adds those of later operations.
    pub(crate) fn extend(&mut self, later: Self) {
        self.trimmed.extend(later.trimmed);
        self.outlines += later.outlines;
        self.instructing.extend(later.instructing);
        self.unknown_schemes.extend(later.unknown_schemes);
    }

    pub(crate) fn report(self, diagnostics: &mut Vec<Diagnostic>) {
        let trimmed = self.trimmed.len();
        for (pointer, key, dropped) in self.trimmed.into_iter().take(MAX_OF_A_CODE) {
            let lost = if dropped > 0 {
                format!("; {dropped} optional properties had no room")
            } else {
                String::new()
            };
            diagnostics.push(Diagnostic {
                code: "schema-trimmed",
                severity: if dropped > 0 { Severity::Warning } else { Severity::Info },
                pointer,
                message: format!("the input of `{key}` is large: deep optional detail was left out{lost}"),
                help: "Nothing to do; the left-out parts can still be sent as free-form JSON where the schema is open.".to_owned(),
            });
        }
        let summary = |code, count: usize, message: String| {
            (count > 0).then(|| Diagnostic {
                code,
                severity: Severity::Info,
                pointer: String::new(),
                message,
                help: "Nothing to do.".to_owned(),
            })
        };
        let rest = trimmed.saturating_sub(MAX_OF_A_CODE);
        diagnostics.extend(summary(
            "schema-trimmed",
            rest,
            format!("{rest} more inputs were trimmed in the same way"),
        ));
        let outlines = self.outlines;
        diagnostics.extend(summary(
            "output-outlined",
            outlines,
            format!("{outlines} output schemas show the outline of the response only; results are passed on whole"),
        ));
        for (pointer, key) in self.instructing.into_iter().take(MAX_OF_A_CODE) {
            diagnostics.push(Diagnostic {
                code: "text-removed",
                severity: Severity::Warning,
                pointer,
                message: format!(
                    "the description of `{key}` speaks to the model; those sentences were removed"
                ),
                help: "Read the document's text before you trust its author.".to_owned(),
            });
        }
        let mut unknown: Vec<String> = self.unknown_schemes.into_iter().collect();
        unknown.sort_unstable();
        for name in unknown.into_iter().take(MAX_OF_A_CODE) {
            diagnostics.push(Diagnostic {
                code: "unknown-security-scheme",
                severity: Severity::Warning,
                pointer: String::new(),
                message: format!("operations ask for the security scheme `{name}`, which the document does not define"),
                help: "Define it under the document's security schemes.".to_owned(),
            });
        }
    }
}

//! Why a command was refused, as people read it.

use std::fmt;

use mcpengine_openapi::Refusal;
use mcpengine_plan::Miss;

/// A refusal with the place that it is about.
#[derive(Debug)]
pub(crate) struct Failure {
    code: &'static str,
    message: String,
    help: String,
    /// `file:line:column`, or the file alone.
    place: Option<String>,
    pointer: Option<String>,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: String, help: &str) -> Self {
        Self {
            code,
            message,
            help: help.to_owned(),
            place: None,
            pointer: None,
        }
    }

    /// Filters that no tool fits, with what was perhaps meant.
    pub(crate) fn of_filter(misses: &[Miss]) -> Self {
        let told = misses.iter().map(|miss| match miss.option {
            "" => "each filter fits some tool, but none fits all of them".to_owned(),
            option => format!("no tool fits {option} {}", miss.value),
        });
        let near: Vec<String> = misses
            .iter()
            .filter(|miss| !miss.near.is_empty())
            .map(|miss| format!("{} {}", miss.option, miss.near.join(", ")))
            .collect();
        let help = match (
            near.is_empty(),
            misses.iter().any(|miss| miss.option.is_empty()),
        ) {
            (false, _) => format!("The nearest are {}.", near.join("; ")),
            (true, true) => "Leave one of the filters out.".to_owned(),
            (true, false) => "The document has none.".to_owned(),
        };
        Self {
            help,
            ..Self::new(
                "filter_fits_nothing",
                told.collect::<Vec<_>>().join("; "),
                "",
            )
        }
    }

    /// The reader's refusal of the document that came from `file`.
    pub(crate) fn of_document(refusal: Refusal, file: &str) -> Self {
        let place = match refusal.position {
            Some(position) => format!("{file}:{}:{}", position.line, position.column),
            None => file.to_owned(),
        };
        Self {
            code: refusal.code,
            message: refusal.message,
            help: refusal.help,
            place: Some(place),
            pointer: refusal.pointer,
        }
    }
}

/// `error[code]: message`, then the place, the JSON pointer and the remedy, a
/// line each.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error[{}]: {}", self.code, self.message)?;
        if let Some(place) = &self.place {
            writeln!(f, "  --> {place}")?;
        }
        if let Some(pointer) = self
            .pointer
            .as_deref()
            .filter(|pointer| !pointer.is_empty())
        {
            writeln!(f, "  at {pointer}")?;
        }
        if !self.help.is_empty() {
            writeln!(f, "  help: {}", self.help)?;
        }
        Ok(())
    }
}

//! Why a command was refused, as people read it.

use std::borrow::Cow;
use std::fmt;

use mcpengine_openapi::Refusal;
use mcpengine_plan::Miss;

/// A refusal with the place that it is about.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Cow<'static, str>,
    message: String,
    help: Box<str>,
    /// `file:line:column`, or the file alone.
    place: Option<Box<str>>,
    pointer: Option<Box<str>>,
    pub(crate) exit_status: u8,
}

impl Failure {
    pub(crate) fn new(code: impl Into<Cow<'static, str>>, message: String, help: &str) -> Self {
        Self {
            code: code.into(),
            message,
            help: help.into(),
            place: None,
            pointer: None,
            exit_status: 1,
        }
    }

    /// The same with another exit status than 1.
    pub(crate) const fn with_status(mut self, exit_status: u8) -> Self {
        self.exit_status = exit_status;
        self
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
            help: help.into(),
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
            code: refusal.code.into(),
            message: refusal.message,
            help: refusal.help.into(),
            place: Some(place.into()),
            pointer: refusal.pointer.map(Into::into),
            exit_status: 1,
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

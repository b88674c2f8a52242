//! What a tool says of itself: its title and its description.

use mcpengine_openapi::Operation;

use crate::hints::Hints;
use crate::text;
use crate::words::{capitalised, sentence, split};

/// The longest description of a tool, in characters.
pub(crate) const MAX_DESCRIPTION: usize = 1_024;

/// What an operation says of itself, cleaned once.
pub(crate) struct Said {
    summary: String,
    details: String,
    /// The document tries to give orders to the model.
    pub(crate) speaks_to_model: bool,
}

impl Said {
    pub(crate) fn of(operation: &Operation<'_>, hints: &Hints<'_>) -> Self {
        let judged = |prose: Option<&str>| prose.map(text::judged).unwrap_or_default();
        let (summary, in_summary) = judged(operation.summary);
        let (details, in_details) = judged(operation.description);
        let wished = hints.description.is_some_and(text::addresses_model);
        Self {
            summary,
            details,
            speaks_to_model: in_summary || in_details || wished,
        }
    }
}

/// A short name for people, in sentence case: the summary where it is short.
pub(crate) fn title(said: &Said, hints: &Hints<'_>, name: &str) -> String {
    if let Some(title) = hints
        .title
        .map(|title| text::clean(title, 80))
        .filter(|title| !title.is_empty())
    {
        return title;
    }
    let summary = said.summary.trim_end_matches(['.', ' ']);
    // One word says less than the name does, unless it is of another language: the
    // name has to do without its letters, and not every script has spaces.
    let is_title = summary.chars().count() <= 60
        && (summary.contains(' ') || !summary.is_ascii())
        && !summary.contains(['/', '{', '\n']);
    if is_title {
        sentence_case(summary)
    } else {
        sentence(&split(name))
    }
}

/// `List All Pets` is `List all pets`; acronyms and names with inner capitals stay.
fn sentence_case(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let is_title_case = words.len() > 2
        && words
            .iter()
            .all(|word| word.len() < 4 || word.starts_with(char::is_uppercase));
    let mut out = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let tail_is_lower = word.chars().skip(1).all(|c| !c.is_uppercase());
        if at == 0 {
            out.push_str(&capitalised(word));
        } else if is_title_case && tail_is_lower && word.len() > 1 {
            out.push_str(&word.to_lowercase());
        } else {
            out.push_str(word);
        }
    }
    out
}

/// Summary and description as one text, never empty.
pub(crate) fn description<'s>(
    operation: &Operation<'_>,
    said: &'s Said,
    hints: &Hints<'_>,
    title: &str,
    key: &str,
) -> String {
    if let Some(wished) = hints
        .description
        .map(|wished| text::clean(wished, MAX_DESCRIPTION))
        .filter(|text| !text.is_empty())
    {
        return wished;
    }
    let kept = |text: &'s str| -> &'s str {
        let says = !is_promise(text) && !is_id(text, operation);
        if says { text } else { "" }
    };
    let (summary, details) = (kept(&said.summary), kept(&said.details));
    let repeats = details
        .to_lowercase()
        .starts_with(summary.trim_end_matches('.').to_lowercase().as_str());
    let prose = match (summary.is_empty() || repeats, details.is_empty()) {
        (true, true) => format!("{title} ({key})."),
        (true, false) => details.to_owned(),
        (false, true) => text::closed(summary.to_owned()),
        (false, false) => format!("{} {details}", text::closed(summary.to_owned())),
    };
    let prose = if operation.deprecated {
        format!("Deprecated. {prose}")
    } else {
        prose
    };
    text::cut(&prose, MAX_DESCRIPTION).into_owned()
}

/// Whether a text is but the name of its operation, as generators write it:
/// `Calls_GetRecording.`, `getCalls().`
fn is_id(text: &str, operation: &Operation<'_>) -> bool {
    let Some(id) = operation.operation_id.filter(|_| !text.contains(' ')) else {
        return false;
    };
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    let is_name = text.contains(['_', '(']) || split(text).len() > 1;
    is_name && letters(text) == letters(id)
}

/// Whether a text only stands where its author meant to write one.
fn is_promise(text: &str) -> bool {
    const WHOLE: [&str; 8] = [
        "description",
        "n/a",
        "no description",
        "none",
        "null",
        "string",
        "tbd",
        "undefined",
    ];
    let lower = text.trim_end_matches(['.', ' ']).to_lowercase();
    lower == "todo"
        || lower.starts_with("todo:")
        || lower.starts_with("todo ")
        || WHOLE.contains(&lower.as_str())
        || lower.chars().all(|c| c.is_ascii_punctuation())
}

#[cfg(test)]
mod tests {
    use mcpengine_openapi::Method;

    use super::*;

    #[test]
    fn short_summaries_are_titles_in_any_script() {
        for (summary, expected) in [
            ("List All Pets.", "List all pets"),
            ("获取用户信息", "获取用户信息"),
            ("Übersicht", "Übersicht"),
            ("Ping", "Get view"),
        ] {
            let mut operation = crate::fixtures::operation(Method::Get, "/view", None);
            operation.summary = Some(summary);
            let hints = Hints::default();
            let title = title(&Said::of(&operation, &hints), &hints, "get_view");
            assert_eq!(title, expected);
        }
    }
}

//! Sentences with which a document speaks to the model that reads it.

/// Words that phrases begin with, by their length.
const STARTS: [&[&str]; 11] = [
    &[],
    &[],
    &["as", "do"],
    &["don", "new", "use", "you"],
    &["call", "hide", "inst", "must", "your"],
    &[],
    &[
        "always", "before", "forget", "ignore", "prefer", "reveal", "system",
    ],
    &["without"],
    &["override"],
    &["assistant", "disregard"],
    &[],
];

/// A cheap test that most descriptions fail: whether a phrase begins at a word.
pub(super) fn may_instruct(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| !byte.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let starts = STARTS.get(length).is_some_and(|words| {
            let word = rest.get(..length).unwrap_or_default();
            let mut words = words.iter().map(|start| start.as_bytes());
            words.any(|start| start.eq_ignore_ascii_case(word))
        });
        if starts && begins_phrase(text, at) {
            return true;
        }
        if rest.first() == Some(&b'<') && begins(rest, "<important>") {
            return true;
        }
        at += length.max(1);
    }
    false
}

/// Whether a phrase begins at a word, or at the bracket before it.
fn begins_phrase(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let here = bytes.get(at..).unwrap_or_default();
    let before = bytes.get(at.saturating_sub(1)..).unwrap_or_default();
    let orders = |phrase: &&str| {
        let after = text.get(at + phrase.len()..);
        begins(here, phrase) && after.is_some_and(speaks_of_tools)
    };
    PHRASES
        .iter()
        .chain(&ROLES)
        .any(|phrase| begins(here, phrase))
        || TO_CALL.iter().any(orders)
        || (matches!(before.first(), Some(b'<' | b'['))
            && ROLES.iter().any(|role| begins(before, role)))
}

fn begins(bytes: &[u8], phrase: &str) -> bool {
    let head = bytes.get(..phrase.len()).unwrap_or_default();
    head.eq_ignore_ascii_case(phrase.as_bytes())
}

/// Phrases with which a document speaks to the model instead of about its API.
/// Each is an order or a claim of authority: words alone (`assistant`, `prompt`)
/// are the vocabulary of real APIs and stay.
pub(super) const PHRASES: [&str; 39] = [
    "ignore previous",
    "ignore all previous",
    "ignore any previous",
    "ignore prior",
    "ignore all prior",
    "ignore the above",
    "ignore all instructions",
    "ignore your",
    "ignore all other",
    "disregard previous",
    "disregard prior",
    "disregard all",
    "disregard any",
    "disregard the above",
    "disregard your",
    "forget previous",
    "forget all previous",
    "forget your",
    "override your",
    "call this tool",
    "use this tool",
    "prefer this tool",
    "before any other tool",
    "you are now",
    "you are an ai",
    "you are a helpful",
    "as an ai ",
    "as an ai,",
    "do not tell the user",
    "don't tell the user",
    "do not inform the user",
    "do not mention this",
    "without telling the user",
    "without informing the user",
    "hide this from",
    "new instructions:",
    "your system prompt",
    "reveal your",
    "<important>",
];

/// Phrases that are orders where what follows is a tool: authors of APIs write "you must
/// call this endpoint first" to people.
pub(super) const TO_CALL: [&str; 9] = [
    "you must call",
    "you must always",
    "you must first",
    "you should call",
    "you should always",
    "always call",
    "must call",
    "before using any",
    "before calling any",
];
/// Words after such a phrase among which the tool is.
const REACH: usize = 5;

pub(super) fn is_instruction(sentence: &str) -> bool {
    let lower = sentence.to_lowercase().replace('*', "");
    let start = lower.trim_start();
    PHRASES.iter().any(|phrase| lower.contains(phrase))
        || ROLES.iter().any(|role| start.starts_with(role))
        || TO_CALL.iter().any(|phrase| {
            lower.match_indices(phrase).any(|(at, _)| {
                let after = lower.get(at + phrase.len()..);
                after.is_some_and(speaks_of_tools)
            })
        })
}

/// Whether the next words speak of a tool, or the first may be the name of one:
/// `delete_all`.
fn speaks_of_tools(text: &str) -> bool {
    const TOOLS: [&str; 4] = ["tool", "tools", "function", "functions"];
    let is_mark = |c: char| !c.is_alphanumeric();
    let is_tool = |word: &str| TOOLS.iter().any(|tool| tool.eq_ignore_ascii_case(word));
    let mut words = text.split_whitespace().take(REACH);
    let mut words = words.by_ref().map(|word| word.trim_matches(is_mark));
    let Some(first) = words.next() else {
        return false;
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names = first.contains('_') && first.chars().all(is_name);
    names || is_tool(first) || words.any(is_tool)
}

/// Marks with which chat transcripts open a turn.
pub(super) const ROLES: [&str; 5] = ["system:", "assistant:", "[system]", "<system>", "[inst]"];

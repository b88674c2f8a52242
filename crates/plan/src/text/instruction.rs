//! Sentences with which a document speaks to the model that reads it.

/// A cheap test that most descriptions fail: whether a phrase begins at a word.
pub(super) fn may_instruct(text: &str) -> bool {
    const STARTS: [&str; 22] = [
        "as",
        "do",
        "don",
        "new",
        "use",
        "you",
        "call",
        "hide",
        "inst",
        "must",
        "your",
        "always",
        "before",
        "forget",
        "ignore",
        "prefer",
        "reveal",
        "system",
        "without",
        "override",
        "assistant",
        "disregard",
    ];
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| !byte.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        let starts =
            |start: &&str| start.len() == length && start.as_bytes().eq_ignore_ascii_case(word);
        if length > 1 && STARTS.iter().any(starts) {
            // With the bracket that some phrases open with.
            let from = [at, at.saturating_sub(1)];
            let begins = |phrase: &&str| {
                from.iter().any(|from| {
                    let head = bytes.get(*from..from + phrase.len()).unwrap_or_default();
                    head.eq_ignore_ascii_case(phrase.as_bytes())
                })
            };
            if PHRASES.iter().chain(&ROLES).chain(&TO_CALL).any(begins) {
                return true;
            }
        }
        if rest.starts_with(b"<") {
            let tag = b"<important>";
            let head = rest.get(..tag.len()).unwrap_or_default();
            if head.eq_ignore_ascii_case(tag) {
                return true;
            }
        }
        at += length.max(1);
    }
    false
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
pub(super) const TO_CALL: [&str; 12] = [
    "you must call",
    "you must always",
    "you must first",
    "you must invoke",
    "you must run",
    "you must use",
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
                let after = lower.get(at + phrase.len()..).unwrap_or_default();
                speaks_of_tools(after, !phrase.ends_with("use"))
            })
        })
}

/// Whether the next words speak of a tool, or the first may be the name of one:
/// `delete_all`.
fn speaks_of_tools(text: &str, named: bool) -> bool {
    let word = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut words = text.split_whitespace().take(REACH).map(word);
    let first = words.next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let names = named && first.contains('_') && first.chars().all(is_name);
    let is_tool = |word: &str| ["tool", "tools", "function", "functions"].contains(&word);
    names || is_tool(&first) || words.any(|word| is_tool(&word))
}

/// Marks with which chat transcripts open a turn.
pub(super) const ROLES: [&str; 5] = ["system:", "assistant:", "[system]", "<system>", "[inst]"];

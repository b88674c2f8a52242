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
            if PHRASES.iter().chain(&ROLES).any(begins) {
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
pub(super) const PHRASES: [&str; 48] = [
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
    "you must call",
    "you must always",
    "you must first call",
    "you must use this",
    "you should call",
    "you should always call",
    "always call this",
    "must call this",
    "call this tool",
    "use this tool",
    "prefer this tool",
    "before using any other",
    "before any other tool",
    "before calling any",
    "you are now",
    "you are an ai",
    "you are a helpful",
    "as an ai",
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

pub(super) fn is_instruction(sentence: &str) -> bool {
    let lower = sentence.to_lowercase().replace('*', "");
    let start = lower.trim_start();
    PHRASES.iter().any(|phrase| lower.contains(phrase))
        || ROLES.iter().any(|role| start.starts_with(role))
}

/// Marks with which chat transcripts open a turn.
pub(super) const ROLES: [&str; 5] = ["system:", "assistant:", "[system]", "<system>", "[inst]"];

//! Text of a plan in Markdown: shown as it is, never as markup.

use crate::print::is_hidden;

/// Escapes text that starts a line, where it could make a list or a heading.
pub(crate) fn escape_line(text: &str, limit: usize) -> String {
    let text = escape(text, limit);
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits).unwrap_or((&text, ""));
    let list = digits > 0 && rest.starts_with(['.', ')']);
    let mark = text.starts_with(['-', '+', '=', ':']);
    if list || mark {
        format!("{number}\\{rest}")
    } else {
        text
    }
}

/// Escapes text for the middle of a line, or a table cell.
pub(crate) fn escape(text: &str, limit: usize) -> String {
    let visible: String = text
        .chars()
        .map(|it| if is_hidden(it) { ' ' } else { it })
        .collect();
    let mut shown = String::new();
    for word in visible.split_whitespace() {
        if shown.chars().count() + word.chars().count() >= limit {
            shown.push('…');
            break;
        }
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(word);
    }
    let mut out = String::with_capacity(shown.len() + 16);
    for (index, character) in shown.chars().enumerate() {
        let markup = "\\`*_[]<>|~#&!$^{}".contains(character)
            // A bare address would become a link.
            || (character == ':' && shown.chars().skip(index + 1).take(2).eq("//".chars()));
        if markup {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// Text between backticks. Backticks in it become quotes.
pub(crate) fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|it| match it {
            '`' => '\'',
            '|' => '¦',
            it if is_hidden(it) => ' ',
            it => it,
        })
        .collect();
    let shown = shown.trim();
    // Two backticks without text would open a longer span.
    if shown.is_empty() {
        "` `".to_owned()
    } else {
        format!("`{shown}`")
    }
}

#[cfg(test)]
mod tests {
    use super::{code, escape, escape_line};

    #[test]
    fn shows_markup_as_text() {
        assert_eq!(
            escape(
                "# a\n| b | <img src=x> [c](javascript:d) ![e](f) `g` https://h &amp;",
                500
            ),
            "\\# a \\| b \\| \\<img src=x\\> \\[c\\](javascript:d) \\!\\[e\\](f) \\`g\\` https\\://h \\&amp;"
        );
        assert_eq!(escape_line("1. one", 100), "1\\. one");
        assert_eq!(escape_line("- one\u{202e}two", 100), "\\- one two");
        assert_eq!(code("a`|\nb"), "`a'¦ b`");
    }
}

//! Text in string literals and comments.

use std::fmt::Write as _;

/// A string literal. Quotes are double unless that needs more escapes.
pub(crate) fn string(text: &str) -> String {
    let double = text.matches('"').count();
    let single = text.matches('\'').count();
    let quote = if double > single { '\'' } else { '"' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    let mut previous = ' ';
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Never the end of a script element, nor the start of a comment.
            '/' if previous == '<' => out.push_str("\\/"),
            '!' if previous == '<' => out.push_str("\\u0021"),
            character if character == quote => {
                out.push('\\');
                out.push(quote);
            }
            character if is_hidden(character) => escape(&mut out, character),
            character => out.push(character),
        }
        previous = character;
    }
    out.push(quote);
    out
}

fn escape(out: &mut String, character: char) {
    let code = u32::from(character);
    // Writing to a String cannot fail.
    let _ = if code <= 0xFFFF {
        write!(out, "\\u{code:04x}")
    } else {
        write!(out, "\\u{{{code:x}}}")
    };
}

/// Characters that a reader does not see, or that change what is seen: control,
/// line separators, direction marks, zero width, tags.
pub(crate) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Text for a comment on one line: no end of comment, no line break, no hidden
/// character, at most `limit` characters.
pub(crate) fn comment(text: &str, limit: usize) -> String {
    let visible: String = text
        .chars()
        .map(|it| if is_hidden(it) { ' ' } else { it })
        .collect();
    let mut out = String::new();
    for word in visible.split_whitespace() {
        if out.chars().count() + word.chars().count() >= limit {
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    // `@` would be read as a tag of TSDoc, `</` as the end of a script element.
    out.replace("*/", "* /")
        .replace("/*", "/ *")
        .replace("</", "< /")
        .replace('@', "(at)")
}

#[cfg(test)]
mod tests {
    use super::{comment, string};

    #[test]
    fn strings_hold_no_surprise() {
        assert_eq!(string("a\"b"), r#"'a"b'"#);
        assert_eq!(string("it's \"b\""), r#"'it\'s "b"'"#);
        assert_eq!(string("it's"), r#""it's""#);
        assert_eq!(
            string("</script><!--\u{2028}\n\\`${x}\u{0}\u{202e}\u{e0041}é😀"),
            r#""<\/script><\u0021--\u2028\n\\`${x}\u0000\u202e\u{e0041}é😀""#
        );
    }

    #[test]
    fn comments_stay_comments() {
        assert_eq!(
            comment("a */ b\n// c\u{2029}/* @see d */ </script>", 200),
            "a * / b // c / * (at)see d * / < /script>"
        );
        assert_eq!(comment("one two three", 9), "one two…");
        assert_eq!(comment("**//", 100), "** //");
    }
}

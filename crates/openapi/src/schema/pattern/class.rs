//! Character classes: `[a-z_-]`.

use super::Reader;

impl Reader<'_> {
    /// Reads a class from behind its `[`.
    pub(super) fn class(&mut self) -> Result<(), &'static str> {
        self.out.push('[');
        if let Some((_, '^')) = self.letters.peek() {
            self.letters.next();
            self.out.push('^');
        }
        // `[]a]` means a literal bracket elsewhere and an empty class here.
        let start = self.out.len();
        let mut range: Option<(u32, bool)> = None;
        while let Some((at, letter)) = self.letters.next() {
            match letter {
                ']' if self.out.len() == start && self.has_closing_bracket(at + 1) => {
                    self.out.push_str("\\]");
                    range = Some((']' as u32, false));
                }
                ']' => {
                    self.out.push(']');
                    return Ok(());
                }
                '[' if self.posix_class(at) => range = None,
                '-' => {
                    let first = self.out.len() == start;
                    let last = matches!(self.letters.peek(), Some((_, ']')));
                    range = match range {
                        // The end of a range such as `+--`.
                        Some((_, true)) => {
                            self.out.push('-');
                            close_range(range, Some('-' as u32))?
                        }
                        _ if first || last => {
                            self.out.push('-');
                            None
                        }
                        Some((low, false)) => {
                            self.out.push('-');
                            Some((low, true))
                        }
                        // After a range or a set (`\w-.`) it can only be itself.
                        None => {
                            self.out.push_str("\\-");
                            Some(('-' as u32, false))
                        }
                    };
                }
                _ => {
                    let atom = self.class_atom(letter)?;
                    range = close_range(range, atom)?;
                }
            }
        }
        Err("a `[` is not closed")
    }

    fn has_closing_bracket(&self, from: usize) -> bool {
        self.text.get(from..).is_some_and(|rest| rest.contains(']'))
    }

    /// `[:alpha:]` within a class.
    fn posix_class(&mut self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        let Some((name, _)) = rest
            .strip_prefix("[:")
            .and_then(|rest| rest.split_once(":]"))
        else {
            return false;
        };
        let set = match name {
            "alpha" => "a-zA-Z",
            "digit" => "0-9",
            "alnum" => "a-zA-Z0-9",
            "upper" => "A-Z",
            "lower" => "a-z",
            "space" => "\\s",
            "xdigit" => "0-9A-Fa-f",
            "word" => "\\w",
            _ => return false,
        };
        self.out.push_str(set);
        let end = at + name.len() + 4;
        while self.letters.peek().is_some_and(|(next, _)| *next < end) {
            self.letters.next();
        }
        true
    }

    /// One member of a class: its code point, or `None` for a set such as `\d`.
    fn class_atom(&mut self, letter: char) -> Result<Option<u32>, &'static str> {
        if letter != '\\' {
            self.out.push(letter);
            return Ok(Some(u32::from(letter)));
        }
        let (_, escaped) = self.letters.next().ok_or("it ends with a backslash")?;
        let before = self.out.len();
        match escaped {
            'b' | '-' => {
                self.push_escaped(escaped);
                return Ok(Some(if escaped == 'b' { 8 } else { '-' as u32 }));
            }
            '1'..='9' => return Err("it holds an octal escape"),
            'h' => self.out.push_str(" \\t"),
            other => self.shared_escape(other)?,
        }
        let written = self.out.get(before..).unwrap_or_default();
        Ok(match escaped {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'p' | 'P' | 'h' => None,
            'a' => Some(7),
            'e' => Some(0x1B),
            't' => Some(9),
            'n' => Some(10),
            'v' => Some(11),
            'f' => Some(12),
            'r' => Some(13),
            '0' => Some(0),
            'x' | 'u' => {
                let digits = written
                    .trim_start_matches(['\\', 'x', 'u', '{'])
                    .trim_end_matches('}');
                u32::from_str_radix(digits, 16).ok()
            }
            'c' => None,
            other => Some(u32::from(other)),
        })
    }
}

/// What a `-` after `atom` would start, having checked the range that `atom` ends.
fn close_range(
    range: Option<(u32, bool)>,
    atom: Option<u32>,
) -> Result<Option<(u32, bool)>, &'static str> {
    match (range, atom) {
        (Some((low, true)), Some(high)) if high < low => Err("a range is in the wrong order"),
        (Some((_, true)), Some(_)) => Ok(None),
        (Some((_, true)), None) => Err("a range ends in a set"),
        (_, atom) => Ok(atom.map(|low| (low, false))),
    }
}

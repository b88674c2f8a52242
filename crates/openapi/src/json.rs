//! JSON text to [`Node`]s.
//!
//! A reader of our own, because real descriptions hold what strict readers
//! refuse (lone surrogate escapes, numbers beyond every range, `NaN` from
//! Python), and because a refusal has to name line, column and JSON pointer.
//! It borrows strings from the text and does not recurse.

use crate::{
    arena::Arena,
    diagnostic::{Diagnostic, Limits, Refusal},
    node::Node,
    place::in_brackets,
    text,
    tree::{Bound, Top, TreeBuilder},
};

/// Reads one JSON value that is the whole of `text`.
///
/// # Errors
/// `document_syntax`, `document_too_many_nodes` or `document_too_deep`.
pub(crate) fn parse<'t>(
    arena: &'t Arena,
    text: &'t str,
    limits: &Limits,
) -> Result<(Node<'t>, Vec<Diagnostic>), Refusal> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tree: TreeBuilder::new(arena, limits),
        unescaped: String::new(),
    };
    match reader.document() {
        Ok(()) => {
            let (root, duplicates) = reader.tree.finish();
            let findings = duplicates
                .into_iter()
                .map(|duplicate| duplicate.diagnostic(|offset| text::position(text, offset)))
                .collect();
            Ok((root.unwrap_or(Node::Null), findings))
        }
        Err(Fault::Bound(bound)) => Err(reader.tree.refuse(bound, text::position(text, reader.at))),
        Err(Fault::Syntax { at, what }) => {
            let position = text::position(text, at);
            let pointer = reader.tree.pointer();
            let place = in_brackets(&pointer);
            Err(Refusal {
                code: "document_syntax",
                message: format!(
                    "The JSON is broken at line {}, column {}{place}: {what}.",
                    position.line, position.column
                ),
                help: "Correct the text at that place; a JSON editor shows it too.".to_owned(),
                position: Some(position),
                pointer: Some(pointer),
            })
        }
    }
}

enum Fault {
    Bound(Bound),
    Syntax { at: usize, what: String },
}

impl From<Bound> for Fault {
    fn from(bound: Bound) -> Self {
        Fault::Bound(bound)
    }
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Keys are marked with their byte offset.
    tree: TreeBuilder<'t, usize>,
    /// Room for the string that is being read, where it holds escapes.
    unescaped: String,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<(), Fault> {
        loop {
            if self.value()? {
                continue;
            }
            // A value is complete: go on with what holds it.
            loop {
                self.skip_space();
                match (self.tree.top(), self.peek()) {
                    (Top::Document, None) => return Ok(()),
                    (Top::Document, Some(_)) => {
                        return Err(self.unexpected("nothing after the document's end"));
                    }
                    (Top::Array, Some(b',')) => {
                        self.at += 1;
                        break;
                    }
                    (Top::Object, Some(b',')) => {
                        self.at += 1;
                        self.key()?;
                        break;
                    }
                    (Top::Array, Some(b']')) | (Top::Object, Some(b'}')) => self.close(),
                    (Top::Array, _) => return Err(self.unexpected("`,` or `]`")),
                    _ => return Err(self.unexpected("`,` or `}`")),
                }
            }
        }
    }

    /// Reads a scalar or an opening bracket. `true` where a value has to follow.
    fn value(&mut self) -> Result<bool, Fault> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => {
                self.tree.open_object()?;
                self.at += 1;
                self.skip_space();
                if self.peek() == Some(b'}') {
                    self.close();
                    return Ok(false);
                }
                self.key()?;
                return Ok(true);
            }
            Some(b'[') => {
                self.tree.open_array()?;
                self.at += 1;
                self.skip_space();
                if self.peek() == Some(b']') {
                    self.close();
                    return Ok(false);
                }
                return Ok(true);
            }
            Some(b'"') => {
                let text = self.string()?;
                self.tree.scalar(Node::String(text))?;
            }
            Some(b'-' | b'0'..=b'9') => {
                let number = self.number()?;
                self.tree.scalar(number)?;
            }
            _ => {
                let word = self.word()?;
                self.tree.scalar(word)?;
            }
        }
        Ok(false)
    }

    fn close(&mut self) {
        self.at += 1;
        let node = self.tree.close();
        self.tree.place(node);
    }

    fn key(&mut self) -> Result<(), Fault> {
        self.skip_space();
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let mark = self.at;
        let key = self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:` after a key"));
        }
        self.at += 1;
        self.tree.key(key, mark);
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let what = match rest.chars().next() {
            None => format!("expected {expected}, found the end of the document"),
            Some(letter) => format!("expected {expected}, found `{}`", letter.escape_debug()),
        };
        Fault::Syntax { at: self.at, what }
    }

    fn word(&mut self) -> Result<Node<'t>, Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        // `NaN` and `Infinity` are not JSON, but Python's `json.dumps` writes them.
        let known: [(&[u8], Node<'t>); 5] = [
            (b"true", Node::Bool(true)),
            (b"false", Node::Bool(false)),
            (b"null", Node::Null),
            (b"NaN", Node::Null),
            (b"Infinity", Node::Null),
        ];
        for (word, node) in known {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(node);
            }
        }
        Err(self.unexpected("a value"))
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at > start
    }

    /// `-? (0 | [1-9][0-9]*) (\. [0-9]+)? ([eE] [+-]? [0-9]+)?`; the spelling is kept.
    fn number(&mut self) -> Result<Node<'t>, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
            if self.peek() == Some(b'I') {
                return self.word();
            }
        }
        let leading = self.at;
        if !self.digits() {
            return Err(self.unexpected("a digit"));
        }
        if self.bytes.get(leading) == Some(&b'0') && self.at > leading + 1 {
            return Err(Fault::Syntax {
                at: leading,
                what: "a number starts with 0".to_owned(),
            });
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !self.digits() {
                return Err(self.unexpected("a digit after the decimal point"));
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if !self.digits() {
                return Err(self.unexpected("a digit in the exponent"));
            }
        }
        Ok(Node::Number(
            self.text.get(start..self.at).unwrap_or_default(),
        ))
    }

    /// Reads a string, from its opening quote to behind its closing one.
    fn string(&mut self) -> Result<&'t str, Fault> {
        let opening = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            let start = self.at;
            let rest = self.bytes.get(start..).unwrap_or_default();
            self.at = start + plain_length(rest);
            let piece = self.text.get(start..self.at).unwrap_or_default();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    if !escaped {
                        return Ok(piece);
                    }
                    self.unescaped.push_str(piece);
                    return Ok(self.tree.arena.text(&self.unescaped));
                }
                Some(b'\\') => {
                    if !escaped {
                        escaped = true;
                        self.unescaped.clear();
                    }
                    self.unescaped.push_str(piece);
                    self.at += 1;
                    let letter = self.escape()?;
                    self.unescaped.push(letter);
                }
                _ => {
                    let what = "a string is not closed on its line".to_owned();
                    return Err(Fault::Syntax { at: opening, what });
                }
            }
        }
    }

    /// Reads what follows a backslash. Half a surrogate pair becomes U+FFFD.
    fn escape(&mut self) -> Result<char, Fault> {
        let letter = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => return Err(self.unexpected("one of `\"\\/bfnrtu` after a backslash")),
        };
        self.at += 1;
        Ok(letter)
    }

    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let Some(first) = self.hex4(self.at) else {
            return Err(self.unexpected("four hexadecimal digits after `\\u`"));
        };
        self.at += 4;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let low = match self.bytes.get(self.at..self.at + 2) {
            Some(b"\\u") => self
                .hex4(self.at + 2)
                .filter(|low| (0xDC00..0xE000).contains(low)),
            _ => None,
        };
        let Some(low) = low else {
            return Ok(char::REPLACEMENT_CHARACTER);
        };
        self.at += 6;
        let letter = 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00);
        Ok(char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok()
    }
}

/// Bytes up to a quote, a backslash or a line's end. A raw tab is tolerated; a
/// raw line break means that a quote is missing.
fn plain_length(rest: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n' | b'\r');
    // Keys and types are short: the vector search pays off behind them.
    let (head, tail) = rest.split_at(rest.len().min(16));
    if let Some(found) = head.iter().position(ends) {
        return found;
    }
    let end = memchr::memchr2(b'"', b'\\', tail).unwrap_or(tail.len());
    let within = tail.get(..end).unwrap_or_default();
    head.len() + memchr::memchr2(b'\n', b'\r', within).unwrap_or(end)
}

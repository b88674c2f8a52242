//! A bound on how deep a source text can nest, found before it is parsed.
//!
//! The parser and every walk over its tree are recursive, and a Worker has 1 MB
//! of stack: a text made to nest would end the isolate. One pass over the bytes
//! adds up, for every place, the open brackets and the tokens since the last
//! separator at each level. No construct nests without one of the two, so the
//! sum bounds the depth of the tree. What separates: `;`, a `}` with a keyword
//! behind it that starts a statement, and `,`, which ends an expression but not
//! the `if (a) if (b) …` in front of it. Where `/` may be a division or the
//! start of a regular expression, the pass takes the reading that counts more.

/// What one bracket adds. Brackets cost more stack than other tokens do: the
/// parser goes down all levels of precedence for each.
const BRACKET_WEIGHT: usize = 5;

/// The highest sum allowed: about 160 brackets, or 1,000 tokens without a
/// separator. Measured as WASM, the worst text of that sum (`A<A<A<…`) takes half
/// of a stack of 1 MB; brackets take a fifth. The printer of `codegen` ends at
/// 96 levels of objects.
const MAX_WEIGHT: usize = 1_000;

/// Why a text is refused.
pub(crate) struct Problem {
    /// Byte offset.
    pub(crate) offset: usize,
    pub(crate) message: &'static str,
}

const TOO_DEEP: &str =
    "the code nests too deep, or one statement is too long (end statements with `;`)";
const AMBIGUOUS: &str = "this `/` cannot be told from the start of a regular expression: \
                         put the expression on a line of its own";

/// Refuses a text that could nest deeper than the parser's stack holds.
pub(crate) fn check_nesting(text: &str) -> Result<(), Problem> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        at: 0,
        levels: Vec::new(),
        run: Run::default(),
        weight: 0,
        previous: Previous::Operator,
        keep_closers_until: 0,
    };
    scanner.run()
}

/// An open bracket.
struct Level {
    closer: u8,
    /// `}` goes back into a template literal.
    template: bool,
    /// The run outside of this bracket.
    run: Run,
}

/// The tokens that may enclose the next one at the current level.
#[derive(Clone, Copy, Default)]
struct Run {
    /// Since the last separator.
    tokens: usize,
    /// In front of the first comma of the statement: at least as many as the
    /// statement has before its expression.
    prefix: Option<usize>,
    /// The tokens of the statement that a `;` has just ended: an `else` behind
    /// it is still inside.
    ended: usize,
}

/// What stands before a `/`, as far as it matters to its meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Previous {
    /// A name, number or string: `/` divides.
    Operand,
    /// `/` starts a regular expression.
    Operator,
    /// It can be either: behind `)`, `>`, `!`, `++`, a keyword.
    Either,
    /// `}`: it can be either, too.
    Brace,
    /// `.`: a keyword behind it is a name.
    Dot,
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    levels: Vec<Level>,
    run: Run,
    /// Sum over the open levels.
    weight: usize,
    previous: Previous,
    /// Up to here the text may be a regular expression: closers don't count.
    keep_closers_until: usize,
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<(), Problem> {
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'/' if self.peek(1) == Some(b'/') => self.skip_line(),
                b'/' if self.peek(1) == Some(b'*') => self.skip_comment(),
                b'/' => self.slash()?,
                b'"' | b'\'' => {
                    self.skip_string(byte);
                    self.token(Previous::Operand)?;
                }
                b'`' => {
                    self.at += 1;
                    self.token(Previous::Operand)?;
                    self.template_text()?;
                }
                b'(' | b'[' | b'{' => self.open(byte, false)?,
                b')' | b']' | b'}' => self.close(byte)?,
                b',' | b';' => self.separator(byte),
                byte if is_word(byte) => self.word()?,
                _ => self.punctuation(byte)?,
            }
        }
        Ok(())
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn problem(&self, message: &'static str) -> Problem {
        Problem {
            offset: self.at.min(self.bytes.len()),
            message,
        }
    }

    fn separator(&mut self, byte: u8) {
        self.at += 1;
        self.previous = Previous::Operator;
        if byte == b';' {
            let ended = self.run.tokens.max(self.run.prefix.unwrap_or(0));
            self.run = Run {
                ended,
                ..Run::default()
            };
        } else if self.levels.last().is_some_and(|level| level.closer != b'}') {
            // There are no statements in parentheses and square brackets.
            self.run.tokens = 0;
        } else {
            self.run.tokens = *self.run.prefix.get_or_insert(self.run.tokens);
        }
    }

    fn token(&mut self, previous: Previous) -> Result<(), Problem> {
        self.run.tokens += 1;
        self.previous = previous;
        if self.weight + self.run.tokens > MAX_WEIGHT {
            Err(self.problem(TOO_DEEP))
        } else {
            Ok(())
        }
    }

    fn open(&mut self, byte: u8, template: bool) -> Result<(), Problem> {
        self.at += 1;
        self.token(Previous::Operator)?;
        let closer = match byte {
            b'(' => b')',
            b'[' => b']',
            _ => b'}',
        };
        self.weight += self.run.tokens + BRACKET_WEIGHT;
        self.levels.push(Level {
            closer,
            template,
            run: self.run,
        });
        self.run = Run::default();
        Ok(())
    }

    /// Goes back to the bracket that `byte` closes. Brackets opened after it can
    /// only be the content of a regular expression.
    fn close(&mut self, byte: u8) -> Result<(), Problem> {
        self.at += 1;
        self.previous = match byte {
            b']' => Previous::Operand,
            b'}' => Previous::Brace,
            _ => Previous::Either,
        };
        if self.at <= self.keep_closers_until {
            return Ok(());
        }
        let Some(index) = self.levels.iter().rposition(|level| level.closer == byte) else {
            return Ok(());
        };
        let mut template = false;
        while self.levels.len() > index {
            if let Some(level) = self.levels.pop() {
                self.weight -= level.run.tokens + BRACKET_WEIGHT;
                self.run = level.run;
                template = level.template;
            }
        }
        if template {
            self.template_text()
        } else {
            Ok(())
        }
    }

    fn word(&mut self) -> Result<(), Problem> {
        let start = self.at;
        while self.peek(0).is_some_and(is_word) {
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        let before = self.previous;
        if before == Previous::Dot {
            return self.token(Previous::Operand);
        }
        match word {
            // No expression goes on like this behind a `}`: what enclosed that
            // is complete.
            word if before == Previous::Brace && STATEMENTS.contains(&word) => {
                self.run = Run::default();
                self.token(Previous::Either)
            }
            b"else" => {
                self.run.tokens += self.run.ended;
                self.token(Previous::Either)
            }
            word if KEYWORDS.contains(&word) => self.token(Previous::Either),
            _ => self.token(Previous::Operand),
        }
    }

    fn punctuation(&mut self, byte: u8) -> Result<(), Problem> {
        self.at += 1;
        self.token(match byte {
            b'.' => Previous::Dot,
            b'=' | b':' | b'&' | b'|' | b'?' | b'~' | b'^' | b'*' | b'%' | b'<' => {
                Previous::Operator
            }
            // Where an operand is missing, it is the "not" in front of one.
            b'!' if self.previous == Previous::Operator => Previous::Operator,
            _ => Previous::Either,
        })
    }

    fn slash(&mut self) -> Result<(), Problem> {
        match self.previous {
            Previous::Operand => {
                self.at += 1;
                return self.token(Previous::Operator);
            }
            Previous::Operator => {
                self.at = self.regular_expression_end().unwrap_or(self.at + 1);
                return self.token(Previous::Operand);
            }
            Previous::Either | Previous::Brace | Previous::Dot => {}
        }
        // Division and regular expression are both possible: go through the
        // text of the longest possible one as code, ignoring what closes.
        let end = self.regular_expression_end();
        self.at += 1;
        if let Some(end) = end {
            let inside = self.bytes.get(self.at..end).unwrap_or_default();
            let hides_code = |pair: &[u8]| pair == b"/*" || pair == b"//";
            if inside
                .iter()
                .any(|byte| matches!(byte, b'"' | b'\'' | b'`'))
                || inside.windows(2).any(hides_code)
            {
                return Err(self.problem(AMBIGUOUS));
            }
            self.keep_closers_until = self.keep_closers_until.max(end);
        }
        self.token(Previous::Either)
    }

    /// Where the regular expression that starts here would end; `None` when the
    /// line ends first.
    fn regular_expression_end(&self) -> Option<usize> {
        let mut class = false;
        let mut at = self.at + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\n' | b'\r' => return None,
                b'\\' => at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => return Some(at + 1),
                _ => {}
            }
            at += 1;
        }
        None
    }

    fn skip_line(&mut self) {
        // U+2028 and U+2029 end a line, too.
        while let Some(byte) = self.peek(0) {
            if matches!(byte, b'\n' | b'\r') || self.at_line_separator() {
                return;
            }
            self.at += 1;
        }
    }

    fn at_line_separator(&self) -> bool {
        self.peek(0) == Some(0xE2)
            && self.peek(1) == Some(0x80)
            && matches!(self.peek(2), Some(0xA8 | 0xA9))
    }

    fn skip_comment(&mut self) {
        self.at += 2;
        while self.at < self.bytes.len() {
            if self.peek(0) == Some(b'*') && self.peek(1) == Some(b'/') {
                self.at += 2;
                return;
            }
            self.at += 1;
        }
    }

    fn skip_string(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') => self.at += 3,
                b'\\' => self.at += 2,
                // An unclosed string: the parser stops here with an error.
                b'\n' | b'\r' => return,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    /// Goes through the text of a template literal, to its end or to `${`.
    fn template_text(&mut self) -> Result<(), Problem> {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    self.previous = Previous::Operand;
                    return Ok(());
                }
                b'$' if self.peek(1) == Some(b'{') => {
                    self.at += 1;
                    return self.open(b'{', true);
                }
                _ => self.at += 1,
            }
        }
        Ok(())
    }
}

/// Part of a name or a number. Every byte of a character beyond ASCII counts.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'$' | b'#' | b'@' | b'\\')
        || byte >= 0x80
}

/// Words that start a statement, and cannot stand inside of an expression
/// behind a `}`.
const STATEMENTS: &[&[u8]] = &[
    b"class",
    b"const",
    b"export",
    b"for",
    b"function",
    b"if",
    b"return",
    b"switch",
    b"throw",
    b"try",
    b"var",
];

/// Words after which a `/` may start a regular expression.
const KEYWORDS: &[&[u8]] = &[
    b"as",
    b"await",
    b"class",
    b"export",
    b"for",
    b"function",
    b"return",
    b"throw",
    b"try",
    b"var",
    b"case",
    b"const",
    b"default",
    b"delete",
    b"do",
    b"else",
    b"extends",
    b"finally",
    b"if",
    b"in",
    b"instanceof",
    b"is",
    b"let",
    b"new",
    b"of",
    b"satisfies",
    b"typeof",
    b"void",
    b"yield",
];

#[cfg(test)]
mod tests;

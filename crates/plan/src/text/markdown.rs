//! Markdown in prose: its marks go, and its blocks become sentences of one line.

use super::html::BREAK;
use super::inline::inline;
use super::shield::{SHIELD, own};

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paragraph,
    Heading,
    Item,
    Row,
    /// A line of its own within a paragraph.
    Line,
}

/// The text without fenced blocks of code: what a call looks like is told elsewhere.
pub(super) fn unfenced(text: &str) -> Option<String> {
    if !text.contains("```") && !text.contains("~~~") {
        return None;
    }
    let mut kept = String::with_capacity(text.len());
    let mut fenced = false;
    for line in text.lines() {
        let inside = line.trim();
        // A line may also have a whole code span of three ticks.
        let opens = inside.strip_prefix("```");
        let is_fence = opens.is_some_and(|rest| !rest.contains('`')) || inside.starts_with("~~~");
        if is_fence {
            fenced = !fenced;
            kept.push('\n');
        } else if !fenced {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    Some(kept)
}

/// Removes the marks and joins the lines.
pub(super) fn strip(text: &str) -> String {
    let mut blocks = Blocks {
        kind: Kind::Paragraph,
        open: String::new(),
        before: Kind::Paragraph,
        out: String::with_capacity(text.len()),
    };
    let mut was_quoted = false;
    let mut breaks = false;
    for whole in text.lines() {
        let mut line = whole.trim();
        let is_quoted = line.starts_with('>');
        line = line.trim_start_matches(['>', ' ']);
        if line.is_empty() || is_quoted != was_quoted {
            blocks.end();
        }
        if is_definition(line) {
            continue;
        }
        was_quoted = is_quoted;
        breaks = std::mem::replace(&mut breaks, false) && !blocks.open.is_empty();
        if let Some(rest) = line.strip_prefix(BREAK) {
            (breaks, line) = (true, rest.trim_start());
        }
        blocks.line(line, breaks);
        // Two spaces at its end end a line.
        breaks = whole.ends_with("  ") || (breaks && line.is_empty());
    }
    blocks.end();
    // All that is shielded begins with this byte.
    if blocks.out.as_bytes().contains(&SHIELD) {
        blocks.out.chars().map(own).collect()
    } else {
        blocks.out
    }
}

struct Blocks {
    /// Of what is open.
    kind: Kind,
    open: String,
    /// Of what was written last.
    before: Kind,
    out: String,
}

impl Blocks {
    /// Takes a line; `breaks` where the one before it was ended.
    fn line(&mut self, line: &str, breaks: bool) {
        let is_rule = line.len() > 2 && line.chars().all(|c| "-=*_|: +".contains(c));
        if is_rule {
            let underlines = line.starts_with(['=', '-']) && !line.contains('|');
            if underlines && self.kind == Kind::Paragraph {
                self.kind = Kind::Heading;
            }
            self.end();
            return;
        }
        if let Some(heading) = heading(line) {
            self.begin(Kind::Heading, heading);
            self.end();
        } else if let Some(row) = line.strip_prefix('|') {
            self.begin(Kind::Row, "");
            self.row(row);
            self.end();
        } else if let Some(item) = line
            .strip_prefix(['-', '*', '+', '•'])
            .filter(|rest| rest.starts_with(' ') && !rest.trim_start().is_empty())
        {
            self.begin(Kind::Item, "- ");
            self.open.push_str(item.trim_start());
        } else if is_numbered(line) {
            self.begin(Kind::Item, line);
        } else if breaks {
            self.begin(Kind::Line, line);
        } else if !line.is_empty() {
            self.open.push(' ');
            self.open.push_str(line);
        }
    }

    fn begin(&mut self, kind: Kind, text: &str) {
        self.end();
        self.kind = kind;
        self.open.push_str(text);
    }

    /// The cells of a row.
    fn row(&mut self, row: &str) {
        let mut is_escaped = false;
        let mut cell = String::new();
        for c in row.chars().chain(std::iter::once('|')) {
            if c != '|' || is_escaped {
                cell.push(c);
                is_escaped = c == '\\' && !is_escaped;
                continue;
            }
            let text = cell.trim();
            if !text.is_empty() {
                if !self.open.is_empty() {
                    let is_closed = self.open.ends_with(['.', ',', ':', ';', '!', '?']);
                    self.open.push_str(if is_closed { " " } else { ", " });
                }
                self.open.push_str(text);
            }
            cell.clear();
        }
    }

    /// Writes what is open.
    fn end(&mut self) {
        let kind = std::mem::replace(&mut self.kind, Kind::Paragraph);
        if self.open.is_empty() {
            return;
        }
        let mut open = std::mem::take(&mut self.open);
        self.write(&inline(&open), kind);
        open.clear();
        self.open = open;
    }

    fn write(&mut self, text: &str, kind: Kind) {
        let mut words = words(text);
        let Some(first) = words.next() else { return };
        let between = between(&self.out, self.before, first, kind);
        self.out.push_str(between);
        // As a rule the lines were joined by one space each.
        if text.is_ascii() && !text.contains("  ") && !text.contains("##") {
            self.out.push_str(text.trim());
        } else {
            self.out.push_str(first);
            for word in words {
                self.out.push(' ');
                self.out.push_str(word);
            }
        }
        self.before = kind;
    }
}

/// The words of a text; the marks of headings whose lines were joined are none.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_heading = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte == b'#');
    text.split_whitespace()
        .filter(move |word| !is_heading(word))
}

/// What keeps two blocks apart: where the first is no whole sentence, as much as makes
/// it one.
fn between(out: &str, before: Kind, first: &str, kind: Kind) -> &'static str {
    let Some(last) = out.chars().next_back() else {
        return "";
    };
    let is_open = match own(last) {
        // `(… until tomorrow.)` is a sentence.
        ')' | '"' | '\'' => !out
            .trim_end_matches([')', '"', '\''])
            .ends_with(['.', '!', '?']),
        ']' | '%' | '}' | '>' => true,
        last => last.is_alphanumeric(),
    };
    let goes_on = first.starts_with(char::is_lowercase);
    match (before, kind) {
        _ if !is_open || first.starts_with(['.', ',', ';', ':', '!', '?', ')']) => " ",
        (_, Kind::Item) => " ",
        (Kind::Row, Kind::Row) => "; ",
        (Kind::Heading, _) => ": ",
        (Kind::Paragraph | Kind::Line, Kind::Paragraph | Kind::Line) if goes_on => " ",
        (_, Kind::Line) => "; ",
        _ => ". ",
    }
}

/// `[guide]: https://…`, where a link of the text leads to.
fn is_definition(line: &str) -> bool {
    let label = line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]:"));
    label.is_some_and(|(label, target)| {
        let target = target.trim_start_matches([' ', '<']);
        !label.contains(['[', ']']) && target.starts_with(['h', '/', '.', '#'])
    })
}

/// The text of a heading; `#1` is none.
fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let marks = line.len() - text.len();
    let is_marked = marks > 1 || (marks == 1 && text.starts_with(' '));
    is_marked.then(|| text.trim_end_matches('#').trim())
}

/// `1. ` or `2) `.
fn is_numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    (1..4).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") "))
}

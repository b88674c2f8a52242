//! HTML in prose: tags go, what they separate stays apart, entities are decoded.

use std::borrow::Cow;

use super::shield::{Span, shielded, spans};
use super::visible;

/// Elements whose tags are marks. A name that is none of these is a placeholder
/// (`<branch name>`, `<API_KEY>`), unless the text closes it.
const INLINE: [&str; 28] = [
    "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "tt", "u", "wbr",
];
/// Elements that begin and end a block.
const BLOCK: [&str; 35] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];
/// Parts of tables.
const TABLE: [&str; 8] = [
    "colgroup", "col", "tbody", "td", "tfoot", "th", "thead", "tr",
];
/// Names with which a text speaks to the model: they are shown to those who look for
/// that.
const TOLD: [&str; 4] = ["important", "instruction", "instructions", "system"];
/// Bytes of a tag.
const MOST: usize = 2_000;

/// Where a line ends within a paragraph, as after `<br>`.
pub(super) const BREAK: char = '\u{e001}';

/// Removes tags and comments, with the content of `script` and `style`, and decodes
/// the entities that prose uses. Code spans are left alone and shielded.
pub(super) fn strip(text: &str) -> Cow<'_, str> {
    let spans = spans(text);
    if spans.is_empty() && !text.bytes().any(|byte| matches!(byte, b'<' | b'&')) {
        return Cow::Borrowed(text);
    }
    let mut reader = Reader {
        text,
        out: String::with_capacity(text.len() + 16),
        in_code: false,
        in_table: false,
        closed: None,
    };
    let mut at = 0;
    for span in spans {
        if span.start < at {
            continue;
        }
        at = reader.read(at, span.start);
        if at <= span.start {
            reader.code(span);
            at = span.end;
        }
    }
    reader.read(at, text.len());
    Cow::Owned(reader.out)
}

struct Reader<'a> {
    text: &'a str,
    out: String,
    /// Between `<code>` and its end.
    in_code: bool,
    in_table: bool,
    /// The elements that the text closes, once they were asked for.
    closed: Option<Vec<String>>,
}

impl Reader<'_> {
    /// Reads from one place to another, or beyond it where a tag goes on; where it
    /// came to.
    fn read(&mut self, from: usize, until: usize) -> usize {
        let mut at = from;
        while at < until {
            let rest = self.text.get(at..until).unwrap_or_default();
            let is_mark = |byte: u8| matches!(byte, b'<' | b'&');
            let mark = rest.bytes().position(is_mark).unwrap_or(rest.len());
            let (before, _) = rest.split_at(mark);
            self.put(before);
            at += mark;
            if at < until {
                at = self.mark(at);
            }
        }
        at
    }

    /// Reads what a `<` or `&` begins; where it ends.
    fn mark(&mut self, at: usize) -> usize {
        let from = self.text.get(at..).unwrap_or_default();
        let end = |after: &str| self.text.len() - after.len();
        if let Some(after) = from.strip_prefix("<!--") {
            return after
                .split_once("-->")
                .map_or(self.text.len(), |(_, after)| end(after));
        }
        if let Some(tag) = Tag::of(from)
            && self.is_element(&tag)
        {
            let after = end(tag.after);
            if !tag.closes && (tag.name == "script" || tag.name == "style") {
                return after + end_of(tag.after, &tag.name);
            }
            self.tag(&tag);
            return after;
        }
        if let Some((decoded, after)) = entity(from) {
            if let Some(decoded) = decoded {
                // An entity is never a mark.
                self.out.push(shielded(decoded));
            }
            return end(after);
        }
        self.put(from.get(..1).unwrap_or_default());
        at + 1
    }

    fn put(&mut self, text: &str) {
        if !self.in_code && !self.in_table {
            self.out.push_str(text);
            return;
        }
        // A line may end anywhere in a table, and in code.
        let in_code = self.in_code;
        self.out.extend(text.chars().map(|c| match c {
            '\n' => ' ',
            c if in_code => shielded(c),
            c => c,
        }));
    }

    /// Puts a code span, without its ticks.
    fn code(&mut self, span: Span) {
        let inside = self.text.get(span.inside.0..span.inside.1);
        let mut rest = inside.unwrap_or_default();
        // One space beside a tick only keeps it from the tick.
        if rest.len() > 2 && rest.starts_with(' ') && rest.ends_with(' ') {
            rest = rest.trim();
        }
        if !rest.contains('&') {
            let one_line = |c: char| if c == '\n' { ' ' } else { shielded(c) };
            self.out.extend(rest.chars().map(one_line));
            return;
        }
        while let Some(c) = rest.chars().next() {
            if let Some((decoded, after)) = entity(rest) {
                self.out.extend(decoded.map(shielded));
                rest = after;
                continue;
            }
            self.out.push(if c == '\n' { ' ' } else { shielded(c) });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }

    fn is_element(&mut self, tag: &Tag<'_>) -> bool {
        let name = tag.name.as_str();
        if INLINE.contains(&name) || BLOCK.contains(&name) || TABLE.contains(&name) {
            return true;
        }
        if ["br", "script", "style"].contains(&name) || tag.is_empty {
            return true;
        }
        if TOLD.contains(&name) {
            return false;
        }
        let text = self.text;
        let closed = self.closed.get_or_insert_with(|| closed(text));
        closed.binary_search(&tag.name).is_ok()
    }

    /// What a tag separates.
    fn tag(&mut self, tag: &Tag<'_>) {
        let name = tag.name.as_str();
        if name == "code" {
            self.in_code = !tag.closes;
            return;
        }
        let is_block = BLOCK.contains(&name) || TABLE.contains(&name);
        self.in_code &= !is_block;
        if name == "table" {
            self.in_table = !tag.closes;
            self.out.push_str("\n\n");
        } else if TABLE.contains(&name) {
            match (name, tag.closes) {
                ("tr", false) => self.out.push_str("\n|"),
                ("td" | "th", false) => self.out.push('|'),
                _ => self.out.push(' '),
            }
        } else if self.in_table && (is_block || name == "br") {
            self.out.push(' ');
        } else if name == "br" {
            self.out.push('\n');
            self.out.push(BREAK);
        } else if name == "li" {
            self.out
                .push_str(if tag.closes { "\n\n" } else { "\n\n- " });
        } else if is_block {
            self.out.push_str("\n\n");
            if name.len() == 2 && name.starts_with('h') && name != "hr" && !tag.closes {
                self.out.push_str("# ");
            }
        }
    }
}

/// A tag at the beginning of a text.
struct Tag<'a> {
    /// In lower case.
    name: String,
    closes: bool,
    /// It ends with `/>`.
    is_empty: bool,
    after: &'a str,
}

impl<'a> Tag<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let inside = text.strip_prefix('<')?;
        let (closes, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let head = inside.get(..inside.floor_char_boundary(MOST))?;
        let end = head.find(['<', '>'])?;
        let content = head.get(..end)?;
        let after = inside.get(end..)?.strip_prefix('>')?;
        let (content, is_empty) = match content.strip_suffix('/') {
            Some(content) => (content, true),
            None => (content, false),
        };
        let name: String = content
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let rest = content.get(name.len()..)?;
        // `<a, b>` is a list, `<b@example.org>` an address.
        let begins = rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_whitespace());
        begins.then_some(Self {
            name,
            closes,
            is_empty,
            after,
        })
    }
}

/// Where an element's contents end.
fn end_of(text: &str, name: &str) -> usize {
    let is_end = |place: &usize| {
        let from = place + 2;
        let found = text.as_bytes().get(from..from + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    text.match_indices("</")
        .map(|(place, _)| place)
        .find(is_end)
        .unwrap_or(text.len())
}

/// The names of the elements that a text closes, sorted.
fn closed(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .split("</")
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                .map(|c| c.to_ascii_lowercase())
                .collect()
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The character that an entity stands for; `None` inside for one that has no place in
/// prose.
fn entity(text: &str) -> Option<(Option<char>, &str)> {
    /// Bytes of a name.
    const MOST: usize = 12;
    let inside = text.strip_prefix('&')?;
    let end = inside.bytes().take(MOST).position(|byte| byte == b';')?;
    let (name, after) = (inside.get(..end)?, inside.get(end + 1..)?);
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return Some((visible(char::from_u32(code.ok()?)?), after));
    }
    let decoded = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" | "ldquo" | "rdquo" => '"',
        "apos" | "lsquo" | "rsquo" => '\'',
        "nbsp" => ' ',
        "ndash" | "mdash" => '-',
        "hellip" => '…',
        "bull" => '•',
        "rarr" => '→',
        "times" => '×',
        _ => return None,
    };
    Some((Some(decoded), after))
}

//! HTML to blocks. A tokeniser, not a parser: what is unclosed or crossed does
//! no harm, as nothing is nested.

use super::{
    block::{Block, Blocks, Row, row},
    entity, inline,
};

/// Longer tags are text.
const MAX_TAG: usize = 16 << 10;

pub(super) fn blocks(text: &str) -> Blocks {
    let mut blocks = Blocks::default();
    read_into(text, 1, &mut blocks);
    blocks
}

/// Reads a piece of HTML whose first line is `line`.
pub(super) fn read_into(text: &str, line: usize, blocks: &mut Blocks) {
    let mut reader = Reader {
        text,
        at: 0,
        line,
        open: String::new(),
        open_line: line,
        kind: Kind::Text,
        table: None,
        cells: Vec::new(),
        after_tag: false,
        in_code: false,
        pre: 0,
        missing: Vec::new(),
        blocks,
    };
    reader.run();
}

/// What the open text becomes.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Item,
    Heading(u8),
    Cell,
    Code,
}

struct Reader<'t, 'b> {
    text: &'t str,
    at: usize,
    line: usize,
    open: String,
    open_line: usize,
    kind: Kind,
    table: Option<(usize, Vec<Row>)>,
    cells: Vec<String>,
    /// A tag stands between the open text and what comes next.
    after_tag: bool,
    in_code: bool,
    pre: usize,
    /// Tags whose end the document does not have from here on.
    missing: Vec<&'static str>,
    blocks: &'b mut Blocks,
}

impl<'t> Reader<'t, '_> {
    fn run(&mut self) {
        while !self.blocks.is_full()
            && let Some(rest) = self.text.get(self.at..).filter(|rest| !rest.is_empty())
        {
            let end = rest.find('<').unwrap_or(rest.len());
            if end > 0 {
                self.words(rest.get(..end).unwrap_or_default());
                self.advance(end);
                continue;
            }
            let used = self.markup(rest);
            if used == 0 {
                self.words("<");
                self.advance(1);
            } else {
                self.advance(used);
            }
        }
        self.flush();
        self.end_row();
        self.end_table();
    }

    fn advance(&mut self, bytes: usize) {
        let passed = self.text.get(self.at..self.at + bytes).unwrap_or_default();
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.at += bytes;
    }

    /// Bytes of the comment, declaration or tag at the start of `rest`; 0 where
    /// the `<` is text.
    fn markup(&mut self, rest: &'t str) -> usize {
        if rest.starts_with("<!--") {
            return self.until("-->", || end_of(rest, "-->")).unwrap_or(4);
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            return self.until(">", || end_of(rest, ">")).unwrap_or(2);
        }
        let near = rest
            .get(..rest.floor_char_boundary(MAX_TAG))
            .unwrap_or(rest);
        let Some(end) = tag_end(near) else {
            return 0;
        };
        let body = near.get(1..end).unwrap_or_default();
        let (closing, body) = match body.strip_prefix('/') {
            Some(body) => (true, body),
            None => (false, body),
        };
        let stop = body
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(body.len());
        let name = body.get(..stop).unwrap_or_default().to_ascii_lowercase();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return 0;
        }
        // `/users/<id>` that nobody escaped.
        if !inline::is_tag(&name) && !name.contains('-') && self.open.ends_with(['/', '=']) {
            return 0;
        }
        const SKIPPED: [&str; 8] = [
            "script", "style", "noscript", "svg", "template", "nav", "select", "iframe",
        ];
        if !closing
            && let Some(skipped) = SKIPPED.into_iter().find(|skipped| *skipped == name)
            && let Some(used) = self.until(skipped, || end_of_tag(rest, skipped))
        {
            return used;
        }
        self.tag(&name, closing);
        end + 1
    }

    /// What `find` finds. What is missing once is not looked for again, lest a
    /// page of a million unclosed tags is searched a million times.
    fn until(&mut self, name: &'static str, find: impl FnOnce() -> Option<usize>) -> Option<usize> {
        if self.missing.contains(&name) {
            return None;
        }
        let found = find();
        if found.is_none() {
            self.missing.push(name);
        }
        found
    }

    fn tag(&mut self, name: &str, closing: bool) {
        match name {
            "pre" => self.preformatted(closing),
            "br" => self.open.push('\n'),
            _ if self.pre > 0 => {
                if matches!(name, "div" | "p" | "li" | "tr") && closing {
                    self.open.push('\n');
                }
            }
            name if inline::is_code_tag(name) => self.code_span(closing),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes().get(1).map_or(1, |digit| digit - b'0');
                self.start(if closing {
                    Kind::Text
                } else {
                    Kind::Heading(level)
                });
            }
            // Below every heading: what the page is called.
            "title" => self.start(if closing {
                Kind::Text
            } else {
                Kind::Heading(0)
            }),
            "li" | "dt" => self.start(if closing && name == "li" {
                Kind::Text
            } else {
                Kind::Item
            }),
            "dd" if !closing => self.open.push_str(": "),
            "dd" => self.start(Kind::Text),
            "td" | "th" => {
                self.end_cell();
                if !closing {
                    self.start(Kind::Cell);
                }
            }
            "tr" => self.end_row(),
            "table" => {
                self.end_row();
                self.end_table();
                if !closing {
                    self.table = Some((self.line, Vec::new()));
                }
            }
            "p" if matches!(self.kind, Kind::Heading(_)) => self.start(Kind::Text),
            "p" | "div" if matches!(self.kind, Kind::Item | Kind::Cell | Kind::Heading(_)) => {
                if !self.open.trim().is_empty() {
                    self.open.push('\n');
                }
            }
            "p" | "div" | "section" | "article" | "main" | "aside" | "header" | "footer"
            | "body" | "ul" | "ol" | "dl" | "hr" | "blockquote" | "details" | "summary" => {
                self.start(Kind::Text);
            }
            _ => self.after_tag = true,
        }
    }

    fn preformatted(&mut self, closing: bool) {
        if closing {
            self.pre = self.pre.saturating_sub(1);
        } else {
            self.pre += 1;
        }
        if self.pre == usize::from(!closing) {
            let kind = if closing { Kind::Text } else { Kind::Code };
            self.start(kind);
        }
    }

    fn code_span(&mut self, closing: bool) {
        if self.in_code == closing {
            self.open_text("");
            self.open.push('`');
            self.in_code = !closing;
        }
    }

    /// Ends the open text and begins another.
    fn start(&mut self, kind: Kind) {
        self.flush();
        self.kind = kind;
    }

    fn open_text(&mut self, text: &str) {
        if self.open.trim().is_empty() {
            self.open_line = self.line + text.bytes().take_while(|byte| *byte == b'\n').count();
        }
    }

    fn words(&mut self, text: &str) {
        self.open_text(text);
        if self.pre > 0 {
            entity::decode_all(text, &mut self.open);
            return;
        }
        if self.after_tag && ends_with_method(&self.open) && text.starts_with(['/', 'h']) {
            self.open.push(' ');
        }
        self.after_tag = false;
        let mut decoded = String::with_capacity(text.len());
        entity::decode_all(text, &mut decoded);
        for letter in decoded.chars() {
            let is_space = letter.is_whitespace();
            if !is_space {
                self.open.push(letter);
            } else if !self.open.ends_with([' ', '\n']) && !self.open.is_empty() {
                self.open.push(' ');
            }
        }
    }

    fn flush(&mut self) {
        if self.in_code {
            self.open.push('`');
            self.in_code = false;
        }
        if self.kind == Kind::Cell {
            self.end_cell();
            return;
        }
        let text = std::mem::take(&mut self.open);
        let line = self.open_line;
        let trimmed = text.trim().to_owned();
        let block = match self.kind {
            Kind::Code => Block::Code(text),
            Kind::Item => Block::Item(trimmed),
            Kind::Heading(level) => Block::Heading {
                level,
                text: trimmed,
            },
            Kind::Text | Kind::Cell => Block::Text(trimmed),
        };
        self.kind = Kind::Text;
        self.blocks.push(line, block);
    }

    fn end_cell(&mut self) {
        if self.kind == Kind::Cell {
            let text = std::mem::take(&mut self.open);
            self.cells.push(text.trim().to_owned());
            self.kind = Kind::Text;
        } else {
            self.flush();
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return;
        }
        let line = self.open_line;
        let (_, rows) = self.table.get_or_insert_with(|| (line, Vec::new()));
        if rows.len() < super::block::MAX_BLOCKS {
            rows.push(row(line, cells.into_iter()));
        }
    }

    fn end_table(&mut self) {
        if let Some((line, rows)) = self.table.take() {
            self.blocks.push(line, Block::Table(rows));
        }
    }
}

/// Bytes up to behind `end`.
fn end_of(text: &str, end: &str) -> Option<usize> {
    text.find(end).map(|at| at + end.len())
}

/// Bytes up to behind `</name>`, in any case.
fn end_of_tag(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").find_map(|(at, _)| {
        let end = at + 2 + name.len();
        let found = text.get(at + 2..end)?;
        if !found.eq_ignore_ascii_case(name) {
            return None;
        }
        let is_closed = text.get(end..)?.starts_with('>');
        Some(end + usize::from(is_closed))
    })
}

/// The `>` that ends a tag, quotes in attributes respected.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at),
            (None, b'<') => return None,
            (None, _) => {}
        }
    }
    None
}

fn ends_with_method(text: &str) -> bool {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .iter()
        .any(|method| text.ends_with(method))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::block::shown;

    #[test]
    fn pages_become_blocks() {
        let text = "<!DOCTYPE html><html><head><title>T</title><style>p {}</style></head>\n\
            <script>GET /no</script><!-- GET /no --><nav>GET /no</nav>\n<h1>A &amp; B</h1>\n\
            <p>One <b>two</b>\n <code>GET /x</code>\n<span>GET</span><span>/y/&lt;id&gt;</span></p>\n\
            <ul><li>a<li><p>b</p></ul><dl><dt>c<dd>d</dl>\n\
            <table><tr><th>n</th><th>t</th></tr>\n<tr><td><p>x</p><td>y</table>\n\
            <pre><code class=\"json\">{\n  <span>\"a\"</span>: 1\n}</code></pre>GET /z/<id> <div title='>'>e";
        expect_test::expect![[r#"
            1 h0 "T"
            3 h1 "A & B"
            4 text "One two `GET /x` GET /y/<id>"
            7 item "a"
            7 item "b"
            7 item "c: d"
            8 table 8 ["n", "t"] 9 ["x", "y"]
            10 code "{\n  \"a\": 1\n}"
            12 text "GET /z/<id>"
            12 text "e"
        "#]]
        .assert_eq(&shown(&blocks(text)));
    }

    #[test]
    fn what_is_broken_is_text() {
        let text = "a < b <p <!-- c <script> d </p> e </h1> <td>f<pre>g";
        expect_test::expect![[r#"
            1 text "a < b <p c d"
            1 text "e"
            1 code "g"
            1 table 1 ["f"]
        "#]]
        .assert_eq(&shown(&blocks(text)));
    }
}

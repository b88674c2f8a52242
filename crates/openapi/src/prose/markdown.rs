//! Markdown to blocks, line by line. Not all of CommonMark: what API
//! documentation is made of.

use super::{
    block::{Block, Blocks, Row, row},
    element, html, inline,
    line::{
        cells, fence, heading, is_delimiter, is_import, is_link_definition, is_rule, item, quoted,
        starts_with_tag,
    },
};

pub(super) fn blocks(text: &str) -> Blocks {
    let mut reader = Reader {
        text,
        at: 0,
        line: 0,
        open: String::new(),
        open_line: 0,
        is_item: false,
        after_blank: true,
        in_list: false,
        missing: Vec::new(),
        blocks: Blocks::default(),
    };
    reader.front_matter();
    while !reader.blocks.is_full()
        && let Some(line) = reader.next_line()
    {
        reader.read(line);
    }
    reader.flush();
    reader.blocks
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Of the line that was read last, counted from 1.
    line: usize,
    /// The paragraph or list item that is being read.
    open: String,
    open_line: usize,
    is_item: bool,
    after_blank: bool,
    in_list: bool,
    /// Tags of HTML whose end the document does not have from here on.
    missing: Vec<String>,
    blocks: Blocks,
}

impl<'t> Reader<'t> {
    fn peek_line(&self) -> Option<&'t str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.find('\n').unwrap_or(rest.len());
        rest.get(..end).map(|line| line.trim_end_matches('\r'))
    }

    fn next_line(&mut self) -> Option<&'t str> {
        let line = self.peek_line()?;
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
        self.line += 1;
        Some(line)
    }

    /// `---` with keys at the very start: the title is a heading, the rest text.
    fn front_matter(&mut self) {
        let is_rule = |line: &str| line.trim_end() == "---";
        if !self.peek_line().is_some_and(is_rule) {
            return;
        }
        // Only where it is closed; looked for within a usual length.
        let near = self.text.get(..self.text.floor_char_boundary(16 << 10));
        if !near.unwrap_or_default().lines().skip(1).any(is_rule) {
            return;
        }
        self.next_line();
        while let Some(line) = self.next_line() {
            if is_rule(line) {
                return;
            }
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            let block = match key.trim() {
                "title" => Block::Heading {
                    level: 0,
                    text: value,
                },
                "openapi" | "api" => Block::Text(value),
                _ => continue,
            };
            self.blocks.push(self.line, block);
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.open);
        if text.is_empty() {
            return;
        }
        let text = inline::markdown(&text);
        let block = if self.is_item {
            Block::Item(text)
        } else {
            Block::Text(text)
        };
        self.blocks.push(self.open_line, block);
    }

    fn begin(&mut self, text: &str, is_item: bool) {
        self.flush();
        self.open_line = self.line;
        self.is_item = is_item;
        self.open.push_str(text);
    }

    fn read(&mut self, line: &'t str) {
        let line = quoted(line);
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.flush();
            self.after_blank = true;
            return;
        }
        let after_blank = std::mem::replace(&mut self.after_blank, false);
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        if !is_indented && after_blank && item(trimmed).is_none() {
            self.in_list = false;
        }
        if let Some(fence) = fence(trimmed) {
            self.fenced(fence);
        } else if self.is_code(line, trimmed, after_blank) {
            self.indented(line);
        } else if let Some((level, text)) = heading(trimmed) {
            self.flush();
            self.in_list = false;
            let text = inline::markdown(text);
            self.blocks.push(self.line, Block::Heading { level, text });
        } else if let Some(level) = self.underline(trimmed) {
            let text = inline::markdown(&std::mem::take(&mut self.open));
            let block = Block::Heading { level, text };
            self.blocks.push(self.open_line, block);
        } else if is_rule(trimmed) {
            self.flush();
        } else if trimmed.contains('|') && self.peek_line().is_some_and(is_delimiter) {
            self.table(trimmed);
        } else if let Some(text) = item(trimmed) {
            self.begin(text, true);
            self.in_list = true;
        } else if trimmed.starts_with('<') && self.html(trimmed)
            || is_link_definition(trimmed)
            || is_import(trimmed)
        {
            // It has been read, or says nothing.
        } else if let Some(text) = trimmed.strip_prefix(": ").filter(|_| self.is_term()) {
            self.is_item = true;
            self.open.push_str(": ");
            self.open.push_str(text);
        } else if self.open.is_empty() {
            self.begin(trimmed, false);
        } else {
            self.open.push('\n');
            self.open.push_str(trimmed);
        }
    }

    /// Whether the open paragraph is a term that a `: ` defines in the next line.
    fn is_term(&self) -> bool {
        let is_line = (1..=80).contains(&self.open.len()) && !self.open.contains('\n');
        is_line && !self.is_item
    }

    /// A comment, an element or a block of HTML.
    fn html(&mut self, line: &str) -> bool {
        line.starts_with("<!--") && self.comment(line)
            || self.element(line)
            || self.html_block(line)
    }

    /// Passes over a comment, where it ends.
    fn comment(&mut self, line: &str) -> bool {
        if line.contains("-->") {
            return line.ends_with("-->");
        }
        let behind = self.text.get(self.at..).unwrap_or_default();
        if self.missing.iter().any(|name| name == "!--") {
            return false;
        }
        if !behind.contains("-->") {
            self.missing.push("!--".to_owned());
            return false;
        }
        while self.next_line().is_some_and(|next| !next.contains("-->")) {}
        true
    }

    /// An element that shows an endpoint is a line that says it.
    fn element(&mut self, line: &str) -> bool {
        let Some(text) = element::endpoint(line) else {
            return false;
        };
        self.flush();
        self.blocks.push(self.line, Block::Text(text));
        true
    }

    /// Indented by four, or by eight within a list.
    fn is_code(&self, line: &str, trimmed: &str, after_blank: bool) -> bool {
        let indent = if self.in_list { "        " } else { "    " };
        let is_indented = line.starts_with(indent) || line.starts_with('\t') && !self.in_list;
        let is_item = self.in_list && item(trimmed).is_some();
        is_indented && after_blank && self.open.is_empty() && !is_item && !starts_with_tag(trimmed)
    }

    /// The level of a heading that this line underlines.
    fn underline(&self, line: &str) -> Option<u8> {
        if self.open.is_empty() || self.is_item || line.len() < 2 {
            return None;
        }
        let is_all = |mark: u8| line.bytes().all(|byte| byte == mark);
        if is_all(b'=') {
            Some(1)
        } else {
            is_all(b'-').then_some(2)
        }
    }

    fn fenced(&mut self, (mark, count): (u8, usize)) {
        self.flush();
        let start = self.line;
        let mut code = String::new();
        while let Some(line) = self.next_line() {
            let line = quoted(line);
            let closing = line.trim().as_bytes();
            if closing.len() >= count && closing.iter().all(|byte| *byte == mark) {
                break;
            }
            code.push_str(line);
            code.push('\n');
        }
        self.blocks.push(start + 1, Block::Code(code));
    }

    fn indented(&mut self, first: &str) {
        let start = self.line;
        let depth = |line: &str| line.len() - line.trim_start().len();
        let mut code = first.trim_start().to_owned();
        code.push('\n');
        while let Some(line) = self.peek_line() {
            let is_code = line.starts_with("    ") || line.starts_with('\t');
            // The next item of the list that the code stands in.
            let is_item =
                self.in_list && depth(line) < depth(first) && item(line.trim_start()).is_some();
            if is_item || (!is_code && !line.trim().is_empty()) {
                break;
            }
            code.push_str(line.strip_prefix("    ").unwrap_or(line));
            code.push('\n');
            self.next_line();
        }
        self.after_blank = true;
        self.blocks.push(start, Block::Code(code));
    }

    fn table(&mut self, head: &str) {
        self.flush();
        let start = self.line;
        let mut rows: Vec<Row> = vec![row(start, cells(head))];
        self.next_line();
        while let Some(line) = self.peek_line() {
            let trimmed = line.trim();
            if trimmed.is_empty() || !trimmed.contains('|') {
                break;
            }
            self.next_line();
            if rows.len() < super::block::MAX_BLOCKS {
                rows.push(row(self.line, cells(trimmed)));
            }
        }
        self.blocks.push(start, Block::Table(rows));
    }

    /// A table, list or piece of code in HTML; its end is looked for only where
    /// the document has one.
    fn html_block(&mut self, line: &str) -> bool {
        let name = line.get(1..).unwrap_or_default();
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default().to_ascii_lowercase();
        let is_heading = matches!(name.as_bytes(), [b'h', b'1'..=b'6']);
        if !is_heading
            && !["table", "ul", "ol", "dl", "pre", "style", "script"].contains(&name.as_str())
        {
            return false;
        }
        let close = format!("</{name}");
        let behind = self.text.get(self.at..).unwrap_or_default();
        let has_end = line.contains(&close);
        if !has_end {
            if is_heading || self.missing.contains(&name) {
                return false;
            }
            if !behind.contains(&close) {
                self.missing.push(name);
                return false;
            }
        }
        self.flush();
        let start = self.line;
        let mut code = line.to_owned();
        let mut found = has_end;
        while !found && let Some(next) = self.next_line() {
            code.push('\n');
            code.push_str(next);
            found = next.contains(&close);
        }
        html::read_into(&code, start, &mut self.blocks);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::block::shown;

    #[test]
    fn documents_become_blocks() {
        let text = "---\ntitle: Pets\nopenapi: GET /x\n---\nIntro\nmore\n\nTop\n===\n\n## A `b` ##\n\
            - one\n  two\n- three\n\n1. four\n\n    - five\n\n```json\n{}\n```\n\n\
            | a | b\\|c |\n|---|---|\n| `d` | e* |\n\n> ~~~\n> f\n> ~~~\n\n***\n\n    code\n\n    more\n\n\
            <ul>\n<li>six</li>\n</ul>\n<h3>Seven</h3>\n<table\n# End # {#end}\n\
            <!-- gone -->\n<!--\nGET /gone\n-->\n[1]: https://a.example \"One\"\nname\n: String. A name\n\n\
            <Route method=\"GET\">/a/[\\{b\\}](#b)</Route>\nimport { A } from 'a';\n\
            <style>\na {}\n</style>\nimport it from anywhere\n";
        expect_test::expect![[r#"
            2 h0 "Pets"
            3 text "GET /x"
            5 text "Intro\nmore"
            8 h1 "Top"
            11 h2 "A `b`"
            12 item "one\ntwo"
            14 item "three"
            16 item "four"
            18 item "five"
            21 code "{}\n"
            24 table 24 ["a", "b|c"] 26 ["`d`", "e*"]
            29 code "f\n"
            34 code "code\n\nmore\n\n"
            39 item "six"
            41 h3 "Seven"
            42 text "<table"
            43 h1 "End"
            49 item "name: String. A name"
            52 text "GET /a/{b}"
            57 text "import it from anywhere"
        "#]]
        .assert_eq(&shown(&blocks(text)));
    }

    #[test]
    fn what_is_open_ends_with_the_document() {
        expect_test::expect![[r#"
            2 code "a\nb\n"
        "#]]
        .assert_eq(&shown(&blocks("```\na\nb")));
    }
}

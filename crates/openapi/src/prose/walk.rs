//! The walk over the blocks: which endpoint is being spoken of.

use super::{
    around::{behind, is_definition, status_item, unnumbered, without},
    auth,
    block::{Block, Placed, Row},
    blueprint,
    builder::{Builder, Head, MAX_TEXT},
    endpoint, field,
    inline::{bare, folded},
    label::{self, Part},
    table::{Table, table},
    target,
};
use crate::outline::{Field, MAX_OPERATIONS, Place, method_named};

impl Builder {
    pub(super) fn block(&mut self, placed: Placed) {
        let line = placed.line;
        self.decide_words(Some(&placed.block));
        if !matches!(placed.block, Block::Item(_)) {
            self.end_run();
        }
        match placed.block {
            Block::Heading { level: 0, text } => {
                self.page_title.get_or_insert(text);
            }
            Block::Heading { level, text } => self.heading(level, &text, line),
            Block::Text(text) => self.text(&text, line),
            Block::Item(text) => self.item(&text, line),
            Block::Table(rows) => self.table(&rows),
            Block::Code(text) => self.code(&text, line),
        }
    }

    /// What follows a list of endpoints belongs to none of them.
    fn end_run(&mut self) {
        if std::mem::take(&mut self.run) > 1 {
            self.current = None;
        }
    }

    fn heading(&mut self, level: u8, text: &str, line: usize) {
        self.bases.read(text, line, true);
        self.bases.end_section(level);
        self.bases.open_section(level.saturating_sub(1));
        self.half = (None, None);
        if self.blueprint(level, text, line) {
            return;
        }
        let found = endpoint::find(text);
        if found.is_empty() {
            if label::is_above_all(text) {
                return;
            }
            if self.current.is_some()
                && let Some(part) = label::of_heading(&bare(text))
            {
                self.part = part;
                return;
            }
            let around = self.current.and_then(|at| self.endpoints.get(at)?.head);
            let around = around
                .and_then(|at| self.heads.get(at))
                .map_or(0, |head| head.level);
            if around == 0 || level <= around {
                self.current = None;
            }
        }
        let words = without(text, &found);
        self.push_head(level, &words);
        self.part = Part::Open;
        let head = self.open.last().copied();
        if !found.is_empty() {
            // `Examples for POST /orders` is not where it is described.
            let is_example = words.to_lowercase().contains("example");
            self.define_all(found, line, head, is_example);
            for at in self.newest.iter().filter(|_| is_example) {
                if let Some(one) = self.endpoints.get_mut(*at) {
                    one.is_shown |= one.head == head;
                }
            }
        }
    }

    pub(super) fn push_head(&mut self, level: u8, text: &str) {
        let is_inner = |at: &usize| self.heads.get(*at).is_some_and(|head| head.level >= level);
        while self.open.last().is_some_and(is_inner) {
            self.open.pop();
        }
        self.pending = None;
        // A blueprint writes its resource's path behind the name.
        let end = text.find("[/").or_else(|| text.find("(/"));
        let text = end.and_then(|end| text.get(..end)).unwrap_or(text);
        let text = unnumbered(text.trim()).to_owned();
        self.heads.push(Head {
            level,
            text,
            parent: self.open.last().copied(),
            endpoints: 0,
        });
        self.open.push(self.heads.len() - 1);
    }

    fn text(&mut self, text: &str, line: usize) {
        self.read_base(text, line);
        self.auth.read(text, line);
        if self.command(text, line) || self.status_line(text) || blueprint::is_head(text) {
            return;
        }
        let mut is_endpoint = false;
        for (offset, row) in text.lines().enumerate().take(200) {
            is_endpoint |= self.line(row, line + offset);
        }
        if is_endpoint {
            return;
        }
        if auth::is_public(text)
            && let Some(current) = self.current_endpoint()
        {
            current.is_public = true;
            if text.len() <= 80 {
                return;
            }
        }
        // Below an answer, `The token has no such field.` tells of it.
        let tells = matches!(self.part, Part::Answer(_)) && text.trim_end().ends_with('.');
        let is_label = !tells && text.len() <= 60 || text.trim_end().ends_with(':');
        if is_label
            && self.current.is_some()
            && let Some(part) = label::of_text(&bare(text))
        {
            self.part = part;
            return;
        }
        let kept = folded(
            text.get(..text.floor_char_boundary(MAX_TEXT))
                .unwrap_or(text),
        );
        let is_intro = self.heads.len() <= 1 && self.about.is_none();
        // Plain text has no headings: its first line names it.
        if self.heads.is_empty()
            && self.page_title.is_none()
            && kept.len() <= 80
            && !kept.ends_with(['.', ':'])
        {
            self.page_title = Some(kept);
            return;
        }
        if self.current.is_some() {
            self.describe_current(kept);
            return;
        }
        // `Sample request:` announces what follows, it says nothing; a word alone is
        // a button.
        let is_short = kept.len() <= 40;
        let is_label =
            is_short && (kept.ends_with(':') || label::of_text(&kept) == Some(Part::Open));
        let is_button = is_intro && !kept.contains(' ') && !kept.ends_with('.');
        if is_label || is_button {
            return;
        }
        if is_intro {
            self.about = Some(kept);
        } else {
            self.pending.get_or_insert(kept);
        }
    }

    /// Words below an endpoint: what it does, and what it takes.
    fn describe_current(&mut self, text: String) {
        if self.part != Part::Open {
            return;
        }
        let Some(current) = self.current_endpoint() else {
            return;
        };
        for name in field::queries(&text) {
            let field = Field::new(&name, Place::Query).of_type("string");
            current.sketch.parameter(field);
        }
        if current.sketch.description.is_some() {
            return;
        }
        // `Data constraints` is a label that nobody knows, not a description.
        if text.len() > 40 || text.ends_with(['.', '!', '?']) {
            current.sketch.description = Some(text);
        } else if text.contains(' ') && !text.ends_with([':', '：']) {
            self.words = Some(text);
        }
    }

    /// A `curl` command that stands as text.
    fn command(&mut self, text: &str, line: usize) -> bool {
        let text = bare(text);
        let command = text.trim().trim_start_matches(['$', ' ']);
        let is_command = command.starts_with("curl ");
        if is_command {
            self.code(command, line);
        }
        is_command
    }

    /// `HTTP/1.1 404 Not Found` on a line of its own: what comes back follows.
    fn status_line(&mut self, text: &str) -> bool {
        if text.len() > 80 || !bare(text).starts_with("HTTP/") {
            return false;
        }
        let behind = text.split_once(' ').map_or("", |(_, behind)| behind);
        let Some(status) = label::status_in(behind) else {
            return false;
        };
        self.part = Part::Answer(Some(status));
        true
    }

    /// Reads one line for endpoints; `true` where it is one rather than mentions one.
    fn line(&mut self, text: &str, line: usize) -> bool {
        let found = endpoint::find(text);
        if found.is_empty() {
            return self.half_line(text, line);
        }
        let head = self.open.last().copied();
        if is_definition(text, &found) {
            let about = behind(text, &found);
            let is_several = found.len() > 1;
            self.run += found.len();
            self.define_all(found, line, head, is_several);
            self.add_about(&about);
            return true;
        }
        let is_free = head
            .and_then(|at| self.heads.get(at))
            .is_some_and(|head| head.endpoints == 0);
        for one in found {
            if self.current.is_none() && is_free {
                self.define(one, line, head, false);
                // The sentence around it is its description.
            } else if self.mentions.len() < MAX_OPERATIONS {
                self.mentions.push((one, line, head));
            }
        }
        false
    }

    /// `Method: POST` and `URL: /users` on lines of their own, or a lone method
    /// above a lone path.
    fn half_line(&mut self, text: &str, line: usize) -> bool {
        let text = bare(text);
        let text = text.trim();
        if text.len() > 300 {
            return false;
        }
        let (key, value) = text.split_once([':', '：']).unwrap_or(("", text));
        let key = key.trim().to_ascii_lowercase();
        let value = value.trim();
        let is_method = method_named(value).is_some();
        let names_path =
            ["url", "path", "endpoint", "route", "uri", "resource"].contains(&key.as_str());
        let names_method = ["method", "http method", "verb", "type"].contains(&key.as_str());
        if is_method
            && (names_method || text == value && value.bytes().all(|b| b.is_ascii_uppercase()))
        {
            self.half.0 = Some(value.to_ascii_uppercase());
        } else if target::target_at(value).is_some()
            && (names_path || text == value && value.starts_with('/'))
        {
            self.half.1 = Some(value.to_owned());
        } else {
            return false;
        }
        if let (Some(method), Some(path)) = &self.half {
            let found = endpoint::find(&format!("{method} {path}"));
            self.half = (None, None);
            let head = self.open.last().copied();
            for one in found {
                self.define(one, line, head, false);
            }
        }
        true
    }

    /// A base path below a heading is that of its section.
    fn read_base(&mut self, text: &str, line: usize) {
        self.bases.read(text, line, false);
        let head = self.open.last().and_then(|at| self.heads.get(*at));
        self.bases.open_section(head.map_or(0, |head| head.level));
    }

    fn item(&mut self, text: &str, line: usize) {
        self.read_base(text, line);
        self.auth.read(text, line);
        let found = endpoint::find(text);
        if !found.is_empty() && is_definition(text, &found) {
            let about = behind(text, &found);
            let head = self.open.last().copied();
            self.run += found.len();
            self.define_all(found, line, head, true);
            self.add_about(&about);
            return;
        }
        // A blueprint lists `+ Response 200 (application/json)`.
        if self.current.is_some()
            && text.starts_with(['R', 'r'])
            && let Some(part) = label::of_heading(text.split('(').next().unwrap_or_default())
        {
            self.part = part;
            return;
        }
        if self.blueprint_part(text) || text.lines().take(5).any(|row| self.half_line(row, line)) {
            return;
        }
        let Some(current) = self.current_endpoint() else {
            return;
        };
        if let Some(is_public) = label::access(text) {
            current.is_public |= is_public;
            return;
        }
        if let Some(part) = label::of_item(text) {
            self.part = part;
            return;
        }
        if let Some((status, about)) = status_item(text) {
            self.answer(&status, &about, line);
            return;
        }
        let is_expected = matches!(self.part, Part::Fields(_) | Part::Body | Part::Answer(_));
        if let Some(named) = field::item(text, line, is_expected) {
            self.field(named);
        } else if self.part == Part::Open && self.run > 0 {
            // Below the item of an endpoint: what it does.
            self.add_about(folded(text).trim_start_matches([':', '-', ' ']));
        }
    }

    fn table(&mut self, rows: &[Row]) {
        for row in rows.iter().take(500) {
            let text = row.cells.join(" ");
            self.read_base(&text, row.line);
            self.auth.read(&text, row.line);
        }
        match table(rows) {
            Table::Fields(fields) => {
                for named in fields {
                    self.field(named);
                }
            }
            Table::Endpoints(found) => {
                let is_one = found.len() == 1;
                for (line, text) in found {
                    self.listed(&text, line);
                }
                // A table of one row says what the section is about.
                if !is_one {
                    self.current = None;
                } else if let Some(current) = self.current_endpoint() {
                    current.is_listed = false;
                }
            }
            Table::Statuses(found) => {
                for (line, status, about) in found {
                    self.answer(&status, &about, line);
                }
            }
            Table::Unknown => {
                let mut count = 0;
                for row in rows {
                    count += usize::from(self.listed(&row.cells.join(" | "), row.line));
                }
                if count > 1 {
                    self.current = None;
                }
            }
        }
    }

    /// A row or line of a list of endpoints.
    pub(super) fn listed(&mut self, text: &str, line: usize) -> bool {
        let found = endpoint::find(text);
        let Some(first) = found.first() else {
            return false;
        };
        // The cells before it say what it does as well.
        let before = text.get(..first.start).unwrap_or_default();
        let before = folded(before)
            .trim_matches(['|', ' ', '`', '-', '#', '/'])
            .to_owned();
        let about = behind(text, &found);
        let head = self.open.last().copied();
        self.define_all(found, line, head, true);
        self.add_about(if about.is_empty() { &before } else { &about });
        true
    }
}

//! Code below an endpoint: requests, bodies, answers.

use super::{
    builder::{Builder, Endpoint},
    curl::{self, Shown},
    endpoint,
    inline::is_tag,
    label::Part,
    target::Target,
};
use crate::{
    outline::{Content, Field, Place, SMALL_EXAMPLE, is_key_header, is_own_header, key_of, typed},
    relaxed,
};

/// Lines of one block that are looked at for endpoints.
const MAX_LINES: usize = 500;
/// Requests in examples that are kept.
const MAX_SHOWN: usize = 2_000;

impl Builder {
    pub(super) fn code(&mut self, code: &str, line: usize) {
        self.auth.read(code, line);
        let commands = curl::commands(code);
        if !commands.is_empty() {
            for shown in commands {
                self.shown(shown, line);
            }
            return;
        }
        if let Some((status, body)) = curl::response(code) {
            if self.current.is_some() {
                self.part = Part::Answer(Some(status));
                if let Some(example) = body.and_then(relaxed::parse_container) {
                    self.example(example, line);
                }
            }
            return;
        }
        if let Some(example) = relaxed::parse_container(code) {
            if self.current.is_some() {
                self.example(example, line);
            }
            return;
        }
        if self.xml(code) {
            return;
        }
        let first = |row: &&str| {
            let found = endpoint::find(row);
            found.first().is_some_and(|one| {
                let before = row.get(..one.start).unwrap_or_default();
                before
                    .trim_matches(['#', '/', '>', '$', ' ', '-'])
                    .is_empty()
            })
        };
        let rows: Vec<(usize, &str)> = code
            .lines()
            .enumerate()
            .take(MAX_LINES)
            .filter(|(_, row)| first(row))
            .collect();
        match rows.as_slice() {
            [] => self.bases.read(
                code.get(..code.floor_char_boundary(500))
                    .unwrap_or_default(),
                line,
                false,
            ),
            [_] if let Some(shown) = curl::message(code) => self.message(shown, line),
            rows => {
                for (offset, row) in rows {
                    self.listed(row, line + offset);
                }
                if rows.len() > 1 {
                    self.current = None;
                } else if let Some(current) = self.current_endpoint() {
                    current.is_listed = false;
                }
            }
        }
    }

    /// A raw request says what the endpoint is.
    fn message(&mut self, shown: Shown, line: usize) {
        let fits = self
            .current
            .and_then(|at| self.endpoints.get(at))
            .is_some_and(|one| {
                one.sketch.method == shown.method && fits(&one.sketch.path, &shown.target.path)
            });
        if !fits {
            let head = self.head();
            self.open_endpoint(shown.method, shown.target.clone(), line, head, false);
        }
        self.attach(shown, line);
    }

    /// A command shows a request: to the endpoint that is spoken of, to another
    /// one that is known, or to one that nothing else tells of.
    fn shown(&mut self, shown: Shown, line: usize) {
        let fits_here = self
            .current
            .and_then(|at| self.endpoints.get(at))
            .is_some_and(|one| {
                one.sketch.method == shown.method && fits(&one.sketch.path, &shown.target.path)
            });
        if fits_here {
            self.attach(shown, line);
            return;
        }
        let known = self
            .by_key
            .get(&key_of(shown.method, &shown.target.path))
            .copied();
        let is_shown = known
            .and_then(|at| self.endpoints.get(at))
            .is_none_or(|one| one.is_shown);
        if known.is_none() && self.endpoints.len() >= MAX_SHOWN {
            return;
        }
        let before = self.current;
        let head = self.head();
        match known {
            Some(at) => self.current = Some(at),
            None => self.open_endpoint(shown.method, shown.target.clone(), line, head, false),
        }
        if let Some(one) = self.current_endpoint() {
            one.is_shown = is_shown;
        }
        self.attach(shown, line);
        // An example beside an endpoint does not change what is spoken of.
        if before.is_some() {
            self.current = before;
        }
    }

    /// Adds what a request shows to the current endpoint.
    fn attach(&mut self, shown: Shown, line: usize) {
        let Some(at) = self.current else {
            return;
        };
        self.learn_base(at, &shown.target);
        self.query(at, shown.target.query);
        if shown.has_basic {
            self.auth.basic(line);
        }
        let mut media_type = None;
        for (name, value) in shown.headers {
            if name.eq_ignore_ascii_case("authorization") {
                self.auth.authorization(&value, line);
            } else if is_key_header(&name) {
                self.auth.header(&name, line);
            } else if name.eq_ignore_ascii_case("content-type") {
                let essence = value.split(';').next().unwrap_or_default().trim();
                media_type = essence.contains('/').then(|| essence.to_ascii_lowercase());
            } else if !is_own_header(&name) && self.pay() {
                let mut field = Field::new(&name, Place::Header).of_type("string");
                field.example = (value.len() < 200).then(|| value.into());
                self.placed(field, line);
            }
        }
        if let Some(data) = &shown.data {
            self.data(at, data, media_type);
        } else if !shown.form.is_empty() {
            self.form(at, shown.form, shown.is_multipart);
        }
        self.part = Part::Open;
    }

    /// `https://host/v1/users` shown for `/users` tells of the base URL.
    fn learn_base(&mut self, at: usize, target: &Target) {
        let (Some(one), Some(origin)) = (self.endpoints.get_mut(at), &target.origin) else {
            return;
        };
        if one.sketch.path == target.path {
            one.origin.get_or_insert_with(|| origin.clone());
            return;
        }
        let count = |path: &str| path.trim_end_matches('/').matches('/').count();
        let more = count(&target.path).saturating_sub(count(&one.sketch.path));
        let prefix: Vec<&str> = target.path.split('/').skip(1).take(more).collect();
        let base = prefix
            .iter()
            .fold(origin.clone(), |base, part| format!("{base}/{part}"));
        if one.origin.is_none() && self.shown_bases.len() < MAX_SHOWN {
            self.shown_bases.push((base, one.line));
        }
    }

    fn data(&mut self, at: usize, data: &str, media_type: Option<String>) {
        let example = relaxed::parse_container(data);
        let Some(one) = self.endpoints.get_mut(at) else {
            return;
        };
        one.sketch.body_required = true;
        let media_type = media_type.unwrap_or_else(|| match (&example, data.starts_with('@')) {
            (Some(_), _) => "application/json".to_owned(),
            (None, true) => "application/octet-stream".to_owned(),
            (None, false) => "text/plain".to_owned(),
        });
        let content = one.sketch.content(&media_type);
        match example {
            Some(example) if media_type.ends_with("json") => {
                content.learn(example, &mut self.learnt);
                one.sketch.body_required = !content.is_blank();
            }
            _ if media_type.ends_with("json") => {}
            _ if data.starts_with('@') => *content = Content::of_string(Some("binary")),
            _ => *content = Content::of_string(None),
        }
    }

    /// A form also says how the fields are sent that were only described so far.
    fn form(&mut self, at: usize, form: Vec<(String, Option<String>)>, is_multipart: bool) {
        let media_type = if is_multipart {
            "multipart/form-data"
        } else {
            "application/x-www-form-urlencoded"
        };
        if let Some(one) = self.endpoints.get_mut(at) {
            one.sketch.body_required = true;
            let described = one
                .sketch
                .body
                .shift_remove("application/json")
                .filter(|content| content.shape.is_none());
            if let Some(described) = described {
                *one.sketch.content(media_type) = described;
            }
        }
        for (name, value) in form {
            if !self.pay() {
                return;
            }
            let Some(one) = self.endpoints.get_mut(at) else {
                return;
            };
            let mut field = Field::new(&name, Place::Body);
            match value {
                Some(value) => {
                    let (kind, example) = typed(&name, &value);
                    field = field.of_type(kind);
                    field.example = (value.len() < 200).then_some(example);
                }
                None => {
                    field = field.of_type("string");
                    field.schema.insert("format".to_owned(), "binary".into());
                }
            }
            one.sketch.content(media_type).field(field);
        }
    }

    /// XML is sent as the text that it is. Whether it is XML.
    fn xml(&mut self, code: &str) -> bool {
        let part = self.part.clone();
        if !is_xml(code) {
            return false;
        }
        let Some(one) = self.current_endpoint() else {
            return true;
        };
        if sends(&part, one) && one.sketch.body.is_empty() {
            let mut content = Content::of_string(None);
            content.example = (code.len() <= SMALL_EXAMPLE).then(|| code.trim().into());
            *one.sketch.content("application/xml") = content;
            one.sketch.body_required = true;
        }
        true
    }

    /// A JSON value below an endpoint is what is sent or what comes back: the
    /// label above says which, else the method and what is known already.
    fn example(&mut self, example: serde_json::Value, line: usize) {
        let part = self.part.clone();
        let Some(at) = self.current else {
            return;
        };
        let Some(one) = self.endpoints.get_mut(at) else {
            return;
        };
        if sends(&part, one) {
            let content = one.sketch.content("application/json");
            content.learn(example, &mut self.learnt);
            one.sketch.body_required = !content.is_blank();
            return;
        }
        let status = match part {
            Part::Answer(Some(status)) => status,
            _ => "200".to_owned(),
        };
        let answer = one.sketch.answers.entry(status).or_default();
        if answer.at.is_empty() {
            answer.at = format!("/line/{line}");
        }
        answer
            .content("application/json")
            .learn(example, &mut self.learnt);
    }
}

/// Whether what is shown next is sent rather than received.
fn sends(part: &Part, one: &Endpoint) -> bool {
    match part {
        Part::Body => true,
        Part::Answer(_) => false,
        _ => {
            let mut bodies = one.sketch.body.values();
            takes_body(one) && !bodies.any(|content| content.shape.is_some())
        }
    }
}

/// Whether a block is an element of XML, and not of HTML.
fn is_xml(code: &str) -> bool {
    let mut text = code.trim();
    if text.starts_with("<?xml") {
        text = text
            .split_once("?>")
            .map_or("", |(_, rest)| rest.trim_start());
    }
    let Some(start) = text.strip_prefix('<').filter(|_| text.ends_with('>')) else {
        return false;
    };
    let is_name = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
    let end = start.find(|c| !is_name(c)).unwrap_or(start.len());
    let name = start.get(..end).unwrap_or_default();
    let is_closed = text.ends_with("/>") || text.ends_with(&format!("</{name}>"));
    name.starts_with(char::is_alphabetic) && is_closed && !is_tag(name)
}

fn takes_body(one: &Endpoint) -> bool {
    matches!(one.sketch.method, "post" | "put" | "patch")
}

/// Whether a request's path is one of the template: the same segments from the
/// end on, as either may lack the base path.
pub(super) fn fits(template: &str, path: &str) -> bool {
    let split = |text: &str| text.trim_matches('/').split('/').count();
    if template.trim_matches('/').is_empty() || path.trim_matches('/').is_empty() {
        return template.trim_matches('/') == path.trim_matches('/');
    }
    // A lone placeholder would fit everything.
    let mut literals = 0;
    let left = template.trim_matches('/').rsplit('/');
    let right = path.trim_matches('/').rsplit('/');
    let all = left.zip(right).all(|(left, right)| {
        let is_open = left.starts_with('{') || right.starts_with('{');
        literals += usize::from(left == right);
        is_open || left == right
    });
    let difference = split(template).abs_diff(split(path));
    all && literals > 0 && difference <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_told_from_other_code() {
        assert!(is_xml(
            "<?xml version=\"1.0\"?>\n<a-b c=\"d\">\n<e/></a-b>\n"
        ));
        for code in [
            "<div>x</div>",
            "<a",
            "<id>",
            "x < y > z",
            "<?php echo 1; ?>",
        ] {
            assert!(!is_xml(code), "{code}");
        }
    }

    #[test]
    fn requests_fit_their_templates() {
        for (template, path, wanted) in [
            ("/users/{id}", "/v1/users/17", true),
            ("/v1/users/{id}", "/users/17", true),
            ("/users/{id}", "/users", false),
            ("/users/{id}", "/users/17/posts", false),
            ("/{id}", "/users", false),
            ("/", "/users", false),
            ("/", "/", true),
        ] {
            assert_eq!(fits(template, path), wanted, "{template} {path}");
        }
    }
}

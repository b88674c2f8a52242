//! What can only be decided when the whole text is known: base URLs, groups,
//! which examples are requests to which endpoints.

use serde_json::{Value, json};

use super::{
    base,
    builder::{Builder, Endpoint},
    code::fits,
    heads::{Counts, group, telling},
};
use crate::{
    arena::Arena,
    diagnostic::{Diagnostic, Limits, Refusal},
    model::{ApiDescription, Dialect},
    outline::{Field, Outline, Place, Sketch, fill, is_plain_id, is_uuid, key_of, name_ids},
    place::{Place as At, shorten},
};

impl Builder {
    /// The description; `None` where no endpoint was found.
    pub(super) fn settle<'a>(
        mut self,
        arena: &'a Arena,
        cut_at: Option<usize>,
        limits: &Limits,
    ) -> Option<Result<(ApiDescription<'a>, Vec<Diagnostic>), Refusal>> {
        self.decide_words(None);
        for (found, line, head) in std::mem::take(&mut self.mentions) {
            self.define(found, line, head, true);
        }
        if self.endpoints.len() == 1
            && let Some(one) = self.endpoints.first_mut()
        {
            // The whole text is about one endpoint: its title is the summary.
            one.is_listed = false;
        }
        if self.endpoints.is_empty() {
            return None;
        }
        let title = self.title();
        let mut outline = Outline {
            title: self.name(title),
            description: self.about.take(),
            ..Outline::default()
        };
        let bases = self.decide_bases(&mut outline);
        self.describe_endpoints(title, &mut outline);
        let security = self.add_schemes(&mut outline);
        let mut endpoints = std::mem::take(&mut self.endpoints);
        for one in &mut endpoints {
            base::relocate(one, &bases);
            one.sketch.security = security.clone();
            if one.is_public {
                one.sketch.security = Some(Vec::new());
            }
        }
        self.collect(endpoints, &mut outline);
        self.say(&outline, cut_at);
        Some(outline.describe(arena, Dialect::Prose, self.report, Vec::new(), limits))
    }

    /// The heading that names the document rather than a part of it.
    fn title(&self) -> Option<usize> {
        let first = self.heads.first()?;
        let is_alone = !self
            .heads
            .iter()
            .skip(1)
            .any(|head| head.level <= first.level);
        (is_alone || self.page_title.is_none()).then_some(0)
    }

    fn name(&mut self, title: Option<usize>) -> Option<String> {
        let head = title.and_then(|at| self.heads.get(at));
        let text = head
            .map(|head| head.text.clone())
            .filter(|text| !text.is_empty());
        text.or_else(|| self.page_title.take())
    }

    /// Summary and group from headings, description from paragraphs.
    fn describe_endpoints(&mut self, title: Option<usize>, outline: &mut Outline) {
        let counts = Counts::of(&self.heads, &self.endpoints);
        let is_alone = self.endpoints.len() == 1;
        let heads = &self.heads;
        for one in &mut self.endpoints {
            let only = one.is_continued && counts.is_only_listed(one.head) && one.head != title;
            if only {
                one.is_listed = false;
                let words = one.sketch.summary.take();
                fill(&mut one.sketch.description, words);
            }
            let is_title = one.head == title && !is_alone;
            // A heading of one endpoint is its summary; else that of a group.
            let of_one = (only || counts.is_of_one(one.head)) && !is_title;
            let mut around = one.head;
            if of_one {
                let told = telling(heads, one.head, title, &counts);
                if let Some(head) = told.filter(|_| !one.is_listed) {
                    fill(&mut one.sketch.summary, Some(head.text.clone()));
                }
                let own = one.head.and_then(|at| heads.get(at));
                around = told.or(own).and_then(|head| head.parent);
            }
            one.sketch.tag = group(heads, around, title);
            fill(&mut one.sketch.description, one.before.take());
            if let Some(tag) = &one.sketch.tag {
                outline.tags.entry(tag.clone()).or_default();
            }
        }
    }

    /// Every scheme that was hinted at is one way in.
    fn add_schemes(&mut self, outline: &mut Outline) -> Option<Vec<Vec<String>>> {
        let mut names = Vec::new();
        for hint in &self.auth.found {
            names.push(vec![outline.scheme(hint.name, &hint.scheme)]);
            self.report.info(
                "prose-auth",
                &At::At(&format!("/line/{}", hint.line)),
                format!(
                    "The text speaks of {}; every operation is taken to accept it.",
                    hint.what
                ),
                "Say which operations need which credential in an OpenAPI document.",
            );
        }
        (!names.is_empty()).then_some(names)
    }

    /// Operations, those first that the text describes; then examples, each with
    /// the operation that it is a request to.
    fn collect(&mut self, endpoints: Vec<Endpoint>, outline: &mut Outline) {
        let (shown, said): (Vec<_>, Vec<_>) = endpoints.into_iter().partition(|one| one.is_shown);
        for mut one in said {
            let values = fold_values(&mut one.sketch);
            one.guessed.retain(|name| !values.contains(name));
            self.say_guessed(&one);
            self.guess_placeholders(&mut one.sketch, is_plain_id);
            insert(outline, one.sketch);
        }
        let said: Vec<(String, String)> = outline
            .operations
            .values()
            .map(|sketch| (sketch.method.to_owned(), sketch.path.clone()))
            .collect();
        for one in shown {
            let mut sketch = one.sketch;
            let known = said
                .iter()
                .find(|(method, path)| method == sketch.method && fits(path, &sketch.path));
            if let Some((_, path)) = known {
                sketch.path.clone_from(path);
                sketch.tag = None;
            } else {
                self.guess_placeholders(&mut sketch, is_identity);
            }
            insert(outline, sketch);
        }
    }

    fn say_guessed(&mut self, one: &Endpoint) {
        if one.guessed.is_empty() {
            return;
        }
        let mut names: Vec<String> = one
            .guessed
            .iter()
            .take(8)
            .map(|name| format!("`{name}`"))
            .collect();
        if one.guessed.len() > names.len() {
            names.push("others".to_owned());
        }
        self.report.info(
            "prose-guess",
            &At::At(&one.sketch.at),
            format!(
                "Where {} of {} {} go is not said; it is guessed from the method.",
                names.join(", "),
                one.sketch.method.to_ascii_uppercase(),
                shorten(&one.sketch.path)
            ),
            "Put the parameters below a heading such as `Query parameters` or `Body`.",
        );
    }

    /// In `/users/17`, as an example shows it, `17` stands for any user.
    fn guess_placeholders(&mut self, sketch: &mut Sketch, is_id: fn(&str) -> bool) {
        let Some((path, found)) = name_ids(&sketch.path, is_id) else {
            return;
        };
        let written = std::mem::replace(&mut sketch.path, path);
        let names: Vec<String> = found
            .iter()
            .map(|(name, value)| format!("`{}` as `{{{name}}}`", shorten(value)))
            .collect();
        self.report.info(
            "prose-placeholder",
            &At::At(&sketch.at),
            format!(
                "{} is written with ids in it; it reads {}.",
                shorten(&written),
                names.join(", ")
            ),
            "Write the path with its placeholders, such as `GET /users/{id}`.",
        );
        for (name, value) in found {
            let mut field = Field::new(&name, Place::Path).of_type("string");
            field.example = Some(json!(value));
            sketch.parameter(field);
        }
    }

    fn say(&mut self, outline: &Outline, cut_at: Option<usize>) {
        let count = outline.operations.len();
        self.report.warn(
            "prose-document",
            &At::ROOT,
            format!(
                "This is prose, not a description for machines: {} found in its text, and what it \
                 does not say is left open.",
                match count {
                    1 => "one operation was".to_owned(),
                    count => format!("{count} operations were"),
                }
            ),
            "Check the tools against the documentation, or give an OpenAPI document or a Postman \
             collection.",
        );
        if outline.servers.is_empty() {
            self.report.warn(
                "prose-no-server",
                &At::ROOT,
                "The text names no base URL.".to_owned(),
                "Write a line such as `Base URL: https://api.example.com`, or give the base URL \
                 when you deploy.",
            );
        }
        if let Some(line) = cut_at {
            self.report.warn(
                "prose-cut",
                &At::At(&format!("/line/{line}")),
                format!("The text is so long that it is not read from line {line} on."),
                "Split the documentation, or leave out what is not about operations.",
            );
        }
    }
}

/// A list of what `status` can be, below `GET /invoices?status=paid`, was read as
/// parameters: among them is one that is called as the value that is shown.
/// The values.
fn fold_values(sketch: &mut Sketch) -> Vec<String> {
    let fields = &sketch.parameters;
    let is_value = |field: &Field| {
        field.place == Place::Query
            && field.description.is_some()
            && !field.required
            && field.schema.len() < 2
            && field.schema.values().all(|kind| kind == "string")
            && field.example.is_none()
    };
    let shown = fields.iter().enumerate().find_map(|(of, field)| {
        let value = field.example.as_ref().and_then(Value::as_str)?;
        let at = fields
            .iter()
            .position(|field| field.name == value && is_value(field))?;
        (field.place == Place::Query).then_some((of, at))
    });
    let Some((of, at)) = shown else {
        return Vec::new();
    };
    let before = fields.iter().take(at).rev();
    let start = at - before.take_while(|field| is_value(field)).count();
    let count = fields
        .iter()
        .skip(start)
        .take_while(|field| is_value(field))
        .count();
    if count < 2 {
        return Vec::new();
    }
    let values: Vec<Field> = sketch.parameters.drain(start..start + count).collect();
    let of = if of > start { of - count } else { of };
    if let Some(field) = sketch.parameters.get_mut(of) {
        let told: Vec<String> = values
            .iter()
            .map(|value| match &value.description {
                Some(about) => format!("`{}`: {about}", value.name),
                None => format!("`{}`", value.name),
            })
            .collect();
        fill(&mut field.description, Some(told.join("; ")));
        let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
        field.schema.insert("enum".to_owned(), json!(names));
    }
    values.into_iter().map(|value| value.name).collect()
}

fn insert(outline: &mut Outline, mut sketch: Sketch) {
    sketch.lose_body();
    lose_doubles(&mut sketch);
    let key = key_of(sketch.method, &sketch.path);
    match outline.operations.get_mut(&key) {
        Some(known) => known.merge(sketch),
        None => drop(outline.operations.insert(key, sketch)),
    }
}

/// What is said to be in the query, and examples show in the body, is sent in the
/// body: templates call every table `Query parameters`.
fn lose_doubles(sketch: &mut Sketch) {
    let body = &sketch.body;
    let is_double = |field: &mut Field| {
        let is_sent = || body.values().any(|content| content.has(&field.name));
        field.place == Place::Query && is_sent()
    };
    let doubles: Vec<Field> = sketch.parameters.extract_if(.., is_double).collect();
    for mut field in doubles {
        field.place = Place::Body;
        let mut contents = sketch.body.values_mut();
        if let Some(content) = contents.find(|content| content.has(&field.name)) {
            content.field(field);
        }
    }
}

/// A segment that is the value of an id: digits, a UUID, or a token with digits.
fn is_identity(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let letters = segment.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_token = segment.len() >= 8
        && digits >= 2
        && digits + letters + segment.matches(['_', '-']).count() == segment.len();
    (digits > 0 && digits == segment.len()) || is_uuid(segment) || is_token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_words() {
        for id in [
            "17",
            "cus_9s6XKzkNRiz8i3",
            "123e4567-e89b-12d3-a456-426614174000",
        ] {
            assert!(is_identity(id), "{id}");
        }
        for word in ["users", "v1", "2-factor", "oauth2", "", "{id}"] {
            assert!(!is_identity(word), "{word}");
        }
    }
}

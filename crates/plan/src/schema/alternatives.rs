//! `oneOf` and `anyOf`: what their members come to, and what tells them apart.

use mcpengine_openapi::Node;

use super::copy::{Copier, NULL};
use super::direction::Direction;
use super::view::{Discriminator, View, is_null};

/// A property that says which alternative a value is.
pub(super) struct Tag<'a> {
    pub(super) property: &'a str,
    values: Vec<&'a str>,
}

impl<'a> Tag<'a> {
    fn of(discriminator: &Discriminator<'a>, member: &View<'a>) -> Option<Self> {
        let key = member.reference()?;
        Some(Self {
            property: discriminator.property,
            values: discriminator.values(key),
        })
    }
}

/// What the members of `oneOf` or `anyOf` come to.
pub(super) enum Alternatives {
    /// They only tell types.
    Types(Vec<&'static str>),
    /// A JSON list of schemas.
    Schemas(String),
}

impl<'a> Copier<'a, '_> {
    pub(super) fn alternatives(
        &mut self,
        view: &View<'a>,
        members: &[Node<'a>],
        level: usize,
        nesting: usize,
    ) -> Alternatives {
        let input = self.direction == Direction::Input;
        let discriminator = view.discriminator().filter(|_| input);
        let start = self.out.len();
        let mut spans: Vec<(usize, usize)> = Vec::new();
        let mut left = 0_usize;
        for member in members {
            if spans.len() >= self.detail.alternatives {
                left += 1;
                continue;
            }
            let from = self.out.len();
            if is_null(member) {
                self.out.push_str(NULL);
            } else {
                let view = View::new(member, self.definitions);
                self.tag = discriminator.and_then(|it| Tag::of(&it, &view));
                self.schema(&view, level, nesting + 1, "");
                self.tag = None;
            }
            self.keep(from, &mut spans);
        }
        if left > 0 {
            self.cut = true;
            // An open alternative, so that what was left out stays allowed.
            let from = self.out.len();
            match self.direction {
                Direction::Input => self.out.push_str(&format!(
                    r#"{{"description":"One of {left} further forms, left out here."}}"#
                )),
                Direction::Output => self.out.push_str("{}"),
            }
            self.keep(from, &mut spans);
        }
        if self.direction == Direction::Output {
            let from = self.out.len();
            self.out.push_str(NULL);
            self.keep(from, &mut spans);
        }
        let texts = spans
            .iter()
            .map(|(from, to)| self.out.get(*from..*to).unwrap_or("{}"));
        let found = match plain_types(texts.clone()) {
            Some(types) => Alternatives::Types(types),
            None => {
                let mut all = String::with_capacity(self.out.len() - start + spans.len() + 2);
                for (at, text) in texts.enumerate() {
                    all.push(if at == 0 { '[' } else { ',' });
                    all.push_str(text);
                }
                all.push(']');
                Alternatives::Schemas(all)
            }
        };
        self.out.truncate(start);
        found
    }

    /// Keeps what was written since `from`, unless it was written before.
    fn keep(&mut self, from: usize, spans: &mut Vec<(usize, usize)>) {
        let text = |from: usize, to: usize| self.out.get(from..to);
        let new = text(from, self.out.len());
        if spans.iter().any(|(from, to)| text(*from, *to) == new) {
            self.out.truncate(from);
        } else {
            spans.push((from, self.out.len()));
        }
    }

    /// The property that tells an alternative from the others has its value.
    pub(super) fn put_tag(&mut self, tag: &Tag<'a>) {
        self.out.push_str(r#"{"type":"string""#);
        match tag.values.as_slice() {
            [only] => self.put_text("const", only),
            several => self.put_names("enum", several.iter().copied()),
        }
        self.out.push('}');
    }
}

/// `{"type":"a"}` and `{"type":["b","c"]}` as one list of types.
fn plain_types<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Vec<&'static str>> {
    const NAMES: [&str; 7] = [
        "object", "array", "string", "integer", "number", "boolean", "null",
    ];
    let mut found: Vec<&'static str> = Vec::new();
    for text in texts {
        let value = text.strip_prefix(r#"{"type":"#)?.strip_suffix('}')?;
        let names = match value.strip_prefix('[') {
            Some(list) => list.strip_suffix(']')?,
            None => value,
        };
        for name in names.split(',') {
            let name = name.strip_prefix('"')?.strip_suffix('"')?;
            let name = NAMES.into_iter().find(|known| *known == name)?;
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

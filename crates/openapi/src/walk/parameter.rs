//! Parameters of every dialect.

use std::collections::HashSet;

use super::{
    Followed, Walker,
    swagger2::{FormField, LegacyBody},
};
use crate::{
    model::{Location, Parameter, Style},
    node::Node,
    place::{Place, shorten},
};

/// Per list. The largest that are known have a few hundred.
const MAX_PARAMETERS: usize = 1_000;
/// In bytes; longer names are no names.
const MAX_NAME: usize = 512;

/// Parameters, and what Swagger 2.0 lists among them.
#[derive(Default, Clone)]
pub(super) struct ParameterList<'d> {
    pub(super) parameters: Vec<Parameter<'d>>,
    pub(super) body: Option<LegacyBody<'d>>,
    pub(super) form: Vec<FormField<'d>>,
}

/// Path-item parameters with an operation's own, which win by name and location.
pub(super) fn merge<'d>(
    inherited: &ParameterList<'d>,
    own: ParameterList<'d>,
) -> ParameterList<'d> {
    if inherited.parameters.is_empty() && inherited.form.is_empty() && inherited.body.is_none() {
        return own;
    }
    let key = |parameter: &Parameter<'d>| (parameter.name, parameter.location);
    let overridden: HashSet<_> = own.parameters.iter().map(key).collect();
    let kept = inherited
        .parameters
        .iter()
        .filter(|parameter| !overridden.contains(&key(parameter)));
    let form_names: HashSet<&str> = own.form.iter().map(|field| field.name).collect();
    let kept_form = inherited
        .form
        .iter()
        .filter(|field| !form_names.contains(field.name));
    ParameterList {
        form: kept_form.chain(&own.form).copied().collect(),
        parameters: kept.copied().chain(own.parameters).collect(),
        body: own.body.or(inherited.body),
    }
}

impl<'d> Parameter<'d> {
    /// A string parameter that only the path tells of.
    pub(super) fn bare(name: &'d str, location: Location) -> Self {
        let (style, explode) = default_style(location);
        Self {
            name,
            location,
            required: location == Location::Path,
            deprecated: false,
            description: None,
            schema: Node::Object(&[("type", Node::String("string"))]),
            style,
            explode,
            allow_reserved: false,
            content_type: None,
            example: None,
        }
    }
}

/// Whether a text can be the name of a header (RFC 9110 §5.6.2).
fn is_token(name: &str) -> bool {
    let is_mark = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}

fn default_style(location: Location) -> (Style, bool) {
    match location {
        Location::Path | Location::Header => (Style::Simple, false),
        Location::Query | Location::Cookie => (Style::Form, true),
    }
}

impl<'d> Walker<'d> {
    pub(super) fn parameter_list(
        &mut self,
        list: &'d Node<'d>,
        place: &Place<'_>,
    ) -> ParameterList<'d> {
        let mut found = ParameterList::default();
        let mut known: HashSet<(&'d str, Location)> = HashSet::new();
        let Some(items) = list.as_array() else {
            if !matches!(list, Node::Null) {
                self.report.error(
                    "invalid-parameters",
                    place,
                    format!("`parameters` has to be a list, and is {}.", list.kind()),
                    "Write the parameters as a list.",
                );
            }
            return found;
        };
        if items.len() > MAX_PARAMETERS {
            self.report.error(
                "too-many-parameters",
                place,
                format!("Only the first {MAX_PARAMETERS} parameters are read."),
                "Move the others into the request body.",
            );
        }
        for (index, written) in items.iter().enumerate().take(MAX_PARAMETERS) {
            let at = place.index(index);
            let Some(followed) = self.follow(written, "parameter", &at) else {
                continue;
            };
            let at = followed.place(&at);
            if at.is_shared() && !self.spend(4, &at) {
                continue;
            }
            let Some(parameter) = self.parameter(&followed, &at, &mut found) else {
                continue;
            };
            if known.insert((parameter.name, parameter.location)) {
                found.parameters.push(parameter);
            } else {
                self.report.warn(
                    "duplicate-parameter",
                    &place.index(index),
                    format!(
                        "The parameter `{}` is listed twice; the first counts.",
                        shorten(parameter.name)
                    ),
                    "Remove one of the two.",
                );
            }
        }
        found
    }

    /// A parameter in the modern sense, or `None` after having put a body or a
    /// form field into `found` or having said what is wrong.
    fn parameter(
        &mut self,
        followed: &Followed<'d>,
        place: &Place<'_>,
        found: &mut ParameterList<'d>,
    ) -> Option<Parameter<'d>> {
        let node = followed.node;
        if node.as_object().is_none() {
            self.invalid_parameter(place, &format!("this is {}", node.kind()));
            return None;
        }
        let wanted = node
            .get("in")
            .and_then(Node::as_str)
            .unwrap_or_default()
            .trim();
        if wanted.eq_ignore_ascii_case("body") {
            found.body = Some(self.legacy_body_parameter(followed, place));
            return None;
        }
        let Some(name) = node.text("name").filter(|name| name.len() <= MAX_NAME) else {
            self.invalid_parameter(place, "this one has no usable `name`");
            return None;
        };
        let location = match wanted.to_ascii_lowercase().as_str() {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            "cookie" => Location::Cookie,
            "formdata" | "form" => {
                let field = self.form_field(followed, name, place);
                found.form.push(field);
                return None;
            }
            other => {
                let stated = if other.is_empty() {
                    format!("`{}` has no `in`", shorten(name))
                } else {
                    format!("`{}` has `in: {}`", shorten(name), shorten(other))
                };
                self.invalid_parameter(place, &stated);
                return None;
            }
        };
        if location == Location::Header && !is_token(name) {
            let stated = format!("`{}` cannot be the name of a header", shorten(name));
            self.invalid_parameter(place, &stated);
            return None;
        }
        Some(self.placed_parameter(followed, name, location, place))
    }

    fn invalid_parameter(&mut self, place: &Place<'_>, what: &str) {
        self.report.error(
            "invalid-parameter",
            place,
            format!("A parameter needs a `name`, and `in` as path, query, header or cookie: {what}. It is left out."),
            "Correct the parameter.",
        );
    }

    fn placed_parameter(
        &mut self,
        followed: &Followed<'d>,
        name: &'d str,
        location: Location,
        place: &Place<'_>,
    ) -> Parameter<'d> {
        let node = followed.node;
        let (style, explode) = self.style(node, location, place);
        let (schema, content_type) = self.parameter_value(node, place);
        Parameter {
            required: location == Location::Path || node.flag("required").unwrap_or(false),
            deprecated: node.flag("deprecated").unwrap_or(false),
            description: followed.description(),
            schema,
            style,
            explode,
            allow_reserved: node.flag("allowReserved").unwrap_or(false),
            content_type,
            example: self.example(node, place),
            name,
            location,
        }
    }

    /// The schema of a parameter's value, and the media type where it is `content`.
    fn parameter_value(
        &mut self,
        node: &'d Node<'d>,
        place: &Place<'_>,
    ) -> (Node<'d>, Option<&'d str>) {
        if let Some(schema) = node.get("schema") {
            return (self.inline_schema(schema, &place.key("schema")), None);
        }
        if let Some(content) = node.get("content") {
            let media = self.content(content, &place.key("content"));
            if let Some(first) = media.first() {
                return (
                    first.schema.unwrap_or(Node::Bool(true)),
                    Some(first.media_type),
                );
            }
        }
        if ["type", "enum", "items", "format"]
            .iter()
            .any(|key| node.get(key).is_some())
        {
            return (self.parameter_schema(node, place), None);
        }
        (Node::Bool(true), None)
    }

    fn style(
        &mut self,
        node: &'d Node<'d>,
        location: Location,
        place: &Place<'_>,
    ) -> (Style, bool) {
        if let Some(format) = node.get("collectionFormat").and_then(Node::as_str) {
            return collection_format(format, location);
        }
        let (mut style, mut explode) = default_style(location);
        if self.dialect == crate::model::Dialect::Swagger20 {
            // 2.0's default is `csv` everywhere.
            return (style, false);
        }
        if let Some(name) = node.get("style").and_then(Node::as_str) {
            match style_named(name).filter(|style| fits(*style, location)) {
                Some(named) => {
                    style = named;
                    explode = named == Style::Form;
                }
                None => self.report.warn(
                    "parameter-style",
                    &place.key("style"),
                    format!(
                        "The style `{}` cannot be used for this parameter.",
                        shorten(name)
                    ),
                    "Use a style that OpenAPI allows for the parameter's location.",
                ),
            }
        }
        (style, node.flag("explode").unwrap_or(explode))
    }
}

pub(super) fn style_named(name: &str) -> Option<Style> {
    Some(match name {
        "simple" => Style::Simple,
        "label" => Style::Label,
        "matrix" => Style::Matrix,
        "form" => Style::Form,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        // 3.2 names the cookie form of its own.
        "cookie" => Style::Form,
        _ => return None,
    })
}

fn fits(style: Style, location: Location) -> bool {
    match location {
        Location::Path => matches!(style, Style::Simple | Style::Label | Style::Matrix),
        Location::Header => style == Style::Simple,
        Location::Cookie => style == Style::Form,
        Location::Query => !matches!(style, Style::Simple | Style::Label | Style::Matrix),
    }
}

/// Swagger 2.0's `collectionFormat` as style and explode.
pub(super) fn collection_format(format: &str, location: Location) -> (Style, bool) {
    let plain = default_style(location).0;
    match format {
        "ssv" => (Style::SpaceDelimited, false),
        "tsv" => (Style::TabDelimited, false),
        "pipes" => (Style::PipeDelimited, false),
        "multi" => (plain, plain == Style::Form),
        _ => (plain, false),
    }
}

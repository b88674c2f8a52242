//! Inputs: one flat object per tool, and the bindings that take it apart again.

mod body;
mod convention;
mod fields;
mod in_query;
mod names;
mod render;
mod representation;

use std::rc::Rc;

use mcpengine_openapi::{Location, Method, Node, Operation, Parameter};

use crate::auth::{self, Credentials};
use crate::convert;
use crate::schema::{Definitions, Parts, Schema, Together, View};
use crate::{BodyBinding, BodyShape, FixedHeader, ParamLocation, ParamStyle, ParameterBinding};
use convention::Conventions;
use names::{Keys, Qualifier};
use representation::Accept;

/// The input of one tool.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) schema: Schema,
    pub(crate) parameters: Vec<ParameterBinding>,
    pub(crate) body: Option<BodyBinding>,
    /// Parameters that have the same value in every call.
    pub(crate) headers: Vec<FixedHeader>,
    /// Detail of the document's schemas was left out.
    pub(crate) cut: bool,
    /// Optional properties that found no room at all.
    pub(crate) dropped: usize,
}

/// One property of an input before it is written.
#[derive(Debug)]
struct Slot<'a> {
    property: String,
    source: Source<'a>,
    description: Option<&'a str>,
    required: bool,
    example: Option<&'a Node<'a>>,
    /// What the value is where nobody gives one, if the schema does not say it.
    default: Option<&'a str>,
    /// It is a part of the path: the document's default of what every call has to give
    /// is but an example, such as `tea_123`.
    in_path: bool,
    /// Properties of the value, where its schema has no room to list them.
    fields: Vec<&'a str>,
}

impl<'a> Slot<'a> {
    /// One of which nothing more is known.
    fn new(property: String, source: Source<'a>, required: bool) -> Self {
        Self {
            property,
            source,
            description: None,
            required,
            example: None,
            default: None,
            in_path: false,
            fields: Vec::new(),
        }
    }
}

/// What the value of a slot is.
#[derive(Debug)]
enum Source<'a> {
    /// The conjunction of these schemas.
    Schemas(Rc<Together<'a>>),
    File,
    Files,
    Base64,
    /// Text of this media type.
    Text(&'a str),
    /// Fields of a form that the document does not list.
    Fields,
    /// JSON that the document does not describe.
    Any,
}

impl Source<'_> {
    /// What a model has to know that the schema cannot say.
    fn note(&self) -> Option<&'static str> {
        match self {
            Self::Base64 => Some("The bytes to send, base64."),
            Self::Fields => Some("The form's fields."),
            Self::Any => Some("The JSON to send."),
            _ => None,
        }
    }
}

/// Headers that HTTP itself, the server or the credentials own; OpenAPI ignores
/// the first two as parameters too. It does so with `Accept`, of which
/// [`representation`] knows.
const OWNED_HEADERS: [&str; 9] = [
    "authorization",
    "content-type",
    "content-length",
    "host",
    "connection",
    "cookie",
    "transfer-encoding",
    "accept-encoding",
    "user-agent",
];

/// Plans the input of an operation of an API of this version.
pub(crate) fn plan<'a>(
    operation: &'a Operation<'a>,
    version: &'a str,
    definitions: &Definitions<'a>,
    credentials: &Credentials,
) -> Input {
    let mut owners = Owners {
        credentials,
        conventions: Conventions::of(operation, version),
        accept: Accept::Sent,
    };
    owners.accept = representation::of(operation, definitions, owners);
    let spread = attempt(operation, definitions, owners, true);
    let is_spread = matches!(
        &spread.body,
        Some(BodyBinding {
            shape: BodyShape::Properties { .. },
            ..
        })
    );
    // Required fields are never dropped: where there are too many of them to be
    // listed one by one, the body is one value that names them.
    if is_spread && spread.schema.as_json().len() > definitions.budget.input_cap + SLACK {
        attempt(operation, definitions, owners, false)
    } else {
        spread
    }
}

/// What fills parameters in the caller's stead.
#[derive(Clone, Copy)]
struct Owners<'a, 'c> {
    credentials: &'c Credentials,
    conventions: Conventions<'a>,
    accept: Accept<'a>,
}

impl<'a> Owners<'a, '_> {
    /// Whether no caller can or should set a parameter.
    fn own(&self, parameter: &Parameter<'a>, definitions: &Definitions<'a>) -> bool {
        let is_owned = parameter.location == Location::Header
            && OWNED_HEADERS.contains(&parameter.name.to_ascii_lowercase().as_str());
        is_owned
            || self.accept == Accept::Sent && representation::is_accept(parameter)
            || self.credentials.holds(parameter)
            || self.conventions.sees_to(parameter)
            || is_hidden(parameter, definitions)
    }

    /// The value that the server sends where a caller names none, if that is all that
    /// an input has to say.
    fn stated(&self, parameter: &Parameter<'a>, definitions: &Definitions<'a>) -> Option<&'a str> {
        if representation::is_accept(parameter) {
            self.accept.stated()
        } else {
            convention::fixed(parameter, definitions)
        }
    }
}

/// What an input may be over its cap: a few required properties.
const SLACK: usize = 500;

/// The input with the body's properties beside the parameters, or with the body as
/// one value.
fn attempt<'a>(
    operation: &'a Operation<'a>,
    definitions: &Definitions<'a>,
    owners: Owners<'a, '_>,
    spread: bool,
) -> Input {
    let mut keys = Keys::default();
    let mut slots = Vec::new();
    let mut parameters = bind_parameters(operation, definitions, owners, &mut keys, &mut slots);
    bind_placeholders(operation, &mut keys, &mut slots, &mut parameters);
    let (mut body, name) = operation
        .body
        .as_ref()
        .and_then(|body| body::plan(body, definitions, &mut keys, &mut slots, spread))
        .map_or((None, None), |(body, name)| (Some(body), name));
    if matches!(operation.method, Method::Get | Method::Head)
        && let Some(body) = body.take()
    {
        in_query::send(body, &mut parameters, &mut slots, definitions);
    }
    if owners.credentials.doubles(operation) {
        relax(&mut slots, &mut parameters, definitions);
    }

    let rendered = render::render(&slots, name, definitions);
    parameters.retain(|binding| !rendered.dropped.contains(&binding.property));
    parameters.shrink_to_fit();
    if let Some(BodyBinding {
        shape: BodyShape::Properties { properties },
        ..
    }) = &mut body
    {
        properties.retain(|binding| !rendered.dropped.contains(&binding.property));
        properties.shrink_to_fit();
    } else if let Some(BodyBinding {
        shape: BodyShape::Whole { property },
        ..
    }) = &body
        && rendered.dropped.contains(property)
    {
        body = None;
    }
    Input {
        schema: rendered.schema,
        parameters,
        body,
        headers: fixed_headers(operation, definitions),
        cut: rendered.cut,
        dropped: rendered.dropped.len(),
    }
}

/// Binds the parameters that a caller sets.
fn bind_parameters<'a>(
    operation: &'a Operation<'a>,
    definitions: &Definitions<'a>,
    owners: Owners<'a, '_>,
    keys: &mut Keys,
    slots: &mut Vec<Slot<'a>>,
) -> Vec<ParameterBinding> {
    let mut parameters = Vec::new();
    // The names of the path first: they are the ones that must not change.
    for location in [
        Location::Path,
        Location::Query,
        Location::Header,
        Location::Cookie,
    ] {
        for parameter in operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == location)
        {
            if owners.own(parameter, definitions) {
                continue;
            }
            let qualifier = Qualifier::After(match location {
                Location::Path => "path",
                Location::Query => "query",
                Location::Header => "header",
                Location::Cookie => "cookie",
            });
            let property = if body::is_text(&View::new(&parameter.schema, definitions)) {
                keys.claim_text(parameter.name, qualifier)
            } else {
                keys.claim(parameter.name, qualifier)
            };
            let mut own = binding(parameter, property.clone());
            if let Some(value) = owners.stated(parameter, definitions) {
                // The server sends it. Who wants another one can name it.
                own.required = false;
                parameters.push(own);
                slots.push(Slot {
                    default: Some(value),
                    ..Slot::new(property, Source::Text("text/plain"), false)
                });
                continue;
            }
            let source = if convention::is_only_answered(&parameter.schema, definitions) {
                Source::Text("text/plain")
            } else {
                Source::Schemas(Together::new(Parts::from_slice(&[parameter.schema])))
            };
            let (required, default) = match owners.accept.chosen(parameter) {
                Some(preferred) => (false, Some(preferred)),
                None => (
                    parameter.required || location == Location::Path,
                    owners.conventions.default(parameter, definitions),
                ),
            };
            own.required = required;
            parameters.push(own);
            slots.push(Slot {
                description: names::told(parameter.name, parameter.description),
                example: parameter.example.as_ref(),
                default,
                in_path: location == Location::Path,
                ..Slot::new(property, source, required)
            });
        }
    }
    parameters
}

/// Asks for no token that is sent anyhow. It can still be given: another one.
fn relax<'a>(
    slots: &mut [Slot<'a>],
    parameters: &mut [ParameterBinding],
    definitions: &Definitions<'a>,
) {
    for slot in slots {
        let description = slot.description.or_else(|| match &slot.source {
            Source::Schemas(schemas) => schemas.view(definitions).text("description"),
            _ => None,
        });
        if auth::is_token(&slot.property, description) {
            slot.required = false;
            slot.description = Some(auth::SENT_ALREADY);
            let own = |binding: &&mut ParameterBinding| binding.property == slot.property;
            for binding in parameters.iter_mut().filter(own) {
                binding.required &= binding.location == ParamLocation::Path;
            }
        }
    }
}

/// The headers that the server sets to what the document says, each once.
fn fixed_headers<'a>(
    operation: &'a Operation<'a>,
    definitions: &Definitions<'a>,
) -> Vec<FixedHeader> {
    let mut headers: Vec<FixedHeader> = Vec::new();
    for parameter in &operation.parameters {
        let is_new = |header: &FixedHeader| !header.name.eq_ignore_ascii_case(parameter.name);
        if let Some(value) = convention::fixed(parameter, definitions)
            && headers.iter().all(is_new)
        {
            headers.push(FixedHeader {
                name: parameter.name.to_owned(),
                value: value.to_owned(),
            });
        }
    }
    headers
}

/// A parameter that no caller can set.
fn is_hidden<'a>(parameter: &Parameter<'a>, definitions: &Definitions<'a>) -> bool {
    parameter.location != Location::Path && View::new(&parameter.schema, definitions).never
}

fn binding(parameter: &Parameter<'_>, property: String) -> ParameterBinding {
    ParameterBinding {
        property,
        name: parameter.name.to_owned(),
        location: convert::location(parameter.location),
        style: convert::style(parameter.style),
        explode: parameter.explode,
        allow_reserved: parameter.allow_reserved,
        required: parameter.required || parameter.location == Location::Path,
        json: parameter
            .content_type
            .is_some_and(|name| name.ends_with("json")),
    }
}

/// Binds the placeholders of the path that have no parameter, as strings.
fn bind_placeholders<'a>(
    operation: &'a Operation<'a>,
    keys: &mut Keys,
    slots: &mut Vec<Slot<'a>>,
    parameters: &mut Vec<ParameterBinding>,
) {
    for name in placeholders(operation.path) {
        let is_bound = |binding: &ParameterBinding| {
            binding.location == ParamLocation::Path && binding.name == name
        };
        if parameters.iter().any(is_bound) {
            continue;
        }
        let property = keys.claim(name, Qualifier::After("path"));
        parameters.push(ParameterBinding {
            property: property.clone(),
            name: name.to_owned(),
            location: ParamLocation::Path,
            style: ParamStyle::Simple,
            explode: false,
            allow_reserved: false,
            required: true,
            json: false,
        });
        slots.push(Slot::new(property, Source::Text("text/plain"), true));
    }
}

/// The names between braces in a path template.
pub(crate) fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| !name.is_empty())
}

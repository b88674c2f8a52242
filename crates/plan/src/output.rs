//! Outputs: what the success response holds, and its outline as a schema.

use std::collections::HashMap;
use std::rc::Rc;

use mcpengine_openapi::{MediaType, Node, Operation, Response};
use serde_json::json;

use crate::schema::{
    Copier, Definitions, Detail, Direction, OUTPUT_LADDER, Parts, Properties, Schema, Together,
    View,
};
use crate::{ResponseKind, ResponseRecipe};

#[derive(Debug)]
pub(crate) struct Output {
    /// `None` where the document says nothing of use.
    pub(crate) schema: Option<Schema>,
    pub(crate) recipe: ResponseRecipe,
    pub(crate) accept: Vec<String>,
    /// Detail of the document's schema was left out.
    pub(crate) cut: bool,
}

pub(crate) fn plan<'a>(operation: &'a Operation<'a>, definitions: &Definitions<'a>) -> Output {
    let responses = successes(&operation.responses);
    let chosen = best(&responses);
    let accept = accept(operation.accept, &responses);
    let nothing = |kind| Output {
        schema: None,
        recipe: ResponseRecipe { kind, wrap: false },
        accept: accept.clone(),
        cut: false,
    };
    let Some(response) = chosen else {
        return nothing(ResponseKind::Empty);
    };
    let Some(media) = json(response) else {
        return nothing(
            response
                .content
                .first()
                .map_or(ResponseKind::Empty, |media| plain_kind(media.media_type)),
        );
    };
    let Some(schema) = &media.schema else {
        return nothing(ResponseKind::Json);
    };
    let view = View::new(schema, definitions);
    let shape = shape(&view, definitions);
    // Another success response of another shape would not fit the schema.
    let disagrees = responses
        .iter()
        .filter_map(|response| json(response)?.schema.as_ref())
        .any(|other| {
            let other = self::shape(&View::new(other, definitions), definitions);
            other != shape && other != Shape::Unknown
        });
    let recipe = ResponseRecipe {
        kind: ResponseKind::Json,
        wrap: matches!(shape, Shape::Array | Shape::Scalar),
    };
    let rendered = if disagrees {
        None
    } else {
        outline(&view, shape, definitions)
    };
    let (schema, cut) = rendered.map_or((None, false), |(schema, cut)| (Some(schema), cut));
    Output {
        schema,
        recipe,
        accept,
        cut,
    }
}

/// The response that a call is made for.
pub(crate) fn success<'r, 'a>(operation: &'r Operation<'a>) -> Option<&'r Response<'a>> {
    best(&successes(&operation.responses))
}

fn best<'r, 'a>(responses: &[&'r Response<'a>]) -> Option<&'r Response<'a>> {
    let mut all = responses.iter();
    all.clone()
        .find(|response| json(response).is_some())
        .or_else(|| all.clone().find(|response| !response.content.is_empty()))
        .or(all.next())
        .copied()
}

/// The responses of success, best first: 200, 201, other 2xx, `2XX`; `default`
/// where it is the only response there is.
fn successes<'r, 'a>(responses: &'r [Response<'a>]) -> Vec<&'r Response<'a>> {
    let rank = |status: &str| match status {
        "200" => Some(0),
        "201" => Some(1),
        "2XX" => Some(3),
        "DEFAULT" | "default" if responses.len() == 1 => Some(4),
        _ if status.len() == 3 && status.starts_with('2') => Some(2),
        _ => None,
    };
    let mut found: Vec<&Response<'a>> = responses
        .iter()
        .filter(|response| rank(response.status).is_some())
        .collect();
    found.sort_by_key(|response| rank(response.status));
    found
}

/// The JSON content of a response; `*/*` is taken for JSON.
pub(crate) fn json<'a>(response: &Response<'a>) -> Option<&'a MediaType<'a>> {
    let is = |name: &str| name.ends_with("/json") || name.ends_with("+json");
    let media = &response.content;
    media
        .iter()
        .find(|media| media.media_type == "application/json")
        .or_else(|| media.iter().find(|media| is(media.media_type)))
        .or_else(|| {
            media
                .iter()
                .find(|media| media.media_type == "*/*" || media.media_type == "application/*")
        })
}

fn plain_kind(media_type: &str) -> ResponseKind {
    let is_text = media_type.starts_with("text/")
        || [
            "xml",
            "yaml",
            "csv",
            "javascript",
            "ndjson",
            "jsonl",
            "urlencoded",
            "graphql",
        ]
        .iter()
        .any(|ending| media_type.ends_with(ending));
    if is_text {
        ResponseKind::Text
    } else {
        ResponseKind::Binary
    }
}

const JSON: &str = "application/json";

/// The media type that a call asks for first.
pub(crate) fn preferred<'a>(operation: &Operation<'a>) -> &'a str {
    let names = acceptable(operation.accept, &successes(&operation.responses));
    names.first().copied().unwrap_or(JSON)
}

/// The media types to ask for, best first.
fn acceptable<'a>(stated: Option<&'a str>, responses: &[&Response<'a>]) -> Vec<&'a str> {
    // JSON is what the tool can show: another default is not taken in its stead.
    let has_json = responses.iter().any(|response| json(response).is_some());
    if let Some(stated) = stated.filter(|value| value.contains("json") || !has_json) {
        return vec![stated];
    }
    let mut names: Vec<&str> = Vec::new();
    let chosen = responses.iter().filter_map(|response| json(response));
    let others = responses.iter().flat_map(|response| response.content);
    for media in chosen
        .chain(others)
        .filter(|media| media.media_type.contains('/'))
    {
        if !names.contains(&media.media_type) {
            names.push(media.media_type);
        }
    }
    names.truncate(4);
    if names.is_empty() {
        names.push(JSON);
    }
    names
}

fn accept(stated: Option<&str>, responses: &[&Response<'_>]) -> Vec<String> {
    let names = acceptable(stated, responses);
    let has_json = responses.iter().any(|response| json(response).is_some());
    // Not as equals: some servers answer XML where both are.
    let is_second = |name: &str| has_json && !name.contains("json") && !name.contains('*');
    names
        .into_iter()
        .map(|name| match is_second(name) {
            true => format!("{name};q=0.1"),
            false => name.to_owned(),
        })
        .collect()
}

/// Members of an alternative that are looked at for their shape.
const MAX_MEMBERS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Object,
    Array,
    Scalar,
    Unknown,
}

fn shape<'a>(view: &View<'a>, definitions: &Definitions<'a>) -> Shape {
    match view.types().as_slice() {
        ["object"] => Shape::Object,
        ["array"] => Shape::Array,
        [] => view.alternatives().map_or(Shape::Unknown, |members| {
            // The first tell: thousands of operations can share thousands of them.
            let mut shapes = members
                .iter()
                .take(MAX_MEMBERS)
                .filter(|member| !crate::schema::is_null(member))
                .map(
                    |member| match View::new(member, definitions).types().as_slice() {
                        ["object"] => Shape::Object,
                        ["array"] => Shape::Array,
                        [] => Shape::Unknown,
                        _ => Shape::Scalar,
                    },
                );
            let first = shapes.next().unwrap_or(Shape::Unknown);
            if shapes.all(|shape| shape == first) {
                first
            } else {
                Shape::Unknown
            }
        }),
        types if types.contains(&"object") || types.contains(&"array") => Shape::Unknown,
        _ => Shape::Scalar,
    }
}

/// The outline and whether detail was left out; `None` where it says nothing.
/// That of a named schema is made once.
fn outline<'a>(
    view: &View<'a>,
    shape: Shape,
    definitions: &Definitions<'a>,
) -> Option<(Schema, bool)> {
    let Some(name) = view.reference() else {
        return if definitions.memory.is_spent() {
            None
        } else {
            render(view, shape, definitions)
        };
    };
    let key = (name, definitions.budget.output);
    let known = definitions.memory.outlines.borrow().get(&key).cloned();
    known.unwrap_or_else(|| {
        if definitions.memory.is_spent() {
            return None;
        }
        let outline = render(view, shape, definitions);
        let mut outlines = definitions.memory.outlines.borrow_mut();
        outlines.insert(key, outline.clone());
        outline
    })
}

fn render<'a>(
    view: &View<'a>,
    shape: Shape,
    definitions: &Definitions<'a>,
) -> Option<(Schema, bool)> {
    let properties = match shape {
        Shape::Object => merged_properties(view, definitions),
        Shape::Array | Shape::Scalar => Properties::default(),
        Shape::Unknown => return None,
    };
    let budget = definitions.budget.output;
    let mut copier = Copier::new(definitions, Direction::Output, Detail::FULL, budget);
    for detail in OUTPUT_LADDER {
        copier.restart(detail);
        let says_something = if shape == Shape::Object {
            object(view, &properties, &mut copier)
        } else {
            wrapped(view, &mut copier);
            true
        };
        if !says_something {
            return None;
        }
        copier.definitions();
        copier.out.push('}');
        if copier.fits() {
            return Some(copier.finish());
        }
    }
    // Thirty names did not fit: they are very long. The root alone is true.
    Some((Schema::from(json!({"type": "object"})), true))
}

/// Writes the root of a value that is no object, without its last brace.
fn wrapped<'a>(view: &View<'a>, copier: &mut Copier<'a, '_>) {
    copier
        .out
        .push_str(r#"{"type":"object","properties":{"items":"#);
    // What the description of a list says, the tool's says.
    copier.inline_undescribed(view);
    copier.out.push_str(r#"},"required":["items"]"#);
}

/// The properties of an object and of its alternatives; one on which they differ
/// is left open.
fn merged_properties<'a>(view: &View<'a>, definitions: &Definitions<'a>) -> Properties<'a> {
    let own = view.properties(definitions);
    let Some(members) = view.alternatives() else {
        return own;
    };
    let mut properties = Rc::unwrap_or_clone(own);
    let names = properties.iter().enumerate();
    let mut known: HashMap<&'a str, usize> = names.map(|(at, (name, _))| (*name, at)).collect();
    for member in members {
        for (name, schemas) in View::new(member, definitions)
            .properties(definitions)
            .iter()
        {
            match known.get(name).and_then(|at| properties.get_mut(*at)) {
                Some((_, known)) if known.schemas != schemas.schemas => {
                    *known = Together::new(Parts::new());
                }
                Some(_) => {}
                None => {
                    known.insert(name, properties.len());
                    properties.push((name, Rc::clone(schemas)));
                }
            }
        }
    }
    Rc::new(properties)
}

/// Writes an object root without combinators and without its last brace;
/// `false` where there is nothing to say.
fn object<'a>(view: &View<'a>, properties: &Properties<'a>, copier: &mut Copier<'a, '_>) -> bool {
    copier.out.push_str(r#"{"type":"object""#);
    let start = copier.out.len();
    copier.key("properties");
    copier.out.push('{');
    let mut shown = 0_usize;
    for (name, schemas) in properties.iter() {
        let property = schemas.view(copier.definitions);
        if copier.hides(property) || *name == "__proto__" {
            continue;
        }
        shown += 1;
        if shown > copier.detail.properties {
            copier.cut = true;
            break;
        }
        copier.key(name);
        copier.schema(property, 1, 1, name);
        if !copier.fits() {
            break;
        }
    }
    if shown == 0 {
        copier.out.truncate(start);
    } else {
        copier.out.push('}');
    }
    if let Some(values @ Node::Object(_)) = view.get("additionalProperties") {
        let before = copier.out.len();
        copier.key("additionalProperties");
        let from = copier.out.len();
        let values = View::new(values, copier.definitions);
        copier.schema(&values, 1, 1, "");
        if copier.out.get(from..) == Some("{}") {
            copier.out.truncate(before);
        }
    }
    copier.out.len() > start
}

//! Outputs: what the success response holds, and its outline as a schema.

use indexmap::IndexMap;
use mcpengine_openapi::{MediaType, Operation, Response};
use serde_json::{Map, Value, json};

use crate::schema::{Copier, Definitions, Direction, OUTPUT_LADDER, View, drop_echo};
use crate::{ResponseKind, ResponseRecipe};

#[derive(Debug)]
pub(crate) struct Output {
    /// `None` where the document says nothing of use.
    pub(crate) schema: Option<Value>,
    pub(crate) recipe: ResponseRecipe,
    pub(crate) accept: Vec<String>,
    /// Detail of the document's schema was left out.
    pub(crate) cut: bool,
}

pub(crate) fn plan<'a>(operation: &'a Operation, definitions: &Definitions<'a>) -> Output {
    let responses = successes(&operation.responses);
    let chosen = best(&responses);
    let accept = accept(&responses);
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
                .map_or(ResponseKind::Empty, |media| plain_kind(&media.media_type)),
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
pub(crate) fn success(operation: &Operation) -> Option<&Response> {
    best(&successes(&operation.responses))
}

fn best<'r>(responses: &[&'r Response]) -> Option<&'r Response> {
    let mut all = responses.iter();
    all.clone()
        .find(|response| json(response).is_some())
        .or_else(|| all.clone().find(|response| !response.content.is_empty()))
        .or(all.next())
        .copied()
}

/// The responses of success, best first: 200, 201, other 2xx, `2XX`; `default`
/// where it is the only response there is.
fn successes(responses: &[Response]) -> Vec<&Response> {
    let rank = |status: &str| match status {
        "200" => Some(0),
        "201" => Some(1),
        "2XX" => Some(3),
        "DEFAULT" | "default" if responses.len() == 1 => Some(4),
        _ if status.len() == 3 && status.starts_with('2') => Some(2),
        _ => None,
    };
    let mut found: Vec<&Response> = responses
        .iter()
        .filter(|response| rank(&response.status).is_some())
        .collect();
    found.sort_by_key(|response| rank(&response.status));
    found
}

/// The JSON content of a response; `*/*` is taken for JSON.
pub(crate) fn json(response: &Response) -> Option<&MediaType> {
    let is = |name: &str| name.ends_with("/json") || name.ends_with("+json");
    let media = &response.content;
    media
        .iter()
        .find(|media| media.media_type == "application/json")
        .or_else(|| media.iter().find(|media| is(&media.media_type)))
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

fn accept(responses: &[&Response]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let chosen = responses.iter().filter_map(|response| json(response));
    let others = responses.iter().flat_map(|response| &response.content);
    for media in chosen
        .chain(others)
        .filter(|media| media.media_type.contains('/'))
    {
        if !names.contains(&media.media_type) {
            names.push(media.media_type.clone());
        }
    }
    names.truncate(4);
    if names.is_empty() {
        names.push("application/json".to_owned());
    }
    names
}

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
        [] => view.alternatives().map_or(Shape::Unknown, |(_, members)| {
            let mut shapes = members
                .iter()
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
) -> Option<(Value, bool)> {
    let Some(name) = view.reference() else {
        return render(view, shape, definitions);
    };
    let key = (name.to_owned(), definitions.budget.output);
    let known = definitions.memory.outlines.borrow().get(&key).cloned();
    known.unwrap_or_else(|| {
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
) -> Option<(Value, bool)> {
    let mut last = None;
    for detail in OUTPUT_LADDER {
        let mut copier = Copier::new(
            definitions,
            Direction::Output,
            detail,
            definitions.budget.output,
        );
        let mut root = match shape {
            Shape::Object => object(view, &mut copier)?,
            Shape::Array | Shape::Scalar => wrapped(view, &mut copier)?,
            Shape::Unknown => return None,
        };
        let defs = copier.definitions();
        if !defs.is_empty() {
            root.insert("$defs".to_owned(), Value::Object(defs));
        }
        last = Some((Value::Object(root), copier.cut));
        if copier.fits() {
            return last;
        }
    }
    // Thirty names did not fit: they are very long. The root alone is true.
    last.map(|_| (json!({"type": "object"}), true))
}

fn wrapped<'a>(view: &View<'a>, copier: &mut Copier<'a, '_>) -> Option<Map<String, Value>> {
    let mut items = copier.inline(view, 0, 0);
    items.shift_remove("description");
    let says_nothing = items
        .get("items")
        .is_some_and(|items| items.as_object().is_some_and(Map::is_empty));
    if says_nothing {
        items.shift_remove("items");
    }
    let mut root = Map::new();
    root.insert("type".to_owned(), json!("object"));
    root.insert("properties".to_owned(), json!({"items": items}));
    root.insert("required".to_owned(), json!(["items"]));
    Some(root)
}

/// An object root without combinators: the properties of its alternatives are
/// merged, one on which they differ is left open.
fn object<'a>(view: &View<'a>, copier: &mut Copier<'a, '_>) -> Option<Map<String, Value>> {
    let mut properties: IndexMap<&'a str, Vec<&'a Value>> = view.properties();
    for member in view
        .alternatives()
        .into_iter()
        .flat_map(|(_, members)| members)
    {
        for (name, schemas) in View::new(member, copier.definitions).properties() {
            let known = properties.entry(name).or_insert_with(|| schemas.clone());
            if *known != schemas {
                known.clear();
            }
        }
    }
    let mut copies = Map::new();
    let mut shown = 0_usize;
    for (name, schemas) in &properties {
        let property = View::of(schemas, copier.definitions);
        if copier.hides(&property) || *name == "__proto__" {
            continue;
        }
        shown += 1;
        if shown > copier.detail.properties {
            copier.cut = true;
            break;
        }
        copier.spend(name.len() + 4);
        let mut copy = copier.schema(&property, 1, 1);
        drop_echo(name, &mut copy);
        copies.insert((*name).to_owned(), copy);
        if !copier.fits() {
            break;
        }
    }
    let mut root = Map::new();
    root.insert("type".to_owned(), json!("object"));
    if !copies.is_empty() {
        root.insert("properties".to_owned(), Value::Object(copies));
    }
    if let Some(values @ Value::Object(_)) = view.get("additionalProperties") {
        let values = View::new(values, copier.definitions);
        let copy = copier.schema(&values, 1, 1);
        if copy.as_object().is_some_and(|map| !map.is_empty()) {
            root.insert("additionalProperties".to_owned(), copy);
        }
    }
    (root.len() > 1).then_some(root)
}

//! Which of a body's media types is sent, and in what shape it is asked for.

use std::rc::Rc;

use mcpengine_openapi::{MediaType, Node, RequestBody};

use super::fields::{Fields, flat};
use super::names::{Keys, Qualifier, reads_as_body, told};
use super::{Slot, Source};
use crate::convert::style;
use crate::schema::{Definitions, Parts, Together, View};
use crate::{BodyBinding, BodyEncoding, BodyProperty, BodyShape};

/// Plans the body: its binding, the slots that it adds to the input, and the
/// name of its schema.
pub(super) fn plan<'a>(
    body: &'a RequestBody<'a>,
    definitions: &Definitions<'a>,
    keys: &mut Keys,
    slots: &mut Vec<Slot<'a>>,
    spread_out: bool,
) -> Option<(BodyBinding, Option<&'a str>)> {
    let media = body
        .content
        .iter()
        .enumerate()
        .min_by_key(|(at, media)| (media.schema.is_none(), rank(media, definitions), *at))
        .map(|(_, media)| media)?;
    let encoding = encoding(media, definitions);
    let media_type = concrete(media.media_type, encoding);
    let is_structured = !matches!(encoding, BodyEncoding::Text | BodyEncoding::Binary);
    let properties = is_structured
        .then(|| flat(media, encoding, definitions))
        .flatten()
        // What takes nothing at all shows at least that an object is sent.
        .filter(|all| !all.is_empty() || !slots.is_empty());
    let (properties, fields) = match properties {
        Some(all) if !spread_out => (None, required_first(&all)),
        other => (other, Vec::new()),
    };
    let shape = match properties {
        Some(properties) => BodyShape::Properties {
            properties: spread(
                body.required,
                media,
                encoding,
                properties,
                definitions,
                keys,
                slots,
            ),
        },
        None => whole(body, media, encoding, fields, definitions, keys, slots),
    };
    let name = media
        .schema
        .as_ref()
        .and_then(|schema| View::new(schema, definitions).reference());
    let binding = BodyBinding {
        media_type,
        encoding,
        shape,
        required: body.required,
    };
    Some((binding, name))
}

/// Preference among media types, least first: what a model fills best.
fn rank<'a>(media: &MediaType<'a>, definitions: &Definitions<'a>) -> u8 {
    let name = media.media_type;
    match encoding(media, definitions) {
        BodyEncoding::Json => match name {
            "application/json" => 0,
            "application/json-patch+json" => 3,
            _ if name.ends_with("json") => 1,
            _ => 2,
        },
        BodyEncoding::Multipart => 4,
        BodyEncoding::Form => 5,
        BodyEncoding::Text if !name.contains("xml") => 6,
        BodyEncoding::Text => 7,
        BodyEncoding::Binary => 8,
    }
}

/// How a media type is written. One that is not known is JSON where its schema
/// is structured, and bytes where it is not text.
fn encoding<'a>(media: &MediaType<'a>, definitions: &Definitions<'a>) -> BodyEncoding {
    let name = media.media_type;
    if name.ends_with("/json") || name.ends_with("+json") {
        return BodyEncoding::Json;
    }
    if name == "application/x-www-form-urlencoded" {
        return BodyEncoding::Form;
    }
    if name.starts_with("multipart/") {
        return BodyEncoding::Multipart;
    }
    let is_text = name.starts_with("text/")
        || [
            "xml",
            "yaml",
            "ndjson",
            "javascript",
            "graphql",
            "csv",
            "sql",
            "jsonl",
            "json-seq",
        ]
        .iter()
        .any(|ending| name.ends_with(ending));
    if is_text && name != "text/*" {
        return BodyEncoding::Text;
    }
    let is_media = ["image/", "audio/", "video/", "font/"]
        .iter()
        .any(|kind| name.starts_with(kind));
    if is_media || name.ends_with("octet-stream") || name.ends_with("zip") || name.ends_with("pdf")
    {
        return BodyEncoding::Binary;
    }
    let Some(schema) = &media.schema else {
        return if name == "*/*" {
            BodyEncoding::Json
        } else {
            BodyEncoding::Binary
        };
    };
    let view = View::new(schema, definitions);
    match view.types().as_slice() {
        ["string"] if is_binary(&view) => BodyEncoding::Binary,
        ["string"] => BodyEncoding::Text,
        _ => BodyEncoding::Json,
    }
}

/// The type that is sent for one with a wildcard. Which image it is shows in
/// the bytes, when they are there.
fn concrete(name: &str, encoding: BodyEncoding) -> String {
    let is_range = name.contains('*') && encoding != BodyEncoding::Binary;
    if !is_range && name.contains('/') {
        return name.to_owned();
    }
    match encoding {
        BodyEncoding::Json => "application/json",
        BodyEncoding::Form => "application/x-www-form-urlencoded",
        BodyEncoding::Multipart => "multipart/form-data",
        BodyEncoding::Text => "text/plain",
        BodyEncoding::Binary => "application/octet-stream",
    }
    .to_owned()
}

/// Gives every property of the body a slot of its own.
fn spread<'a>(
    body_required: bool,
    media: &'a MediaType<'a>,
    encoding: BodyEncoding,
    properties: Fields<'a>,
    definitions: &Definitions<'a>,
    keys: &mut Keys,
    slots: &mut Vec<Slot<'a>>,
) -> Vec<BodyProperty> {
    let mut bound = Vec::with_capacity(properties.len());
    for (name, schemas, required) in properties {
        // A value among JSON is what its schema says: no need to look.
        if encoding == BodyEncoding::Json && !reads_as_body(name) && told(name, None).is_none() {
            let property = keys.claim(name, Qualifier::Before("body"));
            let (source, required) = (Source::Schemas(schemas), body_required && required);
            slots.push(Slot::new(property.clone(), source, required));
            bound.push(BodyProperty::plain(property, name));
            continue;
        }
        let view = schemas.view(definitions);
        let part = media.encoding_of(name);
        let part_type = part.and_then(|part| part.content_type);
        let items = view.get("items").map(|items| View::new(items, definitions));
        let (source, file) = part_source(&schemas, encoding, view, items.as_ref(), part_type);
        let holds_objects = is_object(view) || items.as_ref().is_some_and(is_object);
        let styled = part.is_some_and(|part| part.style.is_some() || part.explode.is_some());
        let content_type = match part_type {
            _ if encoding == BodyEncoding::Json => None,
            Some(name) if !name.contains(['*', ',']) => Some(name.to_owned()),
            _ => (holds_objects && !styled && !file).then(|| "application/json".to_owned()),
        };
        let property = if file || !is_text(view) {
            keys.claim(name, Qualifier::Before("body"))
        } else {
            keys.claim_text(name, Qualifier::Before("body"))
        };
        slots.push(Slot {
            // Schemas bring their own.
            description: match view.text("description") {
                Some(own) => Some(own).filter(|_| file),
                None => told(name, None),
            },
            ..Slot::new(property.clone(), source, body_required && required)
        });
        bound.push(BodyProperty {
            property,
            name: name.to_owned(),
            file,
            content_type,
            style: part
                .filter(|_| encoding == BodyEncoding::Form)
                .and_then(|part| part.style)
                .map(style),
            explode: part
                .filter(|_| encoding == BodyEncoding::Form)
                .and_then(|part| part.explode),
            allow_reserved: encoding == BodyEncoding::Form
                && part.is_some_and(|part| part.allow_reserved),
        });
    }
    bound
}

/// What a property of a body is filled with, and whether that is a file.
fn part_source<'a>(
    schemas: &Rc<Together<'a>>,
    encoding: BodyEncoding,
    view: &View<'a>,
    items: Option<&View<'a>>,
    part_type: Option<&str>,
) -> (Source<'a>, bool) {
    if encoding != BodyEncoding::Multipart {
        (Source::Schemas(Rc::clone(schemas)), false)
    } else if is_file(view, part_type) {
        (Source::File, true)
    } else if items.is_some_and(|items| is_file(items, part_type)) {
        (Source::Files, true)
    } else {
        (Source::Schemas(Rc::clone(schemas)), false)
    }
}

/// The names of a body's properties, those that it must have first.
fn required_first<'a>(fields: &Fields<'a>) -> Vec<&'a str> {
    let of = |wanted: bool| {
        let some = fields
            .iter()
            .filter(move |(.., required)| *required == wanted);
        some.map(|(name, ..)| *name)
    };
    of(true).chain(of(false)).collect()
}

/// Asks for the body as the value of one property.
fn whole<'a>(
    body: &'a RequestBody<'a>,
    media: &'a MediaType<'a>,
    encoding: BodyEncoding,
    fields: Vec<&'a str>,
    definitions: &Definitions<'a>,
    keys: &mut Keys,
    slots: &mut Vec<Slot<'a>>,
) -> BodyShape {
    let property = keys.claim("body", Qualifier::Before("request"));
    // A form is fields, also where the document calls it a string.
    let is_form = matches!(encoding, BodyEncoding::Form | BodyEncoding::Multipart);
    let schema = media.schema.as_ref().filter(|schema| {
        let view = View::new(schema, definitions);
        !is_form || is_object(&view)
    });
    let source = match (encoding, schema) {
        (BodyEncoding::Binary, _) => Source::Base64,
        (BodyEncoding::Text, _) => Source::Text(media.media_type),
        (_, None) if is_form => Source::Fields,
        (_, Some(schema)) => Source::Schemas(Together::new(Parts::from_slice(&[*schema]))),
        (_, None) => Source::Any,
    };
    slots.push(Slot {
        description: body.description,
        example: media
            .example
            .as_ref()
            .filter(|example| !is_form || matches!(example, Node::Object(_))),
        fields,
        ..Slot::new(property.clone(), source, body.required)
    });
    BodyShape::Whole { property }
}

/// Whether the values of a schema are text of any kind.
pub(super) fn is_text(view: &View<'_>) -> bool {
    view.types().as_slice() == ["string"] && !view.allows_null()
}

pub(super) fn is_object(view: &View<'_>) -> bool {
    view.types().contains(&"object") || view.has_properties()
}

/// Whether the values of a schema are bytes.
fn is_binary(view: &View<'_>) -> bool {
    let names_bytes = view
        .text("contentMediaType")
        .is_some_and(|name| !name.starts_with("text/") && !name.ends_with("json"));
    matches!(view.text("format"), Some("binary" | "file"))
        || view.get("type").and_then(Node::as_str) == Some("file")
        || (names_bytes && view.get("contentEncoding").is_none())
}

/// Whether a part of a multipart body is a file.
pub(super) fn is_file(view: &View<'_>, part_type: Option<&str>) -> bool {
    let sent_as_bytes = part_type.is_some_and(|name| {
        [
            "image/",
            "audio/",
            "video/",
            "application/octet-stream",
            "application/pdf",
            "application/zip",
        ]
        .iter()
        .any(|kind| name.starts_with(kind))
    });
    // The class of Spring, whose fields are of no use to a caller.
    let is_java = view
        .reference()
        .is_some_and(|name| name.ends_with("MultipartFile"));
    is_java
        || matches!(view.types().as_slice(), ["string"] | [])
            && !view.has_properties()
            && (is_binary(view) || sent_as_bytes || view.text("format") == Some("byte"))
}

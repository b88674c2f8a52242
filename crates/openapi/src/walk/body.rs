//! Request bodies and media types.

use super::{Walker, parameter::style_named};
use crate::{
    model::{MediaType, PartEncoding, RequestBody},
    node::Node,
    place::{Place, shorten},
};

/// RFC 6838 §4.2 allows 127 characters each for type and subtype.
const MAX_MEDIA_TYPE: usize = 255;
/// Of one body or response. Real ones have a dozen.
const MAX_MEDIA_TYPES: usize = 64;

/// JSON of which nothing more is known.
const UNDESCRIBED: MediaType<'static> = MediaType {
    media_type: "application/json",
    schema: None,
    encoding: &[],
    example: None,
};

impl<'d> Walker<'d> {
    /// A `requestBody` of OpenAPI 3.
    pub(super) fn request_body(
        &mut self,
        written: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Option<RequestBody<'d>> {
        if matches!(written, Node::Null) {
            return None;
        }
        let followed = self.follow(written, "request body", place)?;
        let place = followed.place(place);
        let written = followed.node.get("content");
        let mut content: &[MediaType<'d>] = match written {
            Some(content) => self.content(content, &place.key("content")),
            None => &[],
        };
        if content.is_empty() {
            // Nothing at all, or `content: {}`: there is no body.
            let of = written.unwrap_or(followed.node);
            if of.as_object().is_none_or(<[_]>::is_empty) {
                self.report.warn(
                    "empty-body",
                    &place,
                    "The request body says nothing of what it holds; it is left out.".to_owned(),
                    "Give its `content`, such as `application/json` with a schema.",
                );
                return None;
            }
            self.report.warn(
                "empty-body",
                &place,
                "The request body has no media type that can be read; it is taken for JSON."
                    .to_owned(),
                "Give its `content`, such as `application/json` with a schema.",
            );
            content = self.source.arena.slice(&[UNDESCRIBED]);
        }
        Some(RequestBody {
            required: followed.node.flag("required").unwrap_or(false),
            description: followed.description(),
            content,
        })
    }

    /// A `content` mapping. One that operations share is read once.
    pub(super) fn content(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> &'d [MediaType<'d>] {
        let address = std::ptr::from_ref(node).addr();
        let is_shared = place.is_shared();
        if is_shared && let Some(known) = self.contents.get(&address) {
            return known;
        }
        let found = self.media_types_of(node, place);
        let found = self.source.arena.slice(&found);
        if is_shared {
            self.contents.insert(address, found);
        }
        found
    }

    fn media_types_of(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> Vec<MediaType<'d>> {
        let mut found: Vec<MediaType<'d>> = Vec::new();
        let Some(entries) = node.as_object() else {
            self.report.warn(
                "invalid-content",
                place,
                format!("`content` has to be an object, and is {}.", node.kind()),
                "Write it as a mapping from media type to schema.",
            );
            return Vec::new();
        };
        for (key, written) in entries.iter().take(MAX_MEDIA_TYPES) {
            if key.starts_with("x-") && !key.contains('/') {
                continue;
            }
            let at = place.key(key);
            let Some(media_type) = self.media_type_name(key) else {
                self.report.warn(
                    "invalid-media-type",
                    &at,
                    format!("`{}` is no media type; it is left out.", shorten(key)),
                    "Write type and subtype, such as `application/json`.",
                );
                continue;
            };
            if found.iter().any(|known| known.media_type == media_type) {
                continue;
            }
            let Some(followed) = self.follow(written, "media type", &at) else {
                continue;
            };
            let media = self.media_type(media_type, followed.node, &followed.place(&at));
            found.push(media);
        }
        found
    }

    fn media_type(
        &mut self,
        media_type: &'d str,
        node: &'d Node<'d>,
        place: &Place<'_>,
    ) -> MediaType<'d> {
        // 3.2 describes streams by the schema of one item.
        let schema = ["schema", "itemSchema"]
            .iter()
            .find_map(|key| Some((*key, node.get(key)?)));
        let mut schema = schema.map(|(key, schema)| self.inline_schema(schema, &place.key(key)));
        let mut example = self.example(node, place);
        if (media_type == "application/x-www-form-urlencoded"
            || media_type == "multipart/form-data")
            && let Some(form) = self.form_of_example(schema.as_ref(), example.as_ref())
        {
            (schema, example) = (Some(form), None);
        }
        MediaType {
            schema,
            encoding: self.encoding(node),
            example,
            media_type,
        }
    }

    fn encoding(&self, node: &'d Node<'d>) -> &'d [(&'d str, PartEncoding<'d>)] {
        let entries = node
            .get("encoding")
            .and_then(Node::as_object)
            .unwrap_or_default();
        let parts: Vec<_> = entries
            .iter()
            .map(|(name, part)| {
                let encoding = PartEncoding {
                    content_type: part.text("contentType"),
                    style: part
                        .get("style")
                        .and_then(Node::as_str)
                        .and_then(style_named),
                    explode: part.flag("explode"),
                    allow_reserved: part.flag("allowReserved").unwrap_or(false),
                };
                (*name, encoding)
            })
            .collect();
        self.source.arena.slice(&parts)
    }

    /// Lower-case type and subtype without parameters.
    pub(super) fn media_type_name(&self, text: &'d str) -> Option<&'d str> {
        let name = media_type_name(text)?;
        // Nearly always as it is written.
        Some(match text.get(..name.len()) {
            Some(written) if written == name => written,
            _ => self.source.arena.text(&name),
        })
    }
}

/// Lower-case type and subtype without parameters.
fn media_type_name(text: &str) -> Option<String> {
    let essence = text
        .split(';')
        .next()
        .unwrap_or(text)
        .trim()
        .to_ascii_lowercase();
    if essence.len() > MAX_MEDIA_TYPE {
        return None;
    }
    let (kind, subtype) = essence.split_once('/')?;
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-*'`|~%".contains(&byte))
    };
    (is_token(kind) && is_token(subtype)).then_some(essence)
}

//! Request bodies and media types.

use indexmap::IndexMap;

use super::{Walker, parameter::style_named};
use crate::{
    model::{MediaType, PartEncoding, RequestBody},
    node::Node,
    place::{Place, shorten},
    weight,
};

/// RFC 6838 §4.2 allows 127 characters each for type and subtype.
const MAX_MEDIA_TYPE: usize = 255;

impl<'d> Walker<'d> {
    /// A `requestBody` of OpenAPI 3.
    pub(super) fn request_body(
        &mut self,
        written: &'d Node<'d>,
        place: &Place<'_>,
    ) -> Option<RequestBody> {
        if matches!(written, Node::Null) {
            return None;
        }
        let followed = self.follow(written, "request body", place)?;
        let place = followed.place(place);
        let content = match followed.node.get("content") {
            Some(content) => self.content(content, &place.key("content")),
            None => Vec::new(),
        };
        if content.is_empty() {
            self.report.warn(
                "empty-body",
                &place,
                "The request body has no media type that can be read; it is left out.".to_owned(),
                "Give its `content`, such as `application/json` with a schema.",
            );
            return None;
        }
        Some(RequestBody {
            required: followed.node.flag("required").unwrap_or(false),
            description: followed.description(),
            content,
        })
    }

    /// A `content` mapping.
    pub(super) fn content(&mut self, node: &'d Node<'d>, place: &Place<'_>) -> Vec<MediaType> {
        let mut found: IndexMap<String, MediaType> = IndexMap::new();
        let Some(entries) = node.as_object() else {
            self.report.warn(
                "invalid-content",
                place,
                format!("`content` has to be an object, and is {}.", node.kind()),
                "Write it as a mapping from media type to schema.",
            );
            return Vec::new();
        };
        for (key, written) in entries {
            if key.starts_with("x-") && !key.contains('/') {
                continue;
            }
            let at = place.key(key);
            let Some(media_type) = media_type_name(key) else {
                self.report.warn(
                    "invalid-media-type",
                    &at,
                    format!("`{}` is no media type; it is left out.", shorten(key)),
                    "Write type and subtype, such as `application/json`.",
                );
                continue;
            };
            if found.contains_key(&media_type) || (at.is_shared() && !self.spend(4, &at)) {
                continue;
            }
            let Some(followed) = self.follow(written, "media type", &at) else {
                continue;
            };
            let media = self.media_type(media_type.clone(), followed.node, &followed.place(&at));
            found.insert(media_type, media);
        }
        compact(found)
    }

    fn media_type(
        &mut self,
        media_type: String,
        node: &'d Node<'d>,
        place: &Place<'_>,
    ) -> MediaType {
        // 3.2 describes streams by the schema of one item.
        let schema = ["schema", "itemSchema"]
            .iter()
            .find_map(|key| Some((*key, node.get(key)?)));
        MediaType {
            schema: schema.map(|(key, schema)| self.inline_schema(schema, &place.key(key))),
            encoding: self.encoding(node, place),
            example: self.example(node, place),
            media_type,
        }
    }

    fn encoding(
        &mut self,
        node: &'d Node<'d>,
        place: &Place<'_>,
    ) -> IndexMap<String, PartEncoding> {
        let entries = node
            .get("encoding")
            .and_then(Node::as_object)
            .unwrap_or_default();
        if place.is_shared()
            && !self.spend(
                node.get("encoding")
                    .map_or(0, |all| weight::of_node(all, usize::MAX)),
                place,
            )
        {
            return IndexMap::new();
        }
        entries
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
                (name.to_string(), encoding)
            })
            .collect()
    }
}

/// The values, in no more room than they need: collecting reuses the map's, which
/// is several times larger, and a document has thousands of these lists.
pub(super) fn compact<T>(map: IndexMap<String, T>) -> Vec<T> {
    let mut values: Vec<T> = map.into_values().collect();
    values.shrink_to_fit();
    values
}

/// Lower-case type and subtype without parameters.
pub(super) fn media_type_name(text: &str) -> Option<String> {
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

//! The body of a `GET`. Content in such a request means nothing (RFC 9110 §9.3.1), and
//! `fetch` refuses to send it (Fetch §5.4), so what a document describes there goes where
//! forms of HTML have it go, and where most servers look for it: into the query.

use std::collections::HashSet;

use super::body::is_object;
use super::{Slot, Source};
use crate::schema::Definitions;
use crate::{BodyBinding, BodyShape, ParamLocation, ParamStyle, ParameterBinding};

/// Makes query parameters of a body's properties. A name that the query has already, a
/// file, and a body that is one value find no place there and are no input. An object is
/// written as JSON, unless the document has another style for it.
pub(super) fn send<'a>(
    body: BodyBinding,
    parameters: &mut Vec<ParameterBinding>,
    slots: &mut Vec<Slot<'a>>,
    definitions: &Definitions<'a>,
) {
    let properties = match body.shape {
        BodyShape::Properties { properties } => properties,
        BodyShape::Whole { property } => {
            slots.retain(|slot| slot.property != property);
            return;
        }
    };
    // A hostile document lists thousands: each is looked up, and none searched for.
    let mut names: HashSet<String> = parameters
        .iter()
        .filter(|binding| binding.location == ParamLocation::Query)
        .map(|binding| binding.name.clone())
        .collect();
    let of = |is: &dyn Fn(&Slot<'a>) -> bool| -> HashSet<String> {
        let found = slots.iter().filter(|slot| is(slot));
        found.map(|slot| slot.property.clone()).collect()
    };
    let required = of(&|slot| slot.required);
    let objects = of(&|slot| match &slot.source {
        Source::Schemas(schemas) => is_object(schemas.view(definitions)),
        _ => false,
    });
    let mut homeless = HashSet::new();
    for field in properties {
        if field.file || !names.insert(field.name.clone()) {
            homeless.insert(field.property);
            continue;
        }
        parameters.push(ParameterBinding {
            json: (field.style.is_none() && objects.contains(&field.property))
                || field
                    .content_type
                    .is_some_and(|name| name.ends_with("json")),
            required: required.contains(&field.property),
            property: field.property,
            name: field.name,
            location: ParamLocation::Query,
            style: field.style.unwrap_or(ParamStyle::Form),
            explode: field.explode.unwrap_or(true),
            allow_reserved: field.allow_reserved,
        });
    }
    slots.retain(|slot| !homeless.contains(&slot.property));
}

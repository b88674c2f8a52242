//! Where a parameter goes.

use super::{builder::Builder, field::Named, label::Part};
use crate::outline::{
    Field, Place, Sketch, is_key_header, is_key_query, is_own_header, placeholders,
};

impl Builder {
    /// Adds a parameter to the endpoint that is spoken of: its row says where it
    /// goes, else the path, else the label above, else the method.
    pub(super) fn field(&mut self, named: Named) {
        let part = self.part.clone();
        if self.current.is_none() || !self.pay() {
            return;
        }
        let Some(current) = self.current_endpoint() else {
            return;
        };
        let sketch = &mut current.sketch;
        let mut field = named.field;
        field.at = format!("/line/{}", named.line);
        if field.name.eq_ignore_ascii_case("content-type") {
            return;
        }
        if let Part::Answer(status) = &part
            && named.place.is_none()
        {
            let status = status.clone().unwrap_or_else(|| "200".to_owned());
            let answer = sketch.answers.entry(status).or_default();
            field.place = Place::Body;
            answer.content("application/json").field(field);
            return;
        }
        let in_path = placeholder_alike(sketch, &field.name);
        let said = match (&part, named.place) {
            (_, Some(place)) => Some(place),
            (Part::Fields(Some(Place::Path)), None) if in_path.is_none() => None,
            // Templates call every table `Query parameters`.
            (Part::Fields(Some(Place::Query)), None) if in_path.as_ref() == Some(&field.name) => {
                Some(Place::Path)
            }
            (Part::Fields(place), None) => *place,
            (Part::Body, None) => Some(Place::Body),
            _ => None,
        };
        let place = match (said, &in_path) {
            (Some(Place::Path) | None, Some(_)) => Place::Path,
            (Some(Place::Path), None) => Place::Query,
            (Some(place), _) => place,
            (None, None) => {
                current.guessed.push(field.name.clone());
                match sketch.method {
                    "post" | "put" | "patch"
                        if !matches!(part, Part::Fields(Some(Place::Path))) =>
                    {
                        Place::Body
                    }
                    _ => Place::Query,
                }
            }
        };
        if let (Place::Path, Some(name)) = (place, in_path) {
            field.name = name;
        }
        field.place = place;
        self.placed(field, named.line);
    }

    /// Adds a parameter whose place is known; credentials become schemes.
    pub(super) fn placed(&mut self, field: Field, line: usize) {
        match field.place {
            Place::Header if field.name.eq_ignore_ascii_case("authorization") => {
                let text = format!(
                    "authorization: {}",
                    field.description.as_deref().unwrap_or_default()
                );
                self.auth.read(&text, line);
                if self.auth.found.is_empty() {
                    self.auth.bearer(line);
                }
                return;
            }
            Place::Header if is_own_header(&field.name) => return,
            Place::Header if is_key_header(&field.name) => {
                self.auth.header(&field.name, line);
                return;
            }
            Place::Query if is_key_query(&field.name) => {
                self.auth.query(&field.name, line);
                return;
            }
            _ => {}
        }
        let Some(current) = self.current_endpoint() else {
            return;
        };
        let sketch = &mut current.sketch;
        if field.place == Place::Body {
            sketch.body_required |= field.required;
            let media_type = body_type(sketch, &field);
            sketch.content(&media_type).field(field);
        } else {
            let mut field = field;
            if field.schema.is_empty() {
                field = field.of_type("string");
            }
            sketch.parameter(field);
        }
    }
}

/// The media type that a body has already; JSON where it has none, a form with
/// files where the field is a file.
fn body_type(sketch: &Sketch, field: &Field) -> String {
    if let Some(known) = sketch.body.keys().next() {
        return known.clone();
    }
    let is_file = field
        .schema
        .get("format")
        .is_some_and(|format| format == "binary");
    let media_type = if is_file {
        "multipart/form-data"
    } else {
        "application/json"
    };
    media_type.to_owned()
}

/// The path's placeholder that a name means: `user_id` means `{userId}`.
fn placeholder_alike(sketch: &Sketch, name: &str) -> Option<String> {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    };
    let wanted = letters(name);
    placeholders(&sketch.path)
        .into_iter()
        .find(|known| letters(known) == wanted)
        .map(str::to_owned)
}

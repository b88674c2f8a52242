//! What a schema says in words.

use mcpengine_openapi::write_json_string;

use super::copy::Copier;
use super::view::View;
use crate::text;

impl<'a> Copier<'a, '_> {
    pub(super) fn described(&mut self, view: &View<'a>, name: &str, mute: bool) {
        let note = self.enum_note(view);
        if !mute {
            self.put_description(view, name, note);
        }
    }

    /// The description, unless it only repeats the property's name; `note` is
    /// said behind it.
    pub(super) fn put_description(&mut self, view: &View<'a>, name: &str, note: Option<String>) {
        let description = if self.detail.description > 0 {
            view.text("description")
        } else {
            None
        };
        match (description, note) {
            (None, None) => {}
            (Some(description), None) => self.describe(description, name),
            (None, Some(note)) => {
                self.key("description");
                write_json_string(&note, &mut self.out);
            }
            (Some(description), Some(note)) => {
                let prose = self.definitions.memory.prose.clean(description);
                let before = text::cut(&prose, self.detail.description).into_owned();
                let before = text::closed(before);
                self.key("description");
                write_json_string(format!("{before} {note}").trim(), &mut self.out);
            }
        }
    }

    /// Writes a description, cleaned and bounded, unless it says no more than
    /// the name of its property.
    pub(crate) fn describe(&mut self, description: &'a str, name: &str) {
        let prose = self.definitions.memory.prose.clean(description);
        let description = text::cut(&prose, self.detail.description);
        if !description.is_empty() && !echoes(&description, name) && !is_format(&description) {
            self.key("description");
            write_json_string(&description, &mut self.out);
        }
    }
}

/// Whether a description says no more than the schema's `format`: `Format - int64.`
fn is_format(description: &str) -> bool {
    let format = description.strip_prefix("Format - ");
    format.is_some_and(|format| {
        let name = format.trim_end_matches('.');
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Whether a description only repeats the property's name.
fn echoes(description: &str, name: &str) -> bool {
    if name.is_empty() || description.len() >= name.len() + 12 || !description.is_ascii() {
        return false;
    }
    let letters = |text: &str| -> Vec<u8> {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|byte| byte.to_ascii_lowercase()).collect()
    };
    letters(description.trim_start_matches("The ")) == letters(name)
}

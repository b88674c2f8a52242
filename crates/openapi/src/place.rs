//! Where the reader is, as a chain on the stack: the pointer is only spelled
//! out when something has to be said about the place.

/// A place in the document.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'p> {
    /// A JSON pointer, e.g. where a `$ref` led.
    At(&'p str),
    Key(&'p Place<'p>, &'p str),
    Index(&'p Place<'p>, usize),
}

impl<'p> Place<'p> {
    pub(crate) const ROOT: Place<'static> = Place::At("");

    pub(crate) fn key(&'p self, key: &'p str) -> Place<'p> {
        Place::Key(self, key)
    }

    pub(crate) fn index(&'p self, index: usize) -> Place<'p> {
        Place::Index(self, index)
    }

    /// Whether a `$ref` led here, so that other operations may come here as well.
    pub(crate) fn is_shared(&self) -> bool {
        match self {
            Place::At(start) => !start.is_empty(),
            Place::Key(parent, _) | Place::Index(parent, _) => parent.is_shared(),
        }
    }

    /// The JSON pointer (RFC 6901).
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        self.write(&mut pointer);
        pointer
    }

    fn write(&self, pointer: &mut String) {
        match self {
            Place::At(start) => pointer.push_str(start),
            Place::Key(parent, key) => {
                parent.write(pointer);
                push_token(pointer, key);
            }
            Place::Index(parent, index) => {
                parent.write(pointer);
                push_token(pointer, &index.to_string());
            }
        }
    }
}

/// Pointers are for people: a key longer than this is cut, lest one hostile key
/// is repeated in every diagnostic below it.
const MAX_TOKEN: usize = 300;

/// Appends one escaped reference token (RFC 6901 §3).
pub(crate) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for letter in token.chars().take(MAX_TOKEN) {
        match letter {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The start of a text, for a sentence.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A pointer in brackets, for a sentence about a syntax error.
pub(crate) fn in_brackets(pointer: &str) -> String {
    let length = pointer.chars().count();
    match length.checked_sub(120) {
        _ if pointer.is_empty() => String::new(),
        None => format!(" (in {pointer})"),
        Some(cut) => format!(" (in …{})", pointer.chars().skip(cut).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_escaped() {
        let root = Place::ROOT;
        let paths = root.key("paths");
        let path = paths.key("/a~b/{c}");
        assert_eq!(path.index(3).pointer(), "/paths/~1a~0b~1{c}/3");
        assert_eq!(root.pointer(), "");
    }
}

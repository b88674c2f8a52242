//! `multipart/form-data` (RFC 7578) in pieces: whoever sends puts the content of
//! each part between them, so that large modules need not be copied.

/// Content type of an ES module.
pub const JAVASCRIPT_MODULE: &str = "application/javascript+module";

/// A form whose parts are written one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multipart {
    boundary: String,
    parts: usize,
}

impl Multipart {
    /// `random` keeps the boundary out of every part's content: 128 random bits
    /// that nobody who writes the content knows.
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        let random = u128::from_be_bytes(random);
        Self {
            boundary: format!("mcpengine-{random:032x}"),
            parts: 0,
        }
    }

    /// Of the request.
    #[must_use]
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// What stands before a field's content.
    #[must_use]
    pub fn field(&mut self, name: &str, content_type: &str) -> String {
        self.head(&format!("name=\"{}\"", escaped(name)), content_type)
    }

    /// What stands before a file's content. Its file name is the part's own.
    #[must_use]
    pub fn file(&mut self, name: &str, content_type: &str) -> String {
        let name = escaped(name);
        self.head(
            &format!("name=\"{name}\"; filename=\"{name}\""),
            content_type,
        )
    }

    fn head(&mut self, names: &str, content_type: &str) -> String {
        let before = if self.parts == 0 { "" } else { "\r\n" };
        self.parts += 1;
        format!(
            "{before}--{}\r\nContent-Disposition: form-data; {names}\r\n\
             Content-Type: {content_type}\r\n\r\n",
            self.boundary
        )
    }

    /// What stands after the last part's content.
    #[must_use]
    pub fn end(self) -> String {
        format!("\r\n--{}--\r\n", self.boundary)
    }
}

/// As browsers write names (HTML, "multipart form data", step for names).
fn escaped(name: &str) -> String {
    name.replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace('"', "%22")
}

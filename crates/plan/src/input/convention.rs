//! Parameters of which a vendor's convention says more than the document does.

use mcpengine_openapi::{Location, Node, Operation, Parameter};

use crate::schema::{Definitions, Direction, Together, View, hides};
use crate::words::split;

/// Google's system parameters
/// (<https://cloud.google.com/apis/docs/system-parameters>): every operation of a
/// document lists them all. They hold credentials or say how the answer is wrapped,
/// which the server sees to. `fields` and `alt` stay: they choose what is answered.
const GOOGLE: [&str; 10] = [
    "$.xgafv",
    "access_token",
    "callback",
    "key",
    "oauth_token",
    "prettyPrint",
    "quotaUser",
    "upload_protocol",
    "uploadType",
    "userIp",
];
/// Who has these three has the others.
const GOOGLE_MARKS: [&str; 3] = ["oauth_token", "prettyPrint", "quotaUser"];

/// What a signature of AWS consists of
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv4.html>): nothing
/// that a model could compute.
const AWS: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Content-Sha256",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];
const AWS_MARKS: [&str; 3] = ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders"];

/// What is known of the parameters of one operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conventions<'a> {
    is_google: bool,
    is_aws: bool,
    /// `info.version`.
    version: &'a str,
}

impl<'a> Conventions<'a> {
    pub(super) fn of(operation: &Operation<'_>, version: &'a str) -> Self {
        let has_all = |marks: &[&str], location: Location| {
            marks.iter().all(|mark| {
                let mut parameters = operation.parameters.iter();
                parameters.any(|it| it.location == location && it.name == *mark)
            })
        };
        Self {
            is_google: has_all(&GOOGLE_MARKS, Location::Query),
            is_aws: has_all(&AWS_MARKS, Location::Header),
            version,
        }
    }

    /// Whether a parameter is none of the caller's business.
    pub(super) fn sees_to(&self, parameter: &Parameter<'_>) -> bool {
        !parameter.required
            && match parameter.location {
                Location::Query => {
                    (self.is_google && GOOGLE.contains(&parameter.name)) || is_padding(parameter)
                }
                Location::Header => self.is_aws && AWS.contains(&parameter.name),
                Location::Path | Location::Cookie => false,
            }
    }

    /// The value that a parameter has where nobody gives one. Azure's descriptions
    /// are of one `api-version`, and name it as the document's own version
    /// (<https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md>).
    pub(super) fn default(
        &self,
        parameter: &Parameter<'a>,
        definitions: &Definitions<'a>,
    ) -> Option<&'a str> {
        if parameter.name != "api-version"
            || parameter.location != Location::Query
            || !parameter.required
            || !is_dated(self.version)
        {
            return None;
        }
        let view = View::new(&parameter.schema, definitions);
        let is_open = ["default", "enum", "const"]
            .iter()
            .all(|keyword| view.get(keyword).is_none());
        (is_open && super::body::is_text(&view)).then_some(self.version)
    }
}

/// The value of a header that tells the API its version, such as `Intercom-Version` and
/// Klaviyo's `revision`, where the document has a default: what it describes is that
/// version.
pub(super) fn fixed<'a>(
    parameter: &Parameter<'a>,
    definitions: &Definitions<'a>,
) -> Option<&'a str> {
    if parameter.location != Location::Header || !names_version(parameter.name) {
        return None;
    }
    let view = View::new(&parameter.schema, definitions);
    view.text("default").filter(|value| is_version(value))
}

/// Whether all fields of a value are `readOnly`: the generator of the document wrote down
/// the class of what is one text in a request, as .NET's `Version`.
pub(super) fn is_only_answered<'a>(schema: &Node<'a>, definitions: &Definitions<'a>) -> bool {
    let view = View::new(schema, definitions);
    if !view.has_properties() {
        return false;
    }
    let fields = view.properties(definitions);
    let is_hidden = |fields: &Together<'a>| hides(Direction::Input, fields.view(definitions));
    !fields.is_empty() && fields.iter().all(|(_, schemas)| is_hidden(schemas))
}

/// Whether a header is the version of an API, and not that of a thing (`If-Version`).
fn names_version(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if name.len() > 60 || !name.bytes().all(is_token) {
        return false;
    }
    let words = split(name);
    let of_thing = [
        "if", "resource", "entity", "object", "document", "client", "app",
    ];
    let names = |word: &String| word == "version" || word == "revision";
    words.last().is_some_and(names) && !words.iter().any(|word| of_thing.contains(&word.as_str()))
}

/// `2.11`, `v2`, `2026-07-15.pre`.
fn is_version(value: &str) -> bool {
    let digits = value.strip_prefix('v').unwrap_or(value);
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    value.len() <= 40
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && value.bytes().all(is_part)
}

/// Whether a parameter asks for JSONP: a script in place of the JSON that the server
/// reads.
fn is_padding(parameter: &Parameter<'_>) -> bool {
    let is_mark = |c: char| !c.is_ascii_alphanumeric() && c != '-';
    matches!(parameter.name, "callback" | "jsonp")
        && parameter.description.is_some_and(|text| {
            let text = text.to_ascii_lowercase();
            let mut words = text.split(is_mark);
            text.contains("jsonp") || words.any(|word| word.trim_matches('-') == "json-p")
        })
}

/// `2019-05-06` or `2021-10-01-preview`.
fn is_dated(version: &str) -> bool {
    let bytes = version.as_bytes();
    let is_date = bytes.len() >= 10
        && bytes.iter().take(10).enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                *byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    is_date
        && bytes.len() <= 40
        && bytes
            .iter()
            .skip(10)
            .enumerate()
            .all(|(at, byte)| match at {
                0 => *byte == b'-',
                _ => byte.is_ascii_alphanumeric() || b".-".contains(byte),
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_the_version_of_an_api() {
        for (name, value, expected) in [
            ("Intercom-Version", "2.11", true),
            ("revision", "2026-07-15", true),
            ("X-GitHub-Api-Version", "2022-11-28", true),
            ("Notion-Version", "2025-09-03.pre", true),
            ("Accept-Version", "v2", true),
            ("If-Version", "1", false),
            ("X-Resource-Version", "1", false),
            ("X-Version-Id", "1", false),
            ("Api-Version", "latest", false),
            ("Api-Version", "1\r\nX: y", false),
            ("Api Version", "1", false),
        ] {
            let found = names_version(name) && is_version(value);
            assert_eq!(found, expected, "{name} {value:?}");
        }
    }

    #[test]
    fn dates_are_versions_and_numbers_are_not() {
        for (version, expected) in [
            ("2019-05-06", true),
            ("2021-10-01-preview", true),
            ("2021-10-01-preview.2", true),
            ("2021-10-01preview", false),
            ("2021-10", false),
            ("1.0.0", false),
            ("", false),
            ("2021-10-01 \"x\"", false),
        ] {
            assert_eq!(is_dated(version), expected, "{version}");
        }
    }
}

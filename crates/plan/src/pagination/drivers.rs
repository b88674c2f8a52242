//! The inputs that drive the paging, by their names, types and descriptions.

use mcpengine_openapi::{Operation, Parameter};

use crate::schema::{Definitions, View};
use crate::words::split;
use crate::{BodyBinding, BodyShape, ParamLocation, ParameterBinding, convert};

/// Names that are cursors whatever else is there.
const CURSORS: [&str; 27] = [
    "cursor",
    "page cursor",
    "next cursor",
    "start cursor",
    "after cursor",
    "cursor mark",
    "starting after",
    "page after",
    "page token",
    "next page token",
    "next token",
    "continuation token",
    "pagination token",
    "next page",
    "next marker",
    "page marker",
    "page info",
    "page state",
    "page key",
    "skip token",
    "scroll id",
    "search after",
    "stream position",
    "exclusive start key",
    "bookmark",
    "pagetoken",
    "page cursor after",
];

/// Names that are cursors where the document speaks of pages or answers with one.
const PERHAPS_CURSORS: [&str; 11] = [
    "after",
    "after id",
    "marker",
    "next",
    "token",
    "continuation",
    "start key",
    "last id",
    "position",
    "start",
    "iterator",
];

const PAGES: [&str; 10] = [
    "page",
    "page number",
    "page no",
    "page num",
    "page index",
    "current page",
    "pagenumber",
    "page nr",
    "page id",
    "paging page",
];

const OFFSETS: [&str; 15] = [
    "offset",
    "page offset",
    "skip",
    "start",
    "start at",
    "start index",
    "start position",
    "start item",
    "start row",
    "first result",
    "from index",
    "row offset",
    "starting index",
    "index start",
    "from",
];

const SIZES: [&str; 25] = [
    "limit",
    "per page",
    "perpage",
    "page size",
    "pagesize",
    "page limit",
    "max results",
    "max page size",
    "max items",
    "max count",
    "results per page",
    "items per page",
    "page count",
    "count",
    "size",
    "take",
    "top",
    "first",
    "rows",
    "num results",
    "max",
    "page length",
    "page max",
    "batch size",
    "records per page",
];

/// One input that drives the paging.
#[derive(Debug, Clone)]
pub(super) struct Driver {
    /// Of the tool's input.
    pub(super) property: String,
    /// The words of its name on the wire.
    pub(super) words: String,
    /// It holds a text, not a number.
    pub(super) is_text: bool,
    /// Its name alone says that it is a cursor.
    pub(super) is_certain: bool,
    /// Its description speaks of pages.
    pub(super) speaks_of_pages: bool,
    description: String,
}

impl Driver {
    /// Whether its value is the id of the last item that was seen.
    pub(super) fn is_id_of_last(&self) -> bool {
        ["starting after", "after id", "last id"].contains(&self.words.as_str())
            || (self.words.contains("after")
                && split(&self.description).iter().any(|word| word == "id"))
    }
}

/// What was found among an operation's inputs: at most one of each kind.
#[derive(Debug, Default)]
pub(super) struct Drivers {
    pub(super) cursor: Option<Driver>,
    pub(super) page: Option<Driver>,
    pub(super) offset: Option<Driver>,
    pub(super) size: Option<Driver>,
}

impl Drivers {
    pub(super) fn of<'a>(
        operation: &'a Operation<'_>,
        parameters: &[ParameterBinding],
        body: Option<&BodyBinding>,
        definitions: &Definitions<'a>,
    ) -> Self {
        let mut found = Self::default();
        let queries = parameters.iter().filter(|binding| {
            matches!(
                binding.location,
                ParamLocation::Query | ParamLocation::Header
            )
        });
        for binding in queries {
            let is_source = |parameter: &&Parameter<'_>| {
                parameter.name == binding.name
                    && convert::location(parameter.location) == binding.location
            };
            let source = operation.parameters.iter().find(is_source);
            found.consider(&binding.property, &binding.name, source, definitions);
        }
        if let Some(BodyShape::Properties { properties }) = body.map(|body| &body.shape) {
            for binding in properties {
                found.consider(&binding.property, &binding.name, None, definitions);
            }
        }
        found
    }

    pub(super) fn are_none(&self) -> bool {
        self.cursor.is_none() && self.page.is_none() && self.offset.is_none() && self.size.is_none()
    }

    fn consider<'a>(
        &mut self,
        property: &str,
        name: &str,
        source: Option<&'a Parameter<'_>>,
        definitions: &Definitions<'a>,
    ) {
        let mut words = split(name);
        words.retain(|word| word != "query" && word != "filter");
        let words = words.join(" ");
        let one_of = |names: &[&str]| names.contains(&words.as_str());
        let is_certain = one_of(&CURSORS);
        let is_cursor = is_certain || one_of(&PERHAPS_CURSORS);
        if !(is_cursor || one_of(&PAGES) || one_of(&OFFSETS) || one_of(&SIZES)) {
            return;
        }
        let view = source.map(|parameter| View::new(&parameter.schema, definitions));
        let types = view.as_ref().map(View::types).unwrap_or_default();
        let description = source
            .and_then(|parameter| parameter.description)
            .unwrap_or_default();
        let is_time = view
            .and_then(|view| view.text("format"))
            .is_some_and(|format| format.starts_with("date"));
        // A deep object, a list of pages or a time is something else.
        if types
            .iter()
            .any(|name| ["object", "array", "boolean"].contains(name))
            || is_time
            || tells_time(description)
        {
            return;
        }
        let is_text = types.contains(&"string");
        // A number is a number, also where the document has it as a text.
        let is_page_number = !is_certain && counts_pages(description);
        let driver = Driver {
            property: property.to_owned(),
            is_text,
            is_certain,
            speaks_of_pages: speaks_of_pages(description),
            description: description.chars().take(400).collect(),
            words: words.clone(),
        };
        let better = |known: &Option<Driver>| known.as_ref().is_none_or(|known| !known.is_certain);
        if is_certain && better(&self.cursor) {
            self.cursor = Some(driver);
        } else if (one_of(&PAGES) || is_page_number) && self.page.is_none() {
            self.page = Some(driver);
        } else if one_of(&OFFSETS) && self.offset.is_none() && (!is_text || words == "offset") {
            self.offset = Some(driver);
        } else if one_of(&SIZES) && !is_text && self.size.is_none() {
            self.size = Some(driver);
        } else if is_cursor && self.cursor.is_none() {
            self.cursor = Some(driver);
        }
    }
}

/// Whether a description is about times and not about pages.
fn tells_time(description: &str) -> bool {
    let head: String = description.chars().take(400).collect();
    let tells = split(&head)
        .iter()
        .any(|word| ["date", "datetime", "timestamp", "time", "iso"].contains(&word.as_str()));
    tells && !speaks_of_pages(description)
}

/// Whether a description begins with `Page number`.
fn counts_pages(description: &str) -> bool {
    let head: String = description.chars().take(40).collect();
    let words = split(&head);
    let mut words = words
        .iter()
        .map(String::as_str)
        .filter(|word| *word != "the");
    words.next() == Some("page") && matches!(words.next(), Some("number" | "index"))
}

/// Whether a description is about paging, as that of a cursor is.
fn speaks_of_pages(description: &str) -> bool {
    let head: String = description.chars().take(400).collect();
    split(&head).iter().any(|word| {
        [
            "cursor",
            "cursors",
            "page",
            "pages",
            "pagination",
            "paginate",
            "paging",
            "paginated",
        ]
        .contains(&word.as_str())
    })
}

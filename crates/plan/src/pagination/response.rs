//! What an answer says of the pages: its items, what comes next, how much there is.

use mcpengine_openapi::Response;

use crate::output;
use crate::schema::{Definitions, View};
use crate::words::split;

/// Properties that are looked at in all.
pub(super) const MOST_PROPERTIES: usize = 400;
pub(super) const MOST_DEPTH: usize = 3;

/// Objects that hold an answer's paging, by their words.
pub(super) const CONTAINERS: [&str; 25] = [
    "next page",
    "cursor pagination",
    "cursor info",
    "meta",
    "metadata",
    "paging",
    "pagination",
    "page",
    "page info",
    "pages",
    "links",
    "cursor",
    "cursors",
    "next",
    "response metadata",
    "result info",
    "search metadata",
    "pagination info",
    "page metadata",
    "list metadata",
    "paginator",
    "resultset",
    "summary",
    "info",
    "odata",
];

/// Objects that an answer may be wrapped in.
const WRAPPERS: [&str; 8] = [
    "data", "result", "results", "response", "payload", "embedded", "body", "list",
];

/// A property of the answer, or of an object in it.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) path: Vec<String>,
    /// Of its name, and of the object that it is in.
    pub(super) words: String,
    pub(super) parent: String,
    pub(super) types: Vec<&'static str>,
    pub(super) is_address: bool,
    /// The property of an array's items that is their id; `None` of what is
    /// no array of objects.
    pub(super) item_id: Option<Option<String>>,
}

/// What was found in an answer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) leaves: Vec<Leaf>,
    pub(super) items: Option<Vec<String>>,
    /// The property of an item that is its id.
    pub(super) item_id: Option<String>,
    pub(super) more: Option<Vec<String>>,
    pub(super) total: Option<Vec<String>>,
}

impl Answer {
    pub(super) fn of<'a>(
        response: Option<&'a Response<'_>>,
        definitions: &Definitions<'a>,
    ) -> Self {
        let media = response.and_then(output::json);
        let Some(schema) = media.and_then(|media| media.schema.as_ref()) else {
            return Self::default();
        };
        let view = View::new(schema, definitions);
        let mut answer = Self::default();
        if view.types().as_slice() == ["array"] {
            answer.items = Some(Vec::new());
            answer.item_id = item_id(&view, definitions).flatten();
            return answer;
        }
        answer.walk(&view, &[], definitions);
        if let Some(example) = media.and_then(|media| media.example.as_ref()) {
            answer.walk_example(example, &[]);
        }
        answer.find_items();
        answer.more = answer.path_of(is_more);
        answer.total = answer.path_of(|leaf| is_total(leaf, 0)).or_else(|| {
            // `count` counts everything where it stands beside `next`.
            let has_next = answer
                .leaves
                .iter()
                .any(|leaf| leaf.words == "next" || leaf.words == "next page");
            answer.path_of(|leaf| has_next && is_total(leaf, 1))
        });
        answer
    }

    fn walk<'a>(&mut self, view: &View<'a>, path: &[String], definitions: &Definitions<'a>) {
        let parent = path.last().map(|name| words(name)).unwrap_or_default();
        for (name, schemas) in view.properties(definitions).iter() {
            if self.leaves.len() >= MOST_PROPERTIES {
                return;
            }
            let property = schemas.view(definitions);
            let types = property.types();
            let words = words(name);
            let mut own = path.to_vec();
            own.push((*name).to_owned());
            let is_object = types.as_slice() == ["object"];
            let is_open = CONTAINERS.contains(&words.as_str())
                || (path.is_empty() && WRAPPERS.contains(&words.as_str()));
            self.leaves.push(Leaf {
                path: own.clone(),
                is_address: is_address(property, &words),
                item_id: (types.as_slice() == ["array"])
                    .then(|| item_id(property, definitions))
                    .flatten(),
                words,
                parent: parent.clone(),
                types: types.to_vec(),
            });
            if is_object && is_open && own.len() < MOST_DEPTH {
                self.walk(property, &own, definitions);
            }
        }
    }

    /// The one list that the answer is about: by its name, else the only one.
    fn find_items(&mut self) {
        const NAMES: [&str; 9] = [
            "data", "items", "results", "values", "records", "value", "entries", "list", "rows",
        ];
        let lists: Vec<&Leaf> = self
            .leaves
            .iter()
            .filter(|leaf| leaf.types == ["array"] && !CONTAINERS.contains(&leaf.words.as_str()))
            .collect();
        let shallowest = lists.iter().map(|leaf| leaf.path.len()).min();
        let near: Vec<&&Leaf> = lists
            .iter()
            .filter(|leaf| Some(leaf.path.len()) == shallowest)
            .collect();
        let named = |leaf: &&&&Leaf| NAMES.contains(&leaf.words.as_str());
        let objects: Vec<&&Leaf> = near
            .iter()
            .copied()
            .filter(|leaf| leaf.item_id.is_some())
            .collect();
        let chosen = near
            .iter()
            .find(named)
            .copied()
            .or_else(|| objects.first().copied().filter(|_| objects.len() == 1))
            .or_else(|| near.first().copied().filter(|_| near.len() == 1));
        let found = chosen.map(|leaf| (leaf.path.clone(), leaf.item_id.clone().flatten()));
        if let Some((path, id)) = found {
            self.items = Some(path);
            self.item_id = id;
        }
    }

    fn path_of(&self, is: impl Fn(&Leaf) -> bool) -> Option<Vec<String>> {
        // The nearest to the root, the first of those.
        self.leaves
            .iter()
            .filter(|leaf| is(leaf))
            .min_by_key(|leaf| leaf.path.len())
            .map(|leaf| leaf.path.clone())
    }

    /// Whether anything in the answer is about pages.
    pub(super) fn is_paged(&self) -> bool {
        self.more.is_some()
            || self.total.is_some()
            || self.next_link().is_some()
            || self.has_cursor("")
    }

    /// Whether the answer gives what `driver` takes.
    pub(super) fn has_cursor(&self, driver: &str) -> bool {
        self.leaves
            .iter()
            .any(|leaf| is_cursor(leaf) || is_same(leaf, driver))
    }

    /// Whether the answer gives a text that such a driver takes.
    pub(super) fn has_text_for(&self, driver: &str) -> bool {
        let is_text = |leaf: &Leaf| is_next(leaf) && !leaf.is_address && leaf.types == ["string"];
        self.has_cursor(driver) || self.leaves.iter().any(is_text)
    }

    /// Whether the answer has what is plainly the address of the next page.
    pub(super) fn has_address(&self) -> bool {
        self.leaves.iter().any(is_link)
    }

    /// Where the next position is: a cursor by its name, the driver's own name, or what
    /// comes next and is no address.
    pub(super) fn next_cursor(&self, driver: Option<&str>) -> Option<Vec<String>> {
        let driver = driver.unwrap_or_default();
        self.path_of(is_cursor)
            .or_else(|| self.path_of(|leaf| is_same(leaf, driver)))
            .or_else(|| self.path_of(|leaf| is_next(leaf) && !leaf.is_address && !is_link(leaf)))
    }

    /// Where the address of the next page is.
    pub(super) fn next_link(&self) -> Option<Vec<String>> {
        self.path_of(is_link).or_else(|| self.path_of(is_next))
    }
}

pub(super) fn words(name: &str) -> String {
    let mut words = split(name);
    words.retain(|word| word != "odata");
    words.join(" ")
}

/// Whether a property is an address, by its format or the first words that are said of
/// it: `Link to next page of results`.
fn is_address(property: &View<'_>, words: &str) -> bool {
    let format = property.text("format").unwrap_or_default();
    if format.starts_with("ur") || !words.starts_with("next") {
        return format.starts_with("ur");
    }
    let told = property.text("description").unwrap_or_default();
    let head: String = told.chars().take(120).collect();
    let mut words = split(&head).into_iter().take(6);
    words.any(|word| ["url", "uri", "link", "href", "address"].contains(&word.as_str()))
}

fn is_scalar(leaf: &Leaf) -> bool {
    !leaf
        .types
        .iter()
        .any(|name| ["object", "array", "boolean"].contains(name))
}

fn is_in_container(leaf: &Leaf) -> bool {
    CONTAINERS.contains(&leaf.parent.as_str())
}

/// `next_cursor`, `nextPageToken`, `paging.next.after`, `cursors.after`.
fn is_cursor(leaf: &Leaf) -> bool {
    const ENDS: [&str; 10] = [
        "cursor", "token", "marker", "key", "bookmark", "position", "after", "info", "state", "id",
    ];
    const WHOLE: [&str; 8] = [
        "end cursor",
        "after cursor",
        "continuation token",
        "pagination token",
        "scroll id",
        "last evaluated key",
        "cursor next",
        "paging token",
    ];
    let text = leaf.words.as_str();
    let begins = text
        .strip_prefix("next ")
        .or_else(|| text.strip_prefix("nextpage "));
    let named = begins.is_some_and(|rest| ENDS.iter().any(|end| rest.ends_with(end)));
    let whole = WHOLE.contains(&text) || text == "nextpagetoken" || text == "nextcursor";
    let in_next = leaf.parent == "next" && (text == "after" || text == "cursor");
    let in_cursors = leaf.parent.starts_with("cursor") && (text == "after" || text == "next");
    is_scalar(leaf) && !leaf.is_address && (named || whole || in_next || in_cursors)
}

/// A property of the driver's own name: `cursor`, `offset`, `marker`.
fn is_same(leaf: &Leaf, driver: &str) -> bool {
    let near = leaf.path.len() == 1 || is_in_container(leaf);
    near && !driver.is_empty()
        && leaf.words == driver
        && leaf
            .types
            .iter()
            .all(|name| ["string", "null"].contains(name))
}

/// `next`, `next_page`, `meta.next`: a position or an address.
fn is_next(leaf: &Leaf) -> bool {
    let near = leaf.path.len() == 1 || is_in_container(leaf);
    near && is_scalar(leaf) && ["next", "next page", "nextpage"].contains(&leaf.words.as_str())
}

/// `next_url`, `nextLink`, `links.next`, `_links.next.href`.
fn is_link(leaf: &Leaf) -> bool {
    let text = leaf.words.as_str();
    let ends = ["url", "uri", "link", "href", "urls"];
    let named = text.starts_with("next") && ends.iter().any(|end| text.ends_with(end));
    let in_links = leaf.parent == "links" && (text == "next" || text == "next page");
    let href = leaf.parent == "next" && (text == "href" || text == "url");
    let address = leaf.is_address && is_next(leaf);
    is_scalar(leaf) && (named || in_links || href || address)
}

fn is_more(leaf: &Leaf) -> bool {
    const NAMES: [&str; 8] = [
        "has more",
        "has next",
        "has next page",
        "has more items",
        "has more results",
        "more records",
        "more",
        "more results available",
    ];
    let near =
        leaf.path.len() == 1 || is_in_container(leaf) || WRAPPERS.contains(&leaf.parent.as_str());
    let fits = leaf.types.is_empty() || leaf.types.contains(&"boolean");
    near && fits && NAMES.contains(&leaf.words.as_str())
}

/// `total`, `total_count`, `meta.totalItems`; at step 1 also `count`.
fn is_total(leaf: &Leaf, step: usize) -> bool {
    const NAMES: [&str; 13] = [
        "total",
        "total count",
        "total items",
        "total results",
        "total records",
        "total size",
        "total entries",
        "total elements",
        "total hits",
        "total rows",
        "total number",
        "result set size",
        "item count",
    ];
    let near =
        leaf.path.len() == 1 || is_in_container(leaf) || WRAPPERS.contains(&leaf.parent.as_str());
    let named = NAMES.contains(&leaf.words.as_str()) || (step == 1 && leaf.words == "count");
    near && named && is_scalar(leaf) && !leaf.types.contains(&"string")
}

/// What an array's items are called by, where they are objects.
fn item_id<'a>(array: &View<'a>, definitions: &Definitions<'a>) -> Option<Option<String>> {
    let items = View::new(array.get("items")?, definitions);
    let is_object = items.types().as_slice() == ["object"] || items.alternatives().is_some();
    is_object.then(|| {
        items
            .properties(definitions)
            .iter()
            .map(|(name, _)| name)
            .find(|name| **name == "id")
            .map(|name| (*name).to_owned())
    })
}

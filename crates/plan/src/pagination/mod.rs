//! Pagination: how a list is asked for page by page, and where its answer says
//! what comes next.
//!
//! Only what the document shows counts: a parameter that drives the paging, or
//! a link to the next page. A list that is merely long has no pagination.

mod drivers;
mod example;
mod response;
#[cfg(test)]
#[expect(
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    reason = "tables of shapes"
)]
mod tests;

use mcpengine_openapi::Operation;
use serde::{Deserialize, Serialize};

use crate::schema::Definitions;
use crate::{BodyBinding, ParameterBinding, output};
use drivers::{Driver, Drivers};
use response::Answer;

/// How a tool's list is asked for page by page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    pub style: PaginationStyle,
    /// Property of the input that says where the page starts. Absent where only
    /// links lead on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Property of the input that says how long a page is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Where the API's answer has the next position, or the address of the next
    /// page: names of properties, outermost first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Vec<String>>,
    /// Property of the last item whose value is the next position, where the
    /// answer has no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_item: Option<String>,
    /// Where the answer says whether there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<Vec<String>>,
    /// Where the answer says how many items there are in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Vec<String>>,
    /// Where the answer has its items; empty where it is the list itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PaginationStyle {
    /// The answer names the next position.
    Cursor,
    /// Pages have numbers.
    Page,
    /// Items are skipped.
    Offset,
    /// The answer has the address of the next page, in a `Link` header
    /// (RFC 8288) or in itself.
    Link,
}

impl PaginationStyle {
    /// The name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Page => "page",
            Self::Offset => "offset",
            Self::Link => "link",
        }
    }
}

/// The pagination of an operation that reads, where the document shows one.
pub(crate) fn plan<'a>(
    operation: &'a Operation<'_>,
    parameters: &[ParameterBinding],
    body: Option<&BodyBinding>,
    definitions: &Definitions<'a>,
) -> Option<Pagination> {
    let response = output::success(operation);
    let drivers = Drivers::of(operation, parameters, body, definitions);
    let is_list = !operation.path.trim_end_matches('/').ends_with('}');
    // Most other operations read one thing, and need no look at their answer.
    if drivers.are_none() && !is_list {
        return None;
    }
    let has_link = response.is_some_and(|response| {
        let mut names = response.headers.iter().map(|(name, _)| name);
        names.any(|name| name.eq_ignore_ascii_case("link"))
    });
    let answer = Answer::of(response, definitions);
    let (style, driver) = style(&drivers, &answer, has_link)?;
    let (style, next) = match style {
        PaginationStyle::Cursor => {
            let words = driver.map(|driver| driver.words.as_str());
            match (answer.next_cursor(words), answer.next_link()) {
                // The address of the next page holds the position.
                (None, Some(next)) => (PaginationStyle::Link, Some(next)),
                (next, _) => (style, next),
            }
        }
        PaginationStyle::Link if has_link => (style, None),
        _ => (style, answer.next_link()),
    };
    let goes_by_id = driver.is_some_and(|driver| {
        style == PaginationStyle::Cursor && next.is_none() && driver.is_id_of_last()
    });
    Some(Pagination {
        style,
        position: driver.map(|driver| driver.property.clone()),
        size: drivers.size.as_ref().map(|driver| driver.property.clone()),
        last_item: answer.item_id.filter(|_| goes_by_id),
        next,
        more: answer.more,
        total: answer.total,
        items: answer.items,
    })
}

/// Which style it is, and what drives it.
fn style<'d>(
    drivers: &'d Drivers,
    answer: &Answer,
    has_link: bool,
) -> Option<(PaginationStyle, Option<&'d Driver>)> {
    // A `page` alone may be that of a book.
    let pages = drivers.size.is_some() || answer.is_paged() || answer.items.is_some();
    let cursor = drivers.cursor.as_ref().filter(|driver| {
        let beside_size = driver.words == "after" && drivers.size.is_some();
        let named = driver.is_certain || driver.speaks_of_pages || beside_size;
        pages && (named || answer.has_cursor(&driver.words))
    });
    let page = drivers.page.as_ref().filter(|_| pages);
    let offset = drivers.offset.as_ref().filter(|_| pages);
    // A `page` or an `offset` may be a text that the answer before has given.
    let mut numbers = page.into_iter().chain(offset);
    let opaque = numbers.find(|driver| driver.is_text && answer.has_text_for(&driver.words));
    let offset = offset.filter(|driver| !driver.is_text);
    let (style, driver) = match (cursor.or(opaque), page, offset) {
        (Some(driver), ..) => (PaginationStyle::Cursor, Some(driver)),
        (_, Some(driver), _) => (PaginationStyle::Page, Some(driver)),
        (_, _, Some(driver)) => (PaginationStyle::Offset, Some(driver)),
        _ => {
            let leads_on = answer.items.is_some() && (has_link || answer.has_address());
            return leads_on.then_some((PaginationStyle::Link, None));
        }
    };
    Some((
        if has_link {
            PaginationStyle::Link
        } else {
            style
        },
        driver,
    ))
}

use mcpengine_openapi::{Location, MediaType, Method, Operation};
use serde_json::{Value, json};

use crate::fixtures::{api, node, operation, parameter, response};
use crate::{PlanOptions, plan};

/// A reading operation with query parameters (`name: type`, `name: type: what
/// it is for`), the schema of its answer, and the headers of that.
fn list(parameters: &[&str], answer: Value, headers: &[&str]) -> Operation<'static> {
    let mut list = operation(Method::Get, "/things", Some("listThings"));
    for written in parameters {
        let mut parts = written.split(": ");
        let (name, kind) = (parts.next().unwrap(), parts.next().unwrap());
        let mut parameter = parameter(name, Location::Query, &json!({"type": kind}));
        parameter.description = parts.next().map(crate::fixtures::text);
        list.parameters.push(parameter);
    }
    let media = MediaType {
        media_type: "application/json",
        schema: (!answer.is_null()).then(|| node(&answer)),
        encoding: &[],
        example: None,
    };
    let mut ok = response("200", vec![media]);
    let headers: Vec<(&'static str, Option<&'static str>)> = headers
        .iter()
        .map(|header| (crate::fixtures::text(header), None))
        .collect();
    ok.headers = headers.leak();
    list.responses = vec![ok];
    list
}

fn found(operation: Operation<'static>) -> Value {
    let (plan, _) = plan(&api(vec![operation]), &PlanOptions::default());
    serde_json::to_value(&plan.tools[0].pagination).unwrap()
}

/// A list of objects with an id.
fn things() -> Value {
    json!({"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}})
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn address() -> Value {
    json!({"type": "string", "format": "uri"})
}

fn whole() -> Value {
    json!({"type": "integer"})
}

#[test]
fn cursors_are_found_in_the_shapes_that_apis_have() {
    for (shape, operation, expected) in [
        (
            "Stripe: the id of the last item",
            list(
                &[
                    "ending_before: string",
                    "limit: integer",
                    "starting_after: string",
                ],
                object(json!({"data": things(), "has_more": {"type": "boolean"}, "url": text()})),
                &[],
            ),
            json!({"style": "cursor", "position": "starting_after", "size": "limit",
                "lastItem": "id", "more": ["has_more"], "items": ["data"]}),
        ),
        (
            "Slack: in the metadata of the answer",
            list(
                &["cursor: string", "limit: integer", "types: string"],
                object(json!({"ok": {"type": "boolean"}, "channels": things(),
                    "response_metadata": object(json!({"next_cursor": text()}))})),
                &[],
            ),
            json!({"style": "cursor", "position": "cursor", "size": "limit",
                "next": ["response_metadata", "next_cursor"], "items": ["channels"]}),
        ),
        (
            "BigCommerce: beside other pages",
            list(
                &["after: string", "limit: integer"],
                object(json!({"data": things(), "meta": object(json!({
                    "cursor_pagination": object(json!({"end_cursor": text()}))}))})),
                &[],
            ),
            json!({"style": "cursor", "position": "after", "size": "limit",
                "next": ["meta", "cursor_pagination", "end_cursor"], "items": ["data"]}),
        ),
        (
            "Google",
            list(
                &["pageSize: integer", "pageToken: string", "orderBy: string"],
                object(json!({"nextPageToken": text(), "files": things(), "kind": text()})),
                &[],
            ),
            json!({"style": "cursor", "position": "pageToken", "size": "pageSize",
                "next": ["nextPageToken"], "items": ["files"]}),
        ),
        (
            "Twilio: a token in the address of the next page",
            list(
                &["PageSize: integer", "Page: integer", "PageToken: string"],
                object(
                    json!({"calls": things(), "end": whole(), "first_page_uri": address(),
                    "next_page_uri": address(), "page": whole()}),
                ),
                &[],
            ),
            json!({"style": "link", "position": "PageToken", "size": "PageSize",
                "next": ["next_page_uri"], "items": ["calls"]}),
        ),
        (
            "Klaviyo: the address in the links",
            list(
                &["page[cursor]: string"],
                object(json!({"data": things(), "links": object(json!({"next": text()}))})),
                &[],
            ),
            json!({"style": "link", "position": "page_cursor", "next": ["links", "next"],
                "items": ["data"]}),
        ),
        (
            "Front: an address by what is said of it",
            list(
                &["limit: integer", "page_token: string"],
                object(json!({"_results": things(), "_pagination": object(json!({
                    "next": {"type": "string", "description": "Link to next page of results"}}))})),
                &[],
            ),
            json!({"style": "link", "position": "page_token", "size": "limit",
                "next": ["_pagination", "next"], "items": ["_results"]}),
        ),
        (
            "ShipBob: what comes next is no address",
            list(
                &["Cursor: string", "PageSize: integer"],
                object(json!({"items": things(), "next": text()})),
                &[],
            ),
            json!({"style": "cursor", "position": "Cursor", "size": "PageSize",
                "next": ["next"], "items": ["items"]}),
        ),
        (
            "Svix: an iterator goes in and out",
            list(
                &["limit: integer", "iterator: string"],
                object(json!({"data": things(), "done": {"type": "boolean"},
                    "iterator": {"type": ["string", "null"]}})),
                &[],
            ),
            json!({"style": "cursor", "position": "iterator", "size": "limit",
                "next": ["iterator"], "items": ["data"]}),
        ),
        (
            "Marketcheck: the number of a page as a text",
            list(
                &[
                    "start: string: Page number to fetch the results for",
                    "rows: integer",
                ],
                object(json!({"num_found": whole(), "listings": things()})),
                &[],
            ),
            json!({"style": "page", "position": "start", "size": "rows", "items": ["listings"]}),
        ),
        (
            "HubSpot",
            list(
                &["limit: integer", "after: string"],
                object(json!({"results": things(), "paging": object(json!({
                    "next": object(json!({"after": text(), "link": text()}))}))})),
                &[],
            ),
            json!({"style": "cursor", "position": "after", "size": "limit",
                "next": ["paging", "next", "after"], "items": ["results"]}),
        ),
        (
            "Zendesk, by cursor",
            list(
                &["page[size]: integer", "page[after]: string"],
                object(json!({"tickets": things(),
                    "meta": object(json!({"has_more": {"type": "boolean"}, "after_cursor": text()})),
                    "links": object(json!({"next": address()}))})),
                &[],
            ),
            json!({"style": "cursor", "position": "page_after", "size": "page_size",
                "next": ["meta", "after_cursor"], "more": ["meta", "has_more"], "items": ["tickets"]}),
        ),
        (
            "Asana: an offset that is a text",
            list(
                &["limit: integer", "offset: string"],
                object(
                    json!({"data": things(), "next_page": object(json!({"offset": text(), "uri": address()}))}),
                ),
                &[],
            ),
            json!({"style": "cursor", "position": "offset", "size": "limit",
                "next": ["next_page", "offset"], "items": ["data"]}),
        ),
        (
            "a search whose `page` is a text",
            list(
                &["query: string", "page: string", "limit: integer"],
                object(json!({"data": things(), "next_page": text()})),
                &[],
            ),
            json!({"style": "cursor", "position": "page", "size": "limit",
                "next": ["next_page"], "items": ["data"]}),
        ),
        (
            "no schema, but the name says all",
            list(&["cursor: string", "limit: integer"], Value::Null, &[]),
            json!({"style": "cursor", "position": "cursor", "size": "limit"}),
        ),
    ] {
        assert_eq!(found(operation), expected, "{shape}");
    }
}

#[test]
fn pages_offsets_and_links_are_found() {
    for (shape, operation, expected) in [
        (
            "GitHub",
            list(&["per_page: integer", "page: integer"], things(), &["Link"]),
            json!({"style": "link", "position": "page", "size": "per_page", "items": []}),
        ),
        (
            "Shopify",
            list(
                &["limit: integer", "page_info: string"],
                object(json!({"products": things()})),
                &["link"],
            ),
            json!({"style": "link", "position": "page_info", "size": "limit", "items": ["products"]}),
        ),
        (
            "a link alone",
            list(&[], things(), &["Link"]),
            json!({"style": "link", "items": []}),
        ),
        (
            "JSON:API without parameters",
            list(
                &[],
                object(json!({"data": things(), "links": object(json!({"next": text()}))})),
                &[],
            ),
            json!({"style": "link", "next": ["links", "next"], "items": ["data"]}),
        ),
        (
            "Zendesk, by page",
            list(
                &["page: integer", "per_page: integer"],
                object(
                    json!({"tickets": things(), "count": whole(), "next_page": address(),
                    "previous_page": address()}),
                ),
                &[],
            ),
            json!({"style": "page", "position": "page", "size": "per_page",
                "next": ["next_page"], "total": ["count"], "items": ["tickets"]}),
        ),
        (
            "Jira",
            list(
                &["startAt: integer", "maxResults: integer"],
                object(
                    json!({"startAt": whole(), "maxResults": whole(), "total": whole(), "issues": things()}),
                ),
                &[],
            ),
            json!({"style": "offset", "position": "startAt", "size": "maxResults",
                "total": ["total"], "items": ["issues"]}),
        ),
        (
            "OData",
            list(
                &["$top: integer", "$skip: integer"],
                object(
                    json!({"@odata.nextLink": text(), "@odata.count": whole(), "value": things()}),
                ),
                &[],
            ),
            json!({"style": "offset", "position": "skip", "size": "top",
                "next": ["@odata.nextLink"], "items": ["value"]}),
        ),
        (
            "wrapped",
            list(
                &["offset: integer", "limit: integer"],
                object(json!({"data": object(json!({"items": things(), "totalCount": whole()}))})),
                &[],
            ),
            json!({"style": "offset", "position": "offset", "size": "limit",
                "total": ["data", "totalCount"], "items": ["data", "items"]}),
        ),
    ] {
        assert_eq!(found(operation), expected, "{shape}");
    }
}

#[test]
fn what_only_the_example_shows_counts() {
    let mut list = list(
        &["cursor: string", "limit: integer"],
        object(json!({"ok": {"type": "boolean"}, "messages": things()})),
        &[],
    );
    let mut media = list.responses[0].content[0];
    media.example = Some(node(&json!({
        "ok": true, "messages": [{"id": "a"}], "has_more": true, "total": 3,
        "owner": {"next_cursor": "no"}, "response_metadata": {"next_cursor": "bmV4"}
    })));
    list.responses[0].content = vec![media].leak();
    assert_eq!(
        found(list),
        json!({"style": "cursor", "position": "cursor", "size": "limit",
            "next": ["response_metadata", "next_cursor"], "more": ["has_more"],
            "total": ["total"], "items": ["messages"]})
    );
}

#[test]
fn what_has_no_driver_and_no_link_has_no_pages() {
    let mut of_a_book = list(
        &["page: integer: The page of the book"],
        object(json!({"text": text()})),
        &[],
    );
    of_a_book.path = "/books/text";
    let mut dated = parameter(
        "after",
        Location::Query,
        &json!({"type": "string", "format": "date"}),
    );
    dated.description = Some("Only those of this day or later");
    let mut since = list(&["limit: integer"], things(), &[]);
    since.parameters.push(dated);
    let mut item = list(&[], object(json!({"id": text()})), &["Link"]);
    item.path = "/things/one";
    let mut creates = list(&["cursor: string", "limit: integer"], things(), &["Link"]);
    creates.method = Method::Post;
    creates.operation_id = Some("createThing");
    for (what, operation) in [
        ("a long list", list(&["status: string"], things(), &[])),
        ("the best ten", list(&["limit: integer"], things(), &[])),
        ("the page of a book", of_a_book),
        ("a date", since),
        ("a link to something else", item),
        ("what changes something", creates),
        (
            "a text called next",
            list(&[], object(json!({"items": things(), "next": text()})), &[]),
        ),
    ] {
        assert_eq!(found(operation), Value::Null, "{what}");
    }
}

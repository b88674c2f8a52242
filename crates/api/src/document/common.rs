//! What many operations have in common, and what the attributes cannot say: said
//! once here, over the document as JSON.

use serde_json::{Map, Value, json};

/// Operations that make something and may be sent again with the same
/// `Idempotency-Key`.
pub(super) const REPEATABLE: &[&str] = &[
    "create_personal_token",
    "create_project",
    "create_token",
    "create_team",
    "create_invitation",
    "start_checkout",
    "analyze",
    "generate",
    "deploy",
];

/// Operations that answer with an `ETag`, and 304 where the client has it already.
const TAGGED: &[&str] = &["get_project", "list_tools", "get_team"];

/// Operations that take `If-Match`.
const GUARDED: &[&str] = &["update_project", "update_team", "update_member"];

type Object = Map<String, Value>;

/// The document with all of it.
pub(super) fn complete(mut document: Value) -> Value {
    components(&mut document);
    let global = document.get("security").cloned();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut) {
        let operations = item.as_object_mut();
        for operation in operations.into_iter().flat_map(Map::values_mut) {
            if let Some(operation) = operation.as_object_mut() {
                describe(operation, global.as_ref());
            }
        }
    }
    document
}

fn components(document: &mut Value) {
    let failure = |description: &str| {
        let schema = json!({ "$ref": "#/components/schemas/ErrorEnvelope" });
        json!({
            "description": description,
            "content": { "application/json": { "schema": schema } },
        })
    };
    if let Some(components) = entry(document, "components") {
        let responses = json!({
            "Unauthenticated": failure("No token, or one that is not accepted"),
            "Forbidden": failure("The token lacks the scope, or the account was deleted"),
            "InvalidBody": failure("The body or a header is not as described"),
            "TooLarge": failure("The body is over the size limit"),
            "UnsupportedEncoding": failure("The body has a Content-Encoding"),
            "PreconditionFailed": failure("It was changed since the ETag that If-Match names"),
            "KeyInUse": failure("The first request with this Idempotency-Key still runs"),
            "KeyReused": failure("The Idempotency-Key was used for another request"),
            "NotModified": { "description": "The client has it as it is now" },
        });
        components.insert("responses".to_owned(), responses);
        components.insert("headers".to_owned(), headers());
        if let Some(schemas) = components.get_mut("schemas") {
            exactly_one_source(schemas);
            no_second_owner(schemas);
        }
    }
}

fn headers() -> Value {
    json!({
        "ETag": {
            "description": "Of this representation, or of the team that it is a part of, for If-Match and If-None-Match",
            "required": true,
            "schema": { "type": "string", "pattern": "^(W/)?\"[!#-~]*\"$" },
        },
    })
}

fn entry<'a>(value: &'a mut Value, name: &str) -> Option<&'a mut Object> {
    value.get_mut(name)?.as_object_mut()
}

/// [`crate::AnalyzeRequest`] has one of three fields, as JSON Schema `oneOf` over what
/// is required, and a team or a project, not both.
fn exactly_one_source(schemas: &mut Value) {
    let Some(request) = entry(schemas, "AnalyzeRequest") else {
        return;
    };
    let one =
        |name: &str| json!({ "required": [name], "properties": { name: { "type": "string" } } });
    let sources = ["specUrl", "specFile", "rawDocs"].map(one);
    request.insert("oneOf".to_owned(), sources.into_iter().collect());
    let both = json!({
        "required": ["projectId", "teamId"],
        "properties": { "projectId": { "type": "string" }, "teamId": { "type": "string" } },
    });
    request.insert("not".to_owned(), both);
}

/// An owner is made by handing a team on, not by asking for one.
fn no_second_owner(schemas: &mut Value) {
    for name in ["UpdateMember", "CreateInvitation"] {
        let role = schemas
            .get_mut(name)
            .and_then(|schema| schema.get_mut("properties"))
            .and_then(|properties| properties.get_mut("role"))
            .and_then(Value::as_object_mut);
        if let Some(role) = role {
            role.insert("not".to_owned(), json!({ "const": "owner" }));
        }
    }
}

fn describe(operation: &mut Object, global: Option<&Value>) {
    let id = operation
        .get("operationId")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let security = operation.get("security").or(global);
    let is_open = security == Some(&json!([{}]));
    let has_body = operation.contains_key("requestBody");
    let repeatable = REPEATABLE.contains(&id.as_str());
    if repeatable {
        parameter(operation, "Idempotency-Key", IDEMPOTENCY_KEY);
    }
    if TAGGED.contains(&id.as_str()) {
        parameter(operation, "If-None-Match", IF_NONE_MATCH);
    }
    if GUARDED.contains(&id.as_str()) {
        parameter(operation, "If-Match", IF_MATCH);
    }
    let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for content in responses.values_mut() {
        stream(content);
    }
    let mut add = |applies: bool, status: &str, name: &str| {
        if applies && !responses.contains_key(status) {
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            responses.insert(status.to_owned(), reference);
        }
    };
    add(!is_open, "401", "Unauthenticated");
    add(!is_open, "403", "Forbidden");
    add(has_body, "400", "InvalidBody");
    add(has_body, "413", "TooLarge");
    add(has_body, "415", "UnsupportedEncoding");
    add(repeatable, "409", "KeyInUse");
    add(repeatable, "422", "KeyReused");
    add(GUARDED.contains(&id.as_str()), "400", "InvalidBody");
    add(GUARDED.contains(&id.as_str()), "412", "PreconditionFailed");
    add(TAGGED.contains(&id.as_str()), "400", "InvalidBody");
    add(TAGGED.contains(&id.as_str()), "304", "NotModified");
    let has_tag = TAGGED.contains(&id.as_str()) || GUARDED.contains(&id.as_str());
    for status in ["200", "204"] {
        let success = responses.get_mut(status).and_then(Value::as_object_mut);
        if let Some(success) = success.filter(|_| has_tag) {
            let reference = json!({ "$ref": "#/components/headers/ETag" });
            success.insert("headers".to_owned(), json!({ "ETag": reference }));
        }
    }
    responses.sort_keys();
}

const IDEMPOTENCY_KEY: &str = "Any text of the client's own, a UUID say. The same request with \
    the same key is answered as the first was, for 24 hours; a job is followed, not repeated";
const IF_MATCH: &str = "The ETag of the project or the team, or `*`; where it has changed \
    since, the answer is 412 and nothing is changed";
const IF_NONE_MATCH: &str = "ETags that the client has; where one is current, the answer is 304";

fn parameter(operation: &mut Object, name: &str, description: &str) {
    let pattern = match name {
        // A structured field's string, or the bare text (RFC 9651 §3.3.3).
        "Idempotency-Key" => r#"^("[!#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255})$"#,
        // Empty is as good as absent: the platform leaves such a header out.
        _ => r#"^(\*|(W/)?"[!#-~]*"(, (W/)?"[!#-~]*")*)?$"#,
    };
    let parameter = json!({
        "name": name,
        "in": "header",
        "required": false,
        "description": description,
        "schema": { "type": "string", "pattern": pattern },
    });
    match operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        Some(parameters) => parameters.push(parameter),
        None => {
            operation.insert("parameters".to_owned(), json!([parameter]));
        }
    }
}

/// Of a stream, the schema is that of one server-sent event, whose `data` is JSON.
fn stream(response: &mut Value) {
    let schema = response
        .get_mut("content")
        .and_then(|content| content.get_mut("text/event-stream"))
        .and_then(|media| media.get_mut("schema"));
    let Some(schema) = schema else { return };
    let data = schema.take();
    *schema = json!({
        "type": "object",
        "description": "One server-sent event",
        "required": ["event", "data"],
        "properties": {
            "id": {
                "type": "string",
                "description": "For `Last-Event-ID`",
            },
            "event": { "type": "string", "description": "The `type` of the data" },
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": data,
            },
        },
    });
}

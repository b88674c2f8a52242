//! Small descriptions for tests, built by hand.

use indexmap::IndexMap;
use mcpengine_openapi::*;
use serde_json::Value;

/// Texts of tests live as long as the test.
pub(crate) fn text(text: &str) -> &'static str {
    text.to_owned().leak()
}

/// A value as the reader holds it.
pub(crate) fn node(value: &Value) -> Node<'static> {
    match value {
        Value::Null => Node::Null,
        Value::Bool(flag) => Node::Bool(*flag),
        Value::Number(number) => Node::Number(text(&number.to_string())),
        Value::String(string) => Node::String(text(string)),
        Value::Array(items) => {
            let items: Vec<Node<'static>> = items.iter().map(node).collect();
            Node::Array(items.leak())
        }
        Value::Object(entries) => {
            let entries: Vec<Entry<'static>> = entries
                .iter()
                .map(|(key, value)| (text(key), node(value)))
                .collect();
            Node::Object(entries.leak())
        }
    }
}

pub(crate) fn operation(method: Method, path: &str, id: Option<&str>) -> Operation<'static> {
    let parameters = path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| parameter(name, Location::Path, &serde_json::json!({"type": "string"})))
        .collect();
    Operation {
        pointer: text(
            &format!(
                "/paths/{}/{method:?}",
                path.replace('~', "~0").replace('/', "~1")
            )
            .to_lowercase(),
        ),
        method,
        path: text(path),
        operation_id: id.map(text),
        summary: None,
        description: None,
        tags: Vec::new(),
        deprecated: false,
        parameters,
        body: None,
        accept: None,
        responses: Vec::new(),
        security: &[],
        servers: Vec::new(),
        x_mcp: None,
    }
}

pub(crate) fn parameter(name: &str, location: Location, schema: &Value) -> Parameter<'static> {
    Parameter {
        name: text(name),
        location,
        required: location == Location::Path,
        deprecated: false,
        description: None,
        schema: node(schema),
        style: if matches!(location, Location::Path | Location::Header) {
            Style::Simple
        } else {
            Style::Form
        },
        explode: matches!(location, Location::Query | Location::Cookie),
        allow_reserved: false,
        content_type: None,
        example: None,
    }
}

pub(crate) fn response(
    status: &'static str,
    content: Vec<MediaType<'static>>,
) -> Response<'static> {
    Response {
        status,
        description: None,
        headers: &[],
        content: content.leak(),
    }
}

pub(crate) fn api(operations: Vec<Operation<'static>>) -> ApiDescription<'static> {
    ApiDescription {
        dialect: Dialect::OpenApi31,
        title: "Pet Store",
        version: "1.0.0",
        description: None,
        docs_url: None,
        servers: vec![Server {
            url: "https://api.example.com/v1/".to_owned(),
            description: None,
            variables: Vec::new(),
        }],
        tags: Vec::new(),
        security_schemes: IndexMap::new(),
        operations,
        schemas: IndexMap::new(),
        x_mcp: None,
        rate_limits: Vec::new(),
    }
}

/// Schemas by name, for [`ApiDescription::schemas`].
pub(crate) fn schemas(value: &Value) -> IndexMap<&'static str, Node<'static>> {
    let all = node(value).as_object().unwrap_or_default();
    all.iter().copied().collect()
}

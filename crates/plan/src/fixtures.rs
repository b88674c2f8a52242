//! Small descriptions for tests, built by hand.

use indexmap::IndexMap;
use mcpengine_openapi::*;
use serde_json::Value;

pub(crate) fn operation(method: Method, path: &str, id: Option<&str>) -> Operation {
    let parameters = path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| parameter(name, Location::Path, serde_json::json!({"type": "string"})))
        .collect();
    Operation {
        pointer: format!(
            "/paths/{}/{method:?}",
            path.replace('~', "~0").replace('/', "~1")
        )
        .to_lowercase(),
        method,
        path: path.to_owned(),
        operation_id: id.map(str::to_owned),
        summary: None,
        description: None,
        tags: Vec::new(),
        deprecated: false,
        parameters,
        body: None,
        responses: Vec::new(),
        security: Vec::new(),
        servers: Vec::new(),
        x_mcp: None,
    }
}

pub(crate) fn parameter(name: &str, location: Location, schema: Value) -> Parameter {
    Parameter {
        name: name.to_owned(),
        location,
        required: location == Location::Path,
        deprecated: false,
        description: None,
        schema,
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

pub(crate) fn response(status: &str, content: Vec<MediaType>) -> Response {
    Response {
        status: status.to_owned(),
        description: None,
        headers: IndexMap::new(),
        content,
    }
}

pub(crate) fn api(operations: Vec<Operation>) -> ApiDescription {
    ApiDescription {
        dialect: Dialect::OpenApi31,
        title: "Pet Store".to_owned(),
        version: "1.0.0".to_owned(),
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
pub(crate) fn schemas(value: Value) -> IndexMap<String, Value> {
    match value {
        Value::Object(map) => map.into_iter().collect(),
        _ => IndexMap::new(),
    }
}

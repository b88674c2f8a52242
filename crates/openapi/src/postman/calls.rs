//! Requests to one address that are different operations all the same: GraphQL,
//! JSON-RPC and SOAP name in the body what is to be done.

use serde_json::{Value, json};

use super::Reader;
use crate::{
    node::Node,
    outline::{Field, Place, Sketch},
    relaxed,
};

/// Longer names are none.
const MAX_NAME: usize = 80;
/// Of a body, only so much is looked at for a name.
const MAX_LOOK: usize = 16 << 10;

/// How a body says what is to be done.
#[derive(Debug, PartialEq)]
enum Call {
    GraphQl(String),
    JsonRpc(String),
    Soap(String),
}

impl<'n, 'd> Reader<'n, 'd> {
    /// The name of what the request's body asks for; `None` where method and
    /// address say it.
    pub(super) fn call(&self, sketch: &mut Sketch, request: &Node<'d>) -> Option<String> {
        match call(request.get("body")?)? {
            Call::GraphQl(name) | Call::Soap(name) => Some(name),
            Call::JsonRpc(name) => {
                let mut contents = sketch.body.iter_mut();
                let (_, content) = contents.find(|(kind, _)| kind.ends_with("json"))?;
                let mut field = Field::new("method", Place::Body).of_type("string");
                field.schema.insert("const".to_owned(), json!(name));
                field.required = true;
                content.field(field);
                Some(name)
            }
        }
    }
}

fn call(body: &Node<'_>) -> Option<Call> {
    match body.get("mode").and_then(Node::as_str)? {
        "graphql" => {
            let query = body.get("graphql")?.text("query")?;
            graphql_name(query).map(Call::GraphQl)
        }
        "raw" => {
            let text = body.get("raw").and_then(Node::as_str)?;
            let near = text.get(..text.floor_char_boundary(MAX_LOOK))?;
            if near.contains("\"jsonrpc\"") || near.contains("\"params\"") {
                let written = relaxed::parse_container(text)?;
                return rpc_name(&written).map(Call::JsonRpc);
            }
            soap_name(near).map(Call::Soap)
        }
        _ => None,
    }
}

/// The operation's own name, else that of its first field.
fn graphql_name(document: &str) -> Option<String> {
    let document = document.get(..document.floor_char_boundary(MAX_LOOK))?;
    let lines = document
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let text = lines.collect::<Vec<_>>().join(" ");
    let text = text.trim_start();
    let kinds = ["query", "mutation", "subscription"];
    let kind = kinds.into_iter().find(|kind| text.starts_with(kind));
    let behind = text.get(kind.map_or(0, str::len)..)?;
    if kind.is_some()
        && let Some(name) = name_at(behind.trim_start())
    {
        return Some(name);
    }
    let (_, inner) = text.split_once('{')?;
    name_at(inner.trim_start())
}

fn rpc_name(body: &Value) -> Option<String> {
    body.get("jsonrpc").or_else(|| body.get("params"))?;
    let name = body.get("method")?.as_str()?;
    let is_name = (1..=MAX_NAME).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-/".contains(&byte));
    is_name.then(|| name.to_owned())
}

/// The first element in the body of an envelope.
fn soap_name(text: &str) -> Option<String> {
    let (_, envelope) = text.split_once("Envelope")?;
    let at = envelope.find("Body>").or_else(|| envelope.find("Body "))?;
    let (_, mut inner) = envelope.get(at..)?.split_once('>')?;
    while let Some(comment) = inner.trim_start().strip_prefix("<!--") {
        inner = comment.split_once("-->")?.1;
    }
    let tag = inner.trim_start().strip_prefix('<')?;
    let end = tag.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    name_at(tag.get(..end)?.rsplit(':').next()?)
}

/// The name at the start of a text.
fn name_at(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let name = text.get(..end.unwrap_or(text.len()))?;
    (1..=MAX_NAME)
        .contains(&name.len())
        .then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_name_what_they_ask_for() {
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(
            graphql_name("query Pets($n: Int) { pets(n: $n) { id } }"),
            some("Pets")
        );
        assert_eq!(graphql_name("# all\nquery { pets { id } }"), some("pets"));
        assert_eq!(graphql_name("{ pets { id } }"), some("pets"));
        assert_eq!(graphql_name("mutation"), None);
        assert_eq!(
            rpc_name(&json!({"jsonrpc": "2.0", "method": "pets.list"})),
            some("pets.list")
        );
        assert_eq!(rpc_name(&json!({"method": "GET"})), None);
        assert_eq!(
            soap_name("<s:Envelope xmlns:s=\"x\"><s:Header/><s:Body><m:Add a=\"1\"/></s:Body>"),
            some("Add")
        );
        assert_eq!(soap_name("<Envelope><Body><!-- a --> <Add>"), some("Add"));
        assert_eq!(soap_name("<Envelope><Body>words"), None);
    }
}

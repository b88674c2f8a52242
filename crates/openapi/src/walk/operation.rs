//! One operation.

use std::collections::hash_map::Entry;

use indexmap::IndexMap;

use super::{
    Walker,
    parameter::{ParameterList, merge},
    template::Template,
};
use crate::{
    model::{
        Dialect, Location, Method, Operation, Parameter, RequestBody, SecurityRequirement,
        SecurityScheme, Server,
    },
    node::Node,
    place::{Place, shorten},
    weight,
};

/// What a path item gives to each of its operations.
#[derive(Default)]
pub(super) struct Inherited<'d> {
    pub(super) parameters: ParameterList<'d>,
    pub(super) servers: Vec<Server>,
    pub(super) summary: Option<&'d str>,
    pub(super) description: Option<&'d str>,
    pub(super) x_mcp: Option<Node<'d>>,
}

impl Inherited<'_> {
    /// What one more operation on the path costs.
    fn weight(&self) -> usize {
        let list = &self.parameters;
        let servers = self.servers.iter();
        4 * (list.parameters.len() + list.form.len())
            + servers
                .map(|server| 1 + weight::of_text(&server.url))
                .sum::<usize>()
    }
}

impl<'d> Walker<'d> {
    /// An operation's `x-mcp` over that of its path, key by key; `true` and
    /// `false` beside an object are its `enabled`.
    fn merged_extension(
        &mut self,
        node: &Node<'d>,
        inherited: Option<Node<'d>>,
        place: &Place<'_>,
    ) -> Option<Node<'d>> {
        let own = self.extension(node, place);
        let (Some(own), Some(above)) = (own.filter(|own| *own != Node::Null), inherited) else {
            return own.filter(|own| *own != Node::Null).or(inherited);
        };
        if own.as_object().is_none() && above.as_object().is_none() {
            return Some(own);
        }
        let keys = |value: Node<'d>| match value {
            Node::Object(keys) => Some(keys.to_vec()),
            Node::Bool(_) => Some(vec![("enabled", value)]),
            _ => None,
        };
        let (Some(above), Some(mut merged)) = (keys(above), keys(own)) else {
            return Some(own);
        };
        for (key, value) in above {
            if merged.iter().all(|(known, _)| *known != key) {
                merged.push((key, value));
            }
        }
        Some(Node::Object(self.source.arena.slice(&merged)))
    }
}

impl<'d> Walker<'d> {
    pub(super) fn operation(
        &mut self,
        method: Method,
        node: &'d Node<'d>,
        place: &Place<'_>,
        template: &Template,
        inherited: &Inherited<'d>,
        schemes: &IndexMap<String, SecurityScheme>,
    ) -> Option<Operation<'d>> {
        if node.as_object().is_none() {
            self.report.error(
                "invalid-operation",
                place,
                format!(
                    "An operation has to be an object, and this is {}.",
                    node.kind()
                ),
                "Write the operation as an object, at least with `responses`.",
            );
            return None;
        }
        let pointer = self.source.arena.text(&place.pointer());
        // Splitting operations into files is common: where the file is not at
        // hand, method and path still make an operation.
        let followed = self.follow(node, "operation", place);
        let target = followed.as_ref().map_or(node, |followed| followed.node);
        self.note_rate_limits(target);
        let place = match &followed {
            Some(followed) => &followed.place(place),
            None => place,
        };
        let ParameterList {
            mut parameters,
            body,
            form,
        } = self.all_parameters(target, inherited, place);
        let path = self.settle_path(template, &mut parameters, place);
        let path = self.source.arena.text(&path);
        let body = match target.get("requestBody") {
            Some(body) if self.dialect != Dialect::Swagger20 => {
                self.request_body(body, &place.key("requestBody"))
            }
            _ => self.legacy_body(target, body, &form),
        };
        if matches!(method, Method::Get | Method::Head) && body.as_ref().is_some_and(says_something)
        {
            self.report_body(method, path, place);
        }
        Some(Operation {
            pointer,
            method,
            path,
            operation_id: self.operation_id(target, place),
            summary: target.text("summary").or(inherited.summary),
            description: target.text("description").or(inherited.description),
            tags: tag_names(target),
            deprecated: target.flag("deprecated").unwrap_or(false),
            body,
            responses: self.responses(target, place),
            security: self.effective_security(target, place, schemes),
            servers: match target.get("servers") {
                Some(servers) => self.servers(servers, &place.key("servers")),
                None => inherited.servers.clone(),
            },
            x_mcp: self.merged_extension(target, inherited.x_mcp, place),
            accept: parameters.iter().find_map(stated_accept),
            parameters: shed_headers(parameters),
        })
    }

    fn all_parameters(
        &mut self,
        node: &'d Node<'d>,
        inherited: &Inherited<'d>,
        place: &Place<'_>,
    ) -> ParameterList<'d> {
        let own = match node.get("parameters") {
            Some(list) => self.parameter_list(list, &place.key("parameters")),
            None => ParameterList::default(),
        };
        if self.spend(inherited.weight(), place) {
            merge(&inherited.parameters, own)
        } else {
            own
        }
    }

    fn operation_id(&mut self, node: &Node<'d>, place: &Place<'_>) -> Option<&'d str> {
        let id = node.text("operationId")?;
        match self.operation_ids.entry(id) {
            Entry::Vacant(free) => {
                free.insert(place.pointer());
            }
            Entry::Occupied(first) if *first.get() != place.pointer() => {
                let message = format!(
                    "The operationId `{}` is used before, at {}.",
                    shorten(id),
                    first.get()
                );
                self.report.warn(
                    "duplicate-operation-id",
                    &place.key("operationId"),
                    message,
                    "Give each operation an id of its own.",
                );
            }
            Entry::Occupied(_) => {}
        }
        Some(id)
    }

    fn report_body(&mut self, method: Method, path: &str, place: &Place<'_>) {
        let method = if method == Method::Head {
            "HEAD"
        } else {
            "GET"
        };
        let body = place.key("requestBody");
        self.report.info(
            "get-body",
            match self.dialect {
                Dialect::Swagger20 => place,
                _ => &body,
            },
            format!(
                "{method} {} is described with a body, which such a request cannot have: its \
                 fields are query parameters, and a body without fields is left out.",
                shorten(path)
            ),
            "List them as parameters in the query, or make the operation a `POST`.",
        );
    }

    fn effective_security(
        &mut self,
        node: &'d Node<'d>,
        place: &Place<'_>,
        schemes: &IndexMap<String, SecurityScheme>,
    ) -> &'d [SecurityRequirement<'d>] {
        match node.get("security") {
            None | Some(Node::Null) => self.security,
            Some(own) => self.requirements(own, &place.key("security"), schemes),
        }
    }
}

/// Whether any form of a body has a schema with something to fill in.
fn says_something(body: &RequestBody<'_>) -> bool {
    body.content
        .iter()
        .filter_map(|media| media.schema)
        .any(|schema| match schema.get("properties") {
            Some(Node::Object(properties)) => !properties.is_empty(),
            _ => ["$ref", "allOf", "anyOf", "oneOf", "items"]
                .iter()
                .any(|keyword| schema.get(keyword).is_some()),
        })
}

fn tag_names<'d>(node: &Node<'d>) -> Vec<&'d str> {
    match node.get("tags") {
        Some(Node::Array(items)) => items
            .iter()
            .filter_map(Node::as_text)
            .map(str::trim)
            .collect(),
        // `tags: pets` is clear enough.
        Some(single) => single.as_text().map(str::trim).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The only value of an `Accept` parameter, or its default.
fn stated_accept<'d>(parameter: &Parameter<'d>) -> Option<&'d str> {
    if parameter.location != Location::Header || !parameter.name.eq_ignore_ascii_case("accept") {
        return None;
    }
    let only = |node: &Node<'d>| match node {
        Node::Array([only]) => only.as_str(),
        _ => None,
    };
    let schema = &parameter.schema;
    let value = schema.get("default").and_then(Node::as_str);
    let value = value.or_else(|| schema.get("const").and_then(Node::as_str));
    let value = value.or_else(|| schema.get("enum").and_then(only))?.trim();
    let is_header = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    (is_header && value.contains('/') && value.len() <= MAX_ACCEPT).then_some(value)
}

/// In bytes.
const MAX_ACCEPT: usize = 255;

/// OpenAPI has header parameters of this name ignored: the body's media type says the
/// same. `Accept` and `Authorization` belong to them too, but the one may be the only
/// place that tells of a choice, and the other of a credential.
fn shed_headers(mut parameters: Vec<Parameter<'_>>) -> Vec<Parameter<'_>> {
    parameters.retain(|parameter| {
        parameter.location != Location::Header
            || !parameter.name.eq_ignore_ascii_case("content-type")
    });
    parameters.shrink_to_fit();
    parameters
}

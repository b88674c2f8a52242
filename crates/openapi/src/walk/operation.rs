//! One operation.

use std::collections::hash_map::Entry;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{
    Walker,
    parameter::{ParameterList, merge},
    swagger2::{FormField, LegacyBody},
    template::Template,
};
use crate::{
    model::{Dialect, Method, Operation, Parameter, SecurityRequirement, SecurityScheme, Server},
    node::Node,
    place::{Place, shorten},
    weight,
};

/// What a path item gives to each of its operations.
#[derive(Default)]
pub(super) struct Inherited {
    pub(super) parameters: ParameterList,
    pub(super) servers: Vec<Server>,
    pub(super) summary: Option<String>,
    pub(super) description: Option<String>,
    pub(super) x_mcp: Option<Value>,
}

impl Inherited {
    /// What one more operation on the path costs.
    fn weight(&self) -> usize {
        let text = |text: &Option<String>| text.as_deref().map_or(0, weight::of_text);
        let list = &self.parameters;
        list.parameters
            .iter()
            .map(weight::of_parameter)
            .sum::<usize>()
            + list.form.iter().map(FormField::weight).sum::<usize>()
            + list.body.as_ref().map_or(0, LegacyBody::weight)
            + self
                .servers
                .iter()
                .map(|server| 1 + weight::of_text(&server.url))
                .sum::<usize>()
            + self.x_mcp.as_ref().map_or(0, weight::of_value)
            + text(&self.summary)
            + text(&self.description)
    }
}

/// An operation's `x-mcp` over that of its path, key by key; `true` and `false`
/// beside an object are its `enabled`.
fn merged(own: Option<Value>, inherited: Option<&Value>) -> Option<Value> {
    let keys = |value: &Value| match value {
        Value::Object(keys) => Some(keys.clone()),
        Value::Bool(_) => Some(Map::from_iter([("enabled".to_owned(), value.clone())])),
        _ => None,
    };
    match (own, inherited) {
        (None | Some(Value::Null), inherited) => inherited.cloned(),
        (Some(own), Some(above)) if own.is_object() || above.is_object() => {
            let (Some(mut merged), Some(own)) = (keys(above), keys(&own)) else {
                return Some(own);
            };
            merged.extend(own);
            Some(Value::Object(merged))
        }
        (own, _) => own,
    }
}

impl<'d> Walker<'d> {
    pub(super) fn operation(
        &mut self,
        method: Method,
        node: &'d Node<'d>,
        place: &Place<'_>,
        template: &Template,
        inherited: &Inherited,
        schemes: &IndexMap<String, SecurityScheme>,
    ) -> Option<Operation> {
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
        let pointer = place.pointer();
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
        let body = match target.get("requestBody") {
            Some(body) if self.dialect != Dialect::Swagger20 => {
                self.request_body(body, &place.key("requestBody"))
            }
            _ => self.legacy_body(target, body, form, place),
        };
        Some(Operation {
            pointer,
            method,
            path,
            operation_id: self.operation_id(target, place),
            summary: target.text("summary").or_else(|| inherited.summary.clone()),
            description: target
                .text("description")
                .or_else(|| inherited.description.clone()),
            tags: tag_names(target),
            deprecated: target.flag("deprecated").unwrap_or(false),
            body,
            responses: self.responses(target, place),
            security: self.effective_security(target, place, schemes),
            servers: match target.get("servers") {
                Some(servers) => self.servers(servers, &place.key("servers")),
                None => inherited.servers.clone(),
            },
            x_mcp: merged(self.extension(target, place), inherited.x_mcp.as_ref()),
            parameters: shed_headers(parameters),
        })
    }

    fn all_parameters(
        &mut self,
        node: &'d Node<'d>,
        inherited: &Inherited,
        place: &Place<'_>,
    ) -> ParameterList {
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

    fn operation_id(&mut self, node: &Node<'_>, place: &Place<'_>) -> Option<String> {
        let id = node.text("operationId")?;
        match self.operation_ids.entry(id.clone()) {
            Entry::Vacant(free) => {
                free.insert(place.pointer());
            }
            Entry::Occupied(first) if *first.get() != place.pointer() => {
                let message = format!(
                    "The operationId `{}` is used before, at {}.",
                    shorten(&id),
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

    fn effective_security(
        &mut self,
        node: &'d Node<'d>,
        place: &Place<'_>,
        schemes: &IndexMap<String, SecurityScheme>,
    ) -> Vec<SecurityRequirement> {
        match node.get("security") {
            None | Some(Node::Null) => {
                if self.spend(self.security_weight, place) {
                    self.security.clone()
                } else {
                    Vec::new()
                }
            }
            Some(own) => self.requirements(own, &place.key("security"), schemes),
        }
    }
}

fn tag_names(node: &Node<'_>) -> Vec<String> {
    match node.get("tags") {
        Some(Node::Array(items)) => items
            .iter()
            .filter_map(Node::as_text)
            .map(|tag| tag.trim().to_owned())
            .collect(),
        // `tags: pets` is clear enough.
        Some(single) => single
            .as_text()
            .map(|tag| tag.trim().to_owned())
            .into_iter()
            .collect(),
        None => Vec::new(),
    }
}

/// OpenAPI has header parameters of these names ignored: media types and
/// security schemes say the same.
fn shed_headers(mut parameters: Vec<Parameter>) -> Vec<Parameter> {
    const SAID_ELSEWHERE: [&str; 3] = ["accept", "content-type", "authorization"];
    parameters.retain(|parameter| {
        parameter.location != crate::model::Location::Header
            || !SAID_ELSEWHERE.contains(&parameter.name.to_ascii_lowercase().as_str())
    });
    parameters.shrink_to_fit();
    parameters
}

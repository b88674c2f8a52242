//! `Accept` as an input. OpenAPI has its definition ignored, since the responses list
//! their media types (Parameter Object, `name`), and the server sends what it reads best.
//! It is asked for in two cases: where the document offers a choice, such as JSON or CSV,
//! and where it is all that an operation lists, so that nothing of the document is out of
//! reach where it costs a model least.

use mcpengine_openapi::{Location, Node, Operation, Parameter};

use super::Owners;
use crate::output;
use crate::schema::{Definitions, View};

/// How the `Accept` header of a call is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accept<'a> {
    /// The server sends it; it is no input.
    Sent,
    /// Nothing else is asked for: an input that shows what is sent anyhow.
    Alone(&'a str),
    /// One of the values that the document lists; this one where none is given.
    Choice(&'a str),
}

impl<'a> Accept<'a> {
    pub(super) const fn stated(&self) -> Option<&'a str> {
        match self {
            Self::Alone(value) => Some(value),
            Self::Sent | Self::Choice(_) => None,
        }
    }

    /// What is sent where nobody chooses, for the parameter that offers the choice.
    pub(super) fn chosen(&self, parameter: &Parameter<'_>) -> Option<&'a str> {
        match self {
            Self::Choice(value) if is_accept(parameter) => Some(value),
            _ => None,
        }
    }
}

pub(super) fn is_accept(parameter: &Parameter<'_>) -> bool {
    parameter.location == Location::Header && parameter.name.eq_ignore_ascii_case("accept")
}

/// How an operation's header is found, given what is no input otherwise.
pub(super) fn of<'a>(
    operation: &Operation<'a>,
    definitions: &Definitions<'a>,
    owners: Owners<'a, '_>,
) -> Accept<'a> {
    let mut parameters = operation.parameters.iter();
    let Some(parameter) = parameters.find(|it| is_accept(it)) else {
        return Accept::Sent;
    };
    let preferred = output::preferred(operation);
    let has_schema = output::success(operation)
        .and_then(output::json)
        .is_some_and(|media| media.schema.is_some());
    // An answer of another kind would break the schema of the output.
    if !has_schema && offers(parameter, preferred, definitions) {
        return Accept::Choice(preferred);
    }
    let asks = |it: &Parameter<'a>| !is_accept(it) && !owners.own(it, definitions);
    if operation.body.is_some() || operation.parameters.iter().any(asks) {
        Accept::Sent
    } else {
        Accept::Alone(preferred)
    }
}

/// Whether the values are media types to choose from, and what is sent anyhow is one of
/// them and the default, if there is one.
fn offers<'a>(parameter: &Parameter<'a>, preferred: &str, definitions: &Definitions<'a>) -> bool {
    let view = View::new(&parameter.schema, definitions);
    let Some(Node::Array(values)) = view.get("enum") else {
        return false;
    };
    let is_media_type = |node: &Node<'a>| node.as_str().is_some_and(|value| value.contains('/'));
    values.len() > 1
        && values.iter().all(is_media_type)
        && values.iter().any(|value| value.as_str() == Some(preferred))
        && view
            .text("default")
            .is_none_or(|default| default == preferred)
}

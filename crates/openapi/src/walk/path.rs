//! `paths`: path items, and the methods in them.

use indexmap::IndexMap;

use super::{
    Walker,
    operation::Inherited,
    parameter::ParameterList,
    template::{Template, overloaded},
};
use crate::{
    model::{Dialect, Method, Operation, SecurityScheme, Server},
    node::Node,
    place::{Place, shorten},
};

/// As long as URLs get in practice.
const MAX_PATH: usize = 2_048;

impl<'d> Walker<'d> {
    /// All operations, in the document's order.
    pub(super) fn operations(
        &mut self,
        schemes: &IndexMap<String, SecurityScheme>,
    ) -> Vec<Operation<'d>> {
        let root = self.source.root;
        let place = Place::ROOT.key("paths");
        let Some(paths) = root.get("paths") else {
            return Vec::new();
        };
        let Some(entries) = paths.as_object() else {
            self.report.error(
                "invalid-paths",
                &place,
                format!("`paths` has to be an object, and is {}.", paths.kind()),
                "Write `paths` as a mapping from path to path item.",
            );
            return Vec::new();
        };
        self.overloads = overloaded(entries);
        let mut operations = Vec::new();
        for (path, item) in entries {
            if operations.len() >= self.max_operations {
                self.report.error(
                    "too-many-operations",
                    &place.key(path),
                    format!(
                        "Only the first {} operations are read.",
                        self.max_operations
                    ),
                    "Split the document.",
                );
                break;
            }
            if !path.starts_with("x-") {
                self.path_item(path, item, &place.key(path), schemes, &mut operations);
            }
        }
        operations
    }

    fn path_item(
        &mut self,
        path: &str,
        written: &'d Node<'d>,
        place: &Place<'_>,
        schemes: &IndexMap<String, SecurityScheme>,
        operations: &mut Vec<Operation<'d>>,
    ) {
        let Some(followed) = self.follow(written, "path", place) else {
            return;
        };
        let item_place = followed.place(place);
        if followed.node.as_object().is_none() {
            self.report.error(
                "invalid-path-item",
                &item_place,
                format!(
                    "The path `{path}` has to hold an object, and holds {}.",
                    followed.node.kind()
                ),
                "Write its methods as `get`, `post` and so on.",
            );
            return;
        }
        if path.len() > MAX_PATH {
            self.report.error(
                "path-too-long",
                place,
                format!("A path is longer than {MAX_PATH} bytes; it is left out."),
                "Shorten the path.",
            );
            return;
        }
        let (template, origin) = self.path_template(path, place);
        // By its pointer, as its parameters are shared by its operations.
        let pointer = item_place.pointer();
        let inherited = self.inherited(followed.node, &Place::At(&pointer), origin);

        self.methods(
            followed.node,
            &item_place,
            &template,
            &inherited,
            schemes,
            operations,
        );
        if !std::ptr::eq(followed.node, written)
            && written.as_object().is_some_and(|all| all.len() > 1)
        {
            // OpenAPI leaves the meaning of methods beside a `$ref` open; authors
            // mean both.
            self.methods(written, place, &template, &inherited, schemes, operations);
        }
    }

    fn inherited(
        &mut self,
        item: &'d Node<'d>,
        place: &Place<'_>,
        origin: Option<Server>,
    ) -> Inherited<'d> {
        let parameters = match item.get("parameters") {
            Some(node) => self.parameter_list(node, &place.key("parameters")),
            None => ParameterList::default(),
        };
        let servers = match (item.get("servers"), origin) {
            (Some(node), None) => self.servers(node, &place.key("servers")),
            (_, origin) => origin.into_iter().collect(),
        };
        self.note_rate_limits(item);
        Inherited {
            parameters,
            servers,
            summary: item.text("summary"),
            description: item.text("description"),
            x_mcp: self.extension(item, place),
        }
    }

    fn methods(
        &mut self,
        item: &'d Node<'d>,
        place: &Place<'_>,
        template: &Template,
        inherited: &Inherited<'d>,
        schemes: &IndexMap<String, SecurityScheme>,
        operations: &mut Vec<Operation<'d>>,
    ) {
        for (key, node) in item.as_object().unwrap_or_default() {
            let at = place.key(key);
            match *key {
                "$ref" | "summary" | "description" | "servers" | "parameters" => {}
                "additionalOperations" if self.dialect == Dialect::OpenApi32 => {
                    self.additional(node, &at, template, inherited, schemes, operations);
                }
                key if key.starts_with("x-") => {}
                key => match self.method(key) {
                    Some(method) => operations
                        .extend(self.operation(method, node, &at, template, inherited, schemes)),
                    None => self.report.warn(
                        "unknown-method",
                        &at,
                        format!("`{}` is no HTTP method that OpenAPI knows.", shorten(key)),
                        "Use get, put, post, delete, options, head, patch or trace.",
                    ),
                },
            }
        }
    }

    /// 3.2's place for methods without a keyword of their own.
    fn additional(
        &mut self,
        node: &'d Node<'d>,
        place: &Place<'_>,
        template: &Template,
        inherited: &Inherited<'d>,
        schemes: &IndexMap<String, SecurityScheme>,
        operations: &mut Vec<Operation<'d>>,
    ) {
        for (key, node) in node.as_object().unwrap_or_default() {
            let at = place.key(key);
            match self.method(&key.to_ascii_lowercase()) {
                Some(method) => operations
                    .extend(self.operation(method, node, &at, template, inherited, schemes)),
                None => self.report.error(
                    "unsupported-method",
                    &at,
                    format!(
                        "The method `{}` cannot be called by a generated server.",
                        shorten(key)
                    ),
                    "Describe the operation with a standard method.",
                ),
            }
        }
    }

    fn method(&self, key: &str) -> Option<Method> {
        Some(match key.to_ascii_lowercase().as_str() {
            "get" => Method::Get,
            "put" => Method::Put,
            "post" => Method::Post,
            "delete" => Method::Delete,
            "options" => Method::Options,
            "head" => Method::Head,
            "patch" => Method::Patch,
            "trace" => Method::Trace,
            "query" if self.dialect == Dialect::OpenApi32 => Method::Query,
            _ => return None,
        })
    }
}

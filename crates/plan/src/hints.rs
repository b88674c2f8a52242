//! `x-mcp`: what the author of a document asks for. An operation's word counts
//! more than its path's, and that more than the document's.
//!
//! It is `true` or `false`, or an object with `enabled`, `name`, `title`,
//! `description`, `group` and `annotations`. At the root `name`, `title` and
//! `description` are the service's.

use std::collections::BTreeMap;

use mcpengine_openapi::{ApiDescription, Diagnostic, Method, Node, Operation, Severity};

use crate::{Annotations, Service, text};

const KEYS: [&str; 6] = [
    "enabled",
    "name",
    "title",
    "description",
    "group",
    "annotations",
];
const ANNOTATIONS: [&str; 4] = [
    "readOnlyHint",
    "destructiveHint",
    "idempotentHint",
    "openWorldHint",
];

/// Findings of one code that are told one by one.
const MOST: usize = 50;
/// Longest key that is repeated in a message.
const SHOWN: usize = 60;

/// What is asked for one operation.
#[derive(Debug, Default)]
pub(crate) struct Hints<'a> {
    pub(crate) enabled: Option<bool>,
    pub(crate) name: Option<&'a str>,
    pub(crate) title: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) group: Option<&'a str>,
    read_only: Option<bool>,
    destructive: Option<bool>,
    idempotent: Option<bool>,
    open_world: Option<bool>,
}

impl<'a> Hints<'a> {
    /// The hints of every operation, and what is wrong with them.
    pub(crate) fn of_all(api: &ApiDescription<'a>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Self> {
        let mut remarks = Remarks::default();
        let root = api.x_mcp.as_ref();
        if let Some(root) = root {
            remarks.look_at(root, "");
        }
        let hints = api
            .operations
            .iter()
            .map(|operation| {
                if let Some(own) = &operation.x_mcp {
                    remarks.look_at(own, operation.pointer);
                }
                Self::of(operation, root, &mut remarks)
            })
            .collect();
        remarks.report(diagnostics);
        hints
    }

    fn of(operation: &Operation<'a>, root: Option<&Node<'a>>, remarks: &mut Remarks) -> Self {
        let own = operation.x_mcp.as_ref();
        let enabled =
            |value: &Node<'a>| value.as_bool().or_else(|| value.get("enabled")?.as_bool());
        let text_of = |value: &Node<'a>, key: &str| {
            let text = value.get(key)?.as_str()?;
            (!text.trim().is_empty()).then_some(text)
        };
        let text = |key: &str| own.and_then(|own| text_of(own, key));
        let hint = |key: &str| {
            let of = |value: &Node<'a>| value.get("annotations")?.get(key)?.as_bool();
            own.and_then(of).or_else(|| root.and_then(of))
        };
        let mut hints = Self {
            enabled: own.and_then(enabled).or_else(|| root.and_then(enabled)),
            name: text("name"),
            title: text("title"),
            description: text("description"),
            group: text("group").or_else(|| root.and_then(|root| text_of(root, "group"))),
            read_only: hint("readOnlyHint"),
            destructive: hint("destructiveHint"),
            idempotent: hint("idempotentHint"),
            open_world: hint("openWorldHint"),
        };
        // RFC 9110 §9.3.5: what a DELETE names is gone afterwards.
        if operation.method == Method::Delete {
            let lies = [
                ("readOnlyHint", hints.read_only.take_if(|hint| *hint)),
                ("destructiveHint", hints.destructive.take_if(|hint| !*hint)),
            ];
            for (hint, _) in lies.iter().filter(|(_, said)| said.is_some()) {
                remarks.not_believed.push((
                    operation.pointer.to_owned(),
                    format!("`{hint}` is not believed of a DELETE, which takes something away"),
                ));
            }
        }
        if hints.read_only == Some(true) && hints.destructive == Some(true) {
            hints.read_only = None;
            remarks.not_believed.push((
                operation.pointer.to_owned(),
                "`readOnlyHint` is not believed of what is said to be destructive".to_owned(),
            ));
        }
        hints
    }

    /// The annotations with what the document says of them.
    pub(crate) fn annotations(&self, found: Annotations) -> Annotations {
        let mut said = found;
        if let Some(read_only) = self.read_only {
            said.read_only_hint = read_only;
            if read_only {
                said.destructive_hint = false;
                said.idempotent_hint = true;
            }
        }
        if let Some(destructive) = self.destructive {
            said.destructive_hint = destructive;
            if destructive {
                said.read_only_hint = false;
            }
        }
        said.idempotent_hint = self.idempotent.unwrap_or(said.idempotent_hint);
        said.open_world_hint = self.open_world.unwrap_or(said.open_world_hint);
        said
    }
}

/// The service as the root's `x-mcp` wants it called.
pub(crate) fn named(mut service: Service, api: &ApiDescription<'_>) -> Service {
    let wish = |key: &str, limit: usize| {
        let wish = text::clean(api.x_mcp.as_ref()?.get(key)?.as_str()?, limit);
        (!wish.is_empty()).then_some(wish)
    };
    if let Some(name) = wish("title", 120).or_else(|| wish("name", 120)) {
        service.name = name;
    }
    service.description = wish("description", 1_000).or(service.description);
    service
}

/// What is wrong with the hints of a document.
#[derive(Default)]
struct Remarks {
    /// Where a key stands first, and how often.
    unknown: BTreeMap<String, (String, usize)>,
    invalid: BTreeMap<String, (String, usize)>,
    not_believed: Vec<(String, String)>,
}

impl Remarks {
    fn look_at(&mut self, hints: &Node<'_>, pointer: &str) {
        let Some(map) = hints.as_object() else {
            if hints.as_bool().is_none() {
                self.note(false, "", pointer);
            }
            return;
        };
        for (key, value) in map {
            match *key {
                "enabled" if value.as_bool().is_none() => self.note(false, key, pointer),
                "annotations" => self.look_at_annotations(value, pointer),
                key if !KEYS.contains(&key) => self.note(true, key, pointer),
                "name" | "title" | "description" | "group" if value.as_str().is_none() => {
                    self.note(false, key, pointer);
                }
                _ => {}
            }
        }
    }

    fn look_at_annotations(&mut self, value: &Node<'_>, pointer: &str) {
        let Some(map) = value.as_object() else {
            self.note(false, "annotations", pointer);
            return;
        };
        for (key, value) in map {
            let path = format!("annotations.{key}");
            if !ANNOTATIONS.contains(key) {
                self.note(true, &path, pointer);
            } else if value.as_bool().is_none() {
                self.note(false, &path, pointer);
            }
        }
    }

    fn note(&mut self, is_unknown: bool, key: &str, pointer: &str) {
        let kept = if is_unknown {
            &mut self.unknown
        } else {
            &mut self.invalid
        };
        let key: String = key.chars().take(SHOWN).collect();
        if kept.len() < MOST || kept.contains_key(&key) {
            let at = || (format!("{pointer}/x-mcp"), 0);
            kept.entry(key).or_insert_with(at).1 += 1;
        }
    }

    fn report(self, diagnostics: &mut Vec<Diagnostic>) {
        let times = |count: usize| match count {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        for (key, (pointer, count)) in self.unknown {
            diagnostics.push(Diagnostic {
                code: "x-mcp-unknown-key",
                severity: Severity::Info,
                pointer,
                message: format!("`{key}` means nothing in `x-mcp`{}", times(count)),
                help: format!("There are {}.", KEYS.join(", ")),
            });
        }
        for (key, (pointer, count)) in self.invalid {
            let what = match key.as_str() {
                "" => "`x-mcp` is neither true, false nor an object".to_owned(),
                "enabled" => "`enabled` in `x-mcp` is not true or false".to_owned(),
                "annotations" => "`annotations` in `x-mcp` is no object".to_owned(),
                key if key.starts_with("annotations.") => {
                    format!("`{key}` in `x-mcp` is not true or false")
                }
                key => format!("`{key}` in `x-mcp` is no text"),
            };
            diagnostics.push(Diagnostic {
                code: "x-mcp-invalid",
                severity: Severity::Warning,
                pointer,
                message: format!("{what}; it is left out{}", times(count)),
                help: "Correct it, or leave it out.".to_owned(),
            });
        }
        for (pointer, message) in self.not_believed.into_iter().take(MOST) {
            diagnostics.push(Diagnostic {
                code: "x-mcp-not-believed",
                severity: Severity::Warning,
                pointer: format!("{pointer}/x-mcp"),
                message,
                help: "Clients let a model call what is read-only without asking: say so only \
                       where it is true."
                    .to_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::fixtures::{api, operation};
    use crate::{PlanOptions, plan};

    fn hinted(method: Method, path: &str, hints: &serde_json::Value) -> Operation<'static> {
        let mut operation = operation(method, path, None);
        operation.x_mcp = Some(crate::fixtures::node(hints));
        operation
    }

    #[test]
    fn what_the_document_asks_for_is_done() {
        let mut api = api(vec![
            hinted(
                Method::Get,
                "/pets",
                &json!({"name": "browse", "title": "Browse", "description": "Browses.", "group": "Shop front"}),
            ),
            hinted(Method::Post, "/pets", &json!(false)),
            hinted(Method::Put, "/pets/{id}", &json!({"enabled": false})),
            hinted(
                Method::Post,
                "/count",
                &json!({"annotations": {"readOnlyHint": true, "openWorldHint": false}}),
            ),
            hinted(
                Method::Patch,
                "/pets/{id}",
                &json!({"annotations": {"destructiveHint": false, "idempotentHint": true}}),
            ),
            operation(Method::Get, "/plain", None),
        ]);
        api.x_mcp = Some(crate::fixtures::node(
            &json!({"title": "Pets & Co", "description": "All about pets.", "group": "Rest"}),
        ));
        let (plan, diagnostics) = plan(&api, &PlanOptions::default());
        assert_eq!(diagnostics, []);
        assert_eq!(plan.service.name, "Pets & Co");
        assert_eq!(plan.service.slug, "pet-store");
        assert_eq!(plan.service.description.as_deref(), Some("All about pets."));
        let rows: Vec<String> = plan
            .tools
            .iter()
            .map(|tool| {
                let hints = tool.annotations;
                format!(
                    "{} {} | {} | {} | {} {}{}{}{}",
                    tool.name,
                    tool.group,
                    tool.title,
                    tool.description,
                    if tool.enabled { "on" } else { "off" },
                    u8::from(hints.read_only_hint),
                    u8::from(hints.destructive_hint),
                    u8::from(hints.idempotent_hint),
                    u8::from(hints.open_world_hint),
                )
            })
            .collect();
        expect![[r#"
            browse shop-front | Browse | Browses. | on 1011
            create_pet rest | Create pet | Create pet (POST /pets). | off 0001
            replace_pet rest | Replace pet | Replace pet (PUT /pets/{id}). | off 0111
            create_count rest | Create count | Create count (POST /count). | on 1010
            update_pet rest | Update pet | Update pet (PATCH /pets/{id}). | on 0011
            get_plain rest | Get plain | Get plain (GET /plain). | on 1011"#]]
        .assert_eq(&rows.join("\n"));
    }

    #[test]
    fn the_root_turns_all_off_and_an_operation_on_again() {
        let mut api = api(vec![
            operation(Method::Get, "/a", None),
            hinted(Method::Get, "/b", &json!(true)),
            hinted(Method::Get, "/c", &json!({"title": "C"})),
        ]);
        api.x_mcp = Some(crate::fixtures::node(&json!({"enabled": false})));
        let (plan, _) = plan(&api, &PlanOptions::default());
        let on: Vec<bool> = plan.tools.iter().map(|tool| tool.enabled).collect();
        assert_eq!(on, [false, true, false]);
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        let mut api = api(vec![
            hinted(
                Method::Delete,
                "/a",
                &json!({"annotations": {"readOnlyHint": true, "destructiveHint": false}}),
            ),
            hinted(
                Method::Post,
                "/b",
                &json!({"annotations": {"readOnlyHint": true, "destructiveHint": true}}),
            ),
            hinted(
                Method::Get,
                "/c",
                &json!({"enable": true, "enabled": "yes", "title": 5}),
            ),
            hinted(
                Method::Get,
                "/d",
                &json!({"enable": true, "annotations": {"readonly": true, "idempotentHint": 1}}),
            ),
            hinted(Method::Get, "/e", &json!("off")),
        ]);
        api.x_mcp = Some(crate::fixtures::node(&json!({"annotations": []})));
        let (plan, diagnostics) = plan(&api, &PlanOptions::default());
        assert!(plan.tools[0].annotations.destructive_hint);
        assert!(!plan.tools[0].annotations.read_only_hint);
        assert!(!plan.tools[1].annotations.read_only_hint);
        assert!(plan.tools[4].enabled);
        let rows: Vec<String> = diagnostics
            .iter()
            .map(|found| {
                format!(
                    "{:?} {} {} {}",
                    found.severity, found.code, found.pointer, found.message
                )
            })
            .collect();
        expect![[r#"
            Info x-mcp-unknown-key /paths/~1d/get/x-mcp `annotations.readonly` means nothing in `x-mcp`
            Info x-mcp-unknown-key /paths/~1c/get/x-mcp `enable` means nothing in `x-mcp` (2 times)
            Warning x-mcp-invalid /paths/~1e/get/x-mcp `x-mcp` is neither true, false nor an object; it is left out
            Warning x-mcp-invalid /x-mcp `annotations` in `x-mcp` is no object; it is left out
            Warning x-mcp-invalid /paths/~1d/get/x-mcp `annotations.idempotentHint` in `x-mcp` is not true or false; it is left out
            Warning x-mcp-invalid /paths/~1c/get/x-mcp `enabled` in `x-mcp` is not true or false; it is left out
            Warning x-mcp-invalid /paths/~1c/get/x-mcp `title` in `x-mcp` is no text; it is left out
            Warning x-mcp-not-believed /paths/~1a/delete/x-mcp `readOnlyHint` is not believed of a DELETE, which takes something away
            Warning x-mcp-not-believed /paths/~1a/delete/x-mcp `destructiveHint` is not believed of a DELETE, which takes something away
            Warning x-mcp-not-believed /paths/~1b/post/x-mcp `readOnlyHint` is not believed of what is said to be destructive"#]].assert_eq(&rows.join("\n"));
    }
}

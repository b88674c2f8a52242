//! What a project of dynamic mode has beside the others: the four tools and the
//! search, and the parts of templates that are written for one mode only.

use mcpengine_plan::{ServerMode, ServerPlan};
use serde_json::Value;

use crate::print;

/// The files that only projects of dynamic mode have.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("src/dynamic.ts", include_str!("templates/src/dynamic.ts")),
    (
        "src/dynamic/catalogue.ts",
        include_str!("templates/src/dynamic/catalogue.ts"),
    ),
    (
        "src/dynamic/outline.ts",
        include_str!("templates/src/dynamic/outline.ts"),
    ),
    (
        "src/dynamic/search.ts",
        include_str!("templates/src/dynamic/search.ts"),
    ),
    (
        "src/dynamic/words.ts",
        include_str!("templates/src/dynamic/words.ts"),
    ),
];

/// Generated: the four tools.
pub(crate) const DEFINITIONS: &str = "src/dynamic/tools.ts";

/// The template as it is written in this mode. Lines between `// #direct` or
/// `// #dynamic` and the next such line, or `// #end`, are for that mode alone.
pub(crate) fn in_mode(template: &str, mode: ServerMode) -> String {
    let mut out = String::with_capacity(template.len());
    let mut wanted = true;
    for line in template.split_inclusive('\n') {
        match line.trim_end().strip_prefix("// #") {
            Some("end") => wanted = true,
            Some(name) if ServerMode::of(name).is_some() => wanted = name == mode.as_str(),
            _ if wanted => out.push_str(line),
            _ => {}
        }
    }
    out
}

/// [`DEFINITIONS`]: the four tools as they are listed.
pub(crate) fn definitions(plan: &ServerPlan) -> String {
    let tools = serde_json::to_value(mcpengine_plan::dynamic_tools(plan)).unwrap_or(Value::Null);
    let head = "export const dynamicTools: readonly ListedTool[] = ";
    format!(
        "/** The tools that clients are shown; src/dynamic.ts is what they do. */\n\n\
         import type {{ ListedTool }} from \"../tool.js\";\n\n{head}{};\n",
        print::literal(&tools, 0, head.len())
    )
}

/// How the four are used, for a model that has not seen such a server.
pub(crate) fn usage(plan: &ServerPlan) -> String {
    let count = plan.tools.iter().filter(|tool| tool.enabled).count();
    format!(
        "This server has {count} tools, which are not listed one by one: search_tools finds them, \
         describe_tool gives their input schemas, call_read_tool and call_write_tool call them."
    )
}

#[cfg(test)]
mod tests {
    use mcpengine_plan::ServerMode;

    use super::in_mode;

    #[test]
    fn lines_of_the_other_mode_are_left_out() {
        let template = "a\n// #direct\nb\n// #dynamic\nc\n// #end\nd // #direct\n// #other\n";
        assert_eq!(
            [ServerMode::Direct, ServerMode::Dynamic].map(|mode| in_mode(template, mode)),
            [
                "a\nb\nd // #direct\n// #other\n",
                "a\nc\nd // #direct\n// #other\n"
            ]
        );
    }

    /// Nothing of a template is lost because a marker is misspelt or left open.
    #[test]
    fn markers_are_spelt_and_closed() {
        for (path, template) in crate::TEMPLATES.iter().chain(super::TEMPLATES) {
            let markers: Vec<&str> = template
                .lines()
                .filter_map(|line| line.strip_prefix("// #"))
                .collect();
            assert!(
                markers
                    .iter()
                    .all(|name| *name == "end" || ServerMode::of(name).is_some()),
                "{path}: {markers:?}"
            );
            assert!(
                markers.last().is_none_or(|name| *name == "end"),
                "{path} ends inside of a part for one mode"
            );
        }
    }
}

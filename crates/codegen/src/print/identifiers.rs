//! Names of constants.

use std::collections::BTreeSet;

/// Makes identifiers that are unique in one module.
#[derive(Debug, Default)]
pub(crate) struct Identifiers {
    used: BTreeSet<String>,
}

/// What a generated module uses itself, and what cannot name a constant.
const RESERVED: &[&str] = &[
    "Infinity",
    "NaN",
    "Tool",
    "abstract",
    "any",
    "arguments",
    "as",
    "async",
    "await",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "globalThis",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "module",
    "namespace",
    "never",
    "new",
    "null",
    "number",
    "object",
    "of",
    "package",
    "private",
    "protected",
    "public",
    "require",
    "return",
    "set",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "tools",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unknown",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

impl Identifiers {
    /// A `camelCase` identifier of ASCII letters and digits made from `name`.
    pub(crate) fn mangle(&mut self, name: &str, suffix: &str) -> String {
        let mut base = camel_case(name);
        if !base.starts_with(|it: char| it.is_ascii_alphabetic()) {
            base = camel_case(&format!("tool {base}"));
        }
        base.push_str(suffix);
        if RESERVED.contains(&base.as_str()) {
            base.push_str("Tool");
        }
        let mut identifier = base.clone();
        let mut count = 2_u32;
        while !self.used.insert(identifier.clone()) {
            identifier = format!("{base}{count}");
            count = count.saturating_add(1);
        }
        identifier
    }
}

fn camel_case(name: &str) -> String {
    let mut out = String::new();
    let mut at_start_of_word = false;
    for character in name.chars().take(80) {
        if !character.is_ascii_alphanumeric() {
            at_start_of_word = !out.is_empty();
        } else if at_start_of_word {
            out.push(character.to_ascii_uppercase());
            at_start_of_word = false;
        } else if out.is_empty() {
            out.push(character.to_ascii_lowercase());
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Identifiers;

    #[test]
    fn identifiers_are_plain_and_unique() {
        let mut names = Identifiers::default();
        let made: Vec<_> = [
            "list_pets",
            "list-pets",
            "delete",
            "404",
            "",
            "Tool",
            "é",
            "tools",
            "x;alert(1)",
        ]
        .iter()
        .map(|name| names.mangle(name, ""))
        .collect();
        assert_eq!(
            made,
            [
                "listPets",
                "listPets2",
                "deleteTool",
                "tool404",
                "tool",
                "tool2",
                "tool3",
                "toolsTool",
                "xAlert1"
            ]
        );
    }
}

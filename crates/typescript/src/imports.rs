//! Which modules a file may import, and how its specifiers are rewritten.

use std::collections::BTreeSet;

use oxc::allocator::Allocator;
use oxc::ast::ast::{Declaration, Program, Statement, StringLiteral};
use oxc::span::Span;

use crate::{CompileError, CompileOptions, Reporter, SourceFile};

const NO_COMMON_JS: &str =
    "use `import … from` and `export default` in place of `import =` and `export =`";

/// The name of the module that a file becomes; `None` when the path is not one
/// of a source file inside the project.
pub(crate) fn module_name(path: &str, strip_prefix: &str) -> Option<String> {
    let path = path.strip_prefix(strip_prefix).unwrap_or(path);
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
    if !path.split('/').all(plain) || path.ends_with(".d.ts") {
        return None;
    }
    match path.strip_suffix(".ts") {
        Some(stem) if !stem.is_empty() && !stem.ends_with('/') => Some(format!("{stem}.js")),
        Some(_) => None,
        None => path.ends_with(".js").then(|| path.to_owned()),
    }
}

/// Refuses TypeScript's syntax for CommonJS modules, which would call `require`.
pub(crate) fn refuse_common_js(program: &Program<'_>, errors: &mut Reporter<'_>) {
    for statement in &program.body {
        let span = match statement {
            Statement::TSImportEqualsDeclaration(it) => it.span,
            Statement::TSExportAssignment(it) => it.span,
            Statement::ExportDeclaration(it) => match &it.declaration {
                Declaration::TSImportEqualsDeclaration(it) => it.span,
                _ => continue,
            },
            _ => continue,
        };
        errors.push(span, "unsupported_syntax", NO_COMMON_JS);
    }
}

/// Points every remaining import and re-export of `program` at a module name.
/// Type-only ones are gone by now.
pub(crate) fn rewrite<'a>(
    allocator: &'a Allocator,
    program: &mut Program<'a>,
    file: &SourceFile,
    name: &str,
    options: &CompileOptions,
    names: &BTreeSet<String>,
) -> Result<(), Vec<CompileError>> {
    let mut errors = Reporter::new(file);
    for statement in &mut program.body {
        // The boxes are opened first, so that two fields can be borrowed apart.
        let (source, attributes) = match statement {
            Statement::ImportDeclaration(it) => {
                let it = &mut **it;
                (&mut it.source, &it.with_clause)
            }
            Statement::ExportFromDeclaration(it) => {
                let it = &mut **it;
                (&mut it.source, &it.with_clause)
            }
            Statement::ExportAllDeclaration(it) => {
                let it = &mut **it;
                (&mut it.source, &it.with_clause)
            }
            _ => continue,
        };
        if let Some(clause) = attributes {
            let message = "import attributes are not available in a hosted server";
            errors.push(clause.span, "import_not_allowed", message);
        }
        point(allocator, source, name, options, names, &mut errors);
    }
    errors.finish()
}

fn point<'a>(
    allocator: &'a Allocator,
    source: &mut StringLiteral<'a>,
    importer: &str,
    options: &CompileOptions,
    names: &BTreeSet<String>,
    errors: &mut Reporter<'_>,
) {
    if options.platform.has(source.value.as_str()) {
        return;
    }
    match resolve(source.value.as_str(), importer, options, names) {
        Ok(target) => {
            let specifier = relative(importer, &target);
            source.value = allocator.alloc_str(&specifier).into();
            // The printer prefers the raw text where there is one.
            source.raw = None;
        }
        Err((code, message)) => errors.push(Span::empty(source.span.start), code, message),
    }
}

/// The module that a specifier names, or the code and message of the refusal.
fn resolve(
    specifier: &str,
    importer: &str,
    options: &CompileOptions,
    names: &BTreeSet<String>,
) -> Result<String, (&'static str, String)> {
    if !specifier.starts_with("./") && !specifier.starts_with("../") {
        return options.bare_imports.get(specifier).cloned().ok_or_else(|| {
            let allowed: Vec<_> = options
                .bare_imports
                .keys()
                .map(|key| format!("`{key}`"))
                .collect();
            let rest = if allowed.is_empty() {
                String::from("only files of the project can be imported")
            } else {
                format!(
                    "only files of the project and {} can be imported",
                    allowed.join(", ")
                )
            };
            (
                "import_not_allowed",
                format!("`{specifier}` is not available here: {rest}"),
            )
        });
    }
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for part in specifier.split('/') {
        match part {
            "." => {}
            ".." => {
                if parts.pop().is_none() {
                    let message = format!("`{specifier}` is outside of the project");
                    return Err(("import_not_allowed", message));
                }
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    let target = path
        .strip_suffix(".ts")
        .map_or(path.clone(), |stem| format!("{stem}.js"));
    if names.contains(&target) {
        return Ok(target);
    }
    let hint = if names.contains(&format!("{target}.js")) {
        format!(": write `{specifier}.js`")
    } else {
        String::new()
    };
    Err((
        "import_not_found",
        format!("there is no file `{target}` in the project{hint}"),
    ))
}

/// A specifier that names `target` in the module `importer`.
fn relative(importer: &str, target: &str) -> String {
    let mut from: Vec<&str> = importer.split('/').collect();
    from.pop();
    let to: Vec<&str> = target.split('/').collect();
    let folders = to.len().saturating_sub(1);
    let shared = from
        .iter()
        .zip(to.iter().take(folders))
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.len() - shared;
    let down: Vec<&str> = to.into_iter().skip(shared).collect();
    let start = if up == 0 {
        String::from("./")
    } else {
        "../".repeat(up)
    };
    format!("{start}{}", down.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{module_name, relative};

    #[test]
    fn names_modules() {
        let name = |path| module_name(path, "src/");
        assert_eq!(name("src/tools/pets.ts").as_deref(), Some("tools/pets.js"));
        assert_eq!(name("runtime.js").as_deref(), Some("runtime.js"));
        for bad in [
            "",
            "src/",
            "src/.ts",
            "src/a/.ts",
            "../a.ts",
            "a//b.ts",
            "/a.ts",
            "a.json",
            "a\\b.ts",
            "src/x.d.ts",
        ] {
            assert_eq!(name(bad), None, "{bad}");
        }
    }

    #[test]
    fn finds_relative_paths() {
        assert_eq!(relative("server.js", "runtime.js"), "./runtime.js");
        assert_eq!(relative("tools/pets.js", "runtime.js"), "../runtime.js");
        assert_eq!(relative("a/b/c.js", "a/d/e.js"), "../d/e.js");
        assert_eq!(relative("a/a.js", "a/b/a.js"), "./b/a.js");
        assert_eq!(relative("a.js", "a.js"), "./a.js");
    }
}

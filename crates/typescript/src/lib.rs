//! TypeScript in, checked JavaScript modules out.
//!
//! [`compile`] takes the source files of one server and gives the modules that
//! an isolate loads: types stripped, names changed from `.ts` to `.js`, bare
//! imports pointed at the modules that stand for them. It decides which imports
//! are allowed, so that loaded code can reach nothing but its own files.
//! [`Compiler`] does the same one file at a time.
//!
//! [`check`] parses and checks one file, for an editor. Neither function knows
//! types: `tsc` does that on the user's machine.

mod guard;
mod imports;
mod position;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use oxc::allocator::Allocator;
use oxc::ast::ast::Program;
use oxc::codegen::{Codegen, CodegenOptions};
use oxc::diagnostics::OxcDiagnostic;
use oxc::parser::{ParseOptions, Parser, ParserReturn};
use oxc::semantic::{Scoping, SemanticBuilder};
use oxc::span::{SourceType, Span};
use oxc::transformer::{TransformOptions, Transformer};
use thiserror::Error;

use crate::position::LineIndex;

/// Files longer than this are refused (bytes). The largest real file is a
/// generated one: about 1.5 kB a tool, at most 1,000 tools in a group.
pub const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;

/// At most this many problems are reported for one file.
const MAX_ERRORS_PER_FILE: usize = 50;

/// A TypeScript (or plain JavaScript) source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path in the project, with `/`, e.g. `src/tools/pets.ts`.
    pub path: String,
    pub text: String,
}

/// A JavaScript module (ESM).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Name in the isolate, e.g. `tools/pets.js`.
    pub name: String,
    pub js: String,
}

/// What [`compile`] may do with imports and names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompileOptions {
    /// Allowed bare specifiers, and the name of the module that stands for each,
    /// e.g. `@modelcontextprotocol/server` and `runtime.js`.
    pub bare_imports: BTreeMap<String, String>,
    /// Removed from the front of every path, e.g. `src/`.
    pub strip_prefix: String,
    /// Where the modules run.
    pub platform: Platform,
}

/// Where modules run, and so what they may reach beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Platform {
    /// A hosted isolate: nothing.
    #[default]
    Isolate,
    /// Node.js on a machine of the user's own: its built-in modules, `import()`,
    /// `import.meta`, and these packages and what is below them.
    Node { packages: BTreeSet<String> },
}

impl Platform {
    /// Whether a bare specifier is there to be found and stays as it is.
    fn has(&self, specifier: &str) -> bool {
        let Self::Node { packages } = self else {
            return false;
        };
        let below = |package: &String| {
            specifier
                .strip_prefix(package.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        specifier.starts_with("node:") || packages.iter().any(below)
    }
}

/// Why a source file is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct CompileError {
    pub path: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    pub message: String,
    /// Stable: `syntax`, `too_complex`, `too_large`, `bad_path`, `duplicate_path`,
    /// `import_not_allowed`, `import_not_found`, `dynamic_import`, `import_meta`,
    /// `unsupported_syntax`.
    pub code: &'static str,
}

/// Compiles the files to modules, in the order of the files.
///
/// # Errors
/// Every problem of every file, in the order of the files.
pub fn compile(
    files: &[SourceFile],
    options: &CompileOptions,
) -> Result<Vec<Module>, Vec<CompileError>> {
    let paths = files.iter().map(|file| file.path.as_str());
    let compiler = Compiler::new(paths, options)?;
    let mut errors = Vec::new();
    let mut modules = Vec::with_capacity(files.len());
    for file in files {
        match compiler.compile(file) {
            Ok(module) => modules.push(module),
            Err(problems) => errors.extend(problems),
        }
    }
    if errors.is_empty() {
        Ok(modules)
    } else {
        Err(errors)
    }
}

/// Compiles the files of one server one by one, for callers that cannot hold all
/// sources and all modules at once. [`compile`] is the same for all at once.
#[derive(Debug)]
pub struct Compiler<'o> {
    options: &'o CompileOptions,
    /// Of all the server's modules: what its files may import.
    names: BTreeSet<String>,
}

impl<'o> Compiler<'o> {
    /// `paths` are those of all the server's files, in any order.
    ///
    /// # Errors
    /// Paths that cannot be modules, or that become the same module.
    pub fn new<'p>(
        paths: impl IntoIterator<Item = &'p str>,
        options: &'o CompileOptions,
    ) -> Result<Self, Vec<CompileError>> {
        let mut errors = Vec::new();
        let mut names = BTreeSet::new();
        let taken: BTreeSet<&String> = options.bare_imports.values().collect();
        for path in paths {
            let Some(name) = imports::module_name(path, &options.strip_prefix) else {
                let message = format!("`{path}` is not the path of a .ts or .js file");
                errors.push(error_at_start(path, "bad_path", message));
                continue;
            };
            if taken.contains(&name) {
                let message = format!("`{name}` is the name of a module of the platform");
                errors.push(error_at_start(path, "duplicate_path", message));
            }
            if names.contains(&name) {
                let message = format!("two files become the module `{name}`");
                errors.push(error_at_start(path, "duplicate_path", message));
            }
            names.insert(name);
        }
        if errors.is_empty() {
            Ok(Self { options, names })
        } else {
            Err(errors)
        }
    }

    /// Compiles one of the files.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn compile(&self, file: &SourceFile) -> Result<Module, Vec<CompileError>> {
        compile_file(file, self.options, &self.names)
    }
}

/// Parses one file and checks what can be known without types.
///
/// # Errors
/// The problems found, at most 50.
pub fn check(file: &SourceFile) -> Result<(), Vec<CompileError>> {
    let allocator = Allocator::default();
    let parsed = parse(&allocator, file)?;
    analyse(file, &parsed.program).map(|_| ())
}

fn compile_file(
    file: &SourceFile,
    options: &CompileOptions,
    names: &BTreeSet<String>,
) -> Result<Module, Vec<CompileError>> {
    let allocator = Allocator::default();
    let parsed = parse(&allocator, file)?;
    let scoping = analyse(file, &parsed.program)?;
    let mut errors = Reporter::new(file);
    if options.platform == Platform::Isolate {
        for import in &parsed.module_record.dynamic_imports {
            errors.push(
                import.span,
                "dynamic_import",
                "import() is not available in a hosted server: import at the top of the file",
            );
        }
        for meta in &parsed.module_record.import_metas {
            errors.push(
                *meta,
                "import_meta",
                "import.meta is not available in a hosted server",
            );
        }
    }
    imports::refuse_common_js(&parsed.program, &mut errors);
    errors.finish()?;

    let mut program = parsed.program;
    let transform = TransformOptions::default();
    let transformed = Transformer::new(&allocator, Path::new(&file.path), &transform)
        .build_with_scoping(scoping, &mut program);
    let mut errors = Reporter::new(file);
    errors.diagnostics("unsupported_syntax", &transformed.diagnostics);
    errors.finish()?;

    let name = imports::module_name(&file.path, &options.strip_prefix).unwrap_or_default();
    imports::rewrite(&allocator, &mut program, file, &name, options, names)?;
    let printed = Codegen::new()
        .with_options(CodegenOptions::default())
        .build(&program);
    Ok(Module {
        name,
        js: printed.code,
    })
}

fn parse<'a>(
    allocator: &'a Allocator,
    file: &'a SourceFile,
) -> Result<ParserReturn<'a>, Vec<CompileError>> {
    if file.text.len() > MAX_FILE_BYTES {
        let message = format!("the file is longer than {MAX_FILE_BYTES} bytes");
        return Err(vec![error_at_start(&file.path, "too_large", message)]);
    }
    guard::check_nesting(&file.text).map_err(|problem| {
        let span = Span::empty(u32::try_from(problem.offset).unwrap_or(0));
        let mut errors = Reporter::new(file);
        errors.push(span, "too_complex", problem.message);
        errors.list
    })?;
    let source_type = if file.path.ends_with(".js") {
        SourceType::mjs()
    } else {
        SourceType::ts()
    };
    let parsed = Parser::new(allocator, &file.text, source_type)
        .with_options(ParseOptions {
            parse_regular_expression: false,
            ..ParseOptions::default()
        })
        .parse();
    let mut errors = Reporter::new(file);
    errors.diagnostics("syntax", &parsed.diagnostics);
    if parsed.panicked && errors.list.is_empty() {
        errors.push(Span::empty(0), "syntax", "the file cannot be parsed");
    }
    errors.finish()?;
    Ok(parsed)
}

fn analyse(file: &SourceFile, program: &Program<'_>) -> Result<Scoping, Vec<CompileError>> {
    let analysed = SemanticBuilder::new()
        .with_check_syntax_error(true)
        .with_enum_eval(true)
        // The transformer adds scopes and symbols of its own.
        .with_excess_capacity(2.0)
        .build(program);
    let mut errors = Reporter::new(file);
    errors.diagnostics("syntax", &analysed.diagnostics);
    errors.finish()?;
    Ok(analysed.semantic.into_scoping())
}

fn error_at_start(path: &str, code: &'static str, message: String) -> CompileError {
    CompileError {
        path: path.to_owned(),
        line: 1,
        column: 1,
        message,
        code,
    }
}

/// Collects the problems of one file with their places.
struct Reporter<'f> {
    file: &'f SourceFile,
    lines: LineIndex<'f>,
    list: Vec<CompileError>,
}

impl<'f> Reporter<'f> {
    fn new(file: &'f SourceFile) -> Self {
        Self {
            file,
            lines: LineIndex::new(&file.text),
            list: Vec::new(),
        }
    }

    fn push(&mut self, span: Span, code: &'static str, message: impl Into<String>) {
        if self.list.len() >= MAX_ERRORS_PER_FILE {
            return;
        }
        let (line, column) = self.lines.position(span.start as usize);
        self.list.push(CompileError {
            path: self.file.path.clone(),
            line,
            column,
            message: message.into(),
            code,
        });
    }

    fn diagnostics(&mut self, code: &'static str, found: &[OxcDiagnostic]) {
        for diagnostic in found {
            let offset = diagnostic.labels.first().map_or(0, |label| label.offset());
            self.push(Span::empty(offset), code, diagnostic.message.to_string());
        }
    }

    fn finish(self) -> Result<(), Vec<CompileError>> {
        if self.list.is_empty() {
            Ok(())
        } else {
            Err(self.list)
        }
    }
}

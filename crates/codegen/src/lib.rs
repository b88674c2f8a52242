//! A [`ServerPlan`] in, the files of a TypeScript MCP server out.
//!
//! The same plan gives the same bytes. What differs from server to server is
//! data, in `src/config.ts` and `src/tools/`; the rest of `src/` is the same
//! small engine for all, kept as real TypeScript in `src/templates/`.
//!
//! Text of a plan gets into code through the module `print` only, and into
//! Markdown through `markdown` only.

mod clients;
mod config;
mod credentials;
mod documents;
mod dynamic;
mod env_example;
mod markdown;
mod names;
mod print;
mod readme;
mod tools;

use mcpengine_plan::{ServerMode, ServerPlan};
use serde::{Deserialize, Serialize};

/// What is asked for beyond the plan. What is not valid is not used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProjectOptions {
    /// npm package name; default `<slug>-mcp-server`.
    pub package_name: Option<String>,
    /// Semantic version of the server; default the API's, where it is one.
    pub version: Option<String>,
    /// Where the server is hosted, e.g. `https://pets.mcpengine.run/mcp`.
    pub public_url: Option<String>,
}

/// One file of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectFile {
    /// Path in the project, with `/`, e.g. `src/tools/pets.ts`.
    pub path: String,
    pub content: String,
}

/// A whole project, sorted by path, every path once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    pub files: Vec<ProjectFile>,
    /// Names of environment variables with which every tool can be called: what has
    /// to be set, and of credentials one way where there are several.
    pub install_env: Vec<String>,
}

impl Project {
    /// The source files that a hosted server is made of: `src/**/*.ts` without
    /// the entry point for Node.js. The main module is `src/worker.ts`.
    pub fn worker_sources(&self) -> impl Iterator<Item = &ProjectFile> {
        self.files
            .iter()
            .filter(|file| is_worker_source(&file.path))
    }

    /// The content of the file at `path`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&str> {
        let index = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path))
            .ok()?;
        self.files.get(index).map(|file| file.content.as_str())
    }
}

/// Whether a file of a project is part of a hosted server, see
/// [`Project::worker_sources`].
#[must_use]
pub fn is_worker_source(path: &str) -> bool {
    path.starts_with("src/") && path.ends_with(".ts") && path != "src/node.ts"
}

/// Files that a project has in the mode that this one is not in: whoever writes
/// a project over another removes them.
pub fn paths_of_other_mode(project: &Project) -> impl Iterator<Item = &'static str> {
    let of_dynamic = dynamic::TEMPLATES.iter().map(|(path, _)| *path);
    of_dynamic
        .chain([dynamic::DEFINITIONS])
        .filter(|path| project.file(path).is_none())
}

/// The files that are the same in every project of a mode.
const TEMPLATES: &[(&str, &str)] = &[
    (".gitignore", include_str!("templates/gitignore")),
    ("Dockerfile", include_str!("templates/Dockerfile")),
    ("src/access.ts", include_str!("templates/src/access.ts")),
    ("src/card.ts", include_str!("templates/src/card.ts")),
    ("src/custom.ts", include_str!("templates/src/custom.ts")),
    ("src/endpoint.ts", include_str!("templates/src/endpoint.ts")),
    ("src/http.ts", include_str!("templates/src/http.ts")),
    (
        "src/http/answer.ts",
        include_str!("templates/src/http/answer.ts"),
    ),
    (
        "src/http/auth.ts",
        include_str!("templates/src/http/auth.ts"),
    ),
    (
        "src/http/body.ts",
        include_str!("templates/src/http/body.ts"),
    ),
    (
        "src/http/content.ts",
        include_str!("templates/src/http/content.ts"),
    ),
    (
        "src/http/errors.ts",
        include_str!("templates/src/http/errors.ts"),
    ),
    (
        "src/http/encode.ts",
        include_str!("templates/src/http/encode.ts"),
    ),
    (
        "src/http/request.ts",
        include_str!("templates/src/http/request.ts"),
    ),
    (
        "src/http/send.ts",
        include_str!("templates/src/http/send.ts"),
    ),
    (
        "src/http/sniff.ts",
        include_str!("templates/src/http/sniff.ts"),
    ),
    (
        "src/http/styles.ts",
        include_str!("templates/src/http/styles.ts"),
    ),
    (
        "src/http/token.ts",
        include_str!("templates/src/http/token.ts"),
    ),
    ("src/node.ts", include_str!("templates/src/node.ts")),
    ("src/pages.ts", include_str!("templates/src/pages.ts")),
    ("src/progress.ts", include_str!("templates/src/progress.ts")),
    ("src/schema.ts", include_str!("templates/src/schema.ts")),
    ("src/server.ts", include_str!("templates/src/server.ts")),
    ("src/settings.ts", include_str!("templates/src/settings.ts")),
    ("src/tool.ts", include_str!("templates/src/tool.ts")),
    ("src/worker.ts", include_str!("templates/src/worker.ts")),
    (
        "test/server.test.js",
        include_str!("templates/test/server.test.js"),
    ),
    ("tsconfig.json", include_str!("templates/tsconfig.json")),
];

/// Generates the project of a plan, with its enabled tools.
#[must_use]
pub fn generate(plan: &ServerPlan, options: &ProjectOptions) -> Project {
    let about = documents::About::new(plan, options);
    let mut files: Vec<ProjectFile> = TEMPLATES
        .iter()
        .map(|(path, content)| file(path, dynamic::in_mode(content, plan.mode)))
        .collect();
    if plan.mode == ServerMode::Dynamic {
        let templates = dynamic::TEMPLATES.iter();
        files.extend(templates.map(|(path, content)| file(path, (*content).to_owned())));
        files.push(file(dynamic::DEFINITIONS, dynamic::definitions(plan)));
    }
    files.extend(tools::files(plan));
    files.push(file("src/config.ts", config::module(plan, &about)));
    files.push(file("package.json", documents::package_json(&about)));
    files.push(file("server.json", documents::server_json(&about)));
    files.push(file(".env.example", env_example::env_example(&about)));
    files.push(file("README.md", readme::readme(plan, &about)));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Project {
        files,
        install_env: clients::names(&about),
    }
}

fn file(path: &str, mut content: String) -> ProjectFile {
    // Grown by doubling, a large project would hold as much again for nothing.
    content.shrink_to_fit();
    ProjectFile {
        path: path.to_owned(),
        content,
    }
}

//! Which crate may know which: the table of docs/ARCHITECTURE.md.

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::{none, root};

/// Allowed edges among our own crates. Those that are not named (the Worker and
/// the command line) may use any.
const EDGES: &[(&str, &[&str])] = &[
    ("mcpengine-openapi", &[]),
    ("mcpengine-api", &[]),
    ("mcpengine-vault", &[]),
    ("mcpengine-typescript", &[]),
    ("mcpengine-fetch-policy", &[]),
    ("mcpengine-cloudflare", &[]),
    ("mcpengine-package", &[]),
    ("mcpengine-identity", &[]),
    ("mcpengine-stripe", &[]),
    ("mcpengine-tiers", &[]),
    ("mcpengine-plan", &["mcpengine-openapi"]),
    ("mcpengine-apps", &["mcpengine-plan"]),
    ("mcpengine-collab", &["mcpengine-plan"]),
    ("mcpengine-claude", &["mcpengine-plan"]),
    ("mcpengine-codegen", &["mcpengine-plan", "mcpengine-apps"]),
    (
        "mcpengine-checks",
        &[
            "mcpengine-plan",
            "mcpengine-codegen",
            "mcpengine-typescript",
        ],
    ),
    (
        "mcpengine-store",
        &[
            "mcpengine-plan",
            "mcpengine-stripe",
            "mcpengine-tiers",
            "mcpengine-vault",
        ],
    ),
];

/// Crates that speak to JavaScript: only the edge may name them.
const EDGE_ONLY: [&str; 5] = [
    "worker",
    "js-sys",
    "web-sys",
    "wasm-bindgen",
    "wasm-bindgen-futures",
];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .expect("cargo metadata")
}

/// Names of the normal dependencies of a package.
fn normal(package: &Package) -> impl Iterator<Item = &str> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == DependencyKind::Normal)
        .map(|dependency| dependency.name.as_str())
}

#[test]
fn crates_know_only_what_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let mut problems = Vec::new();
    for package in &metadata().packages {
        let name = package.name.as_str();
        let Some(edges) = allowed.get(name) else {
            continue;
        };
        problems.extend(
            normal(package)
                .filter(|other| other.starts_with("mcpengine-") && !edges.contains(other))
                .map(|other| format!("{name} -> {other}")),
        );
    }
    none("edges that the design does not have", &problems);
}

#[test]
fn every_crate_has_its_row() {
    let free = ["mcpengine-worker", "mcpengine-cli", "xtask", "baseline"];
    let problems: Vec<String> = metadata()
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .filter(|name| !free.contains(&name.as_str()) && !EDGES.iter().any(|(row, _)| row == name))
        .collect();
    none("crates without a row in EDGES", &problems);
}

#[test]
fn only_the_edge_speaks_to_javascript() {
    let mut problems = Vec::new();
    for package in &metadata().packages {
        if package.name.as_str() == "mcpengine-worker" {
            continue;
        }
        problems.extend(
            normal(package)
                .filter(|other| EDGE_ONLY.contains(other))
                .map(|other| format!("{} -> {other}", package.name)),
        );
    }
    none(
        "crates outside src/ that name a JavaScript binding",
        &problems,
    );
}

#[test]
fn packages_are_named_by_their_folders() {
    let mut problems = Vec::new();
    for package in &metadata().packages {
        let folder = package
            .manifest_path
            .parent()
            .and_then(|path| path.file_name());
        let in_crates = package.manifest_path.as_str().contains("/crates/");
        if in_crates
            && Some(package.name.as_str()) != folder.map(|f| format!("mcpengine-{f}")).as_deref()
        {
            problems.push(package.name.to_string());
        }
    }
    none("packages not named mcpengine-<folder>", &problems);
}

#[test]
fn every_crate_takes_the_workspace_lints() {
    let mut problems = Vec::new();
    for package in &metadata().packages {
        let manifest = std::fs::read_to_string(&package.manifest_path).expect("a manifest");
        let table: toml::Table = manifest.parse().expect("TOML");
        let inherits = table.get("lints").and_then(|lints| lints.get("workspace"));
        if inherits.and_then(toml::Value::as_bool) != Some(true) {
            problems.push(package.name.to_string());
        }
    }
    none("crates without `[lints] workspace = true`", &problems);
}

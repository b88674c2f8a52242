//! The whole project of one plan, file by file. After a change that is meant:
//! `UPDATE_EXPECT=1 cargo test -p mcpengine-codegen --test golden`.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test reads and writes the golden tree, and may stop"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mcpengine_codegen::{ProjectOptions, generate};
use mcpengine_plan::ServerPlan;

fn root(tree: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(tree)
}

fn read_tree(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            read_tree(root, &path, found);
        } else {
            let name = path.strip_prefix(root).expect("it is below the root");
            let name = name.to_str().expect("names are UTF-8").replace('\\', "/");
            found.insert(
                name,
                fs::read_to_string(&path).expect("the file can be read"),
            );
        }
    }
}

/// Files with a dot in front have another name in the golden tree, so that no
/// tool of this repository takes them for its own.
fn stored(path: &str) -> String {
    path.strip_prefix('.')
        .map_or(path.to_owned(), |rest| format!("dot-{rest}"))
}

fn made(plan: &ServerPlan) -> BTreeMap<String, String> {
    let options = ProjectOptions {
        public_url: Some("https://petstore.mcpengine.run/mcp".to_owned()),
        ..ProjectOptions::default()
    };
    generate(plan, &options)
        .files
        .into_iter()
        .map(|file| (stored(&file.path), file.content))
        .collect()
}

/// Compares with a golden tree, or rewrites it.
fn check(tree: &str, made: &BTreeMap<String, String>) {
    let root = root(tree);
    if std::env::var("UPDATE_EXPECT").is_ok() {
        let _ = fs::remove_dir_all(&root);
        for (path, content) in made {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
            fs::write(path, content).expect("it can be written");
        }
    }
    let mut golden = BTreeMap::new();
    read_tree(&root, &root, &mut golden);
    assert_eq!(
        made.keys().collect::<Vec<_>>(),
        golden.keys().collect::<Vec<_>>(),
        "the project has other files than the golden tree"
    );
    for (path, content) in made {
        assert_eq!(
            Some(content),
            golden.get(path),
            "{path} differs from the golden tree"
        );
    }
}

#[test]
fn the_project_is_the_golden_tree() {
    check("petstore", &made(&support::petstore()));
}

/// The tree of dynamic mode has only the files that it does not share: laid over
/// the other tree it is the whole project, which `tests/generated` runs.
#[test]
fn dynamic_mode_is_the_golden_tree_with_another_over_it() {
    let direct = made(&support::petstore());
    let mut dynamic = made(&support::dynamic_petstore());
    assert!(direct.keys().all(|path| dynamic.contains_key(path)));
    dynamic.retain(|path, content| direct.get(path) != Some(content));
    check("petstore-dynamic", &dynamic);
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    for plan in [support::petstore(), support::dynamic_petstore()] {
        let options = ProjectOptions::default();
        let first = generate(&plan, &options);
        assert_eq!(first, generate(&plan, &options));
        let paths: Vec<_> = first.files.iter().map(|file| file.path.clone()).collect();
        let mut sorted = paths.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(paths, sorted);
        assert!(first.files.iter().all(|file| file.content.ends_with('\n')));
    }
}

//! Dynamic mode on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect;
use serde_json::Value;

use crate::support::{self, folder};

const PETS: &str = r##"openapi: 3.0.3
info: {title: Pet Store API, version: 1.2.0}
servers: [{url: "https://pets.test/v1"}]
paths:
  /pets:
    get: {tags: [pets], operationId: listPets, responses: {'200': {description: ok}}}
    post: {tags: [pets], operationId: createPet, responses: {'204': {description: ok}}}
"##;

/// Standard output of a run that has to succeed.
fn run(folder: &Path, arguments: &[&str], stdin: &str) -> String {
    let output = support::run(folder, arguments, stdin.as_bytes());
    assert!(output.status.success(), "{}", support::shown(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Paths and contents of all files of a folder.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(folder).unwrap().to_owned();
                found.push((path, fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_analysis_says_what_is_listed_and_what_it_costs() {
    let folder = folder("dynamic-analysis");
    let shown = run(&folder, &["analyze", "-", "--mode", "dynamic"], PETS);
    expect![[r#"
        Pet Store API 1.2.0

        Servers
          https://pets.test/v1

        Auth
          none

        Tools: 2 (2 enabled, about 66 tokens)
          Pets (2)
            GET     /pets  list_pets
            POST    /pets  create_pet

        Listed in dynamic mode
          search_tools    Search tools
          describe_tool   Describe a tool
          call_read_tool  Call a tool that reads
          call_write_tool Call a tool that writes
          4 tools, 4061 bytes, about 1016 tokens
          in direct mode: 2 tools, 524 bytes, about 131 tokens

        Diagnostics: 0 errors, 0 warnings, 0 notes
    "#]]
    .assert_eq(&shown);

    let json = run(
        &folder,
        &["analyze", "-", "--mode", "dynamic", "--json"],
        PETS,
    );
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["mode"], "dynamic");
    let listed = report["dynamicTools"].as_array().unwrap();
    let names: Vec<&Value> = listed.iter().map(|tool| &tool["name"]).collect();
    assert_eq!(
        names,
        [
            "search_tools",
            "describe_tool",
            "call_read_tool",
            "call_write_tool"
        ]
    );
    assert_eq!(report["listCosts"]["dynamic"]["tools"], 4);
    assert_eq!(report["tools"].as_array().unwrap().len(), 2);

    let direct = run(&folder, &["analyze", "-", "--json"], PETS);
    let direct: Value = serde_json::from_str(&direct).unwrap();
    assert_eq!(direct["mode"], "direct");
    assert_eq!(
        (&direct["dynamicTools"], &direct["listCosts"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_project_can_change_its_mode() {
    let folder = folder("dynamic-mode");
    let generate = |mode: &str, out: &str| {
        let arguments = ["generate", "-", "--mode", mode, "--out", out, "--force"];
        run(&folder, &arguments, PETS)
    };
    assert_eq!(
        generate("direct", "project").lines().next(),
        Some("35 files with 2 tools in project")
    );
    let direct = files(&folder.join("project"));
    assert_eq!(
        generate("dynamic", "project").lines().next(),
        Some("41 files with 2 tools (searched and called through 4) in project")
    );
    let dynamic = files(&folder.join("project"));
    assert!(dynamic.iter().any(|(path, _)| path.ends_with("dynamic.ts")));

    generate("direct", "project");
    assert_eq!(files(&folder.join("project")), direct);

    // A file of the user's own is not taken for one of the other mode.
    fs::write(folder.join("project/src/dynamic.ts"), "// mine\n").unwrap();
    generate("direct", "project");
    assert_eq!(files(&folder.join("project")).len(), direct.len() + 1);
}

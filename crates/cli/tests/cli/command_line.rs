//! The built binary: standard output, standard error and exit status, whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use expect_test::expect;

use crate::support::{check, folder, run, shown};

const PETS: &str = r##"openapi: 3.0.3
info: {title: Pet Store API, version: 1.2.0}
servers: [{url: "https://pets.test/v1"}]
security: [{key: []}]
paths:
  /pets:
    get: {tags: [pets], operationId: listPets, responses: {'200': {description: ok}}}
  /pets/{id}:
    delete:
      tags: [pets]
      deprecated: true
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: gone}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
"##;

#[test]
fn analyze_tells_people_what_they_need() {
    check(
        &["analyze", "-"],
        PETS,
        &expect![[r#"
            exit 0
            --- stdout
            Pet Store API 1.2.0

            Servers
              https://pets.test/v1

            Auth
              key (API key in X-Key)
                set PET_STORE_API_KEY

            Tools: 2 (1 enabled, about 33 tokens)
              Pets (2)
                GET     /pets  list_pets
                DELETE  /pets/{id}  delete_pet  (off: deprecated)

            Diagnostics: 0 errors, 0 warnings, 0 notes
            --- stderr
        "#]],
    );
}

#[test]
fn analyze_tells_each_way_to_give_a_credential() {
    let oauth = "components: {securitySchemes: {key: {type: oauth2, flows: {clientCredentials: \
                 {tokenUrl: https://login.test/token, scopes: {}}}}}}\n";
    let (paths, _) = PETS.split_once("components").unwrap_or_default();
    check(
        &["analyze", "-"],
        &format!("{paths}{oauth}"),
        &expect![[r#"
            exit 0
            --- stdout
            Pet Store API 1.2.0

            Servers
              https://pets.test/v1

            Auth
              key (OAuth 2.0 client, or access token)
                set PET_STORE_CLIENT_ID and PET_STORE_CLIENT_SECRET, for tokens from https://login.test/token
                or set PET_STORE_ACCESS_TOKEN

            Tools: 2 (1 enabled, about 33 tokens)
              Pets (2)
                GET     /pets  list_pets
                DELETE  /pets/{id}  delete_pet  (off: deprecated)

            Diagnostics: 0 errors, 0 warnings, 0 notes
            --- stderr
        "#]],
    );
}

#[test]
fn a_syntax_error_is_shown_with_its_place() {
    check(
        &["analyze", "-"],
        "openapi: 3.0.0\npaths: {a: [}\n",
        &expect![[r#"
            exit 1
            --- stdout
            --- stderr
            error[document_syntax]: The YAML is broken at line 2, column 12 (in /paths/a/0): mismatched bracket '[' closed by '}'.
              --> <stdin>:2:12
              at /paths/a/0
              help: Correct the text at that place: look for a missing quote, a tab, or a wrong indentation on that line or the one before.
        "#]],
    );
}

#[test]
fn other_text_is_refused() {
    check(
        &["analyze", "-", "--json"],
        "{\"hello\": 1}",
        &expect![[r#"
            exit 1
            --- stdout
            --- stderr
            error[not_an_api_description]: This is an object with neither `openapi` nor `swagger` (its keys: `hello`), not an OpenAPI document.
              --> <stdin>
              help: Give an OpenAPI 3.x or Swagger 2.0 document; its first keys are `openapi` or `swagger`, `info` and `paths`.
        "#]],
    );
}

#[test]
fn a_description_without_operations_has_an_empty_plan_and_no_project() {
    let webhooks = "openapi: 3.1.0\ninfo: {title: Calls back, version: 1.0.0}\nwebhooks: {a: {}}\n";
    check(
        &["analyze", "-"],
        webhooks,
        &expect![[r#"
            exit 0
            --- stdout
            Calls back 1.0.0

            Servers
              none in the document: give the base URL when you deploy

            Auth
              none

            Tools: 0 (0 enabled, about 0 tokens)

            Diagnostics: 1 errors, 1 warnings, 0 notes
              error[no-operations]: The document has webhooks only: calls that the API makes, not calls that it takes.
                at /paths
                help: Add at least one operation, such as `paths: {/pets: {get: …}}`.
              warning[no-server]: the document does not say where the API is
                at /servers
                help: Give the base URL when you deploy, or add `servers` to the document.
            --- stderr
        "#]],
    );
    check(
        &["generate", "-", "--out", "project"],
        webhooks,
        &expect![[r#"
            exit 1
            --- stdout
            --- stderr
            error[no_operations]: The document has webhooks only: calls that the API makes, not calls that it takes.
              --> <stdin>
              at /paths
              help: Add at least one operation, such as `paths: {/pets: {get: …}}`.
        "#]],
    );
}

#[test]
fn a_document_over_the_limit_is_refused() {
    check(
        &["analyze", "-", "--max-bytes", "100"],
        PETS,
        &expect![[r#"
            exit 1
            --- stdout
            --- stderr
            error[document_too_large]: The document is larger than 0 MiB.
              --> <stdin>
              help: Remove the parts of the API that are not needed, or split the document.
        "#]],
    );
}

#[test]
fn a_missing_file_and_a_directory_are_named() {
    check(
        &["analyze", "gone.yaml"],
        "",
        &expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[file_not_found]: there is no file gone.yaml
          help: Check the path; `-` reads standard input.
    "#]],
    );
    check(
        &["analyze", "a-folder"],
        "",
        &expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[file_is_directory]: a-folder is a directory
          help: Name the API description in it, e.g. openapi.yaml.
    "#]],
    );
}

#[test]
fn misuse_exits_with_two() {
    for arguments in [
        &[][..],
        &["analyze"],
        &["analyse", "x"],
        &["generate", "x"],
        &["analyze", "x", "--max-bytes", "y"],
    ] {
        let output = run(&folder("misuse"), arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn help_and_version_are_answers() {
    let output = run(&folder("version"), &["--version"], b"");
    assert_eq!(
        shown(&output),
        format!(
            "exit 0\n--- stdout\nmcpengine {}\n--- stderr\n",
            env!("CARGO_PKG_VERSION")
        )
    );
    let output = run(&folder("help"), &["analyze", "--help"], b"");
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("--json"));
}

#[test]
fn json_is_one_object_with_every_operation() {
    let folder = folder("json");
    fs::write(folder.join("pets.yaml"), PETS).unwrap();
    let output = run(&folder, &["analyze", "pets.yaml", "--json"], b"");
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let tools: Vec<(&str, bool)> = report["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| {
            (
                tool["name"].as_str().unwrap(),
                tool["enabled"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(tools, [("list_pets", true), ("delete_pet", false)]);
    assert_eq!(
        (&report["service"], &report["enabledToolCount"]),
        (&"Pet Store API".into(), &1.into())
    );
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = folder("pipe");
    fs::write(folder.join("pets.yaml"), PETS).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_mcpengine"))
        .current_dir(&folder)
        .args(["analyze", "pets.yaml", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}

/// A description in files, with a file beside them that nobody names.
fn split_description() -> PathBuf {
    let folder = folder("with");
    fs::create_dir_all(folder.join("api/schemas/.hidden")).unwrap();
    for (name, text) in [
        (
            "api/openapi.yaml",
            "openapi: 3.1.0\ninfo: {title: Split}\npaths:\n  /pets: {$ref: paths.yml}\n  /secret: {$ref: ../secret.yaml}\n",
        ),
        (
            "api/paths.yml",
            "get: {operationId: listPets, responses: {200: {description: x, content: {application/json: {schema: {$ref: schemas/pet.json}}}}}}\n",
        ),
        ("api/schemas/pet.json", "{\"type\": \"object\"}"),
        ("api/schemas/notes.md", "GET /notes"),
        ("api/schemas/.hidden/pet.json", "{"),
        ("secret.yaml", "get: {operationId: secret}\n"),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

#[test]
fn files_that_are_named_are_read_and_no_other() {
    let folder = split_description();
    let shown_of = |arguments: &[&str]| shown(&run(&folder, arguments, b""));
    expect![[r#"
        exit 0
        --- stdout
        Split 0.0.0

        Servers
          none in the document: give the base URL when you deploy

        Auth
          none

        Tools: 1 (1 enabled, about 33 tokens)
          Pets (1)
            GET     /pets  list_pets

        Diagnostics: 1 errors, 1 warnings, 0 notes
          error[external-ref]: The path refers to `../secret.yaml`, which is outside of this document.
            at /paths/~1secret
            help: Give that file along with the description (`--with`, or another `specFile`); nothing is fetched.
          warning[no-server]: the document does not say where the API is
            at /servers
            help: Give the base URL when you deploy, or add `servers` to the document.
        --- stderr
    "#]].assert_eq(&shown_of(&[
        "analyze",
        "api/openapi.yaml",
        "--with",
        "api/schemas",
        "api/paths.yml",
    ]));
}

#[test]
fn files_given_along_are_refused_by_name() {
    let folder = split_description();
    let shown_of = |arguments: &[&str]| shown(&run(&folder, arguments, b""));
    expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[file_not_found]: there is no file gone
          help: Check the path; `-` reads standard input.
    "#]]
    .assert_eq(&shown_of(&[
        "analyze",
        "api/openapi.yaml",
        "--with",
        "gone",
    ]));
    fs::write(folder.join("broken.yaml"), "openapi: 3.1.0\npaths: {{{\n").unwrap();
    expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[document_syntax]: In `broken.yaml`: The YAML is broken at line 2, column 10 (in /paths): unclosed bracket '{'.
          --> broken.yaml
          at /paths
          help: Correct the text at that place: look for a missing quote, a tab, or a wrong indentation on that line or the one before.
    "#]].assert_eq(&shown_of(&[
        "analyze",
        "broken.yaml",
        "--with",
        "secret.yaml",
    ]));
}

#[test]
fn prose_and_collections_are_read() {
    check(
        &["analyze", "-"],
        "# Pets\n\nBase URL: https://pets.test\n\n## Dogs\n\n`GET /dogs/{id}`\n",
        &expect![[r#"
            exit 0
            --- stdout
            Pets 0.0.0

            Servers
              https://pets.test

            Auth
              none

            Tools: 1 (1 enabled, about 38 tokens)
              Dogs (1)
                GET     /dogs/{id}  get_dog

            Diagnostics: 0 errors, 1 warnings, 0 notes
              warning[prose-document]: This is prose, not a description for machines: one operation was found in its text, and what it does not say is left open.
                help: Check the tools against the documentation, or give an OpenAPI document or a Postman collection.
            --- stderr
        "#]],
    );
    check(
        &["analyze", "-"],
        "{\"info\": {\"_postman_id\": \"1\", \"name\": \"Pets\"}, \"item\": [{\"name\": \"List dogs\", \"request\": \"https://pets.test/dogs\"}]}",
        &expect![[r#"
            exit 0
            --- stdout
            Pets 0.0.0

            Servers
              https://pets.test

            Auth
              none

            Tools: 1 (1 enabled, about 28 tokens)
              Dogs (1)
                GET     /dogs  list_dogs

            Diagnostics: 0 errors, 0 warnings, 0 notes
            --- stderr
        "#]],
    );
}

/// Every file of a folder with its bytes, by path.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                let path = entry
                    .path()
                    .strip_prefix(folder)
                    .unwrap()
                    .display()
                    .to_string();
                found.push((path, fs::read(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn generate_writes_a_project_and_keeps_what_is_the_users() {
    let folder = folder("generate");
    let out = folder.join("deep/project");
    let first = run(
        &folder,
        &["generate", "-", "--out", "deep/project"],
        PETS.as_bytes(),
    );
    assert!(first.status.success(), "{}", shown(&first));
    let made = files(&out);
    for path in [
        "package.json",
        "src/server.ts",
        "src/custom.ts",
        "src/tools/pets.ts",
    ] {
        assert!(made.iter().any(|(name, _)| name == path), "{path}");
    }
    assert_eq!(
        fs::read_dir(folder.join("deep")).unwrap().count(),
        1,
        "nothing half-made is left"
    );

    let refused = run(
        &folder,
        &["generate", "-", "--out", "deep/project"],
        PETS.as_bytes(),
    );
    expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[folder_not_empty]: deep/project has files in it
          help: Name a new folder, or use --force to write over a generated project.
    "#]]
    .assert_eq(&shown(&refused));

    fs::write(out.join("src/custom.ts"), "// mine\n").unwrap();
    fs::write(out.join("package.json"), "{}").unwrap();
    let forced = run(
        &folder,
        &["generate", "-", "--out", "deep/project", "--force"],
        PETS.as_bytes(),
    );
    assert!(forced.status.success(), "{}", shown(&forced));
    let mut expected = made;
    for (path, content) in &mut expected {
        if path == "src/custom.ts" {
            *content = b"// mine\n".to_vec();
        }
    }
    assert_eq!(files(&out), expected);
}

#[test]
fn a_refused_document_leaves_no_folder() {
    let folder = folder("refused");
    let output = run(&folder, &["generate", "-", "--out", "project"], b"no: api");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    fs::write(folder.join("file"), "x").unwrap();
    let output = run(
        &folder,
        &["generate", "-", "--out", "file", "--force"],
        PETS.as_bytes(),
    );
    expect![[r#"
        exit 1
        --- stdout
        --- stderr
        error[not_a_folder]: file is a file
          help: Name a folder.
    "#]]
    .assert_eq(&shown(&output));
}

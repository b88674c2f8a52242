//! MCP bundles: one file that a desktop client installs with a click.
//!
//! Source: MCPB manifest 0.3, <https://github.com/modelcontextprotocol/mcpb>.

use serde_json::{Map, Value, json};

use crate::PackageError;

/// Where the bundle keeps the program.
pub const ENTRY_POINT: &str = "dist/node.js";

/// `manifest.json` and the version that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub text: String,
    pub version: String,
}

/// The bundle's `manifest.json`, from the project's `server.json`, `package.json`
/// and the tools that the server lists.
///
/// Each environment variable of `server.json` becomes a question of the client,
/// which keeps secrets in the system's own store.
///
/// # Errors
/// `Document` where `server.json` or `package.json` is not what it was made as.
pub fn manifest(
    server_json: &str,
    package_json: &str,
    tools: &[String],
) -> Result<Manifest, PackageError> {
    let server: Value = parse("server.json", server_json)?;
    let package: Value = parse("package.json", package_json)?;
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let title = text(&server, "title")
        .or_else(|| text(&server, "name"))
        .ok_or_else(|| PackageError::document("server.json", "it has no title"))?;
    let version = text(&package, "version")
        .ok_or_else(|| PackageError::document("package.json", "it has no version"))?;
    let name = text(&package, "name")
        .ok_or_else(|| PackageError::document("package.json", "it has no name"))?;
    let (env, questions) = settings(&server);
    let tools: Vec<Value> = tools.iter().map(|name| json!({ "name": name })).collect();
    let mut manifest = json!({
        "manifest_version": "0.3",
        "name": name.trim_start_matches('@').replace('/', "-"),
        "display_name": title,
        "version": version,
        "description": text(&server, "description").unwrap_or_else(|| format!("MCP server for {title}")),
        "author": { "name": text(&package, "author").unwrap_or_else(|| title.clone()) },
        "server": {
            "type": "node",
            "entry_point": ENTRY_POINT,
            "mcp_config": {
                "command": "node",
                "args": [format!("${{__dirname}}/{ENTRY_POINT}")],
                "env": env,
            },
        },
        "tools": tools,
        "compatibility": { "runtimes": { "node": ">=20.12" } },
    });
    if let (false, Some(map)) = (questions.is_empty(), manifest.as_object_mut()) {
        map.insert("user_config".to_owned(), Value::Object(questions));
    }
    Ok(Manifest {
        text: pretty(&manifest),
        version,
    })
}

/// Environment of the program, and what the client asks its user for.
fn settings(server: &Value) -> (Map<String, Value>, Map<String, Value>) {
    let (mut env, mut questions) = (Map::new(), Map::new());
    let variables = server
        .pointer("/packages/0/environmentVariables")
        .and_then(Value::as_array);
    for variable in variables.into_iter().flatten() {
        let Some(name) = variable.get("name").and_then(Value::as_str) else {
            continue;
        };
        let is = |key: &str| variable.get(key).and_then(Value::as_bool) == Some(true);
        let key = name.to_ascii_lowercase();
        let mut question = json!({
            "type": "string",
            "title": name,
            "description": variable.get("description").and_then(Value::as_str).unwrap_or(name),
            "required": is("isRequired"),
            "sensitive": is("isSecret"),
        });
        if let (Some(default), Some(map)) = (variable.get("default"), question.as_object_mut()) {
            map.insert("default".to_owned(), default.clone());
        } else if let (false, Some(map)) = (is("isRequired"), question.as_object_mut()) {
            // An unanswered question would leave its own placeholder as the value.
            map.insert("default".to_owned(), json!(""));
        }
        env.insert(name.to_owned(), json!(format!("${{user_config.{key}}}")));
        questions.insert(key, question);
    }
    (env, questions)
}

pub(crate) fn parse(file: &'static str, text: &str) -> Result<Value, PackageError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| PackageError::document(file, error.to_string()))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(PackageError::document(file, "it is no object"))
    }
}

/// JSON with a line break at the end.
pub(crate) fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = r#"{"name": "@acme/pets-mcp", "version": "1.2.3"}"#;

    #[test]
    fn settings_become_questions() {
        let server = json!({
            "title": "Pets", "description": "MCP server for Pets",
            "packages": [{ "environmentVariables": [
                { "name": "PETS_API_KEY", "description": "Key", "isRequired": true, "isSecret": true },
                { "name": "PETS_REGION", "description": "Region", "isRequired": false, "isSecret": false, "default": "eu" },
                { "name": "PETS_TOKEN", "description": "Token", "isRequired": false, "isSecret": true },
            ] }],
        });
        let tools = ["list_pets".to_owned()];
        let made = manifest(&server.to_string(), PACKAGE, &tools).expect("a manifest");
        assert_eq!(made.version, "1.2.3");
        let manifest: Value = serde_json::from_str(&made.text).expect("JSON");
        assert_eq!(
            manifest,
            json!({
                "manifest_version": "0.3",
                "name": "acme-pets-mcp",
                "display_name": "Pets",
                "version": "1.2.3",
                "description": "MCP server for Pets",
                "author": { "name": "Pets" },
                "server": {
                    "type": "node",
                    "entry_point": "dist/node.js",
                    "mcp_config": {
                        "command": "node",
                        "args": ["${__dirname}/dist/node.js"],
                        "env": {
                            "PETS_API_KEY": "${user_config.pets_api_key}",
                            "PETS_REGION": "${user_config.pets_region}",
                            "PETS_TOKEN": "${user_config.pets_token}",
                        },
                    },
                },
                "tools": [{ "name": "list_pets" }],
                "compatibility": { "runtimes": { "node": ">=20.12" } },
                "user_config": {
                    "pets_api_key": { "type": "string", "title": "PETS_API_KEY", "description": "Key", "required": true, "sensitive": true },
                    "pets_region": { "type": "string", "title": "PETS_REGION", "description": "Region", "required": false, "sensitive": false, "default": "eu" },
                    "pets_token": { "type": "string", "title": "PETS_TOKEN", "description": "Token", "required": false, "sensitive": true, "default": "" },
                },
            })
        );
    }

    #[test]
    fn files_that_a_person_broke_are_named() {
        for (server, package, file) in [
            ("{", PACKAGE, "server.json"),
            ("[]", PACKAGE, "server.json"),
            ("{}", PACKAGE, "server.json"),
            (r#"{"title":"x"}"#, "{", "package.json"),
            (r#"{"title":"x"}"#, r#"{"name":"x"}"#, "package.json"),
        ] {
            let refused = manifest(server, package, &[]);
            assert!(
                matches!(&refused, Err(PackageError::Document { file: it, .. }) if *it == file),
                "{server} {package}: {refused:?}"
            );
        }
    }
}

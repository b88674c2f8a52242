//! The documents that are measured: the repository's own, those of a folder with
//! a manifest where there is one, and one that is made up.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use walkdir::WalkDir;

use crate::{fs, repo};

/// One document and how many operations its list says it has.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) file: PathBuf,
    pub(crate) operations: Option<usize>,
}

impl Document {
    /// Its folder and file: many are called `openapi.json`.
    pub(crate) fn name(&self) -> String {
        let names: Vec<_> = self
            .file
            .iter()
            .map(|part| part.to_string_lossy())
            .collect();
        names
            .get(names.len().saturating_sub(2)..)
            .unwrap_or_default()
            .join("/")
    }
}

/// Documents of the repository's tests that are meant to be read. Those that
/// are made to be refused have no `tools` in their expectation.
pub(crate) fn own() -> Result<Vec<Document>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(repo::path("crates/plan/tests/golden")).sort_by_file_name() {
        let path = entry?.into_path();
        let name = path.to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".tools.json") else {
            continue;
        };
        let expected: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let Some(tools) = expected.get("tools").and_then(Value::as_array) else {
            continue;
        };
        let document = ["yaml", "json"].map(|ending| PathBuf::from(format!("{stem}.{ending}")));
        let file = document.into_iter().find(|path| path.is_file());
        found.push(Document {
            file: file.with_context(|| format!("{name} has no document"))?,
            operations: Some(tools.len()),
        });
    }
    Ok(found)
}

/// The documents that `MANIFEST.tsv` of the folder lists (path, source, bytes,
/// version, operations). `MCPENGINE_SPECS` names the folder, else it lies beside
/// the repository.
pub(crate) fn shared() -> Result<Vec<Document>> {
    let named = std::env::var_os("MCPENGINE_SPECS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| repo::path("../shared/specs"));
    let manifest = folder.join("MANIFEST.tsv");
    if !manifest.is_file() {
        return Ok(Vec::new());
    }
    let text = fs::read_text(manifest)?;
    let line = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let operations = fields.get(4).and_then(|text| text.parse().ok());
        let file = folder.join(fields.first().copied().unwrap_or_default());
        Document { file, operations }
    };
    Ok(text.lines().skip(1).map(line).collect())
}

/// As large as the largest descriptions that there are: schemas that hold each
/// other, on five levels of supertypes, and thousands of operations on them.
const OPERATIONS: usize = 11_400;
const SCHEMAS: usize = 2_850;
const FIELDS: usize = 30;

/// Writes the made-up document below the target folder: the same bytes always.
pub(crate) fn large() -> Result<Document> {
    let file = repo::workspace()?.target.join("bench/large.json");
    fs::write(&file, large_value().to_string())?;
    Ok(Document {
        file,
        operations: Some(OPERATIONS),
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn large_value() -> Value {
    let schemas: Map<String, Value> = (0..SCHEMAS)
        .map(|n| (format!("entity{n}"), entity(n)))
        .collect();
    let mut paths = Map::new();
    for n in 0..OPERATIONS / 4 {
        let name = format!("entity{}", n % SCHEMAS);
        let (list, item) = (path(n, &name), format!("{}/{{{name}-id}}", path(n, &name)));
        paths.insert(
            list,
            json!({"get": operation(n, "List", &name), "post": operation(n, "Create", &name)}),
        );
        paths.insert(
            item,
            json!({"get": operation(n, "Get", &name), "patch": operation(n, "Update", &name)}),
        );
    }
    json!({
        "openapi": "3.0.4",
        "info": {"title": "Made up", "version": "v1.0"},
        "servers": [{"url": "https://graph.example.com/v1.0/"}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn path(n: usize, name: &str) -> String {
    format!("/tenants/{{tenant-id}}/area{}/{name}s{n}", n % 40)
}

/// Fields with words, a supertype, and references to ten others.
fn entity(n: usize) -> Value {
    let mut properties: Map<String, Value> = (0..FIELDS)
        .map(|field| {
            let words = format!("The field {field} of entity {n}, as an administrator sees it. Nullable. Supports $filter (eq, ne).");
            let schema = match field % 3 {
                0 => json!({"type": "string", "description": words, "nullable": true}),
                1 => json!({"type": "string", "format": "date-time", "description": words}),
                _ => json!({"type": "array", "items": {"type": "string"}, "description": words}),
            };
            (format!("field{field}"), schema)
        })
        .collect();
    for step in 1..=10 {
        let other = format!("entity{}", (n + step * step) % SCHEMAS);
        properties.insert(format!("navigation{step}"), reference(&other));
    }
    json!({
        "allOf": [reference(&format!("entity{}", n / 6)), {"title": format!("entity{n}"), "type": "object", "properties": properties}],
    })
}

fn operation(n: usize, verb: &str, name: &str) -> Value {
    let parameter = |name: &str, place: &str| json!({"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}});
    let mut parameters = vec![parameter("tenant-id", "path")];
    if verb == "Get" || verb == "Update" {
        parameters.push(parameter(&format!("{name}-id"), "path"));
    }
    if verb == "Get" || verb == "List" {
        parameters.extend(["$select", "$expand", "$orderby"].map(|name| parameter(name, "query")));
    }
    let content = json!({"application/json": {"schema": reference(name)}});
    let mut operation = json!({
        "tags": [format!("area.{name}")],
        "summary": format!("{verb} {name}"),
        "operationId": format!("tenants.area.{verb}{name}{n}"),
        "parameters": parameters,
        "responses": {"2XX": {"description": "Success", "content": content}},
    });
    if verb == "Create" || verb == "Update" {
        let body = json!({"required": true, "content": content});
        if let Some(map) = operation.as_object_mut() {
            map.insert("requestBody".to_owned(), body);
        }
    }
    operation
}

/// Bytes of a file.
pub(crate) fn bytes(file: &Path) -> u64 {
    file.metadata().map_or(0, |metadata| metadata.len())
}

//! A package for npm: the compiled project as a tarball, published where the user
//! gave a token.

use std::collections::{BTreeMap, BTreeSet};

use mcpengine_api::DeployStep;
use mcpengine_package::install;
use mcpengine_package::npm::{self, Identity, Package, Tarball};
use mcpengine_package::{File, archive};
use mcpengine_typescript::{CompileOptions, Platform};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::adapters::npm_registry::{self, Registry, Token};
use crate::error::ApiError;
use crate::jobs::deploy_job::pack::{self, Packed, Project, refused};
use crate::jobs::deploy_job::{Input, Log, hosted, terminal};
use crate::jobs::{Job, Terminal};
use crate::secrets::{self, Sealed};

/// The package and where it goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Publication {
    pub(crate) identity: Identity,
    pub(crate) tag: String,
    /// Whether everybody may install it.
    pub(crate) public: bool,
    /// `None` where the tarball is made only.
    pub(crate) publisher: Option<Publisher>,
}

/// Where a package is published, and by whose right.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Publisher {
    pub(crate) registry: Registry,
    /// Opened for the one request that needs it, and gone with the job.
    pub(crate) token: Sealed,
}

/// 1. `compiling`, `checking`: the project runs in an isolate and lists its tools;
/// 2. `packing`: `dist/`, `package.json` and what people read, as npm packs them;
/// 3. `publishing`, where there is a token;
/// 4. one batch puts it live.
pub(super) async fn deploy(
    job: &Job,
    mut input: Input,
    publication: &Publication,
) -> Result<Terminal, ApiError> {
    let mut log = Log::default();
    let checked = pack::check(job, &mut input, &mut log).await?;
    log.step(job, DeployStep::Packing, 70, "Packing the package")?;
    let settings = BTreeMap::new();
    let project = Project {
        slug: &input.slug,
        files: checked.files,
        settings: &settings,
        tools: &checked.tools,
        install_env: checked.install_env,
    };
    let env = project.install_env();
    let readme = project.file("README.md").to_owned();
    let (package, bytes) = pack(project, &publication.identity)?;
    let install = match &publication.publisher {
        Some(Publisher { registry, .. }) => {
            let spec = format!("{}@{}", package.name, package.version);
            install::npm(&input.slug, &spec, registry.as_str(), &env)
        }
        None => install::tarball(&input.slug, &package.file_name(), package.command(), &env),
    };
    let packed = Packed {
        name: package.file_name(),
        media_type: "application/gzip",
        bytes: bytes.clone(),
        install: Vec::new(),
    };
    let artifact = pack::store(job, &input.deployment.id, packed, &mut log).await?;
    let mut page = None;
    if let Some(Publisher { registry, token }) = &publication.publisher {
        let publishing = format!("Publishing to {}", registry.host());
        log.step(job, DeployStep::Publishing, 85, &publishing)?;
        let document = document(&package, publication, registry, &bytes, &readme).await?;
        drop(bytes);
        let token = secrets::open_one(&job.app, &job.principal, &job.project_id, token).await?;
        let token = Token::new(token)?;
        npm_registry::publish(&job.app.config, registry, &token, &package, &document).await?;
        let address = registry.address_of(&package);
        log.lines.push(format!("Published at {address}"));
        page = Some(address);
    }
    let live = pack::go_live(job, &input, &artifact, page.as_deref(), &log).await?;
    Ok(terminal(live, checked.health, install))
}

fn pack(project: Project<'_>, identity: &Identity) -> Result<(Package, Vec<u8>), ApiError> {
    let server_json: Option<Value> = serde_json::from_str(project.file("server.json")).ok();
    let server_name = server_json.as_ref().and_then(|it| it.get("name")?.as_str());
    let package =
        npm::package(project.file("package.json"), server_name, identity).map_err(refused)?;
    let mut files = vec![
        File::new("package.json", package.package_json()),
        File::new("README.md", project.file("README.md")),
    ];
    if let Some(server) = server_json {
        files.push(File::new("server.json", listed(server, &package)?));
    }
    let dependencies = package.manifest.get("dependencies");
    let dependencies = dependencies.and_then(Value::as_object);
    let options = CompileOptions {
        strip_prefix: hosted::SOURCES.to_owned(),
        platform: Platform::Node {
            packages: dependencies
                .into_iter()
                .flat_map(serde_json::Map::keys)
                .cloned()
                .collect::<BTreeSet<_>>(),
        },
        ..CompileOptions::default()
    };
    files.extend(pack::compile(project.files, &options)?);
    let bytes = archive::tar_gz(&files, "package").map_err(refused)?;
    Ok((package, bytes))
}

/// `server.json` under the package's own name and version.
fn listed(mut server: Value, package: &Package) -> Result<Vec<u8>, ApiError> {
    if let Some(map) = server.as_object_mut() {
        map.insert("version".to_owned(), json!(package.version));
    }
    if let Some(entry) = server
        .pointer_mut("/packages/0")
        .and_then(Value::as_object_mut)
    {
        entry.insert("identifier".to_owned(), json!(package.name));
        entry.insert("version".to_owned(), json!(package.version));
    }
    let mut text = serde_json::to_vec_pretty(&server)?;
    text.push(b'\n');
    Ok(text)
}

async fn document(
    package: &Package,
    publication: &Publication,
    registry: &Registry,
    bytes: &[u8],
    readme: &str,
) -> Result<Value, ApiError> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let sha1 = crate::digest::digest("SHA-1", bytes).await?;
    let sha512 = crate::digest::digest("SHA-512", bytes).await?;
    let tarball = Tarball {
        base64: &STANDARD.encode(bytes),
        length: bytes.len(),
        sha1_hex: &crate::digest::hex(&sha1),
        sha512_base64: &STANDARD.encode(sha512),
    };
    Ok(npm::publish_document(
        package,
        &tarball,
        registry.as_str(),
        &publication.tag,
        publication.public,
        readme,
    ))
}

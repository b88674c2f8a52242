//! What is taken away: the project as an archive, once it has proven to run.

use std::collections::{BTreeMap, BTreeSet};

use mcpengine_api::{BundleFile, DeployStep, DownloadFormat, HealthCheck};
use mcpengine_package::install::{self, Snippet};
use mcpengine_package::{File, PackageError, archive, docker, env_file, mcpb};
use mcpengine_store::deployments::{self, Artifact, Deployment, GoLive};
use mcpengine_store::{ObjectStore, keys};
use mcpengine_typescript::{CompileError, CompileOptions, Compiler, Platform, SourceFile};

use crate::clock;
use crate::error::ApiError;
use crate::jobs::deploy_job::{Archive, Input, Log, hosted, terminal};
use crate::jobs::generate_job::StoredBundle;
use crate::jobs::{Job, Terminal};
use crate::project_plan;

const SERVER_JSON: &str = "server.json";
const PACKAGE_JSON: &str = "package.json";
const ENV_EXAMPLE: &str = ".env.example";
const README: &str = "README.md";

/// 1. `compiling`, `checking`: the project runs in an isolate and lists its tools;
/// 2. `packing`: its files as one object;
/// 3. one batch puts it live.
pub(super) async fn deploy(
    job: &Job,
    mut input: Input,
    settings: &BTreeMap<String, String>,
    form: Archive,
) -> Result<Terminal, ApiError> {
    let mut log = Log::default();
    let checked = check(job, &mut input, &mut log).await?;
    log.step(job, DeployStep::Packing, 75, "Packing the files")?;
    let project = Project {
        slug: &input.slug,
        files: checked.files,
        settings,
        tools: &checked.tools,
        install_env: checked.install_env,
    };
    let packed = match form {
        Archive::Docker { image } => project.docker(image)?,
        Archive::Download(DownloadFormat::Zip) => project.zip()?,
        Archive::Download(DownloadFormat::Mcpb) => project.mcpb()?,
    };
    let install = packed.install.clone();
    let artifact = store(job, &input.deployment.id, packed, &mut log).await?;
    let live = go_live(job, &input, &artifact, None, &log).await?;
    Ok(terminal(live, checked.health, install))
}

/// A project that started and listed its tools.
pub(super) struct Checked {
    /// The project, read anew: two of a large one do not fit into the isolate.
    pub(super) files: Vec<BundleFile>,
    pub(super) tools: Vec<String>,
    pub(super) health: HealthCheck,
    /// As of [`StoredBundle`].
    pub(super) install_env: Vec<String>,
}

/// Runs the project in an isolate as a hosted version would be, and leaves
/// nothing of that behind.
pub(super) async fn check(
    job: &Job,
    input: &mut Input,
    log: &mut Log,
) -> Result<Checked, ApiError> {
    let bundle = &mut input.bundle.bundle;
    let key = keys::bundle(&job.project_id, &bundle.id);
    let files = std::mem::take(&mut bundle.files);
    let modules_key = hosted::upload(job, &input.deployment.id, files, log).await?;
    let version = hosted::in_isolate(job, &input.deployment, &modules_key);
    let checked = hosted::check(job, &version, log).await;
    job.app.objects.delete(&[modules_key]).await?;
    let (tools, health) = checked?;
    let bytes = project_plan::object(&job.app, &key).await?;
    let stored: StoredBundle = serde_json::from_slice(&bytes)?;
    Ok(Checked {
        files: stored.bundle.files,
        tools,
        health,
        install_env: stored.install_env,
    })
}

/// An archive and what is done with it.
pub(super) struct Packed {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) install: Vec<Snippet>,
}

/// Writes the archive; what it is called and how long it is.
pub(super) async fn store(
    job: &Job,
    deployment: &str,
    packed: Packed,
    log: &mut Log,
) -> Result<Artifact, ApiError> {
    let artifact = Artifact {
        key: keys::artifact(&job.project_id, deployment, &packed.name),
        name: packed.name,
        media_type: packed.media_type.to_owned(),
        bytes: packed.bytes.len() as u64,
        sha256: crate::digest::sha256_hex(&packed.bytes).await?,
    };
    let size = artifact.bytes.div_ceil(1_000);
    let objects = &job.app.objects;
    objects
        .put(&artifact.key, packed.bytes, packed.media_type)
        .await?;
    log.lines.push(format!(
        "{}: {size} kB, SHA-256 {}",
        artifact.name, artifact.sha256
    ));
    Ok(artifact)
}

/// The version counts: `url` is where it is, else where its file is.
pub(super) async fn go_live(
    job: &Job,
    input: &Input,
    artifact: &Artifact,
    url: Option<&str>,
    log: &Log,
) -> Result<Deployment, ApiError> {
    let (db, principal, id) = (&job.app.db, &job.principal, &input.deployment.id);
    deployments::append_logs(db, principal, id, &log.lines).await?;
    let origin = input.origin.origin().ascii_serialization();
    let file = format!("{origin}/api/deployments/{id}/artifact");
    let live = GoLive {
        deployment_id: id,
        url: url.unwrap_or(&file),
        endpoint: None,
        modules_key: None,
        artifact: Some(artifact),
        worker_id: None,
    };
    Ok(deployments::go_live(db, principal, &live, &clock::now()).await?)
}

/// The files of a project on their way into an archive.
pub(super) struct Project<'a> {
    pub(super) slug: &'a str,
    pub(super) files: Vec<BundleFile>,
    /// For its `.env.example`.
    pub(super) settings: &'a BTreeMap<String, String>,
    /// That the server lists.
    pub(super) tools: &'a [String],
    pub(super) install_env: Vec<String>,
}

impl Project<'_> {
    fn zip(mut self) -> Result<Packed, ApiError> {
        let env = self.install_env();
        self.fill_settings()?;
        let name = format!("{}.zip", self.slug);
        let files: Vec<File> = self.files.into_iter().map(file).collect();
        Ok(Packed {
            bytes: archive::zip(&files, self.slug).map_err(refused)?,
            media_type: "application/zip",
            install: install::zip(self.slug, &name, self.slug, &env),
            name,
        })
    }

    fn docker(mut self, image: Option<String>) -> Result<Packed, ApiError> {
        let image = image.unwrap_or_else(|| self.slug.to_owned());
        docker::check_image(&image).map_err(refused)?;
        self.fill_settings()?;
        let name = format!("{}-docker.tar.gz", self.slug);
        let files: Vec<File> = self.files.into_iter().map(file).collect();
        Ok(Packed {
            bytes: archive::tar_gz(&files, "").map_err(refused)?,
            media_type: "application/gzip",
            install: install::docker(self.slug, &name, &image),
            name,
        })
    }

    /// The program with the SDK beside it: a desktop client installs nothing more.
    fn mcpb(self) -> Result<Packed, ApiError> {
        let manifest = mcpb::manifest(self.file(SERVER_JSON), self.file(PACKAGE_JSON), self.tools)
            .map_err(refused)?;
        let mut files = vec![
            File::new("manifest.json", manifest.text),
            File::new("package.json", "{ \"type\": \"module\" }\n"),
            File::new(README, self.file(README)),
            File::new("dist/runtime.js", crate::adapters::loader::node_runtime()?),
        ];
        let runtime = "runtime.js".to_owned();
        let options = CompileOptions {
            bare_imports: [hosted::SDK, SDK_STDIO]
                .into_iter()
                .map(|name| (name.to_owned(), runtime.clone()))
                .collect(),
            strip_prefix: hosted::SOURCES.to_owned(),
            platform: Platform::Node {
                packages: BTreeSet::new(),
            },
        };
        let name = format!("{}-{}.mcpb", self.slug, manifest.version);
        files.extend(compile(self.files, &options)?);
        Ok(Packed {
            bytes: archive::zip(&files, "").map_err(refused)?,
            media_type: "application/zip",
            install: install::mcpb(&name),
            name,
        })
    }

    pub(super) fn file(&self, path: &str) -> &str {
        let file = self.files.iter().find(|file| file.path == path);
        file.map_or("", |file| file.content.as_str())
    }

    fn fill_settings(&mut self) -> Result<(), ApiError> {
        let example = self.files.iter_mut().find(|file| file.path == ENV_EXAMPLE);
        if let Some(example) = example {
            example.content = env_file::fill(&example.content, self.settings).map_err(refused)?;
        }
        Ok(())
    }

    /// Names of the environment variables to show where the server is installed.
    pub(super) fn install_env(&self) -> Vec<String> {
        let mut names = self.required_env();
        for name in &self.install_env {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Those that the server cannot go without.
    fn required_env(&self) -> Vec<String> {
        let document: serde_json::Value =
            serde_json::from_str(self.file(SERVER_JSON)).unwrap_or_default();
        let variables = document.pointer("/packages/0/environmentVariables");
        let variables = variables.and_then(serde_json::Value::as_array);
        let required = |variable: &&serde_json::Value| {
            let required = variable.get("isRequired");
            required.and_then(serde_json::Value::as_bool) == Some(true)
        };
        variables
            .into_iter()
            .flatten()
            .filter(required)
            .filter_map(|variable| variable.get("name")?.as_str().map(str::to_owned))
            .collect()
    }
}

const SDK_STDIO: &str = "@modelcontextprotocol/server/stdio";

/// The sources as the modules of `dist/`.
pub(super) fn compile(
    mut files: Vec<BundleFile>,
    options: &CompileOptions,
) -> Result<Vec<File>, ApiError> {
    files.retain(|file| file.path.starts_with(hosted::SOURCES) && file.path.ends_with(".ts"));
    let paths = files.iter().map(|file| file.path.as_str());
    let compiler = Compiler::new(paths, options).map_err(hosted::refused)?;
    let compiled: Result<Vec<File>, Vec<CompileError>> = files
        .into_iter()
        .map(|file| {
            let executable = file.path == "src/node.ts";
            let source = SourceFile {
                path: file.path,
                text: file.content,
            };
            let module = compiler.compile(&source)?;
            Ok(File {
                executable,
                ..File::new(format!("dist/{}", module.name), module.js)
            })
        })
        .collect();
    compiled.map_err(hosted::refused)
}

pub(super) fn file(file: BundleFile) -> File {
    File::new(file.path, file.content)
}

/// What cannot be packed is the user's own: a name or a setting.
pub(super) fn refused(error: PackageError) -> ApiError {
    let message = error.to_string();
    match error {
        PackageError::Setting { .. } => ApiError::bad_request("invalid_config", message),
        PackageError::Write(detail) => ApiError::internal(&detail),
        _ => ApiError::new(422, "not_packed", message),
    }
}

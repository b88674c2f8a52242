//! Keys of all objects. Each lies under a prefix that deletes it with its owner.

/// Folders in which a project keeps objects; deleting it deletes these.
#[must_use]
pub fn project_prefixes(project: &str) -> Vec<String> {
    vec![format!("specs/{project}/"), format!("bundles/{project}/")]
}

/// The form of an uploaded document, which is also its key's extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpecFormat {
    Json,
    Yaml,
    /// Documentation as text.
    Text,
}

impl SpecFormat {
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Text => "txt",
        }
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Yaml => "application/yaml",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

/// The document as it was given. `sha256` in lower-case hex, so that the same
/// document is stored once.
#[must_use]
pub fn spec(project: &str, sha256: &str, format: SpecFormat) -> String {
    format!("specs/{project}/{sha256}.{}", format.extension())
}

/// The engine's plan, before edits (JSON of `mcpengine_plan::ServerPlan`).
#[must_use]
pub fn plan(project: &str, analysis: &str) -> String {
    format!("specs/{project}/{analysis}.plan.json")
}

/// The analysis as the API returns it.
#[must_use]
pub fn analysis(project: &str, analysis: &str) -> String {
    format!("specs/{project}/{analysis}.analysis.json")
}

/// The generated project's files.
#[must_use]
pub fn bundle(project: &str, bundle: &str) -> String {
    format!("bundles/{project}/{bundle}/project.json")
}

/// The JavaScript modules that the loader runs; written before a version goes
/// live and never again.
#[must_use]
pub fn modules(project: &str, deployment: &str) -> String {
    format!("bundles/{project}/{deployment}/modules.json")
}

/// Folder of a deployment's objects.
#[must_use]
pub fn deployment_prefix(project: &str, deployment: &str) -> String {
    format!("bundles/{project}/{deployment}/")
}

/// What a deployment leaves to take away; `name` is the file's own.
#[must_use]
pub fn artifact(project: &str, deployment: &str, name: &str) -> String {
    format!("bundles/{project}/{deployment}/{name}")
}

/// The last good key set of an identity provider, `address` being the SHA-256 of
/// its address. It belongs to nobody.
#[must_use]
pub fn key_set(address: &str) -> String {
    format!("identity/{address}.json")
}

/// Folder of a job's large events.
#[must_use]
pub fn job_prefix(job: &str) -> String {
    format!("events/{job}/")
}

/// Where [`job_input`] puts what a job was given.
#[must_use]
pub fn job_input_prefix(job: &str) -> String {
    format!("events/{job}/input-")
}

/// What a job was given and its row cannot hold, until it has ended; `index` counts
/// from 0.
#[must_use]
pub fn job_input(job: &str, index: usize) -> String {
    format!("{}{index}", job_input_prefix(job))
}

/// One event that is too large for its row.
#[must_use]
pub fn event(job: &str, seq: i64) -> String {
    format!("events/{job}/{seq}.json")
}

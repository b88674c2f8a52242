//! What an analysis is given, and how it is kept for a later attempt.

use mcpengine_store::{ObjectStore, StoreError, keys, projects};
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::jobs::{Job, attempts};

/// Where the description comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Document(Vec<u8>),
    /// One description, split into files.
    Files(Vec<NamedFile>),
    Url(String),
}

/// A file of a description, named relative to the folder that holds them all.
#[derive(Debug, Serialize)]
pub(crate) struct NamedFile {
    pub(crate) name: String,
    #[serde(rename = "content", serialize_with = "as_text")]
    pub(crate) bytes: Vec<u8>,
}

fn as_text<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(bytes))
}

/// What is kept of an analysis for a later attempt: the description itself is in
/// objects of the job, see [`mcpengine_store::keys::job_input`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    source: KeptSource,
    new_project: bool,
    #[serde(default)]
    team_id: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KeptSource {
    Document,
    /// Their names, in the order of the objects.
    Files(Vec<String>),
    Url(String),
}

impl Input {
    pub(crate) fn kept(&self) -> Kept {
        let source = match &self.source {
            Source::Document(_) => KeptSource::Document,
            Source::Files(files) => {
                KeptSource::Files(files.iter().map(|file| file.name.clone()).collect())
            }
            Source::Url(url) => KeptSource::Url(url.clone()),
        };
        Kept {
            source,
            new_project: self.new_project,
            team_id: self.team_id.clone(),
        }
    }

    /// Of a later attempt.
    ///
    /// # Errors
    /// `job_interrupted` where the first attempt ended before it had written the
    /// description.
    pub(crate) async fn load(job: &Job, kept: Kept) -> Result<Self, ApiError> {
        let source = match kept.source {
            KeptSource::Url(url) => Source::Url(url),
            KeptSource::Document => Source::Document(stored(job, 0).await?),
            KeptSource::Files(names) => {
                let mut files = Vec::with_capacity(names.len());
                for (index, name) in names.into_iter().enumerate() {
                    let bytes = stored(job, index).await?;
                    files.push(NamedFile { name, bytes });
                }
                Source::Files(files)
            }
        };
        // An attempt before may have made the project and not have told of it.
        let project = projects::get(&job.app.db, &job.principal, &job.project_id).await;
        let new_project = match project {
            Ok(_) => false,
            Err(StoreError::NotFound(_)) => kept.new_project,
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            source,
            new_project,
            team_id: kept.team_id,
        })
    }

    /// Writes the description beside the job, so that another attempt has it. Where
    /// that fails this attempt goes on all the same: it has it.
    pub(super) async fn keep(&self, job: &Job) {
        if job.lease.attempt > 1 {
            return;
        }
        let documents: Vec<&[u8]> = match &self.source {
            Source::Document(document) => vec![document],
            Source::Files(files) => files.iter().map(|file| file.bytes.as_slice()).collect(),
            Source::Url(_) => Vec::new(),
        };
        for (index, document) in documents.into_iter().enumerate() {
            let key = keys::job_input(job.id(), index);
            if let Err(error) = job.app.objects.put_slice(&key, document).await {
                crate::log::error!("job {}: its input is not kept: {error}", job.id());
            }
        }
    }
}

async fn stored(job: &Job, index: usize) -> Result<Vec<u8>, ApiError> {
    let object = job
        .app
        .objects
        .get(&keys::job_input(job.id(), index))
        .await?;
    object.ok_or_else(attempts::interrupted)
}

/// What is to be analysed, and into which project.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) source: Source,
    /// The job's project does not exist yet: the analysis makes it.
    pub(crate) new_project: bool,
    /// Whose that project is then; `None` for the job's user.
    pub(crate) team_id: Option<String>,
}

use std::rc::Rc;

use mcpengine_api::{AnalysisStep, AnalyzeRequest};
use mcpengine_openapi::Limits;
use mcpengine_store::jobs::JobKind;
use mcpengine_store::{Principal, Role};
use mcpengine_tiers::Action;
use serde_json::value::RawValue;
use worker::{FormEntry, Request, Response};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::http::{header, parse_json, read_body};
use crate::jobs::analyze_job::{self, Input, NamedFile, Source};
use crate::jobs::input::JobInput;
use crate::jobs::{self, Job};
use crate::json::unescape;
use crate::limits;
use crate::routes::projects;

/// Room for the JSON that wraps a description: each of its characters may be
/// escaped.
const WRAPPED_BYTES: usize = 2 * Limits::WORKER.bytes;

/// 1. The description or its address, else 400, 413 or 415;
/// 2. the project, or the team of a new one, else 404, and 403 for viewers; none
///    given: a new id, whose project the job makes;
/// 3. one use of the tier's rate, else 429;
/// 4. the job's stream.
pub(crate) async fn analyze(
    app: Rc<App>,
    principal: Principal,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let Asked {
        source,
        project_id,
        team_id,
    } = decode(request).await?;
    let new_project = project_id.is_none();
    let held = match (&project_id, &team_id) {
        (Some(_), Some(_)) => {
            return Err(ApiError::bad_request(
                "invalid_field",
                "teamId is for a new project; the one of projectId has its team",
            ));
        }
        (Some(id), None) => {
            projects::load_as(&app, &principal, id, Role::Editor).await?;
            limits::holder(&app, &principal, Some(id)).await?
        }
        (None, Some(team_id)) => {
            projects::check_team(&app, &principal, team_id).await?;
            limits::team_holder(&app, &principal, team_id).await?
        }
        (None, None) => limits::holder(&app, &principal, None).await?,
    };
    let project_id = match project_id {
        Some(id) => id,
        None => clock::new_id()?,
    };
    let input = Input {
        source,
        new_project,
        team_id,
    };
    let kept = JobInput::Analyze(input.kept());
    let one = limits::take(&app, held, Action::Analyze).await?;
    let job = (JobKind::Analyze, one.job_id.as_str());
    let lease = jobs::create(&app, &principal, job, &project_id, &kept).await;
    let lease = one.unless_failed(&app, lease).await?;
    let job = Job::new(app, principal, JobKind::Analyze, lease, project_id);
    let first = analyze_job::progress(AnalysisStep::Accepted, 0, job.id(), &job.project_id);
    one.told(jobs::run(job, &first, move |job| {
        analyze_job::run(job, input)
    })?)
}

/// What is to be analysed, and for whom.
struct Asked {
    source: Source,
    /// An existing project.
    project_id: Option<String>,
    /// The team of a new one.
    team_id: Option<String>,
}

impl From<Source> for Asked {
    fn from(source: Source) -> Self {
        Self {
            source,
            project_id: None,
            team_id: None,
        }
    }
}

async fn decode(request: &mut Request) -> Result<Asked, ApiError> {
    let content_type = header(request.headers(), "content-type").unwrap_or_default();
    let media_type = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match media_type.as_str() {
        "multipart/form-data" => from_form(request).await,
        "application/json" => {
            let body = read_body(request, WRAPPED_BYTES).await?;
            from_json(body)
        }
        _ => {
            let body = read_body(request, Limits::WORKER.bytes).await?;
            document(body).map(Asked::from)
        }
    }
}

/// A JSON body is the request's envelope, or the description itself.
fn from_json(body: Vec<u8>) -> Result<Asked, ApiError> {
    if is_description(&body) {
        return document(body).map(Asked::from);
    }
    let is_array = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let envelope = match serde_json::from_slice::<Envelope<'_>>(&body) {
        Ok(envelope) if !is_array => envelope,
        // The documented type says what is wrong, and where.
        _ => return Err(refused(&body)),
    };
    let (project_id, team_id) = (envelope.project_id, envelope.team_id);
    let text = match (envelope.spec_url, envelope.spec_file, envelope.raw_docs) {
        (Some(url), None, None) => {
            return Ok(Asked {
                source: Source::Url(url),
                project_id,
                team_id,
            });
        }
        // The reader tells prose from a description itself.
        (None, Some(text), None) | (None, None, Some(text)) => text.get(),
        _ => {
            return Err(ApiError::bad_request(
                "invalid_source",
                "Give exactly one of specUrl, specFile and rawDocs",
            ));
        }
    };
    if !text.starts_with('"') {
        return Err(refused(&body));
    }
    // Decoded where it is: another copy of a large description is one too many.
    let start = text.as_ptr().addr() - body.as_ptr().addr();
    let end = start + text.len();
    let mut raw = body;
    raw.truncate(end);
    raw.drain(..start);
    let text = unescape(raw).ok_or_else(|| {
        ApiError::bad_request("invalid_json", "The description is not a string of JSON")
    })?;
    Ok(Asked {
        source: document(text)?,
        project_id,
        team_id,
    })
}

/// [`AnalyzeRequest`] with the description still in the body.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope<'a> {
    spec_url: Option<String>,
    #[serde(borrow)]
    spec_file: Option<&'a RawValue>,
    #[serde(borrow)]
    raw_docs: Option<&'a RawValue>,
    project_id: Option<String>,
    team_id: Option<String>,
}

/// Why a body is not an [`AnalyzeRequest`].
fn refused(body: &[u8]) -> ApiError {
    match parse_json::<AnalyzeRequest>(body) {
        Err(error) => error,
        Ok(_) => ApiError::bad_request(
            "invalid_field",
            "The body does not have the expected fields",
        ),
    }
}

/// Whether the body has a key that only a description or a Postman collection has
/// at its root. What does not parse is left to the reader, which says where.
fn is_description(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Keys {
        openapi: Option<serde::de::IgnoredAny>,
        swagger: Option<serde::de::IgnoredAny>,
        item: Option<serde::de::IgnoredAny>,
        collection: Option<serde::de::IgnoredAny>,
    }
    match serde_json::from_slice::<Keys>(body) {
        Ok(keys) => [keys.openapi, keys.swagger, keys.item, keys.collection]
            .iter()
            .any(Option::is_some),
        Err(_) => false,
    }
}

/// One file is a description; several are one description that is split, each
/// known by its file name. Note that the platform has the whole form in memory before we see it; its
/// own limit of a request body (100 MB) stands before ours.
async fn from_form(request: &mut Request) -> Result<Asked, ApiError> {
    let length = header(request.headers(), "content-length")
        .and_then(|length| length.parse::<usize>().ok())
        .unwrap_or_default();
    if length > WRAPPED_BYTES {
        return Err(ApiError::too_large("The form", WRAPPED_BYTES));
    }
    let form = request
        .form_data()
        .await
        .map_err(|_| ApiError::bad_request("invalid_form", "The form cannot be read"))?;
    let entries = form.get_all("specFile").unwrap_or_default();
    if entries.is_empty() {
        return Err(ApiError::bad_request(
            "invalid_source",
            "The form has no file named specFile",
        ));
    }
    let mut files = Vec::with_capacity(entries.len());
    let mut left = Limits::WORKER.bytes;
    for entry in entries {
        let (name, bytes) = match entry {
            FormEntry::File(file) if file.size() > left => {
                return Err(ApiError::too_large("specFile", Limits::WORKER.bytes));
            }
            FormEntry::File(file) => (file.name(), file.bytes().await?),
            FormEntry::Field(text) => (format!("specFile-{}", files.len() + 1), text.into_bytes()),
        };
        left = left
            .checked_sub(bytes.len())
            .ok_or_else(|| ApiError::too_large("specFile", Limits::WORKER.bytes))?;
        files.push(NamedFile { name, bytes });
    }
    let id = |name: &str| match form.get(name) {
        Some(FormEntry::Field(id)) if !id.is_empty() => Some(id),
        _ => None,
    };
    let (project_id, team_id) = (id("projectId"), id("teamId"));
    let source = match files.len() {
        1 => match files.pop() {
            Some(file) => document(file.bytes)?,
            None => Source::Files(files),
        },
        _ => Source::Files(files),
    };
    Ok(Asked {
        source,
        project_id,
        team_id,
    })
}

fn document(bytes: Vec<u8>) -> Result<Source, ApiError> {
    if bytes.is_empty() {
        return Err(
            ApiError::bad_request("document_empty", "The description is empty").with_details(
                serde_json::json!({ "help": "Give the text of a description, or its address." }),
            ),
        );
    }
    if bytes.len() > Limits::WORKER.bytes {
        return Err(ApiError::too_large("The description", Limits::WORKER.bytes));
    }
    Ok(Source::Document(bytes))
}

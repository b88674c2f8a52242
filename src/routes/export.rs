use std::collections::VecDeque;
use std::rc::Rc;

use futures_util::{StreamExt, stream};
use mcpengine_api::{Edit, ExportRecord};
use mcpengine_store::projects::{self as stored, Whose};
use mcpengine_store::{
    Principal, api_keys, audit, deployments, edits, personal_tokens, teams, tokens,
};
use url::Url;
use worker::{Request, Response};

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::http::set_header;
use crate::project_plan;
use crate::routes::{
    account, audit as audit_log, deployments as versions, personal_tokens as personal, projects,
    secrets, teams as sharing, tokens as endpoint_tokens,
};

/// Projects that are looked up at once.
const PAGE: u32 = 20;

/// What is told next. One object at a time is in memory, however much there is.
enum Step {
    Account,
    Teams,
    PersonalTokens,
    /// From this cursor on.
    Audit(Option<String>),
    /// From this cursor on.
    Projects(Option<String>),
    Project(Box<stored::Project>),
    /// Of the project with this id, at this key.
    Description(String, String),
    Bundle(Box<stored::Project>),
    End,
}

/// A stream of records, one a line ([`ExportRecord`]). One that breaks off has no
/// record `end`.
pub(crate) fn export_me(
    app: Rc<App>,
    principal: Principal,
    request: &Request,
) -> Result<Response, ApiError> {
    let export = Export {
        app,
        principal,
        url: request.url()?,
        steps: VecDeque::from([
            Step::Account,
            Step::Teams,
            Step::PersonalTokens,
            Step::Audit(None),
            Step::Projects(None),
            Step::End,
        ]),
    };
    let lines = stream::unfold(export, |mut export| async move {
        let step = export.steps.pop_front()?;
        let lines = export.tell(step).await;
        if lines.is_err() {
            export.steps.clear();
        }
        let lines = lines.map_err(|error| worker::Error::RustError(error.message));
        Some((lines, export))
    });
    let mut response = Response::from_stream(lines.boxed_local())?;
    let day = clock::now().chars().take(10).collect::<String>();
    let name = format!("attachment; filename=\"mcpengine-account-{day}.ndjson\"");
    for (header, value) in [
        ("content-type", "application/x-ndjson; charset=utf-8"),
        ("content-disposition", name.as_str()),
        ("cache-control", "no-store"),
    ] {
        set_header(&mut response, header, value)?;
    }
    Ok(response)
}

struct Export {
    app: Rc<App>,
    principal: Principal,
    url: Url,
    steps: VecDeque<Step>,
}

impl Export {
    /// The lines of one step; what follows from it comes next.
    async fn tell(&mut self, step: Step) -> Result<Vec<u8>, ApiError> {
        let (app, principal) = (&self.app, &self.principal);
        match step {
            Step::Account => {
                let account = account::account(app, principal).await?;
                lines([ExportRecord::Account { account }])
            }
            Step::Teams => {
                let rows = teams::list(&app.db, principal).await?;
                lines(rows.into_iter().map(|row| ExportRecord::Team {
                    team: sharing::team(app, row),
                }))
            }
            Step::PersonalTokens => {
                let rows = personal_tokens::list(&app.db, principal).await?;
                lines(rows.into_iter().map(|row| ExportRecord::PersonalToken {
                    token: personal::summary(row),
                }))
            }
            Step::Audit(cursor) => {
                let page = audit::list(&app.db, principal, PAGE, cursor.as_deref()).await?;
                if let Some(cursor) = page.next_cursor {
                    self.steps.push_front(Step::Audit(Some(cursor)));
                }
                lines(page.entries.into_iter().map(|row| ExportRecord::Audit {
                    entry: audit_log::entry(row),
                }))
            }
            Step::Projects(cursor) => {
                let page =
                    stored::list(&app.db, principal, Whose::Own, PAGE, cursor.as_deref()).await?;
                if let Some(cursor) = page.next_cursor {
                    self.steps.push_front(Step::Projects(Some(cursor)));
                }
                for project in page.projects.into_iter().rev() {
                    self.steps.push_front(Step::Project(Box::new(project)));
                }
                Ok(Vec::new())
            }
            Step::Project(project) => self.tell_project(*project).await,
            Step::Description(project_id, key) => {
                let bytes = project_plan::object(app, &key).await?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                drop(bytes);
                lines([ExportRecord::Description { project_id, text }])
            }
            Step::Bundle(project) => {
                let bundle = projects::bundle(app, &project).await?.bundle;
                let project_id = project.id;
                lines([ExportRecord::Bundle { project_id, bundle }])
            }
            Step::End => lines([ExportRecord::End {}]),
        }
    }

    async fn tell_project(&mut self, row: stored::Project) -> Result<Vec<u8>, ApiError> {
        let (db, principal, id) = (&self.app.db, &self.principal, row.id.as_str());
        let edits = edits::list(db, principal, id, 0).await?;
        let deployments = deployments::list(db, principal, id).await?;
        let tokens = tokens::list(db, principal, id).await?;
        let secrets = api_keys::list(db, principal, id).await?;
        if row.bundle.is_some() {
            self.steps.push_front(Step::Bundle(Box::new(row.clone())));
        }
        if let Some(spec) = &row.spec {
            let description = Step::Description(row.id.clone(), spec.key.clone());
            self.steps.push_front(description);
        }
        let project = Box::new(projects::project(&self.app, &self.url, row));
        lines([ExportRecord::Project {
            project,
            edits: edits.into_iter().map(edit).collect(),
            deployments: deployments.into_iter().map(versions::deployment).collect(),
            tokens: tokens.into_iter().map(endpoint_tokens::summary).collect(),
            secrets: secrets.into_iter().map(secrets::summary).collect(),
        }])
    }
}

fn edit(row: edits::EditRow) -> Edit {
    Edit {
        key: row.key,
        path: row.path,
        value: row.value,
        prev: row.prev,
    }
}

fn lines(records: impl IntoIterator<Item = ExportRecord>) -> Result<Vec<u8>, ApiError> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, &record)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

//! The steps of a project's life. Each is one batch: what the step made and the
//! status that claims it was made, or neither.

use crate::limits::check_row;
use crate::port::run;
use crate::principal::edits;
use crate::tools::{self, NewTool};
use crate::{Database, Param, Principal, Role, Statement, StoreError, time};

use super::{
    AnalysisMeta, BundleMeta, NewProject, Project, SpecMeta, edited, get, insert, select,
    slug_taken,
};

/// The result of an analysis, whose objects are written before this is called.
#[derive(Debug, Clone)]
pub struct Analyzed<'a> {
    pub project_id: &'a str,
    /// The project to make in the same batch; `None` when it is there already.
    /// So an analysis that fails leaves no empty project.
    pub create: Option<NewProject<'a>>,
    pub spec: SpecMeta,
    /// Where it was fetched from; `None` keeps what is stored.
    pub spec_url: Option<&'a str>,
    pub analysis: AnalysisMeta,
    /// Every tool of the plan, disabled ones included, with edits applied.
    pub tools: &'a [NewTool<'a>],
}

/// Stores the analysis and its tools. Any status becomes `analyzed`; a server
/// that is live stays live.
pub async fn set_analyzed(
    db: &impl Database,
    principal: &Principal,
    analyzed: &Analyzed<'_>,
    now: &str,
) -> Result<Project, StoreError> {
    time::check(now)?;
    let project = analyzed.project_id;
    let mut statements = match &analyzed.create {
        Some(new) if new.id == project => insert(principal, new, now)?,
        Some(_) => {
            return Err(StoreError::invalid(
                "invalid_project",
                "two ids for one new project",
            ));
        }
        None => Vec::new(),
    };
    statements.extend(tools::replacing(principal, project, analyzed.tools, now)?);
    let mark = [
        principal.scope(),
        project.into(),
        json(&analyzed.spec)?,
        analyzed.spec_url.into(),
        json(&analyzed.analysis)?,
        Param::from(&analyzed.analysis.id),
        now.into(),
    ];
    check_row("an analysis", &mark)?;
    statements.push(Statement::new(
        concat!(
            "UPDATE projects SET status = 'analyzed', spec_raw = ?3, \
             spec_url = COALESCE(?4, spec_url), analysis = ?5, analysis_id = ?6, updated_at = ?7 \
             WHERE id = ?2 AND ",
            edits!("?2")
        ),
        mark,
    ));
    statements.push(select(principal, project));
    let mut outcomes = run(db, statements).await?;
    let row = outcomes.last_row().ok_or_else(|| match &analyzed.create {
        Some(new) => slug_taken(new),
        None => StoreError::NotFound("project"),
    })?;
    edited(row)
}

/// The result of a generation, whose object is written before this is called.
#[derive(Debug, Clone)]
pub struct Generated<'a> {
    pub project_id: &'a str,
    /// `analysis_id` names the analysis that the files were generated from.
    pub bundle: BundleMeta,
    /// The edits that were applied.
    pub revision: i64,
}

/// Stores the bundle. `Conflict analysis_changed` when another analysis was
/// stored meanwhile: the code would be for tools that are gone.
pub async fn set_generated(
    db: &impl Database,
    principal: &Principal,
    generated: &Generated<'_>,
    now: &str,
) -> Result<Project, StoreError> {
    time::check(now)?;
    let bundle = &generated.bundle;
    let update = Statement::new(
        concat!(
            "UPDATE projects SET status = 'generated', server_bundle = ?3, bundle_id = ?4, \
             bundle_revision = ?5, updated_at = ?6 WHERE id = ?2 AND analysis_id = ?7 AND ",
            edits!("?2")
        ),
        [
            principal.scope(),
            generated.project_id.into(),
            json(bundle)?,
            Param::from(&bundle.id),
            generated.revision.into(),
            now.into(),
            Param::from(&bundle.analysis_id),
        ],
    );
    let project = select(principal, generated.project_id);
    let mut outcomes = run(db, vec![update, project]).await?;
    let row = outcomes.last_row().ok_or(StoreError::NotFound("project"))?;
    let project = edited(row)?;
    if outcomes.changes(0) == 0 {
        return Err(StoreError::conflict(
            "analysis_changed",
            "the project was analysed again meanwhile; generate once more",
        ));
    }
    Ok(project)
}

/// Marks this bundle as tested. `Conflict bundle_changed` when it is not the
/// project's bundle any more.
pub async fn set_tested(
    db: &impl Database,
    principal: &Principal,
    project_id: &str,
    bundle_id: &str,
    now: &str,
) -> Result<Project, StoreError> {
    time::check(now)?;
    let update = Statement::new(
        concat!(
            "UPDATE projects SET status = 'tested', updated_at = ?4 \
             WHERE id = ?2 AND bundle_id = ?3 AND status IN ('generated', 'tested') AND ",
            edits!("?2")
        ),
        [
            principal.scope(),
            project_id.into(),
            bundle_id.into(),
            now.into(),
        ],
    );
    let changed = run(db, vec![update]).await?.changes(0) > 0;
    let project = get(db, principal, project_id).await?;
    if project.role < Role::Editor {
        return Err(StoreError::Denied(Role::Editor));
    }
    // A deployed project was at least generated: the status must not fall back.
    let deployed = project.status == super::ProjectStatus::Deployed
        && project
            .bundle
            .as_ref()
            .is_some_and(|bundle| bundle.id == bundle_id);
    if !(changed || deployed) {
        return Err(StoreError::conflict(
            "bundle_changed",
            "the project was generated or analysed again meanwhile; test once more",
        ));
    }
    Ok(project)
}

fn json(value: &impl serde::Serialize) -> Result<Param, StoreError> {
    serde_json::to_string(value)
        .map(Param::Text)
        .map_err(|error| StoreError::Corrupt(error.to_string()))
}

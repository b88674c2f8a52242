//! Projects: one for each server being built.
//!
//! `status` is the furthest step that the stored artefacts have reached:
//! draft → analyzed → generated → tested → deployed. A new analysis moves it
//! back. Edits do not: [`Project::revision`] against `bundle_revision` says
//! whether the generated code is behind them.

mod row;
mod steps;
mod transfer;

pub use row::{AnalysisMeta, BundleMeta, Project, ProjectStatus, ServerSummary, SpecMeta};
pub use steps::{Analyzed, Generated, set_analyzed, set_generated, set_tested};
pub use transfer::{to_self, to_team};

use crate::limits::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_PAGE};
use crate::port::run;
use crate::principal::{edits, manages, reads};
use crate::{Database, Param, Principal, Role, Row, Statement, StoreError, keys, time};

#[derive(Debug, Clone)]
pub struct NewProject<'a> {
    pub id: &'a str,
    /// The team that it is made for, in which the principal is an editor at least;
    /// `None` for one of their own.
    pub team_id: Option<&'a str>,
    pub name: &'a str,
    /// Per-user slugs to try in order, see [`crate::slugs::candidates`]. Exactly
    /// one where the user asked for it.
    pub slugs: &'a [String],
    pub description: Option<&'a str>,
    pub spec_url: Option<&'a str>,
}

/// `None` leaves a field as it is; `Some(None)` clears the description.
#[derive(Debug, Clone, Default)]
pub struct ProjectPatch {
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    /// The project's [`Project::updated_at`] that the change was made on: where it is
    /// another by now, nothing is changed.
    pub unchanged_since: Option<String>,
}

impl ProjectPatch {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let description = self.description.as_ref().and_then(Option::as_deref);
        check_text(self.name.as_deref().unwrap_or("unchanged"), description)?;
        self.unchanged_since.as_deref().map_or(Ok(()), time::check)
    }

    /// Name, whether there is a description, it, and the time.
    pub(crate) fn params(&self) -> [Param; 4] {
        [
            self.name.as_ref().into(),
            self.description.is_some().into(),
            self.description.as_ref().and_then(Option::as_ref).into(),
            self.unchanged_since.as_ref().into(),
        ]
    }
}

/// Somebody else was faster.
pub(crate) fn changed_meanwhile() -> StoreError {
    StoreError::conflict(
        "revision_changed",
        "the project was edited meanwhile; load it again and repeat the change",
    )
}

#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Newest first.
    pub projects: Vec<Project>,
    /// For the next call; `None` at the end.
    pub next_cursor: Option<String>,
}

/// Makes a draft. `Conflict slug_taken` when the user has a project at every one
/// of the slugs.
pub async fn create(
    db: &impl Database,
    principal: &Principal,
    new: &NewProject<'_>,
    now: &str,
) -> Result<Project, StoreError> {
    let mut statements = insert(principal, new, now)?;
    statements.push(select(principal, new.id));
    let mut outcomes = run(db, statements).await?;
    let row = outcomes.last_row().ok_or_else(|| slug_taken(new))?;
    Project::from_row(row)
}

pub async fn get(
    db: &impl Database,
    principal: &Principal,
    id: &str,
) -> Result<Project, StoreError> {
    let mut outcomes = run(db, vec![select(principal, id)]).await?;
    outcomes
        .last_row()
        .ok_or(StoreError::NotFound("project"))
        .and_then(Project::from_row)
}

/// Whose projects a list shows, of those that the principal may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    All,
    /// In no team.
    Own,
    /// Of the team with this id.
    Team(&'a str),
}

/// `limit` is brought into 1..=[`MAX_PAGE`]. `Invalid invalid_cursor` for a
/// cursor that no page returned. Empty for a team that is not the principal's.
pub async fn list(
    db: &impl Database,
    principal: &Principal,
    whose: Whose<'_>,
    limit: u32,
    cursor: Option<&str>,
) -> Result<Page, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let one_more = Param::Integer(i64::from(limit) + 1);
    let team = match whose {
        Whose::All => Param::Null,
        Whose::Own => "".into(),
        Whose::Team(id) => id.into(),
    };
    let statement = match cursor {
        None => Statement::new(
            concat!(
                row::select!(),
                "WHERE ",
                listed!(),
                " ORDER BY p.created_at DESC, p.id DESC LIMIT ?2"
            ),
            [principal.scope(), one_more, team],
        ),
        Some(cursor) => {
            let (created_at, id) = read_cursor(cursor)?;
            Statement::new(
                concat!(
                    row::select!(),
                    "WHERE ",
                    listed!(),
                    " AND (p.created_at, p.id) < (?4, ?5) \
                     ORDER BY p.created_at DESC, p.id DESC LIMIT ?2"
                ),
                [
                    principal.scope(),
                    one_more,
                    team,
                    created_at.into(),
                    id.into(),
                ],
            )
        }
    };
    let rows = run(db, vec![statement]).await?.last_rows();
    page(rows, limit)
}

/// What a list shows: `?3` is null for all, empty for one's own, or a team's id.
macro_rules! listed {
    () => {
        "((p.team_id IS NULL AND p.user_id = ?1) OR p.team_id IN \
         (SELECT m.team_id FROM team_members m WHERE m.user_id = ?1)) \
         AND (?3 IS NULL OR COALESCE(p.team_id, '') = ?3)"
    };
}
use listed;

fn page(rows: Vec<Row>, limit: u32) -> Result<Page, StoreError> {
    let mut projects = rows
        .into_iter()
        .map(Project::from_row)
        .collect::<Result<Vec<_>, _>>()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = projects.len() > limit;
    projects.truncate(limit);
    let next_cursor = projects
        .last()
        .filter(|_| more)
        .map(|last| format!("{}_{}", last.created_at, last.id));
    Ok(Page {
        projects,
        next_cursor,
    })
}

pub(crate) fn read_cursor(cursor: &str) -> Result<(&str, &str), StoreError> {
    cursor
        .split_once('_')
        .filter(|(created_at, id)| time::check(created_at).is_ok() && !id.is_empty())
        .ok_or_else(|| {
            StoreError::invalid(
                "invalid_cursor",
                "this cursor was not returned by an earlier page; start again without one",
            )
        })
}

/// `Conflict revision_changed` where the project is not as
/// [`ProjectPatch::unchanged_since`] says.
pub async fn update(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    patch: &ProjectPatch,
    now: &str,
) -> Result<Project, StoreError> {
    time::check(now)?;
    patch.check()?;
    let [name, has_description, description, unchanged_since] = patch.params();
    let update = Statement::new(
        concat!(
            "UPDATE projects SET name = COALESCE(?3, name), \
             description = CASE WHEN ?4 = 1 THEN ?5 ELSE description END, updated_at = ?6 \
             WHERE id = ?2 AND (?7 IS NULL OR updated_at = ?7) AND ",
            edits!("?2")
        ),
        [
            principal.scope(),
            id.into(),
            name,
            has_description,
            description,
            now.into(),
            unchanged_since,
        ],
    );
    let mut outcomes = run(db, vec![update, select(principal, id)]).await?;
    let changed = outcomes.changes(0) > 0;
    let row = outcomes.last_row();
    let project = edited(row.ok_or(StoreError::NotFound("project"))?)?;
    if changed {
        Ok(project)
    } else {
        Err(changed_meanwhile())
    }
}

/// The project that a change was made to, which asks for [`Role::Editor`].
fn edited(row: Row) -> Result<Project, StoreError> {
    let project = Project::from_row(row)?;
    if project.role < Role::Editor {
        return Err(StoreError::Denied(Role::Editor));
    }
    Ok(project)
}

/// What is left to delete once the rows are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Prefixes for [`crate::delete_prefixes`].
    pub object_prefixes: Vec<String>,
}

/// Deletes the project with all that hangs on it, jobs included, stops its
/// server and keeps its hosted name for 90 days. `Conflict project_published`
/// while the marketplace lists it.
pub async fn delete(
    db: &impl Database,
    principal: &Principal,
    id: &str,
    now: &str,
) -> Result<Deleted, StoreError> {
    time::check(now)?;
    let with_time = || [principal.scope(), id.into(), now.into()];
    let plain = || [principal.scope(), id.into()];
    let statements = vec![
        Statement::new(
            concat!(
                "SELECT DISTINCT e.job_id FROM job_events e JOIN jobs j ON j.id = e.job_id \
             WHERE j.project_id = ?2 AND e.object_key IS NOT NULL AND ",
                deletable!()
            ),
            plain(),
        ),
        Statement::new(
            concat!(
                // A name that never answered anybody is free at once.
                "DELETE FROM slugs WHERE project_id = ?2 AND released_at IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM deployments d WHERE d.project_id = ?2 \
                 AND d.status IN ('live', 'stopped')) AND ",
                deletable!()
            ),
            plain(),
        ),
        Statement::new(
            concat!(
                "UPDATE slugs SET released_at = ?3, deployment_id = NULL \
                 WHERE project_id = ?2 AND released_at IS NULL AND ",
                deletable!()
            ),
            with_time(),
        ),
        Statement::new(
            concat!("DELETE FROM jobs WHERE project_id = ?2 AND ", deletable!()),
            plain(),
        ),
        Statement::new(
            concat!("DELETE FROM projects WHERE id = ?2 AND ", deletable!()),
            plain(),
        ),
    ];
    let mut outcomes = run(db, statements).await?;
    if outcomes.changes(4) == 0 {
        if get(db, principal, id).await?.role < Role::Admin {
            return Err(StoreError::Denied(Role::Admin));
        }
        return Err(StoreError::conflict(
            "project_published",
            "the marketplace lists this project; withdraw the listing first",
        ));
    }
    let mut object_prefixes = keys::project_prefixes(id);
    for row in outcomes.rows(0) {
        if let Some(job) = row.get("job_id").and_then(serde_json::Value::as_str) {
            object_prefixes.push(keys::job_prefix(job));
        }
    }
    Ok(Deleted { object_prefixes })
}

macro_rules! deletable {
    () => {
        concat!(
            manages!("?2"),
            " AND NOT EXISTS (SELECT 1 FROM marketplace_listings m WHERE m.project_id = ?2)"
        )
    };
}
use deletable;

/// Inserts the draft at the first free slug; statements that find it made do nothing.
fn insert(
    principal: &Principal,
    new: &NewProject<'_>,
    now: &str,
) -> Result<Vec<Statement>, StoreError> {
    time::check(now)?;
    check_text(new.name, new.description)?;
    for slug in new.slugs {
        crate::slugs::check_form(slug)?;
    }
    let statement = |slug: &String| {
        Statement::new(
            "INSERT INTO projects \
             (id, user_id, name, slug, description, spec_url, created_at, updated_at, team_id) \
             SELECT ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?7, ?8 WHERE NOT EXISTS \
             (SELECT 1 FROM projects p WHERE p.id = ?2 OR (p.user_id = ?1 AND p.slug = ?4)) \
             AND (?8 IS NULL OR EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = ?8 \
             AND m.user_id = ?1 AND m.role <> 'viewer'))",
            [
                principal.scope(),
                new.id.into(),
                new.name.into(),
                slug.into(),
                new.description.into(),
                new.spec_url.into(),
                now.into(),
                new.team_id.into(),
            ],
        )
    };
    Ok(new.slugs.iter().map(statement).collect())
}

fn slug_taken(new: &NewProject<'_>) -> StoreError {
    let slugs = new.slugs.join(", ");
    StoreError::conflict(
        "slug_taken",
        format!("you already have a project at {slugs}"),
    )
}

fn select(principal: &Principal, id: &str) -> Statement {
    Statement::new(
        concat!(row::select!(), "WHERE p.id = ?2 AND ", reads!("?2")),
        [principal.scope(), id.into()],
    )
}

fn check_text(name: &str, description: Option<&str>) -> Result<(), StoreError> {
    if name.trim().is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(StoreError::invalid(
            "invalid_name",
            format!("a project's name has 1 to {MAX_NAME_CHARS} characters"),
        ));
    }
    if description.is_some_and(|text| text.chars().count() > MAX_DESCRIPTION_CHARS) {
        return Err(StoreError::invalid(
            "invalid_description",
            format!("a project's description has at most {MAX_DESCRIPTION_CHARS} characters"),
        ));
    }
    Ok(())
}

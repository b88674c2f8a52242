use mcpengine_api::{AuditEntry, AuditPage};
use mcpengine_store::{Principal, audit};
use worker::{Request, Response};

use crate::app::App;
use crate::error::ApiError;
use crate::http::{json_response, page_of};

/// 1. `limit` and `cursor`, else 400 `invalid_limit` / `invalid_cursor`.
pub(crate) async fn list_audit(
    app: &App,
    principal: &Principal,
    request: &Request,
) -> Result<Response, ApiError> {
    let (limit, cursor) = page_of(request)?;
    let page = audit::list(&app.db, principal, limit, cursor.as_deref()).await?;
    let entries = page.entries.into_iter().map(entry);
    json_response(
        200,
        &AuditPage {
            entries: entries.collect(),
            next_cursor: page.next_cursor,
        },
    )
}

pub(super) fn entry(row: audit::Entry) -> AuditEntry {
    AuditEntry {
        id: row.id,
        action: row.action,
        object_id: row.object_id,
        project_id: row.project_id,
        detail: row.detail,
        token_id: row.token_id,
        request_id: row.request_id,
        created_at: row.created_at,
    }
}

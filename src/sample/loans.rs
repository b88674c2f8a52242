use mcpengine_store::{Database, Param};
use serde_json::{Value, json};
use url::Url;

use super::sql::{Row, change, page, rows, string};
use super::{Answer, Problem, books, members};
use crate::clock;

const COLUMNS: &str = "id, book_id, member_id, lent_at, returned_at";

fn loan(row: &Row) -> Value {
    json!({
        "id": string(row, "id"),
        "bookId": string(row, "book_id"),
        "memberId": string(row, "member_id"),
        "lentAt": string(row, "lent_at"),
        "returnedAt": string(row, "returned_at"),
    })
}

pub(super) async fn list(db: &impl Database, url: &Url) -> Answer {
    let mut params: Vec<Param> = Vec::new();
    let mut from = "sample_loans WHERE 1 = 1".to_owned();
    if let Some(member) = super::query(url, "memberId") {
        params.push(member.into());
        from.push_str(" AND member_id = ?1");
    }
    if super::flag(url, "open")? {
        from.push_str(" AND returned_at IS NULL");
    }
    let (items, total) = page(
        db,
        COLUMNS,
        &from,
        params,
        "lent_at DESC, id",
        super::page(url)?,
    )
    .await?;
    let items: Vec<Value> = items.iter().map(loan).collect();
    Ok((200, json!({ "items": items, "total": total })))
}

async fn find(db: &impl Database, id: &str) -> Result<Value, Problem> {
    let sql = format!("SELECT {COLUMNS} FROM sample_loans WHERE id = ?1");
    let found = rows(db, sql, vec![id.into()]).await?;
    found
        .first()
        .map(loan)
        .ok_or_else(|| Problem::missing("loan", id))
}

pub(super) async fn lend(db: &impl Database, body: &Value) -> Answer {
    let book = super::required(body, "bookId")?;
    let member = super::required(body, "memberId")?;
    books::find(db, &book).await?;
    members::find(db, &member).await?;
    let id = clock::new_id()?;
    // The shelf is counted in the statement itself, so that two borrowers of the
    // last copy cannot both have it.
    let sql = "INSERT INTO sample_loans (id, book_id, member_id, lent_at) SELECT ?1, ?2, ?3, ?4 \
               WHERE (SELECT copies FROM sample_books WHERE id = ?2) > \
               (SELECT COUNT(*) FROM sample_loans WHERE book_id = ?2 AND returned_at IS NULL)";
    let params = vec![
        (&id).into(),
        book.into(),
        member.into(),
        clock::now().into(),
    ];
    if change(db, sql, params).await? == 0 {
        return Err(Problem::Status(409, "No copy is on the shelf".to_owned()));
    }
    Ok((201, find(db, &id).await?))
}

pub(super) async fn take_back(db: &impl Database, id: &str) -> Answer {
    find(db, id).await?;
    let sql = "UPDATE sample_loans SET returned_at = ?2 WHERE id = ?1 AND returned_at IS NULL";
    if change(db, sql, vec![id.into(), clock::now().into()]).await? == 0 {
        return Err(Problem::Status(409, "It was returned before".to_owned()));
    }
    Ok((200, find(db, id).await?))
}

use mcpengine_store::Database;
use serde_json::{Value, json};
use url::Url;

use super::sql::{Row, change, page, rows, string};
use super::{Answer, Problem};
use crate::clock;

fn member(row: &Row) -> Value {
    json!({
        "id": string(row, "id"),
        "name": string(row, "name"),
        "email": string(row, "email"),
    })
}

pub(super) async fn list(db: &impl Database, url: &Url) -> Answer {
    let (items, total) = page(
        db,
        "id, name, email",
        "sample_members",
        Vec::new(),
        "name, id",
        super::page(url)?,
    )
    .await?;
    let items: Vec<Value> = items.iter().map(member).collect();
    Ok((200, json!({ "items": items, "total": total })))
}

pub(super) async fn find(db: &impl Database, id: &str) -> Result<Value, Problem> {
    let sql = "SELECT id, name, email FROM sample_members WHERE id = ?1";
    let found = rows(db, sql, vec![id.into()]).await?;
    found
        .first()
        .map(member)
        .ok_or_else(|| Problem::missing("member", id))
}

pub(super) async fn get(db: &impl Database, id: &str) -> Answer {
    Ok((200, find(db, id).await?))
}

pub(super) async fn add(db: &impl Database, body: &Value) -> Answer {
    let name = super::required(body, "name")?;
    let email = super::required(body, "email")?;
    if !email
        .split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
    {
        return Err(Problem::invalid("email is not an address"));
    }
    let id = clock::new_id()?;
    let sql = "INSERT INTO sample_members (id, name, email) SELECT ?1, ?2, ?3 \
               WHERE NOT EXISTS (SELECT 1 FROM sample_members WHERE email = ?3)";
    if change(db, sql, vec![(&id).into(), name.into(), email.into()]).await? == 0 {
        return Err(Problem::Status(409, "That address is taken".to_owned()));
    }
    Ok((201, find(db, &id).await?))
}

use mcpengine_store::{Database, Param};
use serde_json::{Value, json};
use url::Url;

use super::sql::{Row, change, integer, page, rows, string};
use super::{Answer, Problem};
use crate::clock;

const GENRES: [&str; 6] = [
    "novel",
    "science-fiction",
    "science",
    "poetry",
    "crime",
    "essay",
];
const AVAILABLE: &str = "(copies - (SELECT COUNT(*) FROM sample_loans l WHERE l.book_id = b.id \
                         AND l.returned_at IS NULL))";

fn columns() -> String {
    format!("id, title, author, genre, year, copies, {AVAILABLE} AS available")
}

fn book(row: &Row) -> Value {
    json!({
        "id": string(row, "id"),
        "title": string(row, "title"),
        "author": string(row, "author"),
        "genre": string(row, "genre"),
        "year": integer(row, "year"),
        "copies": integer(row, "copies"),
        "available": integer(row, "available"),
    })
}

pub(super) async fn list(db: &impl Database, url: &Url) -> Answer {
    let mut params = Vec::new();
    let mut conditions = vec!["1 = 1".to_owned()];
    if let Some(text) = super::query(url, "q") {
        // instr, not LIKE: D1 bounds LIKE patterns at 50 bytes.
        params.push(Param::Text(text.to_lowercase()));
        let n = params.len();
        conditions.push(format!(
            "(instr(lower(title), ?{n}) > 0 OR instr(lower(author), ?{n}) > 0)"
        ));
    }
    let genres = genres(url)?;
    if !genres.is_empty() {
        let first = params.len() + 1;
        let marks: Vec<String> = (first..first + genres.len())
            .map(|number| format!("?{number}"))
            .collect();
        conditions.push(format!("genre IN ({})", marks.join(", ")));
        params.extend(genres.into_iter().map(Param::Text));
    }
    if super::flag(url, "available")? {
        conditions.push(format!("{AVAILABLE} > 0"));
    }
    let from = format!("sample_books b WHERE {}", conditions.join(" AND "));
    let (items, total) = page(
        db,
        &columns(),
        &from,
        params,
        "title, id",
        super::page(url)?,
    )
    .await?;
    let items: Vec<Value> = items.iter().map(book).collect();
    Ok((200, json!({ "items": items, "total": total })))
}

fn genres(url: &Url) -> Result<Vec<String>, Problem> {
    let genres: Vec<String> = url
        .query_pairs()
        .filter(|(key, _)| key == "genre")
        .map(|(_, value)| value.into_owned())
        .take(GENRES.len())
        .collect();
    match genres
        .iter()
        .find(|genre| !GENRES.contains(&genre.as_str()))
    {
        Some(_) => Err(Problem::invalid(format!(
            "genre is one of {}",
            GENRES.join(", ")
        ))),
        None => Ok(genres),
    }
}

pub(super) async fn find(db: &impl Database, id: &str) -> Result<Value, Problem> {
    let sql = format!("SELECT {} FROM sample_books b WHERE id = ?1", columns());
    let found = rows(db, sql, vec![id.into()]).await?;
    found
        .first()
        .map(book)
        .ok_or_else(|| Problem::missing("book", id))
}

pub(super) async fn get(db: &impl Database, id: &str) -> Answer {
    Ok((200, find(db, id).await?))
}

struct Fields {
    title: Option<String>,
    author: Option<String>,
    genre: Option<String>,
    year: Option<i64>,
    copies: Option<i64>,
}

fn fields(body: &Value) -> Result<Fields, Problem> {
    let genre = super::text(body, "genre")?;
    if genre
        .as_deref()
        .is_some_and(|genre| !GENRES.contains(&genre))
    {
        return Err(Problem::invalid(format!(
            "genre is one of {}",
            GENRES.join(", ")
        )));
    }
    Ok(Fields {
        title: super::text(body, "title")?,
        author: super::text(body, "author")?,
        genre,
        year: whole(body, "year", 2_100)?,
        copies: whole(body, "copies", 1_000)?,
    })
}

fn whole(body: &Value, name: &str, max: i64) -> Result<Option<i64>, Problem> {
    match body.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_i64()
            .filter(|number| (0..=max).contains(number))
            .map(Some)
            .ok_or_else(|| Problem::invalid(format!("{name} is a whole number from 0 to {max}"))),
    }
}

pub(super) async fn add(db: &impl Database, body: &Value) -> Answer {
    let fields = fields(body)?;
    let missing = |name: &str| Problem::invalid(format!("{name} is missing"));
    let id = clock::new_id()?;
    let params = vec![
        Param::from(&id),
        fields.title.ok_or_else(|| missing("title"))?.into(),
        fields.author.ok_or_else(|| missing("author"))?.into(),
        fields.genre.ok_or_else(|| missing("genre"))?.into(),
        fields.year.ok_or_else(|| missing("year"))?.into(),
        fields.copies.unwrap_or(1).into(),
    ];
    let sql = "INSERT INTO sample_books (id, title, author, genre, year, copies) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    change(db, sql, params).await?;
    Ok((201, find(db, &id).await?))
}

pub(super) async fn update(db: &impl Database, id: &str, body: &Value) -> Answer {
    let fields = fields(body)?;
    let params = vec![
        id.into(),
        fields.title.into(),
        fields.author.into(),
        fields.genre.into(),
        fields.year.into(),
        fields.copies.into(),
    ];
    let sql = "UPDATE sample_books SET title = COALESCE(?2, title), author = COALESCE(?3, author), \
               genre = COALESCE(?4, genre), year = COALESCE(?5, year), \
               copies = COALESCE(?6, copies) WHERE id = ?1";
    if change(db, sql, params).await? == 0 {
        return Err(Problem::missing("book", id));
    }
    Ok((200, find(db, id).await?))
}

pub(super) async fn remove(db: &impl Database, id: &str) -> Answer {
    if change(
        db,
        "DELETE FROM sample_books WHERE id = ?1",
        vec![id.into()],
    )
    .await?
        == 0
    {
        return Err(Problem::missing("book", id));
    }
    Ok((204, Value::Null))
}

pub(super) async fn stats(db: &impl Database) -> Answer {
    let sql = "SELECT (SELECT COUNT(*) FROM sample_books) AS books, \
               (SELECT COUNT(*) FROM sample_members) AS members, \
               (SELECT COUNT(*) FROM sample_loans WHERE returned_at IS NULL) AS open";
    let found = rows(db, sql, Vec::new()).await?;
    let count = |column| found.first().map_or(0, |row| integer(row, column));
    Ok((
        200,
        json!({ "books": count("books"), "members": count("members"), "openLoans": count("open") }),
    ))
}

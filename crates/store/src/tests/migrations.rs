use super::support::{database, now};
use crate::migrations::ALL;
use crate::testing::{SqliteDatabase, contract};

#[test]
fn the_list_is_the_folder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".sql"))
        .collect();
    files.sort();
    let listed: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(files, listed);
    for (number, name) in (1..).zip(listed) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name}");
    }
}

#[test]
fn nothing_in_them_is_sqlite_only() {
    let forbidden = [
        "AUTOINCREMENT",
        "WITHOUT ROWID",
        "STRICT",
        "PRAGMA",
        "TRIGGER",
        "DATETIME",
        "JSONB",
        "BLOB",
        "INSERT OR",
        "REPLACE INTO",
        "IFNULL",
        "STRFTIME",
        "BOOLEAN",
        "`",
        "[",
    ];
    for (name, sql) in ALL {
        let code: String = sql
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect();
        let code = code.replace("'[]'", "").to_uppercase();
        for word in forbidden {
            assert!(!code.contains(word), "{name} holds {word}");
        }
    }
}

#[test]
fn every_foreign_key_has_an_index_to_find_its_rows() {
    let db = database();
    let references = db
        .raw(
            "SELECT m.name AS tab, f.\"from\" AS col FROM sqlite_master m \
             JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        )
        .unwrap();
    // Few rows, or never searched by it.
    let exempt = [
        "users.team_id",
        "teams.owner_id",
        "projects.template_id",
        "marketplace_listings.author_id",
        "api_keys.user_id",
        "plan_edits.user_id",
    ];
    for row in references {
        let (table, column) = (row["tab"].as_str().unwrap(), row["col"].as_str().unwrap());
        let indexed = db
            .raw(&format!(
                "SELECT 1 FROM pragma_index_list('{table}') l \
                 JOIN pragma_index_info(l.name) i WHERE i.seqno = 0 AND i.name = '{column}'"
            ))
            .unwrap();
        let name = format!("{table}.{column}");
        assert!(
            !indexed.is_empty() || exempt.contains(&name.as_str()),
            "{name} has no index"
        );
    }
}

#[test]
fn sqlite_meets_the_contract() {
    let db = SqliteDatabase::new().unwrap();
    assert_eq!(now(contract::run(&db)), Ok(()));
}

//! The schema, as the files of the repository's `migrations/` folder.

/// Name and SQL of every migration, in order.
pub const ALL: &[(&str, &str)] = &[
    (
        "0001_tables.sql",
        include_str!("../../../migrations/0001_tables.sql"),
    ),
    (
        "0002_jobs_slugs_edits_tokens.sql",
        include_str!("../../../migrations/0002_jobs_slugs_edits_tokens.sql"),
    ),
    (
        "0003_token_use.sql",
        include_str!("../../../migrations/0003_token_use.sql"),
    ),
    (
        "0004_calls.sql",
        include_str!("../../../migrations/0004_calls.sql"),
    ),
    (
        "0005_artifacts.sql",
        include_str!("../../../migrations/0005_artifacts.sql"),
    ),
    (
        "0006_accounts.sql",
        include_str!("../../../migrations/0006_accounts.sql"),
    ),
    (
        "0007_personal_tokens.sql",
        include_str!("../../../migrations/0007_personal_tokens.sql"),
    ),
    (
        "0008_walks.sql",
        include_str!("../../../migrations/0008_walks.sql"),
    ),
    (
        "0009_jobs_that_go_on.sql",
        include_str!("../../../migrations/0009_jobs_that_go_on.sql"),
    ),
    (
        "0010_teams.sql",
        include_str!("../../../migrations/0010_teams.sql"),
    ),
];

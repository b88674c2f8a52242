use super::support::*;
use crate::edits::{self, NewEdit, append_with};
use crate::projects::{self, NewProject, ProjectPatch, ProjectStatus};
use crate::testing::MemoryObjects;
use crate::{
    Database, ObjectStore, StoreError, delete_prefixes, deployments, hosting, jobs, keys, slugs,
    users,
};

fn create(
    db: &impl Database,
    id: &str,
    slugs: &[&str],
    at: &str,
) -> Result<projects::Project, StoreError> {
    let slugs: Vec<String> = slugs.iter().map(|slug| (*slug).to_owned()).collect();
    let new = NewProject {
        team_id: None,
        id,
        name: "Pet Store",
        slugs: &slugs,
        description: Some("Pets"),
        spec_url: None,
    };
    now(projects::create(db, &alice(), &new, at))
}

#[test]
fn a_draft_has_the_first_free_slug() {
    let db = database();
    let project = create(&db, "p1", &["pets", "pets-2"], T0).unwrap();
    let expected = projects::Project {
        team_id: None,
        role: crate::Role::Owner,
        id: "p1".into(),
        user_id: ALICE.into(),
        name: "Pet Store".into(),
        slug: "pets".into(),
        description: Some("Pets".into()),
        status: ProjectStatus::Draft,
        spec_url: None,
        spec: None,
        analysis: None,
        bundle: None,
        revision: 0,
        bundle_revision: None,
        tool_count: 0,
        enabled_tool_count: 0,
        server: None,
        created_at: T0.into(),
        updated_at: T0.into(),
    };
    assert_eq!(project, expected);
    assert_eq!(
        create(&db, "p2", &["pets", "pets-2"], T0).unwrap().slug,
        "pets-2"
    );
    let before = dump(&db);
    assert_eq!(
        code(&create(&db, "p3", &["pets", "pets-2"], T0).unwrap_err()),
        "slug_taken"
    );
    assert_eq!(
        code(&create(&db, "p3", &["Pets"], T0).unwrap_err()),
        "invalid_slug"
    );
    assert_eq!(dump(&db), before);
    // Slugs of projects are each user's own.
    assert!(now(analyzed(&db, &bob(), "b1", "pets")).is_ok());
}

#[test]
fn pages_are_complete_whatever_the_times() {
    let db = database();
    for index in 0..7 {
        let at = [T0, T1, T1, T1, T2, T2, T3][index];
        create(&db, &format!("p{index}"), &[&format!("s{index}")], at).unwrap();
    }
    for limit in 1..=8 {
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = now(projects::list(
                &db,
                &alice(),
                projects::Whose::All,
                limit,
                cursor.as_deref(),
            ))
            .unwrap();
            assert!(page.projects.len() <= limit as usize);
            seen.extend(page.projects.into_iter().map(|project| project.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(
            seen,
            ["p6", "p5", "p4", "p3", "p2", "p1", "p0"],
            "limit {limit}"
        );
    }
    assert_eq!(
        now(projects::list(&db, &alice(), projects::Whose::All, 0, None))
            .unwrap()
            .projects
            .len(),
        1
    );
    for cursor in [
        "",
        "_",
        "x_y",
        "2026-11-23T02:00:00.000Z",
        "2026-11-23T02:00:00.000Z_",
    ] {
        let error = now(projects::list(
            &db,
            &alice(),
            projects::Whose::All,
            5,
            Some(cursor),
        ))
        .unwrap_err();
        assert_eq!(code(&error), "invalid_cursor", "{cursor}");
    }
}

/// What was seen is at [`T0`]: the second who changes it on that ground changes
/// nothing, whatever it is that changes.
#[test]
fn a_change_on_old_ground_changes_nothing() {
    let db = database();
    create(&db, "p", &["pets"], T0).unwrap();
    let seen = |name: &str| ProjectPatch {
        name: Some(name.into()),
        description: Some(None),
        unchanged_since: Some(T0.into()),
    };
    let edit = NewEdit {
        key: "GET /pets".into(),
        path: vec!["title".into()],
        value: "Pets".into(),
        prev: "pets".into(),
    };
    let append = |patch: &ProjectPatch, at| {
        let edits = std::slice::from_ref(&edit);
        now(append_with(
            &db,
            &alice(),
            "p",
            0,
            edits,
            Some(3),
            patch,
            at,
        ))
    };
    let state = || {
        let project = now(projects::get(&db, &alice(), "p")).unwrap();
        let edits = now(edits::list(&db, &alice(), "p", 0)).unwrap().len();
        (project.name, project.description, project.revision, edits)
    };
    let changed = |result: Result<i64, StoreError>| match result {
        Err(StoreError::Conflict { code, .. }) => code,
        other => panic!("{other:?}"),
    };
    now(projects::update(&db, &alice(), "p", &seen("First"), T1)).unwrap();
    let second = now(projects::update(&db, &alice(), "p", &seen("Second"), T2));
    assert_eq!(changed(second.map(|_| 0)), "revision_changed");
    assert_eq!(changed(append(&seen("Third"), T2)), "revision_changed");
    assert_eq!(state(), ("First".into(), None, 0, 0));
    let fresh = ProjectPatch {
        unchanged_since: Some(T1.into()),
        ..seen("Fourth")
    };
    assert_eq!(append(&fresh, T2), Ok(1));
    assert_eq!(state(), ("Fourth".into(), None, 1, 1));
    assert_eq!(changed(append(&fresh, T2)), "revision_changed");
    assert_eq!(state(), ("Fourth".into(), None, 1, 1));
}

#[test]
fn a_patch_changes_what_it_names() {
    let db = database();
    create(&db, "p", &["pets"], T0).unwrap();
    let patch = |name: Option<&str>, description: Option<Option<&str>>| {
        let patch = ProjectPatch {
            name: name.map(str::to_owned),
            description: description.map(|text| text.map(str::to_owned)),
            unchanged_since: None,
        };
        now(projects::update(&db, &alice(), "p", &patch, T1))
            .map(|project| (project.name, project.description))
    };
    assert_eq!(
        patch(None, None),
        Ok(("Pet Store".into(), Some("Pets".into())))
    );
    assert_eq!(
        patch(Some("Shop"), None),
        Ok(("Shop".into(), Some("Pets".into())))
    );
    assert_eq!(
        patch(None, Some(Some("All"))),
        Ok(("Shop".into(), Some("All".into())))
    );
    assert_eq!(patch(None, Some(None)), Ok(("Shop".into(), None)));
    assert_eq!(code(&patch(Some("  "), None).unwrap_err()), "invalid_name");
    assert_eq!(
        code(&patch(Some(&"ä".repeat(201)), None).unwrap_err()),
        "invalid_name"
    );
    let long = "x".repeat(4_001);
    assert_eq!(
        code(&patch(None, Some(Some(&long))).unwrap_err()),
        "invalid_description"
    );
    assert_eq!(
        patch(Some(&"ä".repeat(200)), None)
            .unwrap()
            .0
            .chars()
            .count(),
        200
    );
}

#[test]
fn an_analysis_makes_its_project_or_nothing() {
    let db = database();
    let project = now(analyzed(&db, &alice(), "p", "things")).unwrap();
    assert_eq!(project.status, ProjectStatus::Analyzed);
    assert_eq!((project.tool_count, project.enabled_tool_count), (3, 2));
    assert_eq!(project.spec, Some(spec("p")));
    assert_eq!(project.analysis, Some(analysis("p", "analysis-1")));
    assert_eq!(
        project.spec_url.as_deref(),
        Some("https://example.com/openapi.json")
    );
    let before = dump(&db);
    let error = now(analyzed(&db, &alice(), "q", "things")).unwrap_err();
    assert_eq!(code(&error), "slug_taken");
    // Another user's id is not taken over, however it is guessed.
    let error = now(analyzed(&db, &bob(), "p", "things")).unwrap_err();
    assert_eq!(code(&error), "slug_taken");
    assert_eq!(dump(&db), before);
}

#[test]
fn a_new_analysis_moves_the_project_back_and_keeps_its_server() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    let analyze = |id: &str| {
        let tools = [tool(1)];
        let analyzed = projects::Analyzed {
            project_id: "p",
            create: None,
            spec: spec("p"),
            spec_url: None,
            analysis: analysis("p", id),
            tools: &new_tools("again", &tools),
        };
        now(projects::set_analyzed(&db, &alice(), &analyzed, T1)).unwrap()
    };
    let project = analyze("analysis-2");
    assert_eq!(
        (project.status, project.tool_count),
        (ProjectStatus::Analyzed, 1)
    );
    assert_eq!(
        project.spec_url.as_deref(),
        Some("https://example.com/openapi.json")
    );
    assert_eq!(project.server.unwrap().slug, "things");
    assert!(now(hosting::resolve(&db, "things")).unwrap().is_some());
    // Code that was generated from the first analysis does not count.
    let generate = |from: &str| {
        let bundle = bundle("p", "bundle-2", from);
        let generated = projects::Generated {
            project_id: "p",
            bundle,
            revision: 0,
        };
        now(projects::set_generated(&db, &alice(), &generated, T2))
    };
    assert_eq!(
        code(&generate("analysis-1").unwrap_err()),
        "analysis_changed"
    );
    let error = now(begin(&db, &alice(), "p", "d2", (T1, T2))).unwrap_err();
    assert_eq!(code(&error), "not_generated");
    assert_eq!(
        generate("analysis-2").unwrap().status,
        ProjectStatus::Generated
    );
}

#[test]
fn a_test_counts_for_the_bundle_it_ran_on() {
    let db = database();
    now(generated(&db, &alice(), "p", "things")).unwrap();
    let tested = |bundle: &str| now(projects::set_tested(&db, &alice(), "p", bundle, T1));
    assert_eq!(code(&tested("other").unwrap_err()), "bundle_changed");
    assert_eq!(tested("p-bundle").unwrap().status, ProjectStatus::Tested);
    assert_eq!(tested("p-bundle").unwrap().status, ProjectStatus::Tested);
    now(begin(&db, &alice(), "p", "d1", (T1, T2))).unwrap();
    now(slugs::claim(&db, &alice(), "p", &["things".to_owned()], T1)).unwrap();
    now(go_live(&db, &alice(), "p", "d1", T1)).unwrap();
    // A deployed project does not fall back.
    assert_eq!(tested("p-bundle").unwrap().status, ProjectStatus::Deployed);
}

#[test]
fn deleting_leaves_no_row_but_the_held_name_and_no_object() {
    let db = database();
    let objects = MemoryObjects::default();
    let before: Vec<String> = dump(&db);
    now(live(&db, &alice(), "p", "things")).unwrap();
    now(live(&db, &alice(), "kept", "kept-things")).unwrap();
    let (_, job) = now(begin(&db, &alice(), "p", "d2", (T1, T2))).unwrap();
    let (event, object) = jobs::place(&job.id, 1, "x".repeat(40_000));
    let (key, json) = object.unwrap();
    now(jobs::append_events(&db, &alice(), &job.lease(), &[event])).unwrap();
    let paths = [
        key,
        spec("p").key,
        keys::modules("p", "p-v1"),
        spec("kept").key,
    ];
    for path in paths {
        now(objects.put(&path, json.clone().into_bytes(), "application/json")).unwrap();
    }
    let deleted = now(projects::delete(&db, &alice(), "p", T2)).unwrap();
    assert_eq!(
        deleted.object_prefixes,
        ["specs/p/", "bundles/p/", "events/d2-job/"]
    );
    now(delete_prefixes(&objects, &deleted.object_prefixes)).unwrap();
    let left: Vec<String> = objects
        .inventory()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(left, [spec("kept").key]);
    let held = format!(
        "slugs {{\"slug\":\"things\",\"project_id\":\"p\",\"user_id\":\"{ALICE}\",\
         \"deployment_id\":null,\"created_at\":\"{T0}\",\"released_at\":\"{T2}\"}}"
    );
    now(projects::delete(&db, &alice(), "kept", T2)).unwrap();
    let after: Vec<String> = dump(&db)
        .into_iter()
        .filter(|line| !line.contains("kept-things"))
        .collect();
    // What was used stays, with its user, and names no project any more.
    let used = |job: &str| {
        format!(
            "usage_logs {{\"id\":\"{job}\",\"user_id\":\"{ALICE}\",\"action\":\"deploy\",\
             \"project_id\":null,\"tokens_used\":null,\"duration_ms\":null,\
             \"created_at\":\"{T0}\",\"team_id\":null,\"ending\":\"done\"}}"
        )
    };
    let mut expected = before;
    expected.extend([held, used("p-v1-job"), used("kept-v1-job")]);
    expected.sort();
    assert_eq!(after, expected);
    assert_eq!(
        now(projects::delete(&db, &alice(), "p", T2)),
        Err(StoreError::NotFound("project"))
    );
}

#[test]
fn a_published_project_is_not_deleted() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    db.raw(&format!(
        "INSERT INTO marketplace_listings (id, project_id, author_id, name, slug, created_at) \
         VALUES ('l', 'p', '{ALICE}', 'Things', 'things', '{T0}')"
    ))
    .unwrap();
    let before = dump(&db);
    let error = now(projects::delete(&db, &alice(), "p", T1)).unwrap_err();
    assert_eq!(code(&error), "project_published");
    assert_eq!(dump(&db), before);
}

#[test]
fn the_local_account_is_made_once() {
    let db = database();
    let user = now(users::ensure_local(&db, T0)).unwrap();
    assert_eq!(
        (user.id.as_str(), user.clerk_id.as_str()),
        (users::LOCAL_USER_ID, "local")
    );
    let before = dump(&db);
    assert_eq!(now(users::ensure_local(&db, T1)), Ok(user));
    assert_eq!(dump(&db), before);
}

#[test]
fn a_row_of_another_form_is_corrupt_and_not_a_panic() {
    let db = database();
    now(live(&db, &alice(), "p", "things")).unwrap();
    db.raw("UPDATE projects SET analysis = '{'").unwrap();
    let error = now(projects::get(&db, &alice(), "p")).unwrap_err();
    assert_eq!(code(&error), "corrupt");
    db.raw("UPDATE deployments SET logs = '[1]'").unwrap();
    let error = now(deployments::list(&db, &alice(), "p")).unwrap_err();
    assert_eq!(code(&error), "corrupt");
}

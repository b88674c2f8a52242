//! Whose limits count, how many servers there may be, and what is written down of
//! what was used.

use mcpengine_tiers::{Action, Tier};
use serde_json::json;

use super::support::*;
use crate::deployments::{self, Access, DeploymentConfig, NewDeployment, Target};
use crate::jobs::{self, Ending, JobKind, Lease, NewJob};
use crate::testing::SqliteDatabase;
use crate::tiers::{self, Held, Holder};
use crate::usage::{self, Day, Spent};
use crate::{Principal, StoreError, projects, slugs};

/// Alice owns it, and Bob is in it.
fn team(db: &SqliteDatabase, id: &str, tier: &str, status: &str) {
    db.raw(&format!(
        "INSERT INTO teams (id, name, slug, owner_id, tier, subscription_status, created_at) \
         VALUES ('{id}', 'The {id}', '{id}', '{ALICE}', '{tier}', '{status}', '{T0}')"
    ))
    .unwrap();
    for (user, role) in [(ALICE, "owner"), (BOB, "editor")] {
        db.raw(&format!(
            "INSERT INTO team_members (team_id, user_id, role, created_at) \
             VALUES ('{id}', '{user}', '{role}', '{T0}')"
        ))
        .unwrap();
    }
}

fn give_to(db: &SqliteDatabase, team: &str, project: &str) {
    db.raw(&format!(
        "UPDATE projects SET team_id = '{team}' WHERE id = '{project}'"
    ))
    .unwrap();
}

fn set_tier(db: &SqliteDatabase, user: &str, tier: &str) {
    db.raw(&format!(
        "UPDATE users SET tier = '{tier}' WHERE id = '{user}'"
    ))
    .unwrap();
}

fn held(holder: Holder, name: Option<&str>, tier: Tier) -> Held {
    Held {
        holder,
        name: name.map(str::to_owned),
        tier,
    }
}

#[test]
fn a_project_counts_for_its_team_and_else_for_who_asks() {
    let db = database();
    now(generated(&db, &alice(), "own", "own")).unwrap();
    now(generated(&db, &alice(), "ours", "ours")).unwrap();
    team(&db, "crew", "enterprise", "active");
    give_to(&db, "crew", "ours");
    set_tier(&db, ALICE, "pro");
    let of = |who: &Principal, project| now(tiers::of_project(&db, who, project));
    let alices = held(Holder::User(ALICE.into()), None, Tier::Pro);
    let crews = |tier| held(Holder::Team("crew".into()), Some("The crew"), tier);
    assert_eq!(of(&alice(), "own"), Ok(alices.clone()));
    assert_eq!(of(&bob(), "own"), Err(StoreError::NotFound("project")));
    assert_eq!(of(&alice(), "none"), Err(StoreError::NotFound("project")));
    assert_eq!(of(&alice(), "ours"), Ok(crews(Tier::Enterprise)));
    assert_eq!(of(&bob(), "ours"), Ok(crews(Tier::Enterprise)));
    for (status, tier) in [
        ("past_due", Tier::Enterprise),
        ("trialing", Tier::Enterprise),
        ("canceled", Tier::Free),
        ("none", Tier::Free),
    ] {
        db.raw(&format!(
            "UPDATE teams SET subscription_status = '{status}'"
        ))
        .unwrap();
        assert_eq!(of(&bob(), "ours"), Ok(crews(tier)), "{status}");
    }
    let all = [alices, crews(Tier::Free)];
    assert_eq!(now(tiers::all(&db, &alice())).unwrap(), all);
    let bobs = held(Holder::User(BOB.into()), None, Tier::Free);
    assert_eq!(
        now(tiers::all(&db, &bob())).unwrap(),
        [bobs.clone(), crews(Tier::Free)]
    );
    db.raw("DELETE FROM team_members WHERE role = 'editor'")
        .unwrap();
    assert_eq!(of(&bob(), "ours"), Err(StoreError::NotFound("project")));
    assert_eq!(now(tiers::all(&db, &bob())).unwrap(), [bobs]);
}

fn deploy(
    db: &SqliteDatabase,
    project: &str,
    target: Target,
    server_limit: Option<u32>,
) -> Result<Lease, &'static str> {
    let id = format!("{project}-{}", target.as_str());
    let job_id = format!("{id}-job");
    let job = NewJob {
        id: &job_id,
        project_id: Some(project),
        kind: JobKind::Deploy,
        input: &json!({}),
        lease_until: T1,
    };
    let new = NewDeployment {
        id: &id,
        project_id: project,
        target,
        access: Access::Token,
        config: &DeploymentConfig::default(),
        server_limit,
    };
    match now(deployments::begin(db, &alice(), &new, &job, T0)) {
        Ok((_, job)) => Ok(job.lease()),
        Err(StoreError::Conflict { code, .. }) => Err(code),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn servers_are_counted_from_the_moment_they_are_begun() {
    let db = database();
    for project in ["a", "b", "c", "ours"] {
        now(generated(&db, &alice(), project, project)).unwrap();
    }
    team(&db, "crew", "team", "active");
    give_to(&db, "crew", "ours");
    let hosted = |project, limit| deploy(&db, project, Target::Mcpengine, limit).map(drop);
    let servers = |team| now(tiers::servers(&db, &alice(), team)).unwrap();

    assert_eq!(hosted("a", Some(0)), Err("too_many_servers"));
    assert_eq!(hosted("a", Some(2)), Ok(()));
    assert_eq!(hosted("b", Some(2)), Ok(()));
    assert_eq!(servers(None), 2);
    assert_eq!(hosted("c", Some(2)), Err("too_many_servers"));
    // Of the team there is none yet; another's count is not ours.
    assert_eq!(servers(Some("crew")), 0);
    assert_eq!(hosted("ours", Some(1)), Ok(()));
    assert_eq!((servers(None), servers(Some("crew"))), (2, 1));
    // Somebody else's deployment is no server of ours, and what goes elsewhere is none.
    assert_eq!(
        deploy(&db, "c", Target::Download, Some(2)).map(drop),
        Ok(())
    );
    assert_eq!(servers(None), 2);

    // One that fails before it has its name makes room again.
    now(deployments::fail(&db, &alice(), "c-download", T1)).unwrap();
    now(deployments::fail(&db, &alice(), "b-mcpengine", T1)).unwrap();
    assert_eq!(servers(None), 1);
    assert_eq!(hosted("c", Some(2)), Ok(()));

    // Who has a name deploys to it again, whatever the limit has become.
    now(slugs::claim(&db, &alice(), "c", &["c".to_owned()], T0)).unwrap();
    now(deployments::fail(&db, &alice(), "c-mcpengine", T1)).unwrap();
    assert_eq!(servers(None), 2);
    db.raw("DELETE FROM deployments WHERE project_id = 'c'")
        .unwrap();
    db.raw("DELETE FROM jobs WHERE project_id = 'c'").unwrap();
    assert_eq!(hosted("c", Some(1)), Ok(()));
    assert_eq!(hosted("c", Some(1)), Err("deploy_running"));
}

fn day(day: &str, count: (i64, i64), tokens: Option<i64>, duration_ms: i64) -> Day {
    Day {
        day: day.to_owned(),
        action: JobKind::Deploy,
        count: count.0,
        unsuccessful: count.1,
        tokens,
        duration_ms,
    }
}

#[test]
fn a_job_is_written_down_once_with_its_end() {
    let db = database();
    now(generated(&db, &alice(), "own", "own")).unwrap();
    now(generated(&db, &alice(), "ours", "ours")).unwrap();
    team(&db, "crew", "team", "active");
    give_to(&db, "crew", "ours");
    let spent = |duration| Spent {
        tokens: None,
        duration_ms: Some(duration),
    };
    let end = |lease: &Lease, ending, spent, at| {
        let (event, _) = jobs::place(&lease.job_id, 1, "{}".into());
        now(jobs::finish(
            &db,
            &alice(),
            lease,
            ending,
            spent,
            &event,
            at,
        ))
    };
    let first = deploy(&db, "own", Target::Download, None).unwrap();
    end(&first, Ending::Failed, spent(40), T1).unwrap();
    // A worker that comes late, and one of an attempt that was taken over.
    assert!(end(&first, Ending::Done, spent(50), T2).is_err());
    now(deployments::fail(&db, &alice(), "own-download", T1)).unwrap();
    let second = deploy(&db, "own", Target::Npm, None).unwrap();
    let taken = now(jobs::take_over(&db, &alice(), &second.job_id, T3, T2)).unwrap();
    assert!(end(&second, Ending::Done, spent(1), T2).is_err());
    let tokens = Spent {
        tokens: Some(7),
        duration_ms: Some(60),
    };
    end(&taken.lease(), Ending::Done, tokens, T2).unwrap();
    let team = deploy(&db, "ours", Target::Npm, None).unwrap();
    end(
        &team,
        Ending::Cancelled,
        spent(5),
        "2026-11-24T00:00:00.000Z",
    )
    .unwrap();

    let days = |who: &Principal, team, since| now(usage::days(&db, who, team, since)).unwrap();
    let own = [day("2026-11-23", (2, 1), Some(7), 100)];
    let ours = [day("2026-11-24", (1, 1), None, 5)];
    assert_eq!(days(&alice(), None, T0), own);
    assert_eq!(days(&alice(), None, T3), []);
    assert_eq!(days(&alice(), Some("crew"), T0), ours);
    assert_eq!(days(&bob(), Some("crew"), T0), ours);
    assert_eq!(days(&bob(), None, T0), []);
    assert_eq!(days(&alice(), Some("other"), T0), []);

    let made = |team, action| now(usage::made_since(&db, &alice(), team, action, T0)).unwrap();
    assert_eq!(made(None, Action::Deploy), 2);
    assert_eq!(made(None, Action::Generate), 0);
    assert_eq!(made(Some("crew"), Action::Deploy), 1);
}

#[test]
fn a_server_moves_where_there_is_room_for_it() {
    let db = database();
    for project in ["a", "b", "c", "ours"] {
        now(generated(&db, &alice(), project, project)).unwrap();
    }
    team(&db, "crew", "team", "active");
    give_to(&db, "crew", "ours");
    for project in ["a", "b", "ours"] {
        deploy(&db, project, Target::Mcpengine, None)
            .map(drop)
            .unwrap();
    }
    let into =
        |project, limit| match now(projects::to_team(&db, &alice(), project, "crew", limit, T1)) {
            Ok(_) => "moved",
            Err(error) => code(&error),
        };
    let out = |project, limit| match now(projects::to_self(&db, &alice(), project, "x", limit, T1))
    {
        Ok(_) => "moved",
        Err(error) => code(&error),
    };
    assert_eq!(into("a", Some(1)), "too_many_servers");
    // What is no server needs no room, and what is there already neither.
    assert_eq!(into("c", Some(1)), "moved");
    assert_eq!(into("ours", Some(0)), "moved");
    assert_eq!(into("a", Some(2)), "moved");
    assert_eq!(into("b", Some(2)), "too_many_servers");
    assert_eq!(into("b", None), "moved");
    // The same on the way back.
    assert_eq!(out("a", Some(0)), "too_many_servers");
    assert_eq!(out("a", Some(1)), "moved");
    assert_eq!(out("a", Some(0)), "moved");
    assert_eq!(out("b", Some(1)), "too_many_servers");
    assert_eq!(out("c", Some(1)), "moved");
}

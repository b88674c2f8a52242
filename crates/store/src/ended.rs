//! People and organisations that the directory has deleted, for the scheduled sweep:
//! what they leave is ended there, a part at a time, because a webhook has to be fast.
//! Like [`crate::sweep`] this acts for nobody in particular.

use serde::Deserialize;

use crate::port::run;
use crate::{Database, Outcome, Principal, Statement, StoreError, decode};

#[derive(Deserialize)]
struct Id {
    id: String,
}

async fn ids(db: &impl Database, select: Statement) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Id> = decode::rows(run(db, vec![select]).await?.last_rows())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Accounts that are deleted and whose salt is still there: [`crate::users::delete`]
/// overwrites it at the very end.
pub async fn users(db: &impl Database, limit: u32) -> Result<Vec<String>, StoreError> {
    let select = Statement::new(
        "SELECT id FROM users WHERE deleted_at IS NOT NULL \
         AND (key_salt IS NULL OR key_salt <> '') ORDER BY deleted_at, id LIMIT ?1",
        [limit.into()],
    );
    ids(db, select).await
}

/// A team that is deleted and has something left.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EndedTeam {
    pub id: String,
    /// Who had it last; they may be deleted themselves.
    pub owner_id: String,
}

/// Those with projects, or with a subscription that is in force.
pub async fn teams(db: &impl Database, limit: u32) -> Result<Vec<EndedTeam>, StoreError> {
    let select = Statement::new(
        "SELECT t.id, t.owner_id FROM teams t WHERE t.deleted_at IS NOT NULL \
         AND (EXISTS (SELECT 1 FROM projects p WHERE p.team_id = t.id) \
         OR EXISTS (SELECT 1 FROM subscriptions s WHERE s.team_id = t.id AND s.standing <= 1)) \
         ORDER BY t.deleted_at, t.id LIMIT ?1",
        [limit.into()],
    );
    decode::rows(run(db, vec![select]).await?.last_rows())
}

/// Subscriptions in force of a person of their own.
pub async fn subscriptions_of_user(
    db: &impl Database,
    user_id: &str,
) -> Result<Vec<String>, StoreError> {
    let select = Statement::new(
        "SELECT id FROM subscriptions WHERE user_id = ?1 AND standing <= 1 ORDER BY id",
        [user_id.into()],
    );
    ids(db, select).await
}

/// Subscriptions in force of a team.
pub async fn subscriptions_of_team(
    db: &impl Database,
    team_id: &str,
) -> Result<Vec<String>, StoreError> {
    let select = Statement::new(
        "SELECT id FROM subscriptions WHERE team_id = ?1 AND standing <= 1 ORDER BY id",
        [team_id.into()],
    );
    ids(db, select).await
}

/// The condition that the team is the deleted principal's (`?1`).
macro_rules! owned {
    ($team:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM team_members own JOIN users gone ON gone.id = own.user_id \
             WHERE own.team_id = ",
            $team,
            " AND own.user_id = ?1 AND own.role = 'owner' AND gone.deleted_at IS NOT NULL)"
        )
    };
}

/// Who may have the team after the principal (`?1`): `FROM … WHERE …`.
macro_rules! heirs {
    ($team:literal) => {
        concat!(
            "FROM team_members m JOIN users u ON u.id = m.user_id WHERE m.team_id = ",
            $team,
            " AND m.user_id <> ?1 AND m.role IN ('admin', 'editor') AND u.deleted_at IS NULL"
        )
    };
}

/// Gives each team that the principal, who is deleted, owns to its first admin, or
/// else its first editor. Returns those that have neither: they end with their owner.
/// A viewer was never asked to have a team. One that a directory holds waits without
/// an owner: the directory tells who comes, or that it is gone. Safe to repeat; for
/// who is not deleted it does nothing.
pub async fn hand_on_teams(
    db: &impl Database,
    principal: &Principal,
) -> Result<Vec<String>, StoreError> {
    let alone = |sql: &'static str| Statement::new(sql, [principal.scope()]);
    let statements = vec![
        alone(concat!(
            "UPDATE teams SET owner_id = (SELECT m.user_id ",
            heirs!("teams.id"),
            " ORDER BY CASE m.role WHEN 'admin' THEN 0 ELSE 1 END, m.created_at, m.user_id LIMIT 1) \
             WHERE owner_id = ?1 AND ",
            owned!("teams.id"),
            " AND EXISTS (SELECT 1 ",
            heirs!("teams.id"),
            ")"
        )),
        alone(concat!(
            "UPDATE team_members SET role = 'admin' WHERE user_id = ?1 AND role = 'owner' AND ",
            owned!("team_members.team_id"),
            " AND EXISTS (SELECT 1 FROM teams t WHERE t.id = team_members.team_id \
             AND t.owner_id <> ?1)"
        )),
        alone(
            "UPDATE team_members SET role = 'owner' WHERE EXISTS (SELECT 1 FROM teams t \
             WHERE t.id = team_members.team_id AND t.owner_id = team_members.user_id) \
             AND team_id IN (SELECT g.team_id FROM team_members g WHERE g.user_id = ?1) \
             AND NOT EXISTS (SELECT 1 FROM team_members o WHERE o.team_id = team_members.team_id \
             AND o.role = 'owner')",
        ),
        alone(concat!(
            "DELETE FROM team_members WHERE user_id = ?1 AND ",
            owned!("team_members.team_id"),
            " AND EXISTS (SELECT 1 FROM teams t WHERE t.id = team_members.team_id \
             AND t.external_id IS NOT NULL)"
        )),
        alone(
            "SELECT own.team_id AS id FROM team_members own JOIN users gone \
             ON gone.id = own.user_id WHERE own.user_id = ?1 AND own.role = 'owner' \
             AND gone.deleted_at IS NOT NULL ORDER BY own.team_id",
        ),
    ];
    let rows: Vec<Id> = decode::rows(run(db, statements).await?.last_rows())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The database as the last owner of a deleted team sees it: within each batch they
/// are in it again, and after it they are not. So its projects end by the same calls
/// as those of the living, and nobody ever sees them there.
#[derive(Debug)]
pub struct AsLastOwner<'a, D> {
    db: &'a D,
    team_id: String,
}

impl<'a, D: Database> AsLastOwner<'a, D> {
    pub fn of(db: &'a D, team: &EndedTeam) -> Self {
        let team_id = team.id.clone();
        Self { db, team_id }
    }
}

impl<D: Database> Database for AsLastOwner<'_, D> {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        let of = |sql: &'static str| Statement::new(sql, [self.team_id.as_str().into()]);
        let mut all = vec![of(
            "INSERT INTO team_members (team_id, user_id, role, created_at) \
             SELECT t.id, t.owner_id, 'owner', t.deleted_at FROM teams t WHERE t.id = ?1 \
             AND t.deleted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM team_members m \
             WHERE m.team_id = t.id)",
        )];
        all.extend(statements);
        all.push(of(
            "DELETE FROM team_members WHERE team_id = ?1 AND EXISTS (SELECT 1 FROM teams t \
             WHERE t.id = ?1 AND t.deleted_at IS NOT NULL)",
        ));
        let mut outcomes = self.db.batch(all).await?;
        outcomes.pop();
        if !outcomes.is_empty() {
            outcomes.remove(0);
        }
        Ok(outcomes)
    }
}

use super::{Membership, NewIds, Organisation, people};
use crate::Statement;

/// Makes the team, or puts what is told where it is newer. `member` becomes its
/// owner where nobody is known to have made it; without either there is no team
/// until a member comes.
pub(super) fn put(
    organisation: &Organisation<'_>,
    member: Option<&str>,
    ids: NewIds<'_>,
    now: &str,
) -> Vec<Statement> {
    let mut statements = Vec::new();
    if let Some(creator) = organisation.creator {
        statements.push(people::stub(creator, ids.creator, now));
    }
    if let Some(owner) = organisation.creator.or(member) {
        statements.push(Statement::new(
            "INSERT INTO teams (id, name, slug, owner_id, external_id, created_at) \
             SELECT ?2, ?3, CASE WHEN EXISTS (SELECT 1 FROM teams WHERE slug = ?4) \
             THEN ?5 ELSE ?4 END, o.id, ?1, ?6 FROM users o WHERE o.clerk_id = ?7 \
             AND NOT EXISTS (SELECT 1 FROM teams WHERE external_id = ?1) \
             AND NOT EXISTS (SELECT 1 FROM directory_tombstones WHERE external_id = ?1)",
            [
                organisation.external_id.into(),
                ids.team.into(),
                organisation.name.into(),
                organisation.slug.unwrap_or(organisation.spare_slug).into(),
                organisation.spare_slug.into(),
                now.into(),
                owner.into(),
            ],
        ));
    }
    statements.push(update(organisation));
    statements
}

fn update(organisation: &Organisation<'_>) -> Statement {
    Statement::new(
        "UPDATE teams SET name = ?2, slug = CASE WHEN EXISTS (SELECT 1 FROM teams o \
         WHERE o.slug = ?3 AND o.id <> teams.id) THEN ?4 ELSE ?3 END, directory_version = ?5, \
         directory_creator = COALESCE((SELECT id FROM users WHERE clerk_id = ?6), directory_creator) \
         WHERE external_id = ?1 AND (directory_version IS NULL OR directory_version < ?5)",
        [
            organisation.external_id.into(),
            organisation.name.into(),
            organisation.slug.unwrap_or(organisation.spare_slug).into(),
            organisation.spare_slug.into(),
            organisation.version.into(),
            organisation.creator.into(),
        ],
    )
}

/// Nobody is in the team any more or gets in, and nothing brings it back. Its row
/// stays; what it has bought and made is ended by the sweep ([`crate::ended`]).
pub(super) fn remove(external_id: &str, at: &str) -> [Statement; 5] {
    [
        bury(external_id, at),
        Statement::new(
            "UPDATE teams SET deleted_at = COALESCE(deleted_at, ?2) WHERE external_id = ?1",
            [external_id.into(), at.into()],
        ),
        Statement::new(
            "DELETE FROM team_members WHERE team_id IN \
             (SELECT id FROM teams WHERE external_id = ?1)",
            [external_id.into()],
        ),
        Statement::new(
            "DELETE FROM team_invitations WHERE team_id IN \
             (SELECT id FROM teams WHERE external_id = ?1)",
            [external_id.into()],
        ),
        Statement::new(
            "DELETE FROM directory_memberships WHERE team_id IN \
             (SELECT id FROM teams WHERE external_id = ?1)",
            [external_id.into()],
        ),
    ]
}

pub(super) fn put_membership(membership: &Membership<'_>) -> Statement {
    Statement::new(
        "INSERT INTO directory_memberships (external_id, team_id, user_id, role, joined_at, version) \
         SELECT ?1, t.id, u.id, ?4, ?5, ?6 FROM teams t, users u WHERE t.external_id = ?2 \
         AND t.deleted_at IS NULL AND u.clerk_id = ?3 \
         AND NOT EXISTS (SELECT 1 FROM directory_tombstones WHERE external_id = ?1) \
         ON CONFLICT (external_id) DO UPDATE SET role = excluded.role, version = excluded.version \
         WHERE directory_memberships.version < excluded.version",
        [
            membership.external_id.into(),
            membership.organisation.external_id.into(),
            membership.member.into(),
            membership.role.as_str().into(),
            membership.joined_at.into(),
            membership.version.into(),
        ],
    )
}

/// The row stays as one that is gone: it says whom it brought into the team.
pub(super) fn remove_membership(external_id: &str, at: &str) -> [Statement; 2] {
    [
        bury(external_id, at),
        Statement::new(
            "UPDATE directory_memberships SET gone_at = COALESCE(gone_at, ?2) \
             WHERE external_id = ?1",
            [external_id.into(), at.into()],
        ),
    ]
}

fn bury(external_id: &str, at: &str) -> Statement {
    Statement::new(
        "INSERT INTO directory_tombstones (external_id, gone_at) SELECT ?1, ?2 WHERE true \
         ON CONFLICT (external_id) DO NOTHING",
        [external_id.into(), at.into()],
    )
}

/// The teams that a person, organisation or membership `?1` has to do with.
macro_rules! concerned {
    () => {
        "(SELECT id FROM teams WHERE external_id = ?1 \
         UNION SELECT team_id FROM directory_memberships WHERE external_id = ?1 \
         UNION SELECT m.team_id FROM directory_memberships m JOIN users u ON u.id = m.user_id \
         WHERE u.clerk_id = ?1 UNION SELECT t.id FROM teams t JOIN users u \
         ON u.id = t.directory_creator WHERE u.clerk_id = ?1)"
    };
}

/// A membership `m` that counts.
macro_rules! counts {
    () => {
        "m.gone_at IS NULL AND EXISTS (SELECT 1 FROM users p WHERE p.id = m.user_id \
         AND p.deleted_at IS NULL)"
    };
}

/// The `m.user_id` of the first such membership of the team, by when they joined.
macro_rules! first {
    ($condition:literal) => {
        concat!(
            "(SELECT m.user_id FROM directory_memberships m WHERE m.team_id = teams.id AND ",
            $condition,
            counts!(),
            " ORDER BY m.joined_at, m.external_id LIMIT 1)"
        )
    };
}

/// Makes the members of the teams that `external_id` has to do with what follows
/// from their memberships. Those who are in it by an invitation of the studio stay.
pub(super) fn members_of(external_id: &str) -> [Statement; 6] {
    let of = |sql| Statement::new(sql, [external_id.into()]);
    [
        of(concat!(
            "DELETE FROM team_members WHERE team_id IN ",
            concerned!(),
            " AND (EXISTS (SELECT 1 FROM directory_memberships m \
             WHERE m.team_id = team_members.team_id AND m.user_id = team_members.user_id) \
             OR user_id = (SELECT t.directory_creator FROM teams t \
             WHERE t.id = team_members.team_id))"
        )),
        of(concat!(
            "UPDATE team_members SET role = 'admin' WHERE role = 'owner' AND team_id IN ",
            concerned!()
        )),
        of(concat!(
            "UPDATE teams SET owner_id = COALESCE(",
            first!("m.user_id = teams.directory_creator AND "),
            ", ",
            first!("m.role = 'admin' AND "),
            ", ",
            first!(""),
            ", directory_creator, owner_id) WHERE deleted_at IS NULL AND id IN ",
            concerned!()
        )),
        of(concat!(
            "INSERT INTO team_members (team_id, user_id, role, created_at) \
             SELECT m.team_id, m.user_id, CASE WHEN m.user_id = t.owner_id THEN 'owner' \
             ELSE m.role END, m.joined_at FROM directory_memberships m \
             JOIN teams t ON t.id = m.team_id WHERE t.deleted_at IS NULL AND m.team_id IN ",
            concerned!(),
            " AND ",
            counts!(),
            " AND NOT EXISTS (SELECT 1 FROM directory_memberships n WHERE n.team_id = m.team_id \
             AND n.user_id = m.user_id AND n.gone_at IS NULL AND (n.joined_at > m.joined_at \
             OR (n.joined_at = m.joined_at AND n.external_id > m.external_id)))"
        )),
        // Who made an organisation has it before their own membership is told.
        of(concat!(
            "INSERT INTO team_members (team_id, user_id, role, created_at) \
             SELECT t.id, t.owner_id, 'owner', t.created_at FROM teams t \
             WHERE t.deleted_at IS NULL AND t.external_id IS NOT NULL AND t.id IN ",
            concerned!(),
            " AND NOT EXISTS (SELECT 1 FROM team_members o WHERE o.team_id = t.id \
             AND (o.user_id = t.owner_id OR o.role = 'owner'))"
        )),
        of(concat!(
            "UPDATE team_members SET role = 'owner' WHERE team_id IN ",
            concerned!(),
            " AND role <> 'owner' AND user_id = (SELECT t.owner_id FROM teams t \
             WHERE t.id = team_members.team_id AND t.deleted_at IS NULL)"
        )),
    ]
}

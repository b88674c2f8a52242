use super::Person;
use crate::Statement;
use crate::users::NO_EMAIL;

/// A person of whom nothing is known yet.
pub(super) fn stub(external_id: &str, id: &str, now: &str) -> Statement {
    Statement::new(
        "INSERT INTO users (id, clerk_id, email, created_at, updated_at) \
         SELECT ?2, ?1, ?2 || ?3, ?4, ?4 WHERE true ON CONFLICT (clerk_id) DO NOTHING",
        [external_id.into(), id.into(), NO_EMAIL.into(), now.into()],
    )
}

/// Puts what is told where it is newer. The address goes over in a step of its own,
/// because somebody else may have it until their change comes.
pub(super) fn put(person: &Person<'_>, id: &str, now: &str) -> [Statement; 3] {
    let update = Statement::new(
        "UPDATE users SET email = id || ?2, wanted_email = ?3, name = ?4, avatar_url = ?5, \
         directory_version = ?6, updated_at = ?7 WHERE clerk_id = ?1 AND deleted_at IS NULL \
         AND (directory_version IS NULL OR directory_version < ?6)",
        [
            person.external_id.into(),
            NO_EMAIL.into(),
            person.email.into(),
            person.name.into(),
            person.avatar_url.into(),
            person.version.into(),
            now.into(),
        ],
    );
    [stub(person.external_id, id, now), update, hand_out()]
}

/// The row stays, so that nothing that comes late makes the account anew. What the
/// person leaves is ended by the sweep ([`crate::ended`]), but for invitations to their
/// address, which is gone with this.
pub(super) fn remove(external_id: &str, id: &str, at: &str, now: &str) -> [Statement; 4] {
    let invitations = Statement::new(
        "DELETE FROM team_invitations WHERE email = \
         (SELECT u.email FROM users u WHERE u.clerk_id = ?1)",
        [external_id.into()],
    );
    let update = Statement::new(
        "UPDATE users SET deleted_at = COALESCE(deleted_at, ?3), email = id || ?2, \
         wanted_email = NULL, name = NULL, avatar_url = NULL, updated_at = ?4 WHERE clerk_id = ?1",
        [external_id.into(), NO_EMAIL.into(), at.into(), now.into()],
    );
    [stub(external_id, id, now), invitations, update, hand_out()]
}

/// Gives each address that somebody waits for and nobody has.
fn hand_out() -> Statement {
    Statement::new(
        "UPDATE users SET email = wanted_email, wanted_email = NULL WHERE wanted_email > '' \
         AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email = users.wanted_email) \
         AND NOT EXISTS (SELECT 1 FROM users w WHERE w.wanted_email = users.wanted_email \
         AND w.clerk_id < users.clerk_id)",
        [],
    )
}

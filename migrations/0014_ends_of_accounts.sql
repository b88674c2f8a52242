-- A part of the name that a person's credentials are sealed for. It is in no
-- envelope: without it none of theirs opens any more, wherever a copy of one is.
-- Null for who has sealed nothing yet, and for who did so before there was one.
ALTER TABLE users ADD COLUMN key_salt TEXT;

-- Where somebody was asked in, for when their account ends.
CREATE INDEX idx_team_invitations_email ON team_invitations (email);

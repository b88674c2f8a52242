-- What a deployment to a place that is not ours leaves to take away: JSON of its
-- object's key, file name, media type, size and digest.
ALTER TABLE deployments ADD COLUMN artifact TEXT;

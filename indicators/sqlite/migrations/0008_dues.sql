-- The due day of each year's round as it stood when a release was made, so that
-- the release is judged later as it was then. Of releases made before this was
-- kept: the days of the rounds that were open by then.

CREATE TABLE release_dues (
    release INTEGER NOT NULL REFERENCES releases (number) DEFERRABLE INITIALLY DEFERRED,
    year    INTEGER NOT NULL,
    due     TEXT NOT NULL CHECK (due GLOB '[1-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    PRIMARY KEY (release, year)
) STRICT, WITHOUT ROWID;

INSERT INTO release_dues (release, year, due)
SELECT releases.number, rounds.year, rounds.due
FROM releases
JOIN rounds ON rounds.opened <= releases.published;

CREATE TRIGGER release_dues_join_a_new_release BEFORE INSERT ON release_dues
WHEN NEW.release <= (SELECT ifnull(max(number), 0) FROM releases)
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

CREATE TRIGGER release_dues_never_change BEFORE UPDATE ON release_dues
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

CREATE TRIGGER release_dues_are_never_deleted BEFORE DELETE ON release_dues
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

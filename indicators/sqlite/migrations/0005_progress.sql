-- What the office wrote down about projects. Projects are named by their
-- numbers without a foreign key: a newer plan may drop one, and its past stays.

CREATE TABLE progress (
    project  TEXT NOT NULL CHECK (project <> ''),
    version  INTEGER NOT NULL CHECK (version > 0), -- counts the entries of a project
    stage    TEXT NOT NULL CHECK (stage IN ('not_begun', 'under_way', 'finished', 'stopped')),
    share    TEXT CHECK (share <> '' AND share NOT GLOB '*[^0-9.]*'), -- per cent
    built    TEXT CHECK (built <> '' AND built NOT GLOB '*[^0-9.]*'),
    invested TEXT CHECK (invested <> '' AND invested NOT GLOB '*[^0-9.]*'), -- 万元
    started  TEXT CHECK (started <> '' AND started NOT GLOB '*[^0-9-]*'),
    finished TEXT CHECK (finished <> '' AND finished NOT GLOB '*[^0-9-]*'),
    sentence TEXT NOT NULL CHECK (sentence <> ''),
    source   TEXT NOT NULL CHECK (source <> ''),
    reason   TEXT NOT NULL CHECK (reason <> ''),
    at       TEXT NOT NULL,
    account  INTEGER NOT NULL REFERENCES accounts (id),
    person   TEXT NOT NULL,
    PRIMARY KEY (project, version),
    CHECK (finished IS NULL OR stage = 'finished')
) STRICT, WITHOUT ROWID;

CREATE INDEX progress_by_account ON progress (account);

CREATE TRIGGER progress_counts_up BEFORE INSERT ON progress
WHEN NEW.version <> 1 + (SELECT ifnull(max(version), 0) FROM progress WHERE project = NEW.project)
BEGIN
    SELECT RAISE(ABORT, 'progress is only ever added');
END;

CREATE TRIGGER progress_never_changes BEFORE UPDATE ON progress
BEGIN
    SELECT RAISE(ABORT, 'progress is only ever added');
END;

CREATE TRIGGER progress_is_never_deleted BEFORE DELETE ON progress
BEGIN
    SELECT RAISE(ABORT, 'progress is only ever added');
END;

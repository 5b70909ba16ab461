-- Rounds, the figures on their way to the public, and what a release keeps.
-- Indicators, areas and organisations are named by their codes without a
-- foreign key: a newer plan may drop one, and touches no draft.

CREATE TABLE rounds (
    number  INTEGER PRIMARY KEY CHECK (number > 0),
    year    INTEGER NOT NULL UNIQUE CHECK (year BETWEEN 1000 AND 9999),
    due     TEXT NOT NULL CHECK (due GLOB '[1-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    on_time TEXT NOT NULL CHECK (on_time GLOB '[1-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    locked  TEXT NOT NULL CHECK (locked GLOB '[1-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    note    TEXT NOT NULL,
    opened  TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id),
    person  TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (due <= on_time AND on_time < locked)
) STRICT;

-- What a round asks for, and from whom.
CREATE TABLE duties (
    id           INTEGER PRIMARY KEY,
    round        INTEGER NOT NULL REFERENCES rounds (number),
    indicator    TEXT NOT NULL CHECK (indicator <> ''),
    area         TEXT NOT NULL CHECK (area <> ''),
    organisation TEXT NOT NULL CHECK (organisation <> ''),
    until        TEXT CHECK (until GLOB '[1-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'), -- reopened or extended
    revision     INTEGER REFERENCES revisions (id), -- the newest
    UNIQUE (round, indicator, area)
) STRICT;

CREATE INDEX duties_by_organisation ON duties (organisation, round, indicator, area);
CREATE INDEX duties_by_revision ON duties (revision) WHERE revision IS NOT NULL;

CREATE TABLE revisions (
    id        INTEGER PRIMARY KEY,
    duty      INTEGER NOT NULL REFERENCES duties (id),
    edition   INTEGER NOT NULL CHECK (edition > 0),
    state     TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'endorsed', 'approved', 'published', 'returned', 'withdrawn')),
    version   INTEGER NOT NULL CHECK (version > 0),
    entry     TEXT NOT NULL CHECK (json_valid(entry)),
    account   INTEGER NOT NULL REFERENCES accounts (id), -- who last changed or sent it
    person    TEXT NOT NULL,
    changed   TEXT NOT NULL,
    submitted TEXT,
    opened    TEXT, -- by a reviewer, since it was submitted
    refusal   TEXT NOT NULL DEFAULT '',
    awaits    TEXT CHECK (awaits IN ('lead', 'office')), -- whose queue it is in
    effect    INTEGER NOT NULL DEFAULT 0 CHECK (effect BETWEEN 0 AND 2), -- 2: a status flips, 1: a jump
    release   INTEGER REFERENCES releases (number) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (duty, edition),
    CHECK ((state = 'published') = (release IS NOT NULL)),
    CHECK (awaits IS NULL OR state IN ('submitted', 'endorsed'))
) STRICT;

-- One revision of a figure is under review at a time.
CREATE UNIQUE INDEX revisions_open ON revisions (duty) WHERE state <> 'published';
CREATE INDEX revisions_waiting ON revisions (awaits, effect DESC, submitted, id) WHERE awaits IS NOT NULL;
CREATE INDEX revisions_approved ON revisions (state) WHERE state = 'approved';
CREATE INDEX revisions_by_release ON revisions (release) WHERE release IS NOT NULL;
CREATE INDEX revisions_by_account ON revisions (account);

CREATE TRIGGER revisions_stay_published BEFORE UPDATE ON revisions
WHEN OLD.state = 'published'
BEGIN
    SELECT RAISE(ABORT, 'a published figure never changes');
END;

CREATE TRIGGER revisions_are_never_deleted BEFORE DELETE ON revisions
BEGIN
    SELECT RAISE(ABORT, 'a revision is kept');
END;

-- Every write of a revision, with who and when.
CREATE TABLE versions (
    revision INTEGER NOT NULL REFERENCES revisions (id),
    number   INTEGER NOT NULL CHECK (number > 0),
    at       TEXT NOT NULL,
    account  INTEGER NOT NULL REFERENCES accounts (id),
    person   TEXT NOT NULL,
    act      TEXT NOT NULL CHECK (act <> ''),
    state    TEXT NOT NULL,
    entry    TEXT NOT NULL CHECK (json_valid(entry)),
    reason   TEXT NOT NULL,
    key      TEXT CHECK (key <> ''), -- of the request, so that one sent twice is done once
    PRIMARY KEY (revision, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX versions_by_key ON versions (revision, account, key) WHERE key IS NOT NULL;
CREATE INDEX versions_by_account ON versions (account);

CREATE TRIGGER versions_never_change BEFORE UPDATE ON versions
BEGIN
    SELECT RAISE(ABORT, 'a version is kept');
END;

CREATE TRIGGER versions_are_never_deleted BEFORE DELETE ON versions
BEGIN
    SELECT RAISE(ABORT, 'a version is kept');
END;

-- 签收: a unit has taken note of what it owes.
CREATE TABLE receipts (
    round        INTEGER NOT NULL REFERENCES rounds (number),
    organisation TEXT NOT NULL,
    account      INTEGER NOT NULL REFERENCES accounts (id),
    person       TEXT NOT NULL,
    at           TEXT NOT NULL,
    PRIMARY KEY (round, organisation)
) STRICT, WITHOUT ROWID;

CREATE INDEX receipts_by_account ON receipts (account);

CREATE TABLE extensions (
    id           INTEGER PRIMARY KEY,
    round        INTEGER NOT NULL REFERENCES rounds (number),
    organisation TEXT NOT NULL,
    until        TEXT NOT NULL CHECK (until GLOB '[1-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    reason       TEXT NOT NULL CHECK (reason <> ''),
    account      INTEGER NOT NULL REFERENCES accounts (id),
    person       TEXT NOT NULL,
    asked        TEXT NOT NULL,
    granted      INTEGER CHECK (granted IN (0, 1)), -- NULL while it waits
    decided      TEXT,
    decided_by   TEXT NOT NULL DEFAULT '',
    answer       TEXT NOT NULL DEFAULT '',
    CHECK ((granted IS NULL) = (decided IS NULL))
) STRICT;

CREATE INDEX extensions_by_round ON extensions (round, organisation);
CREATE INDEX extensions_by_account ON extensions (account);

-- A unit's return of a round, as it was printed. Its code is a hash of exactly
-- these figures.
CREATE TABLE sheets (
    id           INTEGER PRIMARY KEY,
    round        INTEGER NOT NULL REFERENCES rounds (number),
    organisation TEXT NOT NULL,
    code         TEXT NOT NULL CHECK (code <> ''),
    entered_by   TEXT NOT NULL,
    checked_by   TEXT NOT NULL,
    head         TEXT NOT NULL,
    account      INTEGER NOT NULL REFERENCES accounts (id),
    at           TEXT NOT NULL
) STRICT;

CREATE INDEX sheets_by_round ON sheets (round, organisation, id);
CREATE INDEX sheets_by_account ON sheets (account);

-- Files are kept beside the database under their SHA-256.
CREATE TABLE evidence (
    id      INTEGER PRIMARY KEY,
    duty    INTEGER REFERENCES duties (id),
    sheet   INTEGER REFERENCES sheets (id),
    hash    TEXT NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
    name    TEXT NOT NULL CHECK (name <> ''),
    type    TEXT NOT NULL CHECK (type <> ''),
    size    INTEGER NOT NULL CHECK (size > 0),
    account INTEGER NOT NULL REFERENCES accounts (id),
    person  TEXT NOT NULL,
    at      TEXT NOT NULL,
    removed TEXT,
    CHECK ((duty IS NULL) <> (sheet IS NULL))
) STRICT;

CREATE INDEX evidence_by_duty ON evidence (duty) WHERE duty IS NOT NULL;
CREATE INDEX evidence_by_sheet ON evidence (sheet) WHERE sheet IS NOT NULL;
CREATE INDEX evidence_by_hash ON evidence (hash);
CREATE INDEX evidence_by_account ON evidence (account);

CREATE TRIGGER evidence_is_never_deleted BEFORE DELETE ON evidence
BEGIN
    SELECT RAISE(ABORT, 'evidence is kept');
END;

-- Public figures that the office has prepared to take back, or to bring back.
CREATE TABLE takings (
    id       INTEGER PRIMARY KEY,
    subject  INTEGER NOT NULL,
    area     INTEGER NOT NULL,
    period   INTEGER NOT NULL,
    basis    INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    restores INTEGER NOT NULL CHECK (restores IN (0, 1)),
    undoes   INTEGER REFERENCES releases (number),
    reason   TEXT NOT NULL CHECK (reason <> ''),
    account  INTEGER NOT NULL REFERENCES accounts (id),
    person   TEXT NOT NULL,
    at       TEXT NOT NULL,
    dropped  TEXT,
    release  INTEGER REFERENCES releases (number) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (subject, area, period, basis, revision) REFERENCES observations (subject, area, period, basis, revision)
) STRICT;

CREATE UNIQUE INDEX takings_open ON takings (subject, area, period, basis, revision) WHERE dropped IS NULL AND release IS NULL;
CREATE INDEX takings_by_figure ON takings (subject, area, period, basis, revision);
CREATE INDEX takings_by_release ON takings (release) WHERE release IS NOT NULL;
CREATE INDEX takings_by_undone ON takings (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX takings_by_account ON takings (account);

ALTER TABLE releases ADD COLUMN kind TEXT NOT NULL DEFAULT 'load' CHECK (kind IN ('load', 'round', 'withdrawal'));
ALTER TABLE releases ADD COLUMN round INTEGER REFERENCES rounds (number);
ALTER TABLE releases ADD COLUMN account INTEGER REFERENCES accounts (id);
ALTER TABLE releases ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN rules INTEGER NOT NULL DEFAULT 0;
ALTER TABLE releases ADD COLUMN tree_size INTEGER NOT NULL DEFAULT 0; -- of the audit trail, at the end of it
ALTER TABLE releases ADD COLUMN tree_root TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN edition INTEGER; -- of the library; NULL before editions were kept

CREATE INDEX releases_by_round ON releases (round) WHERE round IS NOT NULL;
CREATE INDEX releases_by_account ON releases (account) WHERE account IS NOT NULL;

-- The library as it stood at a release: the cells of its files.
CREATE TABLE editions (
    edition INTEGER PRIMARY KEY CHECK (edition > 0),
    library BLOB NOT NULL
) STRICT;

CREATE TRIGGER editions_never_change BEFORE UPDATE ON editions
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

CREATE TRIGGER editions_are_never_deleted BEFORE DELETE ON editions
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

-- Which revision a public figure came from; none for one that was loaded.
CREATE TABLE origins (
    subject  INTEGER NOT NULL,
    area     INTEGER NOT NULL,
    period   INTEGER NOT NULL,
    basis    INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    entered  INTEGER NOT NULL REFERENCES revisions (id),
    PRIMARY KEY (subject, area, period, basis, revision),
    FOREIGN KEY (subject, area, period, basis, revision) REFERENCES observations (subject, area, period, basis, revision)
) STRICT, WITHOUT ROWID;

CREATE INDEX origins_by_entry ON origins (entered);

CREATE TRIGGER origins_never_change BEFORE UPDATE ON origins
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

CREATE TRIGGER origins_are_never_deleted BEFORE DELETE ON origins
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

-- What the rules said of every target in a release, in the words of that day.
CREATE TABLE release_statuses (
    release     INTEGER NOT NULL REFERENCES releases (number) DEFERRABLE INITIALLY DEFERRED,
    ordinal     INTEGER NOT NULL CHECK (ordinal >= 0),
    indicator   TEXT NOT NULL,
    area        TEXT NOT NULL,
    milestone   TEXT NOT NULL,
    basis       TEXT NOT NULL,
    year        INTEGER NOT NULL,
    status      TEXT NOT NULL CHECK (status <> ''),
    rule        TEXT NOT NULL CHECK (rule <> ''),
    value       TEXT,
    period      TEXT,
    attainment  TEXT,
    gap         TEXT,
    sentence_zh TEXT NOT NULL,
    sentence_en TEXT NOT NULL,
    PRIMARY KEY (release, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER release_statuses_join_no_published_release BEFORE INSERT ON release_statuses
WHEN NEW.release <= (SELECT max(number) FROM releases)
BEGIN
    SELECT RAISE(ABORT, 'the release is published');
END;

CREATE TRIGGER release_statuses_never_change BEFORE UPDATE ON release_statuses
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

CREATE TRIGGER release_statuses_are_never_deleted BEFORE DELETE ON release_statuses
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

-- Accounts, how they sign in, and the audit trail.

CREATE TABLE accounts (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE CHECK (name <> ''), -- typed at sign-in, in lower case
    person   TEXT NOT NULL CHECK (person <> ''),
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'enabled', 'disabled')),
    password TEXT CHECK (password <> ''),              -- argon2id in PHC form; NULL until set
    forced   INTEGER NOT NULL DEFAULT 0 CHECK (forced IN (0, 1)), -- must be changed at the next sign-in
    secret   TEXT CHECK (secret <> ''),                -- of the second factor; NULL without one
    step     INTEGER NOT NULL DEFAULT 0,               -- the last time step accepted: a code is good once
    successor INTEGER REFERENCES accounts (id),
    created  TEXT NOT NULL,
    version  INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK (state <> 'enabled' OR password IS NOT NULL)
) STRICT;

CREATE INDEX accounts_by_successor ON accounts (successor) WHERE successor IS NOT NULL;

CREATE TRIGGER accounts_are_never_deleted BEFORE DELETE ON accounts
BEGIN
    SELECT RAISE(ABORT, 'an account stays for the trail');
END;

CREATE TABLE grants (
    account      INTEGER NOT NULL REFERENCES accounts (id),
    role         TEXT NOT NULL CHECK (role IN ('contributor', 'reviewer', 'office', 'system', 'security', 'auditor')),
    organisation TEXT REFERENCES organisations (code) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((role IN ('contributor', 'reviewer')) = (organisation IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX grants_key ON grants (account, role, ifnull(organisation, ''));
CREATE INDEX grants_by_organisation ON grants (organisation, role) WHERE organisation IS NOT NULL;
CREATE INDEX grants_by_role ON grants (role);

-- The three administrators are apart from each other and from the figures.
CREATE TRIGGER grants_stay_apart BEFORE INSERT ON grants
WHEN EXISTS (
    SELECT 1 FROM grants
    WHERE account = NEW.account AND (role IN ('system', 'security', 'auditor') OR NEW.role IN ('system', 'security', 'auditor')))
BEGIN
    SELECT RAISE(ABORT, 'these roles are held apart');
END;

CREATE TRIGGER grants_never_change BEFORE UPDATE ON grants
BEGIN
    SELECT RAISE(ABORT, 'a grant is given or taken');
END;

-- One-time links to set a password; only the SHA-256 of the token is here.
CREATE TABLE links (
    hash    BLOB PRIMARY KEY CHECK (length(hash) = 32),
    account INTEGER NOT NULL REFERENCES accounts (id),
    made    TEXT NOT NULL,
    ends    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX links_by_account ON links (account);

CREATE TABLE sessions (
    id        INTEGER PRIMARY KEY,
    hash      BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    account   INTEGER NOT NULL REFERENCES accounts (id),
    made      TEXT NOT NULL,
    seen      TEXT NOT NULL,  -- written at most once a minute
    ends      TEXT NOT NULL,
    confirmed TEXT NOT NULL,  -- when the password was last given
    second    INTEGER NOT NULL CHECK (second IN (0, 1)), -- the second factor was given
    "from"    TEXT NOT NULL,
    agent     TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_account ON sessions (account);
CREATE INDEX sessions_by_end ON sessions (ends);

-- Codes for the day the second factor is lost; each is used once.
CREATE TABLE recovery_codes (
    account INTEGER NOT NULL REFERENCES accounts (id),
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

-- Wrong sign-ins, by the name typed (hashed: it may be a password) and by
-- address. A wait always ends.
CREATE TABLE failures (
    key   TEXT PRIMARY KEY CHECK (key <> ''),
    count INTEGER NOT NULL CHECK (count > 0),
    last  TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX failures_by_last ON failures (last);

-- Where an account has signed in from before: a stranger's wrong sign-ins do
-- not make its owner wait there.
CREATE TABLE places (
    account INTEGER NOT NULL REFERENCES accounts (id),
    "from"  TEXT NOT NULL,
    last    TEXT NOT NULL,
    PRIMARY KEY (account, "from")
) STRICT, WITHOUT ROWID;

CREATE INDEX places_by_last ON places (last);

-- The trail only grows. Each event is a leaf of a transparency log
-- (golang.org/x/mod/sumdb/tlog) whose hashes stand beside it.
CREATE TABLE events (
    number  INTEGER PRIMARY KEY CHECK (number > 0),
    at      TEXT NOT NULL,
    account INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    act     TEXT NOT NULL CHECK (act <> ''),
    object  TEXT NOT NULL,
    before  TEXT NOT NULL,
    after   TEXT NOT NULL,
    "from"  TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_account ON events (account);
CREATE INDEX events_by_act ON events (act);
CREATE INDEX events_by_object ON events (object);

CREATE TRIGGER events_count_up BEFORE INSERT ON events
WHEN NEW.number <> 1 + (SELECT size FROM event_head)
BEGIN
    SELECT RAISE(ABORT, 'the trail counts up');
END;

CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

CREATE TABLE event_hashes (
    id   INTEGER PRIMARY KEY CHECK (id >= 0), -- as tlog.StoredHashIndex counts
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER event_hashes_are_written_once BEFORE INSERT ON event_hashes
WHEN EXISTS (SELECT 1 FROM event_hashes WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

CREATE TRIGGER event_hashes_never_change BEFORE UPDATE ON event_hashes
BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

CREATE TRIGGER event_hashes_are_never_deleted BEFORE DELETE ON event_hashes
BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

CREATE TABLE event_head (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL CHECK (size >= 0),
    root TEXT NOT NULL
) STRICT;

INSERT INTO event_head (id, size, root) VALUES (1, 0, '');

CREATE TRIGGER event_head_comes_once BEFORE INSERT ON event_head
BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

CREATE TRIGGER event_head_only_grows BEFORE UPDATE ON event_head
WHEN NEW.size <> OLD.size + 1
BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

CREATE TRIGGER event_head_is_never_deleted BEFORE DELETE ON event_head
BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

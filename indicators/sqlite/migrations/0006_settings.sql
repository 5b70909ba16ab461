-- What the system administrator sets, and the backups made.

CREATE TABLE settings (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    contact_name    TEXT NOT NULL DEFAULT '',
    contact_phone   TEXT NOT NULL DEFAULT '',
    contact_hours   TEXT NOT NULL DEFAULT '',
    contact_link    TEXT NOT NULL DEFAULT '' CHECK (contact_link = '' OR contact_link GLOB 'mailto:?*' OR contact_link GLOB 'http://?*' OR contact_link GLOB 'https://?*'),
    second_for_all  INTEGER NOT NULL DEFAULT 0 CHECK (second_for_all IN (0, 1)),
    idle_minutes    INTEGER NOT NULL DEFAULT 60 CHECK (idle_minutes BETWEEN 5 AND 480),
    life_hours      INTEGER NOT NULL DEFAULT 12 CHECK (life_hours BETWEEN 1 AND 24),
    upload_mb       INTEGER NOT NULL DEFAULT 20 CHECK (upload_mb BETWEEN 1 AND 20),
    review_days     INTEGER NOT NULL DEFAULT 5 CHECK (review_days BETWEEN 0 AND 60),
    nightly         INTEGER NOT NULL DEFAULT 1 CHECK (nightly IN (0, 1)),
    night_hour      INTEGER NOT NULL DEFAULT 2 CHECK (night_hour BETWEEN 0 AND 23),
    nights_kept     INTEGER NOT NULL DEFAULT 14 CHECK (nights_kept BETWEEN 1 AND 365),
    mail_host       TEXT NOT NULL DEFAULT '',
    mail_port       INTEGER NOT NULL DEFAULT 587 CHECK (mail_port BETWEEN 1 AND 65535),
    mail_encryption TEXT NOT NULL DEFAULT 'starttls' CHECK (mail_encryption IN ('starttls', 'tls', 'none')),
    mail_user       TEXT NOT NULL DEFAULT '',
    mail_password   TEXT NOT NULL DEFAULT '', -- needed in clear to send; in no page and no event
    mail_from       TEXT NOT NULL DEFAULT '' CHECK (mail_from = '' OR mail_from LIKE '_%@_%'),
    version         INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK (idle_minutes <= life_hours * 60)
) STRICT;

INSERT INTO settings (id) VALUES (1);

CREATE TRIGGER settings_stay BEFORE DELETE ON settings
BEGIN
    SELECT RAISE(ABORT, 'the settings are one row');
END;

CREATE TABLE backups (
    file     TEXT PRIMARY KEY CHECK (file <> '' AND file NOT GLOB '*[/\]*'),
    nightly  INTEGER NOT NULL CHECK (nightly IN (0, 1)),
    person   TEXT NOT NULL,  -- who asked for it; empty for the program itself
    made     TEXT NOT NULL,
    size     INTEGER NOT NULL CHECK (size > 0),
    sha256   TEXT NOT NULL CHECK (length(sha256) = 64),
    verified TEXT,           -- when it was last read whole; NULL before
    fault    TEXT NOT NULL DEFAULT '', -- what was found then
    removed  TEXT            -- when a newer nightly one took its place
) STRICT, WITHOUT ROWID;

CREATE INDEX backups_kept ON backups (made, file) WHERE removed IS NULL;

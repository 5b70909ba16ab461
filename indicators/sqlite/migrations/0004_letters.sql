-- Where an organisation's reminders go, and the letters on their way.

CREATE TABLE contacts (
    organisation TEXT PRIMARY KEY CHECK (organisation <> ''),
    mail         TEXT NOT NULL CHECK (mail LIKE '_%@_%'),
    version      INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE letters (
    id           INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL CHECK (organisation <> ''),
    "to"         TEXT NOT NULL CHECK ("to" LIKE '_%@_%'),
    subject      TEXT NOT NULL CHECK (subject <> ''),
    text         TEXT NOT NULL CHECK (text <> ''),
    queued       TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next         TEXT, -- NULL once sent or given up
    sent         TEXT,
    failure      TEXT NOT NULL DEFAULT '',
    CHECK (next IS NULL OR sent IS NULL)
) STRICT;

CREATE INDEX letters_waiting ON letters (next, id) WHERE next IS NOT NULL;
CREATE INDEX letters_by_organisation ON letters (organisation, id);

CREATE TRIGGER letters_are_never_deleted BEFORE DELETE ON letters
BEGIN
    SELECT RAISE(ABORT, 'a letter is kept');
END;

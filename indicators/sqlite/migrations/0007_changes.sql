-- What the office changed in the library by forms, row by row. The rows
-- themselves stand in the library's tables; this says what they read before,
-- from which day on they read otherwise, and why.

CREATE TABLE changes (
    id      INTEGER PRIMARY KEY,
    file    TEXT NOT NULL CHECK (file IN ('organisations.csv', 'areas.csv', 'indicators.csv', 'targets.csv')),
    key     TEXT NOT NULL CHECK (key <> ''), -- the row's code, of a target the indicator's
    "from"  TEXT NOT NULL CHECK ("from" GLOB '[1-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    reason  TEXT NOT NULL CHECK (reason <> ''),
    before  TEXT CHECK (json_valid(before)), -- cells by column; NULL for a new row
    after   TEXT NOT NULL CHECK (json_valid(after)),
    account INTEGER NOT NULL REFERENCES accounts (id),
    person  TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;

CREATE INDEX changes_by_key ON changes (key, id);
CREATE INDEX changes_by_account ON changes (account);

CREATE TRIGGER changes_count_up BEFORE INSERT ON changes
WHEN EXISTS (SELECT 1 FROM changes WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'a change is told for ever');
END;

CREATE TRIGGER changes_never_change BEFORE UPDATE ON changes
BEGIN
    SELECT RAISE(ABORT, 'a change is told for ever');
END;

CREATE TRIGGER changes_are_never_deleted BEFORE DELETE ON changes
BEGIN
    SELECT RAISE(ABORT, 'a change is told for ever');
END;

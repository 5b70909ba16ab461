-- One plan: its library, its observations and its releases.
--
-- The library has one table for each file of a plan package, with the file's
-- columns. A cell stands as it is written; an empty one is NULL, for it means
-- "not known". ordinal is the row's place in its file, which is the order on
-- screen. Lists keep their ";". Foreign keys wait for the commit, so that a
-- load may write the tables in any order.

PRAGMA application_id = 0x59494D49; -- "YIMI"

CREATE TABLE plan (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    code       TEXT NOT NULL CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    descriptor BLOB NOT NULL, -- datapackage.json, byte for byte
    edition    INTEGER NOT NULL CHECK (edition > 0) -- goes up with every change of the library: who holds a copy in memory compares
) STRICT;

CREATE TRIGGER plan_comes_once BEFORE INSERT ON plan
WHEN EXISTS (SELECT 1 FROM plan)
BEGIN
    SELECT RAISE(ABORT, 'a store keeps one plan');
END;

CREATE TRIGGER plan_keeps_its_code BEFORE UPDATE ON plan
WHEN NEW.code <> OLD.code OR NEW.edition < OLD.edition
BEGIN
    SELECT RAISE(ABORT, 'a store keeps one plan');
END;

CREATE TRIGGER plan_is_never_deleted BEFORE DELETE ON plan
BEGIN
    SELECT RAISE(ABORT, 'a store keeps one plan');
END;

CREATE TABLE domains (
    ordinal INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    code    TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    name    TEXT NOT NULL CHECK (name <> ''),
    name_en TEXT CHECK (name_en <> ''),
    short   TEXT CHECK (short <> '')
) STRICT;

CREATE TABLE organisations (
    ordinal   INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    code      TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    name      TEXT NOT NULL CHECK (name <> ''),
    name_en   TEXT CHECK (name_en <> ''),
    kind      TEXT NOT NULL CHECK (kind IN ('office', 'party', 'government', 'congress', 'court', 'procuratorate', 'mass', 'district', 'enterprise', 'collective', 'leading_group')),
    area      TEXT REFERENCES areas (code) DEFERRABLE INITIALLY DEFERRED,
    members   TEXT CHECK (members <> ''),
    successor TEXT REFERENCES organisations (code) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE areas (
    ordinal  INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    code     TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    name     TEXT NOT NULL CHECK (name <> ''),
    name_en  TEXT CHECK (name_en <> ''),
    short    TEXT CHECK (short <> ''),
    aliases  TEXT CHECK (aliases <> ''),
    level    TEXT NOT NULL CHECK (level IN ('city', 'district', 'township', 'community')),
    parent   TEXT REFERENCES areas (code) DEFERRABLE INITIALLY DEFERRED,
    gb_code  TEXT CHECK (gb_code <> '' AND gb_code NOT GLOB '*[^0-9]*'),
    grid_col TEXT CHECK (grid_col <> '' AND grid_col NOT GLOB '*[^0-9]*'),
    grid_row TEXT CHECK (grid_row <> '' AND grid_row NOT GLOB '*[^0-9]*')
) STRICT;

CREATE TABLE tasks (
    ordinal     INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    number      TEXT NOT NULL UNIQUE CHECK (number <> '' AND instr(number, ';') = 0),
    domain      TEXT NOT NULL REFERENCES domains (code) DEFERRABLE INITIALLY DEFERRED,
    title       TEXT NOT NULL CHECK (title <> ''),
    title_en    TEXT CHECK (title_en <> ''),
    leads       TEXT CHECK (leads <> ''),
    partners    TEXT CHECK (partners <> ''),
    expected    TEXT CHECK (expected <> ''),
    expected_en TEXT CHECK (expected_en <> ''),
    period      TEXT CHECK (period <> ''),
    clause      TEXT NOT NULL CHECK (clause <> '')
) STRICT;

CREATE TABLE commitments (
    ordinal       INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    code          TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    task          TEXT NOT NULL REFERENCES tasks (number) DEFERRABLE INITIALLY DEFERRED,
    milestone     TEXT CHECK (milestone = 'every' OR milestone GLOB '[1-9][0-9][0-9][0-9]'),
    commitment    TEXT NOT NULL CHECK (commitment <> ''),
    commitment_en TEXT CHECK (commitment_en <> ''),
    indicator     TEXT CHECK (indicator <> ''), -- a list
    clause        TEXT NOT NULL CHECK (clause <> '')
) STRICT;

CREATE TABLE indicators (
    ordinal            INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    code               TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    task               TEXT REFERENCES tasks (number) DEFERRABLE INITIALLY DEFERRED,
    domain             TEXT REFERENCES domains (code) DEFERRABLE INITIALLY DEFERRED,
    name               TEXT NOT NULL CHECK (name <> ''),
    name_en            TEXT CHECK (name_en <> ''),
    aliases            TEXT CHECK (aliases <> ''),
    unit               TEXT CHECK (unit <> ''),
    unit_en            TEXT CHECK (unit_en <> ''),
    measure            TEXT NOT NULL CHECK (measure IN ('stock', 'flow', 'rate', 'average', 'deliverable')),
    direction          TEXT NOT NULL CHECK (direction IN ('higher', 'lower', 'within', 'none')),
    nature             TEXT CHECK (nature IN ('binding', 'expected', 'required', 'optional', 'local')),
    scope              TEXT NOT NULL CHECK (scope IN ('city', 'each_district', 'each_township', 'each_community', 'each_facility')),
    rollup             TEXT CHECK (rollup IN ('sum', 'ratio', 'count_met', 'none')),
    numerator_series   TEXT REFERENCES series (code) DEFERRABLE INITIALLY DEFERRED,
    denominator_series TEXT REFERENCES series (code) DEFERRABLE INITIALLY DEFERRED,
    per                TEXT CHECK (per <> '' AND per NOT GLOB '*[^0-9.-]*'),
    decimals           TEXT CHECK (decimals <> '' AND decimals NOT GLOB '*[^0-9]*'),
    min                TEXT CHECK (min <> '' AND min NOT GLOB '*[^0-9.-]*'),
    max                TEXT CHECK (max <> '' AND max NOT GLOB '*[^0-9.-]*'),
    headline           TEXT UNIQUE CHECK (headline <> '' AND headline NOT GLOB '*[^0-9]*'),
    new_count          TEXT CHECK (new_count = 'true'),
    leads              TEXT CHECK (leads <> ''),
    reporter           TEXT REFERENCES organisations (code) DEFERRABLE INITIALLY DEFERRED,
    frequency          TEXT CHECK (frequency IN ('yearly', 'half_yearly', 'quarterly', 'monthly', 'once')),
    data_source        TEXT CHECK (data_source <> ''),
    related            TEXT CHECK (related <> ''),
    definition         TEXT CHECK (definition <> ''),
    definition_en      TEXT CHECK (definition_en <> ''),
    child_words        TEXT CHECK (child_words <> ''),
    clause             TEXT NOT NULL CHECK (clause <> ''),
    CHECK (task IS NULL OR domain IS NULL)
) STRICT;

CREATE TABLE targets (
    ordinal    INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    indicator  TEXT NOT NULL REFERENCES indicators (code) DEFERRABLE INITIALLY DEFERRED,
    milestone  TEXT CHECK (milestone = 'every' OR milestone GLOB '[1-9][0-9][0-9][0-9]'),
    comparator TEXT NOT NULL CHECK (comparator IN ('ge', 'gt', 'le', 'lt', 'eq', 'between', 'about', 'hold')),
    value      TEXT CHECK (value <> '' AND value NOT GLOB '*[^0-9.-]*'),
    upper      TEXT CHECK (upper <> '' AND upper NOT GLOB '*[^0-9.-]*'),
    basis      TEXT CHECK (basis IN ('level', 'added', 'cumulative', 'change_pct')),
    base_year  TEXT CHECK (base_year <> '' AND base_year NOT GLOB '*[^0-9]*'),
    due        TEXT CHECK (due <> '' AND due NOT GLOB '*[^0-9-]*'),
    term       TEXT CHECK (term <> ''),
    "from"     TEXT CHECK ("from" <> '' AND "from" NOT GLOB '*[^0-9-]*'),
    until      TEXT CHECK (until <> '' AND until NOT GLOB '*[^0-9-]*'),
    reason     TEXT CHECK (reason <> ''),
    clause     TEXT NOT NULL CHECK (clause <> ''),
    CHECK (value IS NOT NULL OR comparator = 'hold')
) STRICT;

-- An expression, for two NULLs are two values to UNIQUE.
CREATE UNIQUE INDEX targets_key ON targets (indicator, ifnull(milestone, ''), ifnull(basis, 'level'), ifnull(due, ''), ifnull("from", ''));

CREATE TABLE series (
    ordinal INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    code    TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    name    TEXT NOT NULL CHECK (name <> ''),
    name_en TEXT CHECK (name_en <> ''),
    unit    TEXT CHECK (unit <> '')
) STRICT;

-- A code names one thing across indicators and series: observations speak of
-- both as their subject.
CREATE TRIGGER indicators_share_no_code BEFORE INSERT ON indicators
BEGIN
    SELECT RAISE(ABORT, 'the code is a series''') FROM series WHERE code = NEW.code;
END;

CREATE TRIGGER series_share_no_code BEFORE INSERT ON series
BEGIN
    SELECT RAISE(ABORT, 'the code is an indicator''s') FROM indicators WHERE code = NEW.code;
END;

CREATE TABLE "references" (
    ordinal         INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    indicator       TEXT NOT NULL REFERENCES indicators (code) DEFERRABLE INITIALLY DEFERRED,
    place           TEXT NOT NULL CHECK (place <> ''),
    period          TEXT NOT NULL CHECK (period <> '' AND period NOT GLOB '*[^0-9-]*'),
    value           TEXT NOT NULL CHECK (value <> '' AND value NOT GLOB '*[^0-9.-]*'),
    same_definition TEXT CHECK (same_definition = 'true'),
    source          TEXT CHECK (source <> ''),
    source_url      TEXT CHECK (source_url LIKE 'http://_%' OR source_url LIKE 'https://_%'),
    UNIQUE (indicator, place, period)
) STRICT;

CREATE TABLE rules (
    ordinal    INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    code       TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    left       TEXT NOT NULL CHECK (left <> ''),
    operator   TEXT NOT NULL CHECK (operator IN ('le', 'lt', 'eq', 'ge', 'gt')),
    right      TEXT NOT NULL CHECK (right <> ''),
    grade      TEXT NOT NULL CHECK (grade IN ('error', 'warning')),
    message    TEXT NOT NULL CHECK (message <> ''),
    message_en TEXT CHECK (message_en <> '')
) STRICT;

CREATE TABLE projects (
    ordinal         INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    number          TEXT NOT NULL UNIQUE CHECK (number <> '' AND instr(number, ';') = 0),
    name            TEXT NOT NULL CHECK (name <> ''),
    name_en         TEXT CHECK (name_en <> ''),
    owners          TEXT CHECK (owners <> ''),
    scale           TEXT CHECK (scale <> '' AND scale NOT GLOB '*[^0-9.-]*'),
    scale_unit      TEXT CHECK (scale_unit <> ''),
    scale_note      TEXT CHECK (scale_note <> ''),
    investment_wan  TEXT CHECK (investment_wan <> '' AND investment_wan NOT GLOB '*[^0-9.-]*'),
    investment_note TEXT CHECK (investment_note <> ''),
    funding         TEXT CHECK (funding <> ''),
    started         TEXT CHECK (started <> '' AND started NOT GLOB '*[^0-9-]*'),
    due             TEXT CHECK (due <> '' AND due NOT GLOB '*[^0-9-]*'),
    term            TEXT CHECK (term <> ''),
    content         TEXT CHECK (content <> ''),
    content_en      TEXT CHECK (content_en <> ''),
    tasks           TEXT CHECK (tasks <> ''),
    indicators      TEXT CHECK (indicators <> ''),
    clause          TEXT NOT NULL CHECK (clause <> '')
) STRICT;

CREATE TABLE policies (
    ordinal     INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    number      TEXT NOT NULL UNIQUE CHECK (number <> '' AND instr(number, ';') = 0),
    title       TEXT NOT NULL CHECK (title <> ''),
    title_en    TEXT CHECK (title_en <> ''),
    document_no TEXT CHECK (document_no <> ''),
    owners      TEXT CHECK (owners <> ''),
    due         TEXT CHECK (due <> '' AND due NOT GLOB '*[^0-9-]*'),
    stage       TEXT NOT NULL CHECK (stage IN ('issued', 'planned', 'continuing')),
    indicator   TEXT CHECK (indicator <> ''), -- a list
    clause      TEXT NOT NULL CHECK (clause <> '')
) STRICT;

CREATE TABLE pledges (
    ordinal   INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    code      TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'),
    section   TEXT CHECK (section <> ''),
    title     TEXT NOT NULL CHECK (title <> ''),
    title_en  TEXT CHECK (title_en <> ''),
    owners    TEXT CHECK (owners <> ''),
    due       TEXT CHECK (due <> '' AND due NOT GLOB '*[^0-9-]*'),
    tasks     TEXT CHECK (tasks <> ''),
    indicator TEXT REFERENCES indicators (code) DEFERRABLE INITIALLY DEFERRED,
    clause    TEXT NOT NULL CHECK (clause <> '')
) STRICT;

CREATE TABLE coverage (
    ordinal   INTEGER PRIMARY KEY CHECK (ordinal >= 0),
    clause    TEXT NOT NULL CHECK (clause <> ''),
    position  TEXT NOT NULL CHECK (position <> '' AND position NOT GLOB '*[^0-9]*'),
    number    TEXT NOT NULL CHECK (number <> ''),
    words     TEXT CHECK (words <> ''),
    indicator TEXT REFERENCES indicators (code) DEFERRABLE INITIALLY DEFERRED,
    milestone TEXT CHECK (milestone = 'every' OR milestone GLOB '[1-9][0-9][0-9][0-9]'),
    reason    TEXT CHECK (reason <> ''),
    UNIQUE (clause, position)
) STRICT;

CREATE TABLE releases (
    number    INTEGER PRIMARY KEY CHECK (number > 0),
    published TEXT NOT NULL CHECK (published GLOB '????-??-??T??:??:??Z'), -- UTC
    note      TEXT NOT NULL
) STRICT;

-- A release is written after its figures, as the last thing of its
-- transaction: from then on nothing can join or leave it.
CREATE TRIGGER releases_count_up BEFORE INSERT ON releases
WHEN NEW.number <> 1 + (SELECT ifnull(max(number), 0) FROM releases)
BEGIN
    SELECT RAISE(ABORT, 'releases are numbered 1, 2, 3 ...');
END;

CREATE TRIGGER releases_never_change BEFORE UPDATE ON releases
BEGIN
    SELECT RAISE(ABORT, 'a release never changes');
END;

CREATE TRIGGER releases_are_never_deleted BEFORE DELETE ON releases
BEGIN
    SELECT RAISE(ABORT, 'a release is never deleted');
END;

-- The numbers by which figures know their subject and their area. They outlive
-- the library's rows: a code that leaves the plan keeps its number and its
-- past. Integers, for text keys make a page's query grow with the table.
CREATE TABLE subject_ids (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*')
) STRICT;

CREATE TABLE area_ids (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*')
) STRICT;

CREATE TRIGGER subject_ids_are_given_once BEFORE INSERT ON subject_ids
WHEN EXISTS (SELECT 1 FROM subject_ids WHERE id = NEW.id OR code = NEW.code)
BEGIN
    SELECT RAISE(ABORT, 'a code is stable for ever');
END;

CREATE TRIGGER subject_ids_never_change BEFORE UPDATE ON subject_ids
BEGIN
    SELECT RAISE(ABORT, 'a code is stable for ever');
END;

CREATE TRIGGER subject_ids_are_never_deleted BEFORE DELETE ON subject_ids
BEGIN
    SELECT RAISE(ABORT, 'a code is stable for ever');
END;

CREATE TRIGGER area_ids_are_given_once BEFORE INSERT ON area_ids
WHEN EXISTS (SELECT 1 FROM area_ids WHERE id = NEW.id OR code = NEW.code)
BEGIN
    SELECT RAISE(ABORT, 'a code is stable for ever');
END;

CREATE TRIGGER area_ids_never_change BEFORE UPDATE ON area_ids
BEGIN
    SELECT RAISE(ABORT, 'a code is stable for ever');
END;

CREATE TRIGGER area_ids_are_never_deleted BEFORE DELETE ON area_ids
BEGIN
    SELECT RAISE(ABORT, 'a code is stable for ever');
END;

-- Every figure that is or was public. One figure (subject, area, period,
-- basis) has a revision for each edition and for each correction of one.
CREATE TABLE observations (
    subject           INTEGER NOT NULL REFERENCES subject_ids (id),
    area              INTEGER NOT NULL REFERENCES area_ids (id),
    period            INTEGER NOT NULL, -- YYYYMMDD, 00 for the parts that the source does not give
    basis             INTEGER NOT NULL CHECK (basis BETWEEN 0 AND 4), -- none, added, change_pct, cumulative, level: the words in byte order
    revision          INTEGER NOT NULL CHECK (revision > 0),
    release           INTEGER NOT NULL REFERENCES releases (number) DEFERRABLE INITIALLY DEFERRED, -- from which it is public
    ended             INTEGER REFERENCES releases (number) DEFERRABLE INITIALLY DEFERRED, -- from which it no longer stands
    value             TEXT CHECK (value <> '' AND value NOT GLOB '*[^0-9.-]*'), -- as written: 85.20 is not 85.2
    bound             TEXT CHECK (bound IN ('ge', 'le', 'about')),
    answer            TEXT CHECK (answer IN ('none', 'not_available', 'not_applicable', 'other_definition', 'suppressed')),
    numerator         TEXT CHECK (numerator <> '' AND numerator NOT GLOB '*[^0-9.-]*'),
    denominator       TEXT CHECK (denominator <> '' AND denominator NOT GLOB '*[^0-9.-]*'),
    kind              TEXT NOT NULL CHECK (kind IN ('baseline', 'result', 'derived')),
    quality           TEXT CHECK (quality IN ('B', 'D', 'E', 'F', 'G', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'S', 'U', 'V', 'W')),
    vintage           TEXT CHECK (vintage <> ''),
    published         TEXT CHECK (published <> '' AND published NOT GLOB '*[^0-9-]*'),
    published_assumed INTEGER NOT NULL CHECK (published_assumed IN (0, 1)),
    source            TEXT CHECK (source <> ''),
    source_url        TEXT CHECK (source_url LIKE 'http://_%' OR source_url LIKE 'https://_%'),
    confidence        TEXT CHECK (confidence IN ('A', 'B', 'C')),
    note              TEXT CHECK (note <> ''),
    PRIMARY KEY (subject, area, period, basis, revision),
    CHECK (ended > release),
    CHECK (value IS NULL OR answer IS NULL),
    CHECK (period BETWEEN 10000000 AND 99991231 AND period / 100 % 100 <= 12 AND period % 100 <= 31
        AND (period % 100 = 0 OR period / 100 % 100 > 0))
) STRICT, WITHOUT ROWID;

CREATE INDEX observations_by_area ON observations (area) WHERE ended IS NULL;

CREATE TRIGGER observations_join_no_published_release BEFORE INSERT ON observations
WHEN NEW.release <= (SELECT max(number) FROM releases)
BEGIN
    SELECT RAISE(ABORT, 'the release is published');
END;

-- The key of a figure that stands, kept here because two NULLs are two values
-- to UNIQUE, and a second index would double the table. The revision is looked
-- at for INSERT OR REPLACE, which asks no trigger about what it deletes.
CREATE TRIGGER observations_stand_once BEFORE INSERT ON observations
BEGIN
    SELECT RAISE(ABORT, 'the figure stands already')
    FROM observations
    WHERE subject = NEW.subject
        AND area = NEW.area
        AND period = NEW.period
        AND basis = NEW.basis
        AND (revision = NEW.revision OR ended IS NULL AND vintage IS NEW.vintage AND published IS NEW.published);
END;

CREATE TRIGGER observations_only_end BEFORE UPDATE ON observations
WHEN OLD.ended IS NOT NULL
    OR NEW.ended IS NULL
    OR NEW.ended <= (SELECT max(number) FROM releases)
    OR NEW.subject IS NOT OLD.subject
    OR NEW.area IS NOT OLD.area
    OR NEW.period IS NOT OLD.period
    OR NEW.basis IS NOT OLD.basis
    OR NEW.revision IS NOT OLD.revision
    OR NEW.release IS NOT OLD.release
    OR NEW.value IS NOT OLD.value
    OR NEW.bound IS NOT OLD.bound
    OR NEW.answer IS NOT OLD.answer
    OR NEW.numerator IS NOT OLD.numerator
    OR NEW.denominator IS NOT OLD.denominator
    OR NEW.kind IS NOT OLD.kind
    OR NEW.quality IS NOT OLD.quality
    OR NEW.vintage IS NOT OLD.vintage
    OR NEW.published IS NOT OLD.published
    OR NEW.published_assumed IS NOT OLD.published_assumed
    OR NEW.source IS NOT OLD.source
    OR NEW.source_url IS NOT OLD.source_url
    OR NEW.confidence IS NOT OLD.confidence
    OR NEW.note IS NOT OLD.note
BEGIN
    SELECT RAISE(ABORT, 'a published figure never changes');
END;

CREATE TRIGGER observations_are_never_deleted BEFORE DELETE ON observations
BEGIN
    SELECT RAISE(ABORT, 'a published figure is never deleted');
END;

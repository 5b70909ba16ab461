-- What a figure's number meant in the library when it was sent: unit, measure,
-- per and basis, as indicators.Meaning writes itself; NULL before it is sent, and
-- of what was sent before this was kept.

ALTER TABLE revisions ADD COLUMN meaning TEXT CHECK (json_valid(meaning));

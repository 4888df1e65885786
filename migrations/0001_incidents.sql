-- Incidents and their log. One set of migrations for SQLite and PostgreSQL: only BIGINT and TEXT.
-- Times are microseconds since 1970 (UTC), yes and no are 1 and 0, structures are JSON in TEXT.

-- One row per incident: the whole of it in `state`, and beside it what lists are made of.
-- `version` counts the decisions that have changed it and guards every write.
CREATE TABLE incidents (
    id          BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    version     BIGINT NOT NULL CHECK (version > 0),
    kind        TEXT   NOT NULL CHECK (kind IN ('incident', 'drill', 'maintenance')),
    private     BIGINT NOT NULL CHECK (private IN (0, 1)),
    phase       TEXT   NOT NULL,
    open        BIGINT NOT NULL CHECK (open IN (0, 1)),
    severity    TEXT,
    title       TEXT   NOT NULL,
    commander   TEXT,
    declared_at BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    state       TEXT   NOT NULL
);

-- Most incidents have ended, most are no drills, and few have the severity one looks for.
CREATE INDEX incidents_open ON incidents (id) WHERE open = 1;
CREATE INDEX incidents_special ON incidents (kind, id) WHERE kind <> 'incident';
CREATE INDEX incidents_severity ON incidents (severity, id) WHERE severity IS NOT NULL;

-- By what an incident is found: who has joined, which services and sites it touches.
CREATE TABLE incident_tags (
    kind     TEXT   NOT NULL CHECK (kind IN ('person', 'service', 'site')),
    value    TEXT   NOT NULL,
    incident BIGINT NOT NULL REFERENCES incidents (id),
    PRIMARY KEY (kind, value, incident)
);

-- The log. Rows are only added: a row whose `seq` is not its `number` restates that earlier entry.
CREATE TABLE entries (
    incident    BIGINT NOT NULL REFERENCES incidents (id),
    seq         BIGINT NOT NULL CHECK (seq > 0),
    number      BIGINT NOT NULL CHECK (number > 0 AND number <= seq),
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    removed     BIGINT NOT NULL CHECK (removed IN (0, 1)),
    body        TEXT   NOT NULL,
    PRIMARY KEY (incident, seq)
);

CREATE INDEX entries_timeline ON entries (incident, at, number);
CREATE INDEX entries_amended ON entries (incident, number, seq) WHERE seq <> number;

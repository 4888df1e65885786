-- What paging and alerts need: records, alerts, signals on their way in, and what became of pages.

-- Small documents beside the incidents: rosters, silences, groups of alerts. `version` counts the decisions that have
-- changed one and guards every write; one that is gone keeps its row and its version for a while.
CREATE TABLE records (
    kind    TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    gone    BIGINT NOT NULL CHECK (gone IN (0, 1)),
    at      BIGINT NOT NULL,
    body    TEXT,
    PRIMARY KEY (kind, name),
    CHECK ((body IS NULL) = (gone = 1))
);

CREATE INDEX records_gone ON records (at) WHERE gone = 1;

-- Signals that have been taken in and not been sorted yet. A sorted one is gone.
CREATE TABLE signals (
    id   TEXT   NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL,
    body TEXT   NOT NULL
);

-- One row per alert: the whole of it in `body`, guarded by `version` like an incident, and beside it what lists are made of.
CREATE TABLE alerts (
    source   TEXT   NOT NULL,
    key      TEXT   NOT NULL,
    version  BIGINT NOT NULL CHECK (version > 0),
    firing   BIGINT NOT NULL CHECK (firing IN (0, 1)),
    incident BIGINT,
    grp      TEXT   NOT NULL,
    heard_at BIGINT NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (source, key)
);

CREATE INDEX alerts_firing ON alerts (heard_at) WHERE firing = 1;
CREATE INDEX alerts_resolved ON alerts (heard_at) WHERE firing = 0;
CREATE INDEX alerts_incident ON alerts (incident, firing, heard_at) WHERE incident IS NOT NULL;

-- What became of pages, for statistics. Rows are only added.
CREATE TABLE page_facts (
    at       BIGINT NOT NULL,
    incident BIGINT NOT NULL,
    page     BIGINT NOT NULL,
    team     TEXT,
    person   TEXT,
    what     TEXT   NOT NULL
);

CREATE INDEX page_facts_time ON page_facts (at);

-- There will be more kinds of credentials than the first three: the code knows them.
CREATE TABLE credentials_anew (
    hash       TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    label      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
INSERT INTO credentials_anew (hash, kind, person, label, created_at, expires_at)
    SELECT hash, kind, person, label, created_at, expires_at FROM credentials;
DROP TABLE credentials;
ALTER TABLE credentials_anew RENAME TO credentials;

-- An incident is also found by whom its pages are calling.
CREATE TABLE incident_tags_anew (
    kind     TEXT   NOT NULL CHECK (kind IN ('person', 'service', 'site', 'room', 'called')),
    value    TEXT   NOT NULL,
    incident BIGINT NOT NULL REFERENCES incidents (id),
    PRIMARY KEY (kind, value, incident)
);
INSERT INTO incident_tags_anew (kind, value, incident) SELECT kind, value, incident FROM incident_tags;
DROP TABLE incident_tags;
ALTER TABLE incident_tags_anew RENAME TO incident_tags;

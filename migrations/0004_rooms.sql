-- Rooms on chat platforms: effects are leased by platform, and an incident is found by the address of its room.

ALTER TABLE outbox ADD COLUMN platform TEXT NOT NULL DEFAULT 'console';

DROP INDEX outbox_queue;
CREATE INDEX outbox_queue ON outbox (platform, urgency, due_at, position) WHERE state = 'waiting';

-- What the last effect with a mark made, so that the next one edits it.
CREATE TABLE made (
    mark     TEXT NOT NULL PRIMARY KEY,
    external TEXT NOT NULL
);

-- A room is one more thing by which an incident is found. Its `value` is platform and address: 'slack/C024BE91L'.
CREATE TABLE incident_tags_anew (
    kind     TEXT   NOT NULL CHECK (kind IN ('person', 'service', 'site', 'room')),
    value    TEXT   NOT NULL,
    incident BIGINT NOT NULL REFERENCES incidents (id),
    PRIMARY KEY (kind, value, incident)
);
INSERT INTO incident_tags_anew (kind, value, incident) SELECT kind, value, incident FROM incident_tags;
DROP TABLE incident_tags;
ALTER TABLE incident_tags_anew RENAME TO incident_tags;

CREATE INDEX chat_links_person ON chat_links (person);

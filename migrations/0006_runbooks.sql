-- What runbooks need: the audit log, and finding the runs of an incident.

-- Who decided what, each entry sealed with the hash of the one before. Rows are only added.
CREATE TABLE audit (
    seq  BIGINT NOT NULL PRIMARY KEY,
    body TEXT   NOT NULL,
    seal TEXT   NOT NULL
);

-- Where the log ends: one row, which whoever adds to the log holds until that is durable.
CREATE TABLE audit_head (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    seal TEXT   NOT NULL
);
INSERT INTO audit_head (id, seq, seal)
    VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Of which incident a record is, if it is found by that. Names are not: the order of texts is another in each database.
ALTER TABLE records ADD COLUMN incident BIGINT;
CREATE INDEX records_incident ON records (kind, incident) WHERE incident IS NOT NULL;

-- Jobs are many and soon gone, and those that are there are looked for often.
CREATE INDEX records_there ON records (kind, name) WHERE gone = 0;

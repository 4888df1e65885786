-- Those outside who want to be told, and what is on its way to them: an outbox of its own, since there may be very many.

-- `components` has each component between two spaces: ' checkout  stores '. It is empty for those who are told of all. `folded` is the
-- address by which one is known, and `mailbox` where its letters arrive. `asked` is since when somebody is asked whether it was them.
CREATE TABLE subscribers (
    id         BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    audience   TEXT   NOT NULL,
    channel    TEXT   NOT NULL CHECK (channel IN ('email', 'webhook')),
    address    TEXT   NOT NULL,
    folded     TEXT   NOT NULL,
    mailbox    TEXT   NOT NULL,
    locale     TEXT   NOT NULL,
    components TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('unconfirmed', 'active', 'left', 'bounced', 'gone')),
    since      BIGINT NOT NULL,
    failures   BIGINT NOT NULL,
    failed_at  BIGINT,
    asked      BIGINT,
    UNIQUE (folded, channel, audience)
);

CREATE INDEX subscribers_told ON subscribers (audience, id) WHERE state = 'active';
CREATE INDEX subscribers_asked ON subscribers (asked) WHERE asked IS NOT NULL;
CREATE INDEX subscribers_asked_first ON subscribers (mailbox, asked, id) WHERE asked IS NOT NULL;

-- The last number given. None is given twice, whatever is forgotten: the proofs of links are made of them. Those of subscribers run with
-- the clock, so that this also holds for a database that was restored from a backup.
CREATE TABLE subscriber_numbers (
    name TEXT   NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO subscriber_numbers (name, last) VALUES ('subscribers', 0), ('consignments', 0);

-- Something for many, in the order it was handed over. `reached` is the last subscriber for whom it has been laid out.
CREATE TABLE consignments (
    id        BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    key       TEXT   NOT NULL UNIQUE,
    incident  BIGINT NOT NULL,
    number    BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    spreading BIGINT NOT NULL CHECK (spreading IN (0, 1)),
    reached   BIGINT NOT NULL,
    bulk      TEXT   NOT NULL
);

CREATE INDEX consignments_spreading ON consignments (id) WHERE spreading = 1;
CREATE INDEX consignments_asking ON consignments (at) WHERE incident = 0;
CREATE INDEX consignments_about ON consignments (incident, number) WHERE incident <> 0;

-- One thing for one subscriber. As long as it waits, `due_at` is the moment before which nobody may take it; whoever takes it
-- moves that to the end of the lease. `question` is 1 if it asks somebody whether it was them.
CREATE TABLE parcels (
    consignment BIGINT NOT NULL,
    subscriber  BIGINT NOT NULL,
    channel     TEXT   NOT NULL,
    question    BIGINT NOT NULL CHECK (question IN (0, 1)),
    state       TEXT   NOT NULL CHECK (state IN ('waiting', 'done', 'parked', 'moot')),
    due_at      BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    worker      TEXT,
    error       TEXT,
    finished_at BIGINT,
    PRIMARY KEY (consignment, subscriber)
);

-- Most parcels have arrived, and few are under way.
CREATE INDEX parcels_due ON parcels (channel, question, due_at, consignment, subscriber) WHERE state = 'waiting';
CREATE INDEX parcels_first ON parcels (subscriber, consignment) WHERE state = 'waiting' AND question = 0;
CREATE INDEX parcels_leased ON parcels (worker) WHERE worker IS NOT NULL;
CREATE INDEX parcels_parked ON parcels (finished_at) WHERE state = 'parked';
CREATE INDEX parcels_finished ON parcels (finished_at) WHERE finished_at IS NOT NULL;

-- What a decision leaves to be done: effects, timers, and the reply to whoever asks again.

-- Effects. Those of one `lane` go out one after another, by `position`; a row that is waiting may be leased.
CREATE TABLE outbox (
    key          TEXT   NOT NULL PRIMARY KEY,
    incident     BIGINT NOT NULL,
    lane         TEXT   NOT NULL,
    position     BIGINT NOT NULL,
    urgency      BIGINT NOT NULL CHECK (urgency >= 0),
    mark         TEXT,
    due_at       BIGINT NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('waiting', 'done', 'superseded', 'dead')),
    attempts     BIGINT NOT NULL CHECK (attempts >= 0),
    worker       TEXT,
    leased_until BIGINT,
    error        TEXT,
    external     TEXT,
    effect       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT,
    CHECK ((worker IS NULL) = (leased_until IS NULL)),
    CHECK ((state = 'waiting') = (finished_at IS NULL))
);

-- What dispatching costs depends on what is waiting, not on all that was ever done.
CREATE INDEX outbox_queue ON outbox (urgency, due_at, position) WHERE state = 'waiting';
CREATE INDEX outbox_lanes ON outbox (lane, position) WHERE state = 'waiting';
CREATE INDEX outbox_marks ON outbox (mark) WHERE state = 'waiting' AND mark IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (finished_at) WHERE state = 'dead';

-- Pending timers. A timer that has been fired or cleared is gone.
CREATE TABLE timers (
    key      TEXT   NOT NULL PRIMARY KEY,
    incident BIGINT NOT NULL,
    due_at   BIGINT NOT NULL,
    alarm    TEXT   NOT NULL
);

CREATE INDEX timers_due ON timers (due_at, key);

-- The replies to requests that changed something, so that a repeated request changes nothing.
CREATE TABLE replies (
    request TEXT   NOT NULL PRIMARY KEY,
    reply   TEXT   NOT NULL,
    at      BIGINT NOT NULL
);

CREATE INDEX replies_age ON replies (at);

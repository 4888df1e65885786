-- Who people are on other platforms, what lets them in, and what they were told in the console.

-- Which person a chat identity is.
CREATE TABLE chat_links (
    platform  TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (platform, id)
);

-- Codes with which a person links a chat identity. Only the hash is kept; a used code is gone.
CREATE TABLE link_codes (
    hash       TEXT   NOT NULL PRIMARY KEY,
    person     TEXT   NOT NULL,
    good_until BIGINT NOT NULL
);

CREATE INDEX link_codes_age ON link_codes (good_until);

-- Login links, sessions and tokens. Only the hash is kept.
CREATE TABLE credentials (
    hash       TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL CHECK (kind IN ('login_link', 'session', 'token')),
    person     TEXT   NOT NULL,
    label      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);

-- What was said in the console. `place` orders what was said at the same moment.
CREATE TABLE messages (
    key       TEXT   NOT NULL PRIMARY KEY,
    incident  BIGINT NOT NULL,
    to_person TEXT,
    at        BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    view      TEXT   NOT NULL
);

CREATE INDEX messages_said ON messages (incident, at, place) WHERE to_person IS NULL;
CREATE INDEX messages_told ON messages (to_person, at, place) WHERE to_person IS NOT NULL;

-- One row that is written to prove that writing is possible.
CREATE TABLE liveness (
    id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    beats BIGINT NOT NULL
);

INSERT INTO liveness (id, beats) VALUES (1, 0);

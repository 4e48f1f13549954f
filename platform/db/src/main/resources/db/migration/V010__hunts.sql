-- Rules that were run over stored events, and what they found.
CREATE TABLE hunts (
    tenant_id      text NOT NULL REFERENCES tenants,
    hunt_id        uuid NOT NULL,
    title          text NOT NULL,
    rule_text      text,            -- a rule that was given with the request; null when known rules were run
    rule_ids       text[] NOT NULL, -- known rules; empty with a text, or when all were run
    from_time      timestamptz NOT NULL,
    to_time        timestamptz NOT NULL,
    raise          boolean NOT NULL,
    state          text NOT NULL
        CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed', 'interrupted')),
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    scanned_events bigint NOT NULL,
    hits           bigint NOT NULL,
    note           text,
    PRIMARY KEY (tenant_id, hunt_id),
    CHECK ((ended_at IS NULL) = (state IN ('waiting', 'running')))
);
CREATE INDEX hunts_newest ON hunts (tenant_id, created_at DESC, hunt_id DESC);
CALL isolate('hunts');

CREATE TABLE hunt_hits (
    tenant_id    text NOT NULL,
    hunt_id      uuid NOT NULL,
    rule_id      text NOT NULL,
    title        text NOT NULL,
    level        text NOT NULL,
    hits         bigint NOT NULL,
    days         date[] NOT NULL,
    day_hits     bigint[] NOT NULL,
    newest_ids   uuid[] NOT NULL,
    newest_times timestamptz[] NOT NULL,
    PRIMARY KEY (tenant_id, hunt_id, rule_id),
    FOREIGN KEY (tenant_id, hunt_id) REFERENCES hunts ON DELETE CASCADE
);
CALL isolate('hunt_hits');

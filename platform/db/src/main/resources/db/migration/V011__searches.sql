-- What people keep of their searches. Rows are the tenant's by row security and a person's by `owner` in every statement.
CREATE TABLE saved_views (
    tenant_id   text NOT NULL REFERENCES tenants,
    view_id     uuid NOT NULL,
    owner       text NOT NULL, -- who made it, as the audit names it
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    name_key    text NOT NULL, -- in lower case
    description text NOT NULL CHECK (length(description) <= 2000),
    query       text NOT NULL CHECK (length(query) <= 16384),
    rule_id     text,
    last        text,          -- a length such as 24h, counted back from when the view is opened
    from_time   timestamptz,
    to_time     timestamptz,
    columns     text[] NOT NULL,
    display     text NOT NULL CHECK (display IN ('events', 'table', 'chart')),
    shared      boolean NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    version     integer NOT NULL,
    PRIMARY KEY (tenant_id, view_id),
    UNIQUE (tenant_id, owner, name_key),
    CHECK ((from_time IS NULL) = (to_time IS NULL) AND (last IS NULL OR from_time IS NULL))
);
CREATE INDEX saved_views_shared ON saved_views (tenant_id) WHERE shared;
CALL isolate('saved_views');

CREATE TABLE search_history (
    tenant_id      text NOT NULL REFERENCES tenants,
    owner          text NOT NULL,
    entry_id       uuid NOT NULL, -- derived from owner, rule and text: the same question is one entry
    query          text NOT NULL,
    rule_id        text,
    from_time      timestamptz NOT NULL,
    to_time        timestamptz NOT NULL,
    at             timestamptz NOT NULL,
    runs           bigint NOT NULL,
    took_ms        double precision NOT NULL,
    found          bigint NOT NULL,
    scanned_events bigint NOT NULL,
    scanned_bytes  bigint NOT NULL,
    outcome        text NOT NULL CHECK (outcome IN ('done', 'partial', 'cancelled', 'failed')),
    PRIMARY KEY (tenant_id, owner, entry_id)
);
CREATE INDEX search_history_newest ON search_history (tenant_id, owner, at DESC);
CALL isolate('search_history');

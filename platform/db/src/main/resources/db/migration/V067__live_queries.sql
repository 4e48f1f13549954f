-- What people ask hosts at once, and what each of them answered.

CREATE TABLE live_queries (
    tenant_id    text NOT NULL REFERENCES tenants,
    query_id     uuid NOT NULL,
    sql          text NOT NULL CHECK (length(sql) BETWEEN 1 AND 10000),
    discovery    text NOT NULL CHECK (length(discovery) <= 10000), -- only hosts where it finds something are asked; empty: all
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    cancelled_at timestamptz,
    hosts        integer NOT NULL,
    -- Counted in the transaction of each answer, whose number the first of them is: nobody who reads by it misses one.
    answered     integer NOT NULL DEFAULT 0,
    failed       integer NOT NULL DEFAULT 0,
    row_count    bigint NOT NULL DEFAULT 0,
    kept_bytes   bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, query_id)
) WITH (fillfactor = 50);
CALL isolate('live_queries');

CREATE TABLE live_query_hosts (
    tenant_id   text NOT NULL,
    query_id    uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    hostname    text NOT NULL, -- as it was called then
    state       text NOT NULL CHECK (state IN ('waiting', 'sent', 'answered', 'failed')),
    tries       smallint NOT NULL DEFAULT 0,
    sent_at     timestamptz,
    seq         integer, -- of the answer, from 1
    answered_at timestamptz,
    status      integer, -- 0: it went well
    message     text NOT NULL DEFAULT '',
    row_count   integer NOT NULL DEFAULT 0,
    truncated   boolean NOT NULL DEFAULT false,
    rows        text NOT NULL DEFAULT '[]',
    wall_ms     bigint,
    PRIMARY KEY (tenant_id, query_id, endpoint_id),
    FOREIGN KEY (tenant_id, query_id) REFERENCES live_queries ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX live_query_hosts_open ON live_query_hosts (tenant_id, endpoint_id) WHERE state IN ('waiting', 'sent');
CREATE UNIQUE INDEX live_query_hosts_seq ON live_query_hosts (tenant_id, query_id, seq) WHERE seq IS NOT NULL;
CALL isolate('live_query_hosts');

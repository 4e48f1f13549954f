-- What became of every record: the ledger, the dead letters, and how far the workers are.

-- One row for each source and format of a tenant. Counted in the transaction that also moves the worker's position, so
-- that received = stored + deduplicated + dead holds in every row, whatever crashed.
CREATE TABLE source_counters (
    tenant_id         text NOT NULL,
    origin            text NOT NULL,
    format            text NOT NULL,
    received          bigint NOT NULL,
    stored            bigint NOT NULL,
    deduplicated      bigint NOT NULL,
    dead              bigint NOT NULL,
    bytes             bigint NOT NULL,
    log_sources       text[] NOT NULL,
    first_received_at timestamptz NOT NULL,
    last_received_at  timestamptz NOT NULL,
    last_event_at     timestamptz,
    last_dead_at      timestamptz,
    last_error        text,
    last_error_at     timestamptz,
    PRIMARY KEY (tenant_id, origin, format),
    CHECK (received = stored + deduplicated + dead)
);
CALL isolate('source_counters');

-- Records that could not become events, whole, so that they can be sent again when the reason is gone.
CREATE TABLE dead_letters (
    tenant_id   text NOT NULL,
    record_id   uuid NOT NULL,
    received_at timestamptz NOT NULL,
    died_at     timestamptz NOT NULL,
    origin      text NOT NULL,
    format      text NOT NULL,
    flags       smallint NOT NULL,
    reason      text NOT NULL,
    record      bytea NOT NULL,
    copies      integer NOT NULL, -- how many records had this id and died
    state       text NOT NULL CHECK (state IN ('dead', 'replayed')),
    replayed_at timestamptz,
    PRIMARY KEY (tenant_id, record_id)
);
CREATE INDEX dead_letters_newest ON dead_letters (tenant_id, received_at DESC, record_id DESC);
CALL isolate('dead_letters');

-- Tables of the installation, not of a tenant: a log partition has records of many tenants. They hold offsets and, in
-- the snapshots, what correlations and the duplicate window remember, as bytes that only the worker reads.
CREATE TABLE worker_positions (
    log_partition integer NOT NULL,
    stream        text NOT NULL,   -- whose records: the tenant's name
    next_offset   bigint NOT NULL, -- decisions were taken for all of its records before this
    committed_at  timestamptz NOT NULL,
    PRIMARY KEY (log_partition, stream)
);
CREATE TABLE worker_snapshots (
    log_partition integer NOT NULL,
    next_offset   bigint NOT NULL, -- the state after all records before it
    part          integer NOT NULL,
    parts         integer NOT NULL,
    state         bytea NOT NULL,
    PRIMARY KEY (log_partition, next_offset, part)
);
ALTER TABLE worker_snapshots ALTER COLUMN state SET STORAGE EXTERNAL;

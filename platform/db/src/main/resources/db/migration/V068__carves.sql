-- Files that hosts send whole when a query asks for them. Here and not in a folder: isolated, counted and erased as all rows of
-- a tenant are, and a block is there whole or not at all.

CREATE TABLE carves (
    tenant_id      text NOT NULL REFERENCES tenants,
    carve_id       uuid NOT NULL,
    endpoint_id    uuid NOT NULL,
    hostname       text NOT NULL, -- as it was called then
    host_carve_id  text NOT NULL, -- as the host calls it
    request_id     text NOT NULL, -- the query that asked, as the host says
    secret_hash    bytea NOT NULL CHECK (length(secret_hash) = 32),
    state          text NOT NULL CHECK (state IN ('receiving', 'complete')),
    size           bigint NOT NULL CHECK (size BETWEEN 1 AND 268435456),
    block_size     integer NOT NULL CHECK (block_size BETWEEN 1 AND 8388608),
    block_count    integer NOT NULL CHECK (block_count >= 1),
    received       integer NOT NULL DEFAULT 0,
    sha256         bytea CHECK (length(sha256) = 32), -- of the whole, when it is complete
    started_at     timestamptz NOT NULL,
    last_block_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, carve_id)
);
CALL isolate('carves');

CREATE TABLE carve_blocks (
    tenant_id text NOT NULL,
    carve_id  uuid NOT NULL,
    block     integer NOT NULL,
    data      bytea NOT NULL,
    PRIMARY KEY (tenant_id, carve_id, block),
    FOREIGN KEY (tenant_id, carve_id) REFERENCES carves ON DELETE CASCADE
);
ALTER TABLE carve_blocks ALTER COLUMN data SET STORAGE EXTERNAL; -- archives are packed already
CALL isolate('carve_blocks');

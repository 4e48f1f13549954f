-- Indicators of compromise that a tenant keeps, and where they were seen.

-- The number that a tenant's next indicator gets. Seen by the installation, too: so that one question finds who has any.
CREATE TABLE indicator_numbers (
    tenant_id text PRIMARY KEY REFERENCES tenants,
    next      integer NOT NULL
);
ALTER TABLE indicator_numbers ENABLE ROW LEVEL SECURITY;
ALTER TABLE indicator_numbers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON indicator_numbers
    USING (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation')
    WITH CHECK (tenant_id = current_setting('marsad.tenant', true));

CREATE TABLE indicators (
    tenant_id    text NOT NULL REFERENCES tenants,
    indicator_id uuid NOT NULL,         -- of tenant, type and value: a value is listed once
    number       integer NOT NULL,      -- on the stream; another one whenever it comes back to life
    type         text NOT NULL CHECK (type IN ('ip', 'network', 'domain', 'hash', 'url', 'email')),
    value        text NOT NULL CHECK (length(value) BETWEEN 1 AND 2048),
    confidence   smallint NOT NULL CHECK (confidence BETWEEN 0 AND 100),
    tlp          text NOT NULL CHECK (tlp IN ('clear', 'green', 'amber', 'amber+strict', 'red')),
    source       text NOT NULL CHECK (length(source) BETWEEN 1 AND 200),
    description  text NOT NULL,
    tags         text[] NOT NULL,
    valid_from   timestamptz NOT NULL,
    valid_until  timestamptz,           -- null: until somebody revokes it
    revoked      boolean NOT NULL,
    warning      text,                  -- the warning list that it is on: not looked for, unless somebody says so
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      integer NOT NULL,
    sightings    bigint NOT NULL DEFAULT 0,
    first_seen   timestamptz,
    last_seen    timestamptz,
    PRIMARY KEY (tenant_id, indicator_id),
    UNIQUE (tenant_id, number)
);
CREATE INDEX indicators_newest ON indicators (tenant_id, created_at DESC, indicator_id);
CREATE INDEX indicators_seen ON indicators (tenant_id, last_seen DESC) WHERE last_seen IS NOT NULL;
CALL isolate('indicators');

-- The newest sightings of each.
CREATE TABLE indicator_sightings (
    tenant_id    text NOT NULL,
    indicator_id uuid NOT NULL,
    event_id     uuid NOT NULL,
    time         timestamptz NOT NULL,  -- of the event
    field        text NOT NULL,
    value        text NOT NULL,         -- as the event has it
    PRIMARY KEY (tenant_id, indicator_id, event_id),
    FOREIGN KEY (tenant_id, indicator_id) REFERENCES indicators ON DELETE CASCADE
);
CREATE INDEX indicator_sightings_newest ON indicator_sightings (tenant_id, indicator_id, time DESC);
CALL isolate('indicator_sightings');

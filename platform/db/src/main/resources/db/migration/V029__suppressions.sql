-- What is not to become an alert, by whom, why and until when; and what was hidden by it.

CREATE TABLE suppressions (
    tenant_id      text NOT NULL REFERENCES tenants,
    suppression_id uuid NOT NULL,
    rules          text[] NOT NULL,     -- ids; empty: any rule
    query          text NOT NULL,       -- of the search language, about the events; empty: any event
    entity         text,                -- a value in lower case that the alert would name
    reason         text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    owner          text NOT NULL,       -- who made it: user:UUID, token:UUID
    owner_name     text NOT NULL,
    starts_at      timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        integer NOT NULL,
    hits           bigint NOT NULL DEFAULT 0,
    last_hit_at    timestamptz,
    PRIMARY KEY (tenant_id, suppression_id),
    CHECK (starts_at < expires_at),
    CHECK (rules <> '{}' OR query <> '' OR entity IS NOT NULL)
);
CALL isolate('suppressions');

-- The newest of what each has hidden. The id is the one that the alert would have: found again it is not counted again.
CREATE TABLE suppression_hits (
    tenant_id      text NOT NULL,
    suppression_id uuid NOT NULL,
    firing_id      uuid NOT NULL,
    hit_at         timestamptz NOT NULL,
    time           timestamptz NOT NULL, -- of the newest evidence
    rule_id        text NOT NULL,
    title          text NOT NULL,
    event_id       uuid NOT NULL,
    PRIMARY KEY (tenant_id, suppression_id, firing_id),
    FOREIGN KEY (tenant_id, suppression_id) REFERENCES suppressions ON DELETE CASCADE
);
CREATE INDEX suppression_hits_newest ON suppression_hits (tenant_id, suppression_id, hit_at DESC, firing_id);
CALL isolate('suppression_hits');

-- Grows with every change of the tenant's suppressions: who has them compiled sees whether they still are what is there.
CREATE TABLE suppression_versions (
    tenant_id text PRIMARY KEY REFERENCES tenants,
    version   bigint NOT NULL
);
CALL isolate('suppression_versions');

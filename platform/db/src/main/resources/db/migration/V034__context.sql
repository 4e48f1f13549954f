-- What a tenant knows of its entities: crown jewels, people to look after, maintenance. It makes alerts about them weigh more or
-- less.

CREATE TABLE context_facts (
    tenant_id  text NOT NULL REFERENCES tenants,
    fact_id    uuid NOT NULL,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind       text NOT NULL CHECK (kind IN ('crown_jewel', 'vip', 'maintenance', 'other')),
    entity_kind text,            -- null: any kind
    pattern    text NOT NULL CHECK (length(pattern) BETWEEN 1 AND 512), -- in lower case; * is any text
    risk       numeric NOT NULL CHECK (risk BETWEEN -1 AND 1),
    severity_shift smallint NOT NULL CHECK (severity_shift BETWEEN -4 AND 4),
    reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    owner      text NOT NULL,    -- who made it: user:UUID, token:UUID
    owner_name text NOT NULL,
    starts_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    integer NOT NULL,
    PRIMARY KEY (tenant_id, fact_id),
    CHECK (starts_at < expires_at)
);
CALL isolate('context_facts');

-- Which of them made a contribution weigh what it weighs, by name: they stay when the fact is changed or deleted.
ALTER TABLE risk_contributions ADD COLUMN facts text[] NOT NULL DEFAULT '{}';

-- What the rule said, where something that is known of an entity says otherwise.
ALTER TABLE alerts ADD COLUMN rule_severity smallint CHECK (rule_severity BETWEEN 1 AND 5);

-- Which services a tenant has asked about addresses, names and files, how often, and what they said. Their keys are in the
-- vault.

CREATE TABLE intel_sources (
    tenant_id   text NOT NULL REFERENCES tenants,
    source      text NOT NULL CHECK (source ~ '^[a-z0-9-]{1,64}$'),
    enabled     boolean NOT NULL,
    per_minute  integer NOT NULL CHECK (per_minute BETWEEN 1 AND 100000),
    per_day     integer NOT NULL CHECK (per_day BETWEEN 1 AND 10000000),
    minute      bigint NOT NULL DEFAULT 0,  -- epoch minutes, of minute_used
    minute_used integer NOT NULL DEFAULT 0,
    day         bigint NOT NULL DEFAULT 0,  -- epoch days, of day_used
    day_used    integer NOT NULL DEFAULT 0,
    answered_at timestamptz,                -- last
    failed_at   timestamptz,                -- last
    failure     text,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, source)
);
CALL isolate('intel_sources');

CREATE TABLE intel_answers (
    tenant_id  text NOT NULL,
    answer_id  uuid NOT NULL,               -- of source and indicator
    source     text NOT NULL,
    indicator  text NOT NULL,
    body       text NOT NULL,               -- as it came
    asked_at   timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, answer_id),
    FOREIGN KEY (tenant_id, source) REFERENCES intel_sources ON DELETE CASCADE
);
CREATE INDEX intel_answers_old ON intel_answers (tenant_id, expires_at);
CALL isolate('intel_answers');

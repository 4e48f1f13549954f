-- Which language model a tenant has asked about what its rules leave open, and how much of it. The key is in the vault.

CREATE TABLE model_settings (
    tenant_id      text PRIMARY KEY REFERENCES tenants,
    version        bigint NOT NULL,            -- a question belongs to the setting that it was begun by
    enabled        boolean NOT NULL,
    provider       text NOT NULL CHECK (provider IN ('openai', 'anthropic', 'ollama')),
    url            text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    model          text NOT NULL CHECK (length(model) BETWEEN 1 AND 200),
    seconds        integer NOT NULL CHECK (seconds BETWEEN 1 AND 60),
    calls_per_day  integer NOT NULL CHECK (calls_per_day BETWEEN 1 AND 1000000),
    tokens_per_day bigint NOT NULL CHECK (tokens_per_day BETWEEN 1 AND 10000000000),
    day            bigint NOT NULL DEFAULT 0,  -- epoch days, of what is used
    calls_used     integer NOT NULL DEFAULT 0,
    tokens_used    bigint NOT NULL DEFAULT 0,
    answered_at    timestamptz,                -- last
    failed_at      timestamptz,                -- last
    failure        text,
    updated_at     timestamptz NOT NULL
);
CALL isolate('model_settings');

ALTER TABLE model_calls ADD COLUMN prompt_version text NOT NULL DEFAULT '';
ALTER TABLE model_calls ADD COLUMN tokens integer NOT NULL DEFAULT 0 CHECK (tokens >= 0);
ALTER TABLE model_calls DROP CONSTRAINT model_calls_outcome_check;
ALTER TABLE model_calls ADD CHECK
    (outcome IN ('asked', 'said', 'timed_out', 'refused', 'steered', 'failed', 'over_budget'));

-- Hosts that report to the platform, and the secrets by which they are let in. Neither a secret nor a key is kept.

CREATE TABLE enroll_secrets (
    tenant_id      text NOT NULL REFERENCES tenants,
    secret_id      uuid NOT NULL,
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    secret_hash    bytea NOT NULL CHECK (length(secret_hash) = 32),
    endpoint_group text NOT NULL CHECK (length(endpoint_group) BETWEEN 1 AND 100),
    one_time       boolean NOT NULL,
    expires_at     timestamptz,
    revoked_at     timestamptz,
    uses           bigint NOT NULL DEFAULT 0,
    last_used_at   timestamptz,
    last_used_host text,
    refused_at     timestamptz, -- when the audit log was last told that it was refused
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, secret_id)
);
CALL isolate('enroll_secrets');

CREATE TABLE endpoints (
    tenant_id       text NOT NULL REFERENCES tenants,
    endpoint_id     uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('osquery', 'agent')),
    host_identifier text NOT NULL,
    hardware_uuid   text NOT NULL, -- empty: the host does not say
    hostname        text NOT NULL,
    platform        text NOT NULL,
    os_version      text NOT NULL,
    software        text NOT NULL, -- version of what reports
    endpoint_group  text NOT NULL,
    secret_id       uuid NOT NULL, -- by which it came last
    key_hash        bytea NOT NULL CHECK (length(key_hash) = 32),
    enrolled_at     timestamptz NOT NULL,
    last_seen_at    timestamptz NOT NULL,
    last_address    text NOT NULL,
    revoked_at      timestamptz,
    PRIMARY KEY (tenant_id, endpoint_id),
    UNIQUE (tenant_id, kind, host_identifier, hardware_uuid)
);
CALL isolate('endpoints');

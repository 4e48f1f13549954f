-- What a tenant has of connectors, how actions were carried out, and what they are signed with.

CREATE TABLE connections (
    tenant_id     text NOT NULL REFERENCES tenants,
    connection_id uuid NOT NULL,
    connector     text NOT NULL,              -- the name of a manifest
    name          text NOT NULL,
    config        jsonb NOT NULL,             -- secrets are in the vault: kind 'connection', name 'ID/SECRET'
    enabled       boolean NOT NULL,
    state         text NOT NULL CHECK (state IN ('untested', 'ok', 'failing')),
    problem       text,                       -- of the last test, when it failed
    tested_at     timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, connection_id)
);
CREATE UNIQUE INDEX connections_names ON connections (tenant_id, lower(name));
CALL isolate('connections');

-- Who carries an action out, written down before it is done; and what it gave.
CREATE TABLE action_calls (
    tenant_id     text NOT NULL REFERENCES tenants,
    action_id     uuid NOT NULL,
    connection_id uuid,                       -- null: the platform itself
    operation     text NOT NULL,
    parameters    jsonb NOT NULL,             -- of the operation
    outputs       jsonb,                      -- of the operation; null: it is not known to be done
    at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, action_id)
);
CALL isolate('action_calls');

-- The public halves; the private ones are in the vault: kind 'action-key', name KEY.
CREATE TABLE action_keys (
    tenant_id   text NOT NULL REFERENCES tenants,
    key_id      text NOT NULL,
    public_key  bytea NOT NULL,               -- X.509
    not_before  timestamptz NOT NULL,
    signs_until timestamptz NOT NULL,         -- another one signs from then on
    not_after   timestamptz NOT NULL,         -- nothing that it signed is done from then on
    PRIMARY KEY (tenant_id, key_id)
);
CALL isolate('action_keys');

ALTER TABLE actions
    ADD COLUMN carried_by          text,
    ADD COLUMN envelope            text,      -- DSSE, as it was signed before it was begun
    ADD COLUMN envelope_key        text,
    ADD COLUMN envelope_hash       text,      -- sha256 of the envelope
    ADD COLUMN verification        text CHECK (verification IN ('pending', 'confirmed', 'not_so', 'unable')),
    ADD COLUMN verification_detail text,
    ADD COLUMN verified_at         timestamptz,
    ADD COLUMN checks              integer NOT NULL DEFAULT 0;
CREATE INDEX actions_reverses ON actions (tenant_id, reverses) WHERE reverses IS NOT NULL;

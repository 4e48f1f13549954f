-- Users that are administered, roles that a tenant makes, secrets that change without a gap.

-- A deleted user stays as a name: what was done by them still says by whom.
ALTER TABLE users
    ADD COLUMN last_seen_at timestamptz,
    ADD COLUMN deleted_at   timestamptz,
    DROP CONSTRAINT users_tenant_id_username_key_key;
CREATE UNIQUE INDEX users_name ON users (tenant_id, username_key) WHERE deleted_at IS NULL;
CREATE INDEX users_of_role ON users (tenant_id, role) WHERE deleted_at IS NULL;

-- users.role is the name of one of these or of one that every installation has.
CREATE TABLE roles (
    tenant_id   text NOT NULL REFERENCES tenants,
    role_id     uuid NOT NULL,
    name        text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{1,39}$'
                    AND name NOT IN ('platform_admin', 'tenant_admin', 'soc_analyst', 'auditor')),
    description text NOT NULL CHECK (length(description) <= 500),
    permissions text[] NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, role_id),
    UNIQUE (tenant_id, name)
);
CALL isolate('roles');

-- The secret before the last change, and until when it is still taken.
ALTER TABLE api_tokens
    ADD COLUMN previous_hash  bytea CHECK (length(previous_hash) = 32),
    ADD COLUMN previous_until timestamptz,
    ADD CHECK ((previous_hash IS NULL) = (previous_until IS NULL));

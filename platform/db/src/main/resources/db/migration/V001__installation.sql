-- Tenants, identity, audit, live events.
--
-- House rules for every migration: a table with a tenant_id is isolated (CALL isolate) in the migration that makes it;
-- every unique key begins with tenant_id (an error would else tell of other tenants' values); the application role gets
-- SELECT, INSERT, UPDATE and DELETE on new tables by default.

GRANT USAGE ON SCHEMA marsad TO ${app_role};
ALTER DEFAULT PRIVILEGES IN SCHEMA marsad GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app_role};
ALTER DEFAULT PRIVILEGES IN SCHEMA marsad GRANT USAGE ON SEQUENCES TO ${app_role};

-- Rows are visible, and may be written, only in a transaction of their tenant; where none is set, current_setting gives
-- null or '' and neither equals any tenant.
CREATE PROCEDURE isolate(tenant_table regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %s USING (tenant_id = current_setting(''marsad.tenant'', true)) '
        'WITH CHECK (tenant_id = current_setting(''marsad.tenant'', true))', tenant_table);
END $$;
REVOKE EXECUTE ON PROCEDURE isolate(regclass) FROM PUBLIC;

CREATE TABLE tenants (
    tenant_id  text PRIMARY KEY CHECK (tenant_id ~ '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$'),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL
);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
-- The one table that the installation's own transactions see across tenants: who the tenants are.
CREATE POLICY tenant ON tenants
    USING (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation')
    WITH CHECK (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation');

CREATE TABLE users (
    tenant_id     text NOT NULL REFERENCES tenants,
    user_id       uuid NOT NULL,
    username      text NOT NULL CHECK (length(username) BETWEEN 1 AND 128),
    username_key  text NOT NULL, -- lower case: names differ by more than case
    password_hash text,          -- Argon2id as a PHC string; null: cannot sign in with a password
    role          text NOT NULL,
    disabled      boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    UNIQUE (tenant_id, username_key)
);
CALL isolate('users');

CREATE TABLE sessions (
    tenant_id    text NOT NULL,
    session_id   uuid NOT NULL,
    user_id      uuid NOT NULL,
    secret_hash  bytea NOT NULL CHECK (length(secret_hash) = 32),
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    address      text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, session_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CREATE INDEX sessions_of_user ON sessions (tenant_id, user_id);
CALL isolate('sessions');

CREATE TABLE api_tokens (
    tenant_id    text NOT NULL REFERENCES tenants,
    token_id     uuid NOT NULL,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    permissions  text[] NOT NULL,
    secret_hash  bytea NOT NULL CHECK (length(secret_hash) = 32),
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    PRIMARY KEY (tenant_id, token_id)
);
CALL isolate('api_tokens');

-- Failed sign-ins, for names that exist and names that do not alike (no tenant_id: the tenant itself may not exist).
CREATE TABLE sign_in_attempts (
    attempt_key bytea PRIMARY KEY, -- SHA-256 of tenant and name
    failures    integer NOT NULL,
    last_at     timestamptz NOT NULL,
    free_at     timestamptz NOT NULL -- no earlier try is looked at
);
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (last_at);

-- What was done by whom, in the transaction that did it; append-only and hash-chained per tenant.
CREATE TABLE audit_log (
    tenant_id text NOT NULL REFERENCES tenants,
    seq       bigint NOT NULL,
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    action    text NOT NULL,
    object    text NOT NULL,
    detail    text NOT NULL CHECK (detail IS JSON OBJECT), -- text, because the hash is over these very bytes
    prev_hash bytea NOT NULL CHECK (length(prev_hash) = 32),
    hash      bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant_id, seq)
);
CALL isolate('audit_log');
REVOKE UPDATE, DELETE ON audit_log FROM ${app_role};

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: it is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What happens, as it happens: numbered per tenant without gaps and in the order of commits, because whoever appends
-- holds the tenant's position row until it commits.
CREATE TABLE live_positions (
    tenant_id text PRIMARY KEY REFERENCES tenants,
    last_seq  bigint NOT NULL
);
CALL isolate('live_positions');

CREATE TABLE live_events (
    tenant_id  text NOT NULL REFERENCES tenants,
    seq        bigint NOT NULL,
    kind       text NOT NULL,
    payload    jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX live_events_age ON live_events (tenant_id, created_at);
CALL isolate('live_events');

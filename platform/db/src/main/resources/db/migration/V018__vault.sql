-- Secrets that have to be read again: each is encrypted by a data key of its tenant, and that by a master key, which is
-- never in the database.

-- Which master keys there are, by the first eight digits of a hash; the keys themselves are elsewhere.
CREATE TABLE vault_master_keys (
    key_id text PRIMARY KEY CHECK (key_id ~ '^[0-9a-f]{8}$'),
    state  text NOT NULL CHECK (state IN ('current', 'leaving', 'gone')),
    since  timestamptz NOT NULL
);
CREATE UNIQUE INDEX vault_master_keys_current ON vault_master_keys (state) WHERE state = 'current';

-- Data keys made before this are to be replaced: a rotation that was killed goes on by it.
CREATE TABLE vault_rotation (
    single         boolean PRIMARY KEY DEFAULT true CHECK (single),
    data_keys_from timestamptz NOT NULL
);

CREATE TABLE vault_data_keys (
    tenant_id  text NOT NULL REFERENCES tenants,
    key_id     integer NOT NULL CHECK (key_id > 0),
    master_key text NOT NULL REFERENCES vault_master_keys,
    wrapped    bytea NOT NULL,
    in_use     boolean NOT NULL, -- new secrets are encrypted by it; the others leave
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key_id)
);
CREATE UNIQUE INDEX vault_data_keys_in_use ON vault_data_keys (tenant_id) WHERE in_use;
CALL isolate('vault_data_keys');

CREATE TABLE vault_secrets (
    tenant_id  text NOT NULL,
    kind       text NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    data_key   integer NOT NULL,
    sealed     bytea NOT NULL CHECK (length(sealed) <= 66000),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, kind, name),
    FOREIGN KEY (tenant_id, data_key) REFERENCES vault_data_keys
);
CREATE INDEX vault_secrets_of_key ON vault_secrets (tenant_id, data_key);
CALL isolate('vault_secrets');

-- Every tenant's data keys and how many secrets each encrypts. With the caller's own rights, as tenants_with_work.
CREATE FUNCTION vault_usage(OUT tenant text, OUT data_key integer, OUT master text, OUT used boolean,
    OUT made timestamptz, OUT secrets bigint) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    FOR tenant IN SELECT t.tenant_id FROM tenants t ORDER BY t.tenant_id LOOP
        PERFORM set_config('marsad.tenant', tenant, true);
        FOR data_key, master, used, made, secrets IN
            SELECT k.key_id, k.master_key, k.in_use, k.created_at,
                (SELECT count(*) FROM vault_secrets s WHERE s.tenant_id = k.tenant_id AND s.data_key = k.key_id)
            FROM vault_data_keys k WHERE k.tenant_id = tenant ORDER BY k.key_id LOOP
            RETURN NEXT;
        END LOOP;
    END LOOP;
    PERFORM set_config('marsad.tenant', '', true);
END $$;

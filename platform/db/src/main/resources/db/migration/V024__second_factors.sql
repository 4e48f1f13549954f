-- Codes of an authenticator app as a second factor, and which roles need one. The secrets are in the vault.
CREATE TABLE authenticator_apps (
    tenant_id    text NOT NULL,
    user_id      uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz,           -- null: no code was shown yet, and none is asked for
    last_step    bigint NOT NULL DEFAULT 0, -- of 30 s since 1970; codes up to this one are spent
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CALL isolate('authenticator_apps');

-- For who has lost the device: each is good once.
CREATE TABLE recovery_codes (
    tenant_id text NOT NULL,
    user_id   uuid NOT NULL,
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32), -- SHA-256 of 80 random bits
    PRIMARY KEY (tenant_id, user_id, code_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES authenticator_apps ON DELETE CASCADE
);
CALL isolate('recovery_codes');

-- Who has one of these roles can do nothing without a second factor but set one up.
CREATE TABLE second_factor_roles (
    tenant_id text NOT NULL REFERENCES tenants,
    role      text NOT NULL,
    PRIMARY KEY (tenant_id, role)
);
CALL isolate('second_factor_roles');

-- What access tokens are signed with (no tenant_id: the installation's own). The private keys are in the vault, with the
-- installation's own tenant.
CREATE TABLE signing_keys (
    key_id     text PRIMARY KEY CHECK (key_id ~ '^[A-Za-z0-9_-]{1,60}$'),
    algorithm  text NOT NULL CHECK (algorithm IN ('EdDSA', 'RS256')),
    public_key bytea NOT NULL,       -- SubjectPublicKeyInfo
    created_at timestamptz NOT NULL, -- published from then on
    signs_from timestamptz NOT NULL  -- until the next one does
);

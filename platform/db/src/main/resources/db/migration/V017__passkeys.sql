-- What sessions are told apart by, and passkeys.
ALTER TABLE sessions
    ADD COLUMN agent  text NOT NULL DEFAULT '',
    ADD COLUMN method text NOT NULL DEFAULT 'password' CHECK (method IN ('password', 'passkey', 'totp', 'oidc'));

-- What authenticators know people by. Whoever signs in with a passkey names nobody: the installation finds the tenant by
-- the handle, which is 256 random bits, and by nothing else.
CREATE TABLE passkey_handles (
    tenant_id   text NOT NULL,
    user_id     uuid NOT NULL,
    user_handle bytea NOT NULL CHECK (length(user_handle) = 32),
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CREATE INDEX passkey_handles_handle ON passkey_handles (user_handle);
ALTER TABLE passkey_handles ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey_handles FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON passkey_handles
    USING (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation')
    WITH CHECK (tenant_id = current_setting('marsad.tenant', true));

CREATE TABLE passkeys (
    tenant_id       text NOT NULL,
    passkey_id      uuid NOT NULL,
    user_id         uuid NOT NULL,
    credential_id   bytea NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key      bytea NOT NULL CHECK (length(public_key) <= 4096), -- COSE
    sign_count      bigint NOT NULL,
    transports      text[] NOT NULL,
    backup_eligible boolean NOT NULL,
    backed_up       boolean NOT NULL,
    aaguid          uuid NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    created_at      timestamptz NOT NULL,
    last_used_at    timestamptz,
    PRIMARY KEY (tenant_id, passkey_id),
    UNIQUE (tenant_id, credential_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CREATE INDEX passkeys_of_user ON passkeys (tenant_id, user_id);
CALL isolate('passkeys');

-- What authenticators are to sign, once and within minutes; nothing here tells for whom (no tenant_id: who signs in is
-- not known yet).
CREATE TABLE passkey_challenges (
    challenge_key bytea PRIMARY KEY, -- SHA-256 of the challenge and what it is for
    address       text NOT NULL,     -- who asked for it: nobody's many push out others'
    expires_at    timestamptz NOT NULL
);
CREATE INDEX passkey_challenges_age ON passkey_challenges (expires_at);
CREATE INDEX passkey_challenges_address ON passkey_challenges (address, expires_at);

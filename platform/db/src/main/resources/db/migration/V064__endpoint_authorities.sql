-- Endpoints and relays that are known by a certificate, who signs those, and whose signatures they are to obey.

ALTER TABLE enroll_secrets
    ADD COLUMN purpose text NOT NULL DEFAULT 'osquery' CHECK (purpose IN ('osquery', 'agent', 'relay'));

ALTER TABLE endpoints
    DROP CONSTRAINT endpoints_kind_check,
    ADD CHECK (kind IN ('osquery', 'agent', 'relay')),
    -- key_hash of an agent and a relay: SHA-256 of the certificate that is good
    ADD COLUMN key_until        timestamptz,           -- when that one ends; null: it does not
    ADD COLUMN key_before       bytea,                 -- the one before, good as long as its successor may be on its way
    ADD COLUMN key_before_until timestamptz,
    ADD COLUMN lost_records     bigint NOT NULL DEFAULT 0, -- that it could not keep until they were taken
    ADD COLUMN lost_bytes       bigint NOT NULL DEFAULT 0,
    ADD COLUMN waiting_records  bigint NOT NULL DEFAULT 0, -- at a relay
    ADD COLUMN waiting_bytes    bigint NOT NULL DEFAULT 0,
    ADD COLUMN relay_id         uuid,                  -- by which it was heard last; null: by itself
    ADD COLUMN policy_version   bigint NOT NULL DEFAULT 0, -- that is in force on it
    ADD COLUMN policy_refused   text NOT NULL DEFAULT ''; -- why it did not take the newest; empty: it did

-- The private halves are in the vault: kind 'endpoint-authority', name AUTHORITY.
CREATE TABLE authorities (
    tenant_id    text NOT NULL REFERENCES tenants,
    authority_id text NOT NULL,
    certificate  bytea NOT NULL,                       -- DER
    signs_until  timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, authority_id)
);
CALL isolate('authorities');

-- The newest list of the keys whose signatures count, as the authority signed it.
CREATE TABLE key_lists (
    tenant_id    text NOT NULL REFERENCES tenants PRIMARY KEY,
    version      bigint NOT NULL CHECK (version > 0),
    authority_id text NOT NULL,
    keys_hash    bytea NOT NULL CHECK (length(keys_hash) = 32),
    envelope     text NOT NULL,
    signed_at    timestamptz NOT NULL
);
CALL isolate('key_lists');

-- Grows with each change of who is let in: whoever has looked knows by it that there is nothing new.
CREATE TABLE roster_versions (
    tenant_id text NOT NULL REFERENCES tenants PRIMARY KEY,
    version   bigint NOT NULL
);
CALL isolate('roster_versions');

CREATE FUNCTION count_roster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO roster_versions VALUES (coalesce(NEW.tenant_id, OLD.tenant_id), 1)
        ON CONFLICT (tenant_id) DO UPDATE SET version = roster_versions.version + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER endpoints_come_and_go AFTER INSERT OR DELETE ON endpoints
    FOR EACH ROW EXECUTE FUNCTION count_roster();
CREATE TRIGGER endpoints_are_known AFTER UPDATE OF key_hash, key_before, revoked_at, endpoint_group ON endpoints
    FOR EACH ROW EXECUTE FUNCTION count_roster();

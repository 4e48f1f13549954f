-- The audit log says from where, ends where its head says, and is sealed now and then by a signature.

-- Entries of version 1 have neither; the hash of an entry is over its version, too.
ALTER TABLE audit_log
    ADD COLUMN version    smallint NOT NULL DEFAULT 1,
    ADD COLUMN request_id text NOT NULL DEFAULT '',
    ADD COLUMN address    text NOT NULL DEFAULT '';
CREATE INDEX audit_log_age ON audit_log (tenant_id, at);
CREATE INDEX audit_log_actor ON audit_log (tenant_id, actor, seq);
CREATE INDEX audit_log_object ON audit_log (tenant_id, object, seq);

-- Whoever appends holds the tenant's row until the transaction ends: entries are numbered without gaps.
CREATE TABLE audit_heads (
    tenant_id text PRIMARY KEY REFERENCES tenants,
    seq       bigint NOT NULL,
    hash      bytea NOT NULL CHECK (length(hash) = 32)
);
ALTER TABLE audit_log NO FORCE ROW LEVEL SECURITY; -- the owner reads all tenants' entries once
INSERT INTO audit_heads
    SELECT DISTINCT ON (tenant_id) tenant_id, seq, hash FROM audit_log ORDER BY tenant_id, seq DESC;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CALL isolate('audit_heads');
REVOKE DELETE ON audit_heads FROM ${app_role};

-- Signed notes that name an entry and its hash; the newest is kept outside the database, too.
CREATE TABLE audit_checkpoints (
    tenant_id text NOT NULL REFERENCES tenants,
    seq       bigint NOT NULL,
    at        timestamptz NOT NULL,
    note      text NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CALL isolate('audit_checkpoints');
REVOKE UPDATE, DELETE ON audit_checkpoints FROM ${app_role};
CREATE TRIGGER audit_checkpoints_append_only BEFORE UPDATE OR DELETE ON audit_checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON audit_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

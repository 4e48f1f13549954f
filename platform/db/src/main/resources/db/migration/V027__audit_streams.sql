-- Where a tenant's audit log goes besides, as syslog over TLS.
CREATE TABLE audit_streams (
    tenant_id  text PRIMARY KEY REFERENCES tenants,
    host       text NOT NULL CHECK (length(host) BETWEEN 1 AND 253),
    port       integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    authority  text CHECK (length(authority) <= 65536), -- PEM of who signs the receiver's certificate; null: as the machine has it
    sent       bigint NOT NULL, -- the receiver has all entries up to it
    sent_at    timestamptz,
    failed_at  timestamptz,     -- since the last success
    fault      text CHECK (length(fault) <= 1000),
    created_at timestamptz NOT NULL
);
CALL isolate('audit_streams');

-- Tenants whose log has entries that their receiver has not. With the caller's own rights, as tenants_with_work.
CREATE FUNCTION tenants_to_stream(OUT tenant text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    FOR tenant IN SELECT t.tenant_id FROM tenants t WHERE t.state <> 'deleted' ORDER BY t.tenant_id LOOP
        PERFORM set_config('marsad.tenant', tenant, true);
        IF EXISTS (SELECT FROM audit_streams s JOIN audit_heads h ON h.tenant_id = s.tenant_id
                WHERE s.tenant_id = tenant AND h.seq > s.sent) THEN
            RETURN NEXT;
        END IF;
    END LOOP;
    PERFORM set_config('marsad.tenant', '', true);
END $$;

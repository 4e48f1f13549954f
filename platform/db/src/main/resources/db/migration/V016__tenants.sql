-- What state a tenant is in, what it may use, and which tenants have something to be done.

-- A deleted tenant's row stays, for its audit log, which nobody can delete, and so that its id never comes again.
ALTER TABLE tenants
    ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'deleted'));

-- Null: no limit. Like the list of tenants, this is seen by the installation's own transactions across tenants.
CREATE TABLE tenant_quotas (
    tenant_id         text PRIMARY KEY REFERENCES tenants,
    events_per_second bigint CHECK (events_per_second > 0),
    storage_bytes     bigint CHECK (storage_bytes > 0),
    queries           integer CHECK (queries > 0)
);
ALTER TABLE tenant_quotas ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_quotas FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenant_quotas
    USING (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation')
    WITH CHECK (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation');

-- For each tenant whether there is something of a kind. It goes from tenant to tenant inside the server, because a
-- transaction for each would take seconds with a thousand of them; it runs with the caller's own rights.
CREATE FUNCTION tenants_with_work(OUT tenant text, OUT unsealed boolean, OUT hunts boolean, OUT schedules boolean,
    OUT letters boolean) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    FOR tenant IN SELECT t.tenant_id FROM tenants t ORDER BY t.tenant_id LOOP
        PERFORM set_config('marsad.tenant', tenant, true);
        unsealed := EXISTS (SELECT FROM audit_heads h WHERE h.tenant_id = tenant AND h.seq >
            coalesce((SELECT max(c.seq) FROM audit_checkpoints c WHERE c.tenant_id = tenant), 0));
        hunts := EXISTS (SELECT FROM hunts h WHERE h.tenant_id = tenant AND h.state IN ('waiting', 'running'));
        schedules := EXISTS (SELECT FROM schedules s WHERE s.tenant_id = tenant AND s.enabled);
        letters := EXISTS (SELECT FROM dead_letters l WHERE l.tenant_id = tenant);
        IF unsealed OR hunts OR schedules OR letters THEN
            RETURN NEXT;
        END IF;
    END LOOP;
    PERFORM set_config('marsad.tenant', '', true);
END $$;

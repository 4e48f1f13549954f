-- A tenant may have a provider: another tenant, whose people act in it as far as that was delegated to them.
ALTER TABLE tenants ADD COLUMN parent_id text REFERENCES tenants CHECK (parent_id <> tenant_id);
CREATE INDEX tenants_of_parent ON tenants (parent_id) WHERE parent_id IS NOT NULL;

-- Who of the provider acts in a tenant, and as what. A row has two parties: it is the tenant's own, and its provider may
-- read it, because its people's sessions are the provider's.
CREATE TABLE delegations (
    tenant_id     text NOT NULL REFERENCES tenants,
    delegation_id uuid NOT NULL,
    provider_id   text NOT NULL REFERENCES tenants CHECK (provider_id <> tenant_id),
    provider_user uuid, -- one of the provider's people,
    provider_role text, -- or everybody with this role there
    role          text NOT NULL CHECK (role IN ('tenant_admin', 'soc_analyst', 'auditor')),
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, delegation_id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, provider_id, provider_user, provider_role),
    CHECK (num_nonnulls(provider_user, provider_role) = 1)
);
CREATE INDEX delegations_of_provider ON delegations (provider_id, tenant_id);
CALL isolate('delegations');
CREATE POLICY provider ON delegations FOR SELECT USING (provider_id = current_setting('marsad.tenant', true));

-- In which tenant somebody acts who belongs to another one.
ALTER TABLE sessions
    ADD COLUMN acting_tenant text,
    ADD COLUMN acting_name   text,
    ADD CHECK (num_nonnulls(acting_tenant, acting_name) IN (0, 2)),
    ADD CHECK (acting_tenant IS NULL OR view_since IS NULL);

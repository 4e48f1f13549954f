-- Packs of osquery that a tenant has written, and which packs its groups of hosts are given. Versions only grow.

CREATE TABLE osquery_packs (
    tenant_id text NOT NULL REFERENCES tenants,
    pack_name text NOT NULL CHECK (length(pack_name) BETWEEN 1 AND 64),
    version   bigint NOT NULL CHECK (version > 0),
    source    text NOT NULL CHECK (length(source) <= 262144), -- as it was written
    note      text NOT NULL,
    made_by   text NOT NULL,
    made_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, pack_name, version)
);
CALL isolate('osquery_packs');

CREATE TABLE osquery_assignments (
    tenant_id      text NOT NULL REFERENCES tenants,
    endpoint_group text NOT NULL CHECK (length(endpoint_group) BETWEEN 1 AND 100),
    version        bigint NOT NULL CHECK (version > 0),
    packs          text[] NOT NULL,
    note           text NOT NULL,
    made_by        text NOT NULL,
    made_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, endpoint_group, version)
);
CALL isolate('osquery_assignments');

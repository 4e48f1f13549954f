-- What the agents of a group are to collect: versions that only grow, each as it was signed.

CREATE TABLE agent_policies (
    tenant_id      text NOT NULL REFERENCES tenants,
    policy_id      uuid NOT NULL,
    endpoint_group text NOT NULL CHECK (length(endpoint_group) BETWEEN 1 AND 100),
    version        bigint NOT NULL CHECK (version > 0),
    collectors     text NOT NULL,                 -- canonical JSON
    note           text NOT NULL,
    made_by        text NOT NULL,
    made_at        timestamptz NOT NULL,
    envelope       text NOT NULL,                 -- DSSE, as JSON
    good_until     timestamptz NOT NULL,          -- from then on no endpoint that does not have it takes it
    PRIMARY KEY (tenant_id, policy_id),
    UNIQUE (tenant_id, endpoint_group, version)
);
CALL isolate('agent_policies');

-- Actions that agents are to do: what was signed for one of them, and what it said came of it.

CREATE TABLE endpoint_actions (
    tenant_id   text NOT NULL REFERENCES tenants,
    action_id   uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    hostname    text NOT NULL,                    -- as it was called then
    envelope    text NOT NULL,                    -- DSSE, as JSON, for this endpoint
    state       text NOT NULL CHECK (state IN ('waiting', 'begun', 'completed', 'failed', 'refused', 'unknown')),
    reason      text NOT NULL DEFAULT '',
    outputs     text NOT NULL DEFAULT '{}',       -- JSON, by name
    proof       text NOT NULL DEFAULT '',         -- JSON, as the agent says
    proof_hash  text NOT NULL DEFAULT '',         -- SHA-256 of it
    asked_at    timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,             -- from then on no agent begins it
    reported_at timestamptz,
    PRIMARY KEY (tenant_id, action_id)
);
CREATE INDEX endpoint_actions_open ON endpoint_actions (tenant_id, expires_at) WHERE state IN ('waiting', 'begun');
CALL isolate('endpoint_actions');

-- Texts that the agents of the group may run when somebody orders it by their SHA-256.
ALTER TABLE agent_policies ADD COLUMN scripts text NOT NULL DEFAULT '[]';

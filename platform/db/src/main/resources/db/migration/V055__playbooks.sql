-- Playbooks, their runs, and the actions that they or people ask for.

CREATE TABLE playbooks (
    tenant_id   text NOT NULL REFERENCES tenants,
    playbook_id uuid NOT NULL,
    name        text NOT NULL,
    enabled     boolean NOT NULL,
    version     text NOT NULL,                -- that is run: sha256 of the canonical document
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, playbook_id)
);
CALL isolate('playbooks');

-- As it was given; never changed.
CREATE TABLE playbook_versions (
    tenant_id   text NOT NULL,
    playbook_id uuid NOT NULL,
    version     text NOT NULL,
    modified    timestamptz NOT NULL,         -- as the document says
    source      text NOT NULL,
    runnable    boolean NOT NULL,
    made_by     text NOT NULL,
    made_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, playbook_id, version),
    FOREIGN KEY (tenant_id, playbook_id) REFERENCES playbooks ON DELETE CASCADE
);
CALL isolate('playbook_versions');

CREATE TABLE playbook_runs (
    tenant_id    text NOT NULL REFERENCES tenants,
    run_id       uuid NOT NULL,
    playbook_id  uuid NOT NULL,
    version      text NOT NULL,
    status       text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled')),
    reason       text,
    started_by   text NOT NULL,               -- a person, a token, or a trigger
    about        text,                        -- alert:UUID, case:UUID
    parent_run   uuid,
    parent_visit integer,
    parent_attempt integer,
    depth        integer NOT NULL,            -- of runs that called one another
    state        jsonb NOT NULL,
    wake_at      timestamptz,                 -- an item of the outbox is due then
    changes      integer NOT NULL DEFAULT 0,  -- so many in the history
    started_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    PRIMARY KEY (tenant_id, run_id),
    FOREIGN KEY (tenant_id, playbook_id, version) REFERENCES playbook_versions
);
CREATE INDEX playbook_runs_newest ON playbook_runs (tenant_id, started_at DESC, run_id);
CREATE INDEX playbook_runs_open ON playbook_runs (tenant_id, playbook_id) WHERE status = 'running';
CALL isolate('playbook_runs');

-- What has happened to a run and is not yet in its state.
CREATE TABLE playbook_events (
    tenant_id text NOT NULL,
    run_id    uuid NOT NULL,
    event_id  uuid NOT NULL DEFAULT uuidv7(),
    event     jsonb NOT NULL,
    PRIMARY KEY (tenant_id, run_id, event_id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES playbook_runs ON DELETE CASCADE
);
CALL isolate('playbook_events');

-- The history of a run.
CREATE TABLE playbook_steps (
    tenant_id text NOT NULL,
    run_id    uuid NOT NULL,
    seq       integer NOT NULL,
    visit     integer NOT NULL,
    parent    integer NOT NULL,
    step      text NOT NULL,
    status    text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'timed_out', 'cancelled')),
    detail    text,
    values    jsonb NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, run_id, seq),
    FOREIGN KEY (tenant_id, run_id) REFERENCES playbook_runs ON DELETE CASCADE
);
CALL isolate('playbook_steps');

CREATE TABLE actions (
    tenant_id       text NOT NULL REFERENCES tenants,
    action_id       uuid NOT NULL,            -- of a run: made of run, visit, attempt and command
    run_id          uuid,
    visit           integer,
    attempt         integer,
    step            text,
    action          text NOT NULL,            -- of the catalogue; 'task' for what a person is to do
    parameters      jsonb NOT NULL,
    parameters_hash text NOT NULL,            -- of their canonical form
    target          text NOT NULL,
    radius          text NOT NULL,
    consent         text NOT NULL CHECK (consent IN ('automatic', 'one_person', 'two_people', 'never')),
    reasons         text[] NOT NULL,
    status          text NOT NULL CHECK (status IN ('requested', 'awaiting_approval', 'dispatched', 'completed',
                        'failed', 'simulated', 'unknown', 'rolled_back', 'refused', 'expired', 'withdrawn')),
    requested_by    text NOT NULL,
    requested_at    timestamptz NOT NULL,
    expires_at      timestamptz,              -- until when somebody may agree
    tries           integer NOT NULL DEFAULT 0,
    dispatched_at   timestamptz,
    ended_at        timestamptz,
    outcome         jsonb,
    reason          text,
    reverses        uuid,                     -- the action that it takes back
    PRIMARY KEY (tenant_id, action_id)
);
CREATE INDEX actions_newest ON actions (tenant_id, requested_at DESC, action_id);
CREATE INDEX actions_waiting ON actions (tenant_id, requested_at)
    WHERE status IN ('awaiting_approval', 'unknown');
CREATE INDEX actions_of_run ON actions (tenant_id, run_id, visit);
CALL isolate('actions');

CREATE TABLE action_approvals (
    tenant_id       text NOT NULL,
    action_id       uuid NOT NULL,
    person          text NOT NULL,
    agrees          boolean NOT NULL,
    parameters_hash text NOT NULL,            -- that were shown
    comment         text,
    at              timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, action_id, person),
    FOREIGN KEY (tenant_id, action_id) REFERENCES actions ON DELETE CASCADE
);
CALL isolate('action_approvals');

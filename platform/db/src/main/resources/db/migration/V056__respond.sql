-- Drafts of playbooks, runs that are begun again, and what a tenant has done by itself.

ALTER TABLE playbooks
    ALTER COLUMN version DROP NOT NULL,             -- null: none of its versions can be run
    ADD COLUMN draft text,                          -- newer than what is run, and cannot be run itself
    ADD COLUMN deleted boolean NOT NULL DEFAULT false,
    ADD CHECK (version IS NOT NULL OR draft IS NOT NULL);

ALTER TABLE playbook_runs ADD COLUMN retried_from uuid;
CREATE INDEX playbook_runs_of ON playbook_runs (tenant_id, playbook_id, started_at DESC, run_id);
CREATE INDEX playbook_runs_about ON playbook_runs (tenant_id, about, started_at DESC, run_id) WHERE about IS NOT NULL;
CREATE INDEX playbook_runs_children ON playbook_runs (tenant_id, parent_run) WHERE parent_run IS NOT NULL;

ALTER TABLE actions ADD COLUMN about text;          -- alert:UUID, case:UUID; of those of a run the run says it
CREATE INDEX actions_targets ON actions (tenant_id, target, requested_at DESC, action_id);

CREATE TABLE response_policies (
    tenant_id    text NOT NULL REFERENCES tenants PRIMARY KEY,
    level        text NOT NULL CHECK (level IN ('L0', 'L1', 'L2', 'L3', 'L4')),
    always_asked text[] NOT NULL,
    never        text[] NOT NULL,
    trusted      jsonb NOT NULL,                    -- action and target of each
    updated_by   text NOT NULL,
    updated_at   timestamptz NOT NULL
);
CALL isolate('response_policies');

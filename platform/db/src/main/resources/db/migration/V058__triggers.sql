-- What starts playbooks by itself.

ALTER TABLE playbook_runs
    ADD COLUMN started_on text CHECK (started_on IN ('alert', 'case', 'schedule', 'webhook')), -- null: by hand, or called
    ADD COLUMN cause_run uuid;             -- the run that made what started it
CREATE INDEX playbook_runs_started ON playbook_runs (tenant_id, playbook_id, started_on, started_at)
    WHERE started_on IS NOT NULL;

-- What would have started it and did not.
ALTER TABLE playbooks
    ADD COLUMN left_count bigint NOT NULL DEFAULT 0,
    ADD COLUMN left_at timestamptz,
    ADD COLUMN left_reason text;

CREATE INDEX actions_that_open_cases ON actions (tenant_id, requested_at) WHERE action = 'create_case';

-- An item of the outbox is due at each of these times.
CREATE TABLE playbook_schedules (
    tenant_id   text NOT NULL,
    playbook_id uuid NOT NULL,
    cron        text NOT NULL,
    next_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, playbook_id, cron),
    FOREIGN KEY (tenant_id, playbook_id) REFERENCES playbooks ON DELETE CASCADE
);
CALL isolate('playbook_schedules');

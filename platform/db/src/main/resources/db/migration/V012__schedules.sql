-- Work that is due at a time (db-scheduler's table). It names tenants and tells nothing else of them.
CREATE TABLE scheduled_tasks (
    task_name            text NOT NULL,
    task_instance        text NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);

-- Searches that run by themselves.
CREATE TABLE schedules (
    tenant_id       text NOT NULL REFERENCES tenants,
    schedule_id     uuid NOT NULL,
    owner           text NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    description     text NOT NULL CHECK (length(description) <= 2000),
    query           text NOT NULL CHECK (length(query) <= 16384),
    rule_id         text,
    view_id         uuid,             -- the view that it was made of, for people
    cron            text NOT NULL,
    time_zone       text NOT NULL,
    max_hits        integer NOT NULL CHECK (max_hits BETWEEN 1 AND 1000),
    alert_level     text,
    alert_threshold bigint,
    enabled         boolean NOT NULL,
    log_offset      bigint NOT NULL,  -- events before it were looked at
    looked_until    timestamptz NOT NULL, -- when that was
    planned_from    timestamptz NOT NULL, -- points of time after it are to come
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         integer NOT NULL,
    PRIMARY KEY (tenant_id, schedule_id),
    CHECK ((alert_level IS NULL) = (alert_threshold IS NULL))
);
CALL isolate('schedules');

CREATE TABLE schedule_runs (
    tenant_id      text NOT NULL,
    run_id         uuid NOT NULL, -- derived from schedule and window: a window that is tried again is one run
    schedule_id    uuid NOT NULL,
    state          text NOT NULL CHECK (state IN ('running', 'done', 'partial', 'failed')),
    started_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    from_time      timestamptz NOT NULL, -- events that came in from then
    to_time        timestamptz NOT NULL,
    from_offset    bigint NOT NULL,
    to_offset      bigint NOT NULL,
    hits           bigint NOT NULL,
    exact          boolean NOT NULL,
    kept           integer NOT NULL,
    missed         integer NOT NULL, -- points of time that passed without a run
    error          text,
    scanned_events bigint NOT NULL,
    took_ms        double precision NOT NULL,
    alert_id       uuid,
    answer         text,          -- the rows that are kept, as the API writes them
    PRIMARY KEY (tenant_id, run_id),
    FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedules ON DELETE CASCADE
);
CREATE INDEX schedule_runs_newest ON schedule_runs (tenant_id, schedule_id, started_at DESC, run_id DESC);
CALL isolate('schedule_runs');

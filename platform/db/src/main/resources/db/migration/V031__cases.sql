-- Cases: alerts that tell one story, what was done about it, until when it has to be done, and what proves it.

CREATE TABLE case_numbers (
    tenant_id text PRIMARY KEY REFERENCES tenants,
    last      bigint NOT NULL,
    acts      bigint NOT NULL DEFAULT 0 -- the last act's place in the order of acts
);
CALL isolate('case_numbers');

CREATE TABLE cases (
    tenant_id    text NOT NULL REFERENCES tenants,
    case_id      uuid NOT NULL,
    number       bigint NOT NULL,     -- what people call it: 1, 2, … in each tenant
    title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 512),
    titled       boolean NOT NULL DEFAULT false, -- by a person: grouping leaves it
    severity     smallint NOT NULL CHECK (severity BETWEEN 1 AND 5),
    rated        boolean NOT NULL DEFAULT false, -- the severity is a person's: more alerts do not change it
    status       text NOT NULL CHECK (status IN ('open', 'investigating', 'contained', 'resolved', 'closed',
                                                 'false_positive')),
    merged_into  uuid,
    touched      boolean NOT NULL,    -- a person has done something to it: grouping does not merge it any more
    assignee     text,
    opened_by    text NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    first_time   timestamptz,         -- of the oldest evidence of its alerts
    last_time    timestamptz,
    alert_count  integer NOT NULL DEFAULT 0,
    attack       text[] NOT NULL DEFAULT '{}',
    version      integer NOT NULL,
    PRIMARY KEY (tenant_id, case_id),
    UNIQUE (tenant_id, number)
);
CREATE INDEX cases_queue ON cases (tenant_id, status, severity, case_id) WHERE merged_into IS NULL;
CREATE INDEX cases_merged ON cases (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
CALL isolate('cases');

-- The primary key is what keeps an alert from being in two.
CREATE TABLE case_alerts (
    tenant_id text NOT NULL,
    alert_id  uuid NOT NULL,
    case_id   uuid NOT NULL,
    linked_at timestamptz NOT NULL,
    linked_by text NOT NULL,
    why       text NOT NULL,
    PRIMARY KEY (tenant_id, alert_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases,
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts
);
CREATE INDEX case_alerts_of_case ON case_alerts (tenant_id, case_id, alert_id);
CALL isolate('case_alerts');

-- Why two alerts belong together, as grouping found it. It holds for as long as both are in one case.
CREATE TABLE case_edges (
    tenant_id text NOT NULL,
    earlier   uuid NOT NULL,
    later     uuid NOT NULL,
    weight    double precision NOT NULL,
    joins     boolean NOT NULL,       -- or else it only holds an alert that nothing joins
    why       text NOT NULL,
    shared    jsonb NOT NULL,         -- [{type, name}], the weightiest first
    PRIMARY KEY (tenant_id, earlier, later),
    FOREIGN KEY (tenant_id, earlier) REFERENCES alerts ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, later) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX case_edges_later ON case_edges (tenant_id, later);
CALL isolate('case_edges');

-- What alerts name, normalized as grouping compares it.
CREATE TABLE case_keys (
    tenant_id text NOT NULL,
    key       text NOT NULL,
    time      timestamptz NOT NULL,
    alert_id  uuid NOT NULL,
    PRIMARY KEY (tenant_id, key, time, alert_id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX case_keys_of_alert ON case_keys (tenant_id, alert_id);
CALL isolate('case_keys');

-- Two cases, or an alert and a case, that a person has parted.
CREATE TABLE case_apart (
    tenant_id text NOT NULL REFERENCES tenants,
    one       uuid NOT NULL,
    other     uuid NOT NULL,
    PRIMARY KEY (tenant_id, one, other)
);
CREATE INDEX case_apart_other ON case_apart (tenant_id, other);
CALL isolate('case_apart');

-- What acts did to which alerts are in which case; from all of them it follows where each alert is.
CREATE TABLE case_acts (
    tenant_id text NOT NULL REFERENCES tenants,
    act_id    uuid NOT NULL,
    seq       bigint NOT NULL,        -- in the order in which they were done
    kind      text NOT NULL,
    act       jsonb NOT NULL,
    PRIMARY KEY (tenant_id, act_id),
    UNIQUE (tenant_id, seq)
);
CALL isolate('case_acts');

-- What happened to a case; nothing in it is ever changed.
CREATE TABLE case_history (
    tenant_id text NOT NULL,
    case_id   uuid NOT NULL,
    seq       integer NOT NULL,       -- from 1 in each case
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    action    text NOT NULL,
    detail    text NOT NULL,
    act_id    uuid,
    PRIMARY KEY (tenant_id, case_id, seq),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases,
    FOREIGN KEY (tenant_id, act_id) REFERENCES case_acts
);
CREATE INDEX case_history_of_act ON case_history (tenant_id, act_id) WHERE act_id IS NOT NULL;
CREATE TRIGGER case_history_stays BEFORE UPDATE ON case_history FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_acts_stay BEFORE UPDATE ON case_acts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CALL isolate('case_history');

CREATE TABLE case_tasks (
    tenant_id  text NOT NULL,
    case_id    uuid NOT NULL,
    task_id    uuid NOT NULL,
    title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 512),
    assignee   text,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    done_at    timestamptz,
    done_by    text,
    PRIMARY KEY (tenant_id, case_id, task_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases
);
CALL isolate('case_tasks');

-- What people add to what the alerts name.
CREATE TABLE case_observables (
    tenant_id text NOT NULL,
    case_id   uuid NOT NULL,
    kind      text NOT NULL,
    value     text NOT NULL CHECK (length(value) BETWEEN 1 AND 512),
    note      text NOT NULL,
    added_at  timestamptz NOT NULL,
    added_by  text NOT NULL,
    PRIMARY KEY (tenant_id, case_id, kind, value),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases
);
CALL isolate('case_observables');

-- The chain of custody: what was taken in, by whom, and what was done with it since. Each entry's hash covers all of it and
-- the hash before.
CREATE TABLE case_evidence (
    tenant_id  text NOT NULL,
    case_id    uuid NOT NULL,
    seq        integer NOT NULL,      -- from 1 in each case
    version    smallint NOT NULL,
    at         timestamptz NOT NULL,
    actor      text NOT NULL,
    actor_name text NOT NULL,
    action     text NOT NULL,         -- added, exported, noted
    item       integer NOT NULL,      -- the entry that took in what this one is about; 0: all
    name       text NOT NULL,
    media_type text NOT NULL,
    note       text NOT NULL,
    content    bytea NOT NULL CHECK (length(content) <= 4194304),
    prev_hash  bytea NOT NULL,
    hash       bytea NOT NULL,
    PRIMARY KEY (tenant_id, case_id, seq),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases
);
CREATE TRIGGER case_evidence_stays BEFORE UPDATE ON case_evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();
CALL isolate('case_evidence');

-- How each chain ends.
CREATE TABLE case_evidence_heads (
    tenant_id text NOT NULL,
    case_id   uuid NOT NULL,
    seq       integer NOT NULL,
    hash      bytea NOT NULL,
    bytes     bigint NOT NULL,
    PRIMARY KEY (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases
);
CALL isolate('case_evidence_heads');

-- Until when what has to be done, as instants: a stop of the platform stops no clock.
CREATE TABLE case_clocks (
    tenant_id   text NOT NULL,
    case_id     uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('acknowledge', 'contain', 'resolve')),
    started_at  timestamptz NOT NULL,
    due         timestamptz NOT NULL,
    met_at      timestamptz,
    breached_at timestamptz,
    PRIMARY KEY (tenant_id, case_id, kind),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases
);
CREATE INDEX case_clocks_running ON case_clocks (due) WHERE met_at IS NULL AND breached_at IS NULL;
ALTER TABLE case_clocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_clocks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON case_clocks
    USING (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation')
    WITH CHECK (tenant_id = current_setting('marsad.tenant', true));

-- How long a tenant gives itself; what is not here is as the platform has it.
CREATE TABLE case_targets (
    tenant_id text NOT NULL REFERENCES tenants,
    severity  smallint NOT NULL CHECK (severity BETWEEN 1 AND 5),
    kind      text NOT NULL CHECK (kind IN ('acknowledge', 'contain', 'resolve')),
    seconds   bigint NOT NULL CHECK (seconds BETWEEN 60 AND 31622400),
    PRIMARY KEY (tenant_id, severity, kind)
);
CALL isolate('case_targets');

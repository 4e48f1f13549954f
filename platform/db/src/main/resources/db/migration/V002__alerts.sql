-- Alerts, what they rest on, and what was done with them.

-- The rules as they were when they fired: an alert shows the text that raised it, whatever became of the rule since.
CREATE TABLE rule_snapshots (
    tenant_id text NOT NULL REFERENCES tenants,
    rule_id   text NOT NULL,
    revision  text NOT NULL, -- of the rule's content, so that an edited rule is another row
    snapshot  jsonb NOT NULL,
    PRIMARY KEY (tenant_id, rule_id, revision)
);
CALL isolate('rule_snapshots');

CREATE TABLE alerts (
    tenant_id     text NOT NULL REFERENCES tenants,
    alert_id      uuid NOT NULL, -- derived from tenant, rule and what it fired on: raised twice, it is one
    rule_id       text NOT NULL,
    rule_revision text NOT NULL,
    title         text NOT NULL,
    severity      smallint NOT NULL CHECK (severity BETWEEN 1 AND 5),
    status        text NOT NULL CHECK (status IN ('new', 'in_progress', 'resolved')),
    verdict       text CHECK (verdict IN ('true_positive', 'false_positive', 'benign', 'test', 'duplicate')),
    assignee      text,
    time          timestamptz NOT NULL, -- of the newest evidence
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    entities      jsonb NOT NULL,
    attack        text[] NOT NULL,
    event_ids     uuid[] NOT NULL,
    event_count   integer NOT NULL,
    evidence      jsonb NOT NULL,
    log_source    text NOT NULL,
    synthetic     boolean NOT NULL,
    version       integer NOT NULL,
    PRIMARY KEY (tenant_id, alert_id),
    FOREIGN KEY (tenant_id, rule_id, rule_revision) REFERENCES rule_snapshots,
    CHECK ((status = 'resolved') = (verdict IS NOT NULL))
);
CREATE INDEX alerts_queue ON alerts (tenant_id, time DESC, alert_id DESC);
CREATE INDEX alerts_by_status ON alerts (tenant_id, status, severity, time DESC, alert_id DESC);
CREATE INDEX alerts_by_rule ON alerts (tenant_id, rule_id, time DESC, alert_id DESC);
CALL isolate('alerts');

-- A table and not an array column: an index on an array is of no use under row-level security (its operators are not
-- leakproof).
CREATE TABLE alert_entities (
    tenant_id  text NOT NULL,
    entity_key text NOT NULL, -- the value in lower case
    kind       text NOT NULL,
    alert_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, entity_key, kind, alert_id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX alert_entities_of_alert ON alert_entities (tenant_id, alert_id);
CALL isolate('alert_entities');

CREATE TABLE alert_history (
    tenant_id text NOT NULL,
    alert_id  uuid NOT NULL,
    version   integer NOT NULL, -- of the alert, as this act left it
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    action    text NOT NULL,
    detail    text,
    PRIMARY KEY (tenant_id, alert_id, version),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CALL isolate('alert_history');

-- What was decided about alerts, by what thresholds, what people made of it, and what that says of rules.

-- Where decisions change. A change is a new version; what was in force when stays.
CREATE TABLE decision_settings (
    tenant_id      text NOT NULL REFERENCES tenants,
    version        integer NOT NULL CHECK (version > 0),
    escalate       numeric(5, 4) NOT NULL,
    close          numeric(5, 4) NOT NULL,
    model          numeric(5, 4) NOT NULL,
    auto_close     boolean NOT NULL,
    sample_percent integer NOT NULL CHECK (sample_percent BETWEEN 0 AND 100),
    reason         text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    made_by        text NOT NULL,
    made_by_name   text NOT NULL,
    made_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, version)
);
CALL isolate('decision_settings');
REVOKE UPDATE ON decision_settings FROM ${app_role};

-- The kill switch: beside the settings, so that stopping touches nothing else.
CREATE TABLE decision_switches (
    tenant_id       text PRIMARY KEY REFERENCES tenants,
    stopped         boolean NOT NULL,
    reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    changed_by_name text NOT NULL,
    changed_at      timestamptz NOT NULL
);
CALL isolate('decision_switches');

-- Alerts that other products hand in, as they were handed in.
CREATE TABLE submitted_alerts (
    tenant_id       text NOT NULL,
    alert_id        uuid NOT NULL,
    source          text NOT NULL,
    body            text NOT NULL CHECK (body IS JSON OBJECT), -- text: it may hold what jsonb cannot
    body_hash       bytea NOT NULL CHECK (length(body_hash) = 32),
    idempotency_key text CHECK (length(idempotency_key) BETWEEN 1 AND 200),
    received_by     text NOT NULL,
    received_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, alert_id),
    UNIQUE (tenant_id, idempotency_key),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CALL isolate('submitted_alerts');

-- One per alert, for ever. The key to the audit log makes the database itself refuse a decision that is not in it.
CREATE TABLE decisions (
    tenant_id        text NOT NULL,
    alert_id         uuid NOT NULL,
    decision         text NOT NULL CHECK (decision IN ('escalate', 'auto_close', 'human_review')),
    rule_triggered   text,
    review_reason    text,
    confidence       numeric(5, 4) NOT NULL,
    measures         jsonb NOT NULL, -- all that the named rules look at: for previews of other thresholds
    explanation      text NOT NULL CHECK (explanation IS JSON OBJECT), -- as the API shows it
    settings_version integer NOT NULL, -- 0: those of the house
    effect           text NOT NULL CHECK (effect IN ('escalated', 'closed', 'sampled', 'none')),
    decided_at       timestamptz NOT NULL,
    audit_seq        bigint NOT NULL,
    PRIMARY KEY (tenant_id, alert_id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts,
    FOREIGN KEY (tenant_id, audit_seq) REFERENCES audit_log (tenant_id, seq),
    CHECK ((decision = 'human_review') = (review_reason IS NOT NULL))
);
CREATE INDEX decisions_newest ON decisions (tenant_id, decided_at DESC, alert_id DESC);
CREATE INDEX decisions_sampled ON decisions (tenant_id, decided_at DESC, alert_id DESC) WHERE effect = 'sampled';
CALL isolate('decisions');

-- What people say of a decision: beside it, each after the other.
CREATE TABLE decision_overrides (
    tenant_id  text NOT NULL,
    alert_id   uuid NOT NULL,
    seq        integer NOT NULL CHECK (seq > 0),
    decision   text NOT NULL CHECK (decision IN ('escalate', 'auto_close', 'human_review')),
    verdict    text CHECK (verdict IN ('true_positive', 'false_positive', 'benign', 'test', 'duplicate')),
    reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    actor      text NOT NULL,
    actor_name text NOT NULL,
    made_at    timestamptz NOT NULL,
    audit_seq  bigint NOT NULL,
    PRIMARY KEY (tenant_id, alert_id, seq),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES decisions,
    FOREIGN KEY (tenant_id, audit_seq) REFERENCES audit_log (tenant_id, seq)
);
CALL isolate('decision_overrides');

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- what is left of a deleted tenant is its audit log
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM tenants WHERE tenant_id = OLD.tenant_id AND state = 'deleted') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of % is refused: what was decided stays', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER decisions_stay BEFORE UPDATE OR DELETE ON decisions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER decision_overrides_stay BEFORE UPDATE OR DELETE ON decision_overrides
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER decisions_no_truncate BEFORE TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_overrides_no_truncate BEFORE TRUNCATE ON decision_overrides
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Every question to a model: written before it is asked, ended with what came of it. One that was asked and never ended
-- is one during which the platform died.
CREATE TABLE model_calls (
    tenant_id   text NOT NULL REFERENCES tenants,
    call_id     uuid NOT NULL,
    alert_id    uuid NOT NULL,
    model       text NOT NULL,
    prompt_hash text NOT NULL,
    asked_at    timestamptz NOT NULL,
    answered_at timestamptz,
    outcome     text NOT NULL CHECK (outcome IN ('asked', 'said', 'timed_out', 'refused', 'failed')),
    reply       text,
    PRIMARY KEY (tenant_id, call_id)
);
CREATE INDEX model_calls_newest ON model_calls (tenant_id, asked_at DESC);
CREATE INDEX model_calls_of_alert ON model_calls (tenant_id, alert_id);
CALL isolate('model_calls');

-- What became of each alert of a rule's version. No key to alerts or rules: it outlives edits, renames and alerts.
CREATE TABLE rule_outcomes (
    tenant_id      text NOT NULL REFERENCES tenants,
    alert_id       uuid NOT NULL,
    rule_id        text NOT NULL,
    rule_version   text NOT NULL, -- the revision of the rule's text
    fired_at       timestamptz NOT NULL,
    auto_decision  text,
    decided_at     timestamptz,
    escalated      boolean NOT NULL,
    human_override text,
    disposition    text, -- a verdict: people alone give one
    disposed_at    timestamptz,
    PRIMARY KEY (tenant_id, alert_id)
);
CREATE INDEX rule_outcomes_of_rule ON rule_outcomes (tenant_id, rule_id, rule_version, disposition);
CREATE INDEX rule_outcomes_newest ON rule_outcomes (tenant_id, fired_at DESC);
CALL isolate('rule_outcomes');

INSERT INTO rule_outcomes (tenant_id, alert_id, rule_id, rule_version, fired_at, escalated, disposition, disposed_at)
SELECT tenant_id, alert_id, rule_id, rule_revision, created_at, escalated, verdict,
    CASE WHEN verdict IS NULL THEN NULL ELSE updated_at END
FROM alerts;

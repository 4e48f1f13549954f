-- What was done about rules that were wrong too often, and what it takes to undo it.
CREATE TABLE tuning_acts (
    tenant_id       text NOT NULL REFERENCES tenants,
    act_id          uuid NOT NULL,
    rule_id         text NOT NULL,
    lane            text NOT NULL, -- that the rule was in
    act             text NOT NULL CHECK (act IN ('disable', 'shadow', 'suppress')),
    entity          text,          -- whose alerts are hidden, for suppress
    suppression_id  uuid,          -- no key: people may delete it
    stage_before    text,
    stage_version   integer,       -- that the act made: what somebody changed since is not undone
    reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    lost            bigint NOT NULL, -- alerts of the 30 days before that there would not have been
    lost_attacks    bigint NOT NULL, -- of these
    made_by_name    text NOT NULL,
    made_at         timestamptz NOT NULL,
    undone_by_name  text,
    undone_at       timestamptz,
    PRIMARY KEY (tenant_id, act_id),
    CHECK ((act = 'suppress') = (suppression_id IS NOT NULL)),
    CHECK ((act = 'suppress') = (stage_before IS NULL)),
    CHECK ((undone_at IS NULL) = (undone_by_name IS NULL))
);
CREATE INDEX tuning_acts_newest ON tuning_acts (tenant_id, made_at DESC, act_id);
CALL isolate('tuning_acts');

-- The weekly report counts a week's decisions: out of an index alone, as a decision's row is wide with its explanation; and
-- what became of them by when they were decided, so that neither side of the join reads more than the weeks it is about.

DROP INDEX decisions_newest;
CREATE INDEX decisions_newest ON decisions (tenant_id, decided_at DESC, alert_id DESC)
    INCLUDE (decision, rule_triggered, review_reason, effect);
CREATE INDEX rule_outcomes_decided ON rule_outcomes (tenant_id, decided_at);

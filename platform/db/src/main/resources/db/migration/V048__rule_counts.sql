-- How often a rule fired and was right is counted each time that one of its alerts is opened: out of the index alone, as
-- 75,000 alerts of one rule took 120 ms out of the table.

DROP INDEX alerts_by_rule;
CREATE INDEX alerts_by_rule ON alerts (tenant_id, rule_id, time DESC, alert_id DESC) INCLUDE (status, verdict);

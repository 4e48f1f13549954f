-- Risk of hosts, users and other entities, of the alerts that name them.

-- What each alert brings to each: kept as it was weighed, so that the risk of any time can be told. Repeated or out of order,
-- the same alert is the same row.
CREATE TABLE risk_contributions (
    tenant_id  text NOT NULL,
    kind       text NOT NULL,
    entity_key text NOT NULL, -- the value in lower case
    alert_id   uuid NOT NULL,
    rule_id    text NOT NULL,
    severity   smallint NOT NULL CHECK (severity BETWEEN 1 AND 5),
    at         timestamptz NOT NULL,
    context    numeric NOT NULL CHECK (context BETWEEN -1 AND 1),
    points     numeric NOT NULL CHECK (points >= 0), -- before any decay; 0: withdrawn
    PRIMARY KEY (tenant_id, kind, entity_key, alert_id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX risk_contributions_of_alert ON risk_contributions (tenant_id, alert_id);
CREATE INDEX risk_contributions_newest ON risk_contributions (tenant_id, kind, entity_key, at DESC);
CALL isolate('risk_contributions');

-- The queue: entities with points. They fade alike, so that the order stays as time goes by, until something leaves the window.
CREATE TABLE risk_entities (
    tenant_id  text NOT NULL REFERENCES tenants,
    kind       text NOT NULL,
    entity_key text NOT NULL,
    value      text NOT NULL, -- as the newest alert has it
    heat       double precision NOT NULL, -- the logarithm of the points, as if it were the epoch
    alerts     integer NOT NULL, -- in the window
    stale_at   timestamptz NOT NULL, -- when the oldest of them leaves it
    PRIMARY KEY (tenant_id, kind, entity_key)
);
CREATE INDEX risk_entities_queue ON risk_entities (tenant_id, heat DESC, kind, entity_key);
CREATE INDEX risk_entities_stale ON risk_entities (tenant_id, stale_at);
CALL isolate('risk_entities');

-- When an entity's risk rose so far that it became a case, and by which alerts.
CREATE TABLE risk_promotions (
    tenant_id    text NOT NULL REFERENCES tenants,
    promotion_id uuid NOT NULL,
    kind         text NOT NULL,
    entity_key   text NOT NULL,
    value        text NOT NULL,
    at           timestamptz NOT NULL,
    points       numeric NOT NULL,
    score        numeric NOT NULL,
    alerts       uuid[] NOT NULL,
    case_id      uuid, -- null where there is nobody who makes cases
    PRIMARY KEY (tenant_id, promotion_id)
);
CREATE INDEX risk_promotions_of_entity ON risk_promotions (tenant_id, kind, entity_key, at DESC);
CALL isolate('risk_promotions');

-- How far a tenant lets a rule go, and what rules in the shadow would have raised.

-- A rule without a row is active.
CREATE TABLE rule_stages (
    tenant_id       text NOT NULL REFERENCES tenants,
    rule_id         text NOT NULL,
    stage           text NOT NULL CHECK (stage IN ('active', 'shadow', 'disabled')),
    reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    changed_by_name text NOT NULL,
    changed_at      timestamptz NOT NULL,
    version         integer NOT NULL CHECK (version > 0), -- grows by one with every change
    PRIMARY KEY (tenant_id, rule_id)
);
CALL isolate('rule_stages');

-- Every firing of a rule in the shadow is counted; those of a day stay when the firings themselves are forgotten.
CREATE TABLE shadow_days (
    tenant_id text NOT NULL,
    rule_id   text NOT NULL,
    day       date NOT NULL, -- of the newest evidence, UTC
    firings   bigint NOT NULL,
    PRIMARY KEY (tenant_id, rule_id, day),
    FOREIGN KEY (tenant_id, rule_id) REFERENCES rule_stages ON DELETE CASCADE
);
CALL isolate('shadow_days');

-- The newest of them. The id is the one that the alert would have: found again it is not counted again.
CREATE TABLE shadow_firings (
    tenant_id   text NOT NULL,
    rule_id     text NOT NULL,
    firing_id   uuid NOT NULL,
    time        timestamptz NOT NULL, -- of the newest evidence
    title       text NOT NULL,
    level       text NOT NULL,
    fingerprint text,                 -- those of one within a window would be one alert
    entity_types  text[] NOT NULL,    -- at most 16
    entity_values text[] NOT NULL,
    event_id    uuid NOT NULL,
    PRIMARY KEY (tenant_id, rule_id, firing_id),
    CHECK (cardinality(entity_types) = cardinality(entity_values)),
    FOREIGN KEY (tenant_id, rule_id) REFERENCES rule_stages ON DELETE CASCADE
);
CREATE INDEX shadow_firings_newest ON shadow_firings (tenant_id, rule_id, time DESC, firing_id);
CALL isolate('shadow_firings');

-- Alerts that fire again, states between new and resolved, tags, and acts on many with their undoing.

ALTER TABLE alerts
    ADD COLUMN fingerprint   bytea CHECK (length(fingerprint) = 32), -- of the rule and what identifies actor and target
    ADD COLUMN firings       bigint NOT NULL DEFAULT 1 CHECK (firings > 0),
    ADD COLUMN folded_events bigint NOT NULL DEFAULT 0, -- of the firings after the first
    ADD COLUMN first_time    timestamptz,               -- of the oldest evidence
    ADD COLUMN snoozed_until timestamptz,
    ADD COLUMN escalated     boolean NOT NULL DEFAULT false,
    ADD COLUMN tags          text[] NOT NULL DEFAULT '{}',
    DROP CONSTRAINT alerts_status_check,
    ADD CONSTRAINT alerts_status_check CHECK (status IN ('new', 'in_progress', 'snoozed', 'resolved', 'dismissed')),
    ADD CONSTRAINT alerts_snoozed_check CHECK ((status = 'snoozed') = (snoozed_until IS NOT NULL));
UPDATE alerts SET first_time = time;
ALTER TABLE alerts ALTER COLUMN first_time SET NOT NULL;
-- The open ones only: few, however many alerts there were.
CREATE INDEX alerts_by_fingerprint ON alerts (tenant_id, fingerprint) WHERE status NOT IN ('resolved', 'dismissed');

-- An entry is of an act (its version) or of further firings (how many there were by then).
ALTER TABLE alert_history
    ADD COLUMN firings bigint NOT NULL DEFAULT 1,
    DROP CONSTRAINT alert_history_pkey,
    ADD PRIMARY KEY (tenant_id, alert_id, version, firings);

-- Firings that were counted into an alert instead of making one: found again, they are not counted again. The id is the
-- one that the alert of this firing would have.
CREATE TABLE alert_firings (
    tenant_id text NOT NULL,
    firing_id uuid NOT NULL,
    alert_id  uuid NOT NULL,
    PRIMARY KEY (tenant_id, firing_id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX alert_firings_of_alert ON alert_firings (tenant_id, alert_id);
CALL isolate('alert_firings');

-- What the newest of them rest on: a ring, so that an alert which fires for days stays small.
CREATE TABLE alert_evidence (
    tenant_id text NOT NULL,
    alert_id  uuid NOT NULL,
    slot      integer NOT NULL,
    evidence  jsonb NOT NULL,
    PRIMARY KEY (tenant_id, alert_id, slot),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CALL isolate('alert_evidence');

-- Tags as rows for the filter; see alert_entities.
CREATE TABLE alert_tags (
    tenant_id text NOT NULL,
    tag       text NOT NULL,
    alert_id  uuid NOT NULL,
    PRIMARY KEY (tenant_id, tag, alert_id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX alert_tags_of_alert ON alert_tags (tenant_id, alert_id);
CALL isolate('alert_tags');

-- When which snoozed alert comes back: the installation asks for all tenants at once.
CREATE TABLE alert_snoozes (
    tenant_id text NOT NULL,
    alert_id  uuid NOT NULL,
    until     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, alert_id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX alert_snoozes_due ON alert_snoozes (until);
ALTER TABLE alert_snoozes ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_snoozes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON alert_snoozes
    USING (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation')
    WITH CHECK (tenant_id = current_setting('marsad.tenant', true));

-- Acts on many alerts, and how these were before: kept for as long as they can be undone.
CREATE TABLE alert_bulks (
    tenant_id  text NOT NULL REFERENCES tenants,
    bulk_id    uuid NOT NULL,
    actor      text NOT NULL,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, bulk_id)
);
CALL isolate('alert_bulks');
CREATE TABLE alert_bulk_items (
    tenant_id     text NOT NULL,
    bulk_id       uuid NOT NULL,
    alert_id      uuid NOT NULL,
    version       integer NOT NULL, -- as the act left it: what has another now was changed since
    status        text NOT NULL,
    verdict       text,
    assignee      text,
    snoozed_until timestamptz,
    escalated     boolean NOT NULL,
    tags          text[] NOT NULL,
    PRIMARY KEY (tenant_id, bulk_id, alert_id),
    FOREIGN KEY (tenant_id, bulk_id) REFERENCES alert_bulks ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX alert_bulk_items_of_alert ON alert_bulk_items (tenant_id, alert_id);
CALL isolate('alert_bulk_items');

-- Where people are told of alerts that are escalated, and what they were told. What is secret of a channel is in the vault.

CREATE TABLE notification_channels (
    tenant_id    text NOT NULL REFERENCES tenants,
    channel_id   uuid NOT NULL,
    name         text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('webhook', 'slack', 'pagerduty', 'email')),
    target       text NOT NULL,             -- an address, recipients by commas, or of a secret address the host
    min_severity smallint NOT NULL CHECK (min_severity BETWEEN 1 AND 5),
    per_hour     integer NOT NULL CHECK (per_hour BETWEEN 1 AND 1000),
    enabled      boolean NOT NULL,
    version      integer NOT NULL DEFAULT 1,
    hour         bigint NOT NULL DEFAULT 0, -- epoch hours, of hour_used
    hour_used    integer NOT NULL DEFAULT 0,
    sent_at      timestamptz,               -- last
    failed_at    timestamptz,               -- last
    failure      text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, channel_id),
    UNIQUE (tenant_id, name)
);
CALL isolate('notification_channels');

CREATE TABLE notifications (
    tenant_id  text NOT NULL,
    alert_id   uuid NOT NULL,
    channel_id uuid NOT NULL,
    state      text NOT NULL CHECK (state IN ('sent', 'held')),
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, alert_id, channel_id),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES notification_channels ON DELETE CASCADE
);
CREATE INDEX notifications_newest ON notifications (tenant_id, at DESC);
CALL isolate('notifications');

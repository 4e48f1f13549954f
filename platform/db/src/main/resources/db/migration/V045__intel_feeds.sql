-- Feeds of indicators that a tenant has fetched: where they are, how often, and how that goes.

CREATE TABLE intel_feeds (
    tenant_id     text NOT NULL REFERENCES tenants,
    feed_id       uuid NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200), -- the source of its indicators
    url           text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
    format        text NOT NULL CHECK (format IN ('csv', 'list', 'stix')),
    minutes       integer NOT NULL CHECK (minutes BETWEEN 15 AND 10080), -- between two fetches
    tlp           text NOT NULL CHECK (tlp IN ('clear', 'green', 'amber', 'amber+strict', 'red')),
    confidence    smallint NOT NULL CHECK (confidence BETWEEN 0 AND 100), -- of those that come without one
    enabled       boolean NOT NULL,
    etag          text,                 -- what the server said of what was taken last; it is asked for what is not that
    last_modified text,
    fetched_at    timestamptz,          -- last success, also of nothing new
    failed_at     timestamptz,          -- last failure since then; null when there was none
    failure       text,
    failures      integer NOT NULL DEFAULT 0, -- in a row
    indicators    integer NOT NULL DEFAULT 0, -- in what was taken last
    faults        text[] NOT NULL DEFAULT '{}', -- lines of it that are none; the first of them
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    version       integer NOT NULL,
    PRIMARY KEY (tenant_id, feed_id),
    UNIQUE (tenant_id, name)
);
CALL isolate('intel_feeds');

-- When each is due. Ids and times only, no words: seen by the installation, too, so that one question finds what is due.
CREATE TABLE intel_feed_clocks (
    tenant_id text NOT NULL,
    feed_id   uuid NOT NULL,
    due       timestamptz NOT NULL,     -- who fetches it moves it on first, so that nobody else does
    PRIMARY KEY (tenant_id, feed_id),
    FOREIGN KEY (tenant_id, feed_id) REFERENCES intel_feeds ON DELETE CASCADE
);
CREATE INDEX intel_feed_clocks_due ON intel_feed_clocks (due);
ALTER TABLE intel_feed_clocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE intel_feed_clocks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON intel_feed_clocks
    USING (tenant_id = current_setting('marsad.tenant', true) OR current_setting('marsad.scope', true) = 'installation')
    WITH CHECK (tenant_id = current_setting('marsad.tenant', true));

-- The feed that lists it; null when somebody of the tenant does, whose word no feed takes back.
ALTER TABLE indicators ADD COLUMN feed_id uuid;
CREATE INDEX indicators_of_feed ON indicators (tenant_id, feed_id) WHERE feed_id IS NOT NULL;

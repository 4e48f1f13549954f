-- Alerts of one fingerprint, closed ones too: what is said of one may be true of all that were the same.
CREATE INDEX alerts_alike ON alerts (tenant_id, fingerprint, time DESC) WHERE fingerprint IS NOT NULL;

-- Since when a connection fails, not only when that was seen last.
ALTER TABLE connections ADD COLUMN failing_since timestamptz;

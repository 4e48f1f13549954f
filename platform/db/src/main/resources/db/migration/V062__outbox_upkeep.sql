-- Every item is written three times within a second: what is dead is in the way of each claim until it is swept.
ALTER TABLE outbox SET (
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0);
ALTER TABLE playbook_events SET (
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);

-- A run is written at every step: room on its page keeps the new version beside the old one, without a new entry in each index.
ALTER TABLE playbook_runs SET (fillfactor = 60);

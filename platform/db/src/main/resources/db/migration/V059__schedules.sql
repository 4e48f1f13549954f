-- Schedules are followed: whoever switches a playbook on or off, or has another version of it run, has them looked at.

CREATE FUNCTION follow_playbook() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (tenant_id, queue, subject, put_at, next_at)
        VALUES (NEW.tenant_id, 'playbook-triggers', NEW.playbook_id, NEW.updated_at, NEW.updated_at);
    PERFORM pg_notify('marsad_outbox', 'playbook-triggers ' || NEW.tenant_id);
    RETURN NULL;
END $$;
CREATE TRIGGER playbooks_begin_to_be_followed AFTER INSERT ON playbooks
    FOR EACH ROW WHEN (NEW.enabled) EXECUTE FUNCTION follow_playbook();
CREATE TRIGGER playbooks_are_followed AFTER UPDATE OF enabled, version ON playbooks
    FOR EACH ROW WHEN (NEW.enabled OR OLD.enabled) EXECUTE FUNCTION follow_playbook();

-- Those that are on already; tenant by tenant, since rows are seen by their tenant alone.
DO $$
DECLARE one text;
BEGIN
    PERFORM set_config('marsad.scope', 'installation', true);
    FOR one IN SELECT tenant_id FROM tenants LOOP
        PERFORM set_config('marsad.tenant', one, true);
        INSERT INTO outbox (tenant_id, queue, subject, put_at, next_at)
            SELECT tenant_id, 'playbook-triggers', playbook_id, now(), now() FROM playbooks WHERE enabled;
    END LOOP;
    PERFORM set_config('marsad.tenant', '', true), set_config('marsad.scope', '', true);
END $$;

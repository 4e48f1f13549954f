-- Agents that endpoints may be told to run, and which ones a version of a policy names.

CREATE TABLE agent_packages (
    tenant_id  text NOT NULL REFERENCES tenants,
    package_id uuid NOT NULL,
    version    text NOT NULL DEFAULT '', -- as the package says, when all of it is here
    platform   text NOT NULL DEFAULT '',
    size       bigint NOT NULL CHECK (size BETWEEN 1 AND 268435456),
    received   integer NOT NULL DEFAULT 0, -- blocks
    sha256     bytea CHECK (length(sha256) = 32), -- of the whole, when it is complete
    made_by    text NOT NULL,
    made_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, package_id)
);
CALL isolate('agent_packages');
CREATE UNIQUE INDEX agent_packages_by_hash ON agent_packages (tenant_id, sha256) WHERE sha256 IS NOT NULL;
CREATE UNIQUE INDEX agent_packages_by_version ON agent_packages (tenant_id, platform, version) WHERE sha256 IS NOT NULL;

CREATE TABLE agent_package_blocks (
    tenant_id  text NOT NULL,
    package_id uuid NOT NULL,
    block      integer NOT NULL,
    data       bytea NOT NULL,
    PRIMARY KEY (tenant_id, package_id, block),
    FOREIGN KEY (tenant_id, package_id) REFERENCES agent_packages ON DELETE CASCADE
);
ALTER TABLE agent_package_blocks ALTER COLUMN data SET STORAGE EXTERNAL; -- they are packed already
CALL isolate('agent_package_blocks');

ALTER TABLE agent_policies ADD COLUMN agent text NOT NULL DEFAULT '[]'; -- canonical JSON of version, platform, sha256 and size

-- Why the agent that a policy names does not run; empty: it does, or it is on its way.
ALTER TABLE endpoints ADD COLUMN update_refused text NOT NULL DEFAULT '';

-- A version of a policy may go to a share of its group first.

ALTER TABLE agent_policies ADD COLUMN share smallint NOT NULL DEFAULT 100 CHECK (share BETWEEN 1 AND 100);

-- People agree to actions by a link of an e-mail.

ALTER TABLE inbox_settings ADD COLUMN approvals boolean NOT NULL DEFAULT false; -- what waits for their consent, with a link

-- One of one person to one action with these parameters. What the link proves is signed by a key of the vault.
CREATE TABLE approval_links (
    tenant_id       text NOT NULL,
    link_id         uuid NOT NULL,
    action_id       uuid NOT NULL,
    user_id         uuid NOT NULL,
    parameters_hash text NOT NULL,
    expires_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    used_at         timestamptz,
    PRIMARY KEY (tenant_id, link_id),
    UNIQUE (tenant_id, action_id, user_id),
    FOREIGN KEY (tenant_id, action_id) REFERENCES actions ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CALL isolate('approval_links');

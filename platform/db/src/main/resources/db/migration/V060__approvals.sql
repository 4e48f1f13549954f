-- People agree to actions by a link of an e-mail, and work from their chat.

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

-- Who the users of a chat are; the chat is a connection.
CREATE TABLE chat_people (
    tenant_id     text NOT NULL,
    link_id       uuid NOT NULL,
    connection_id uuid NOT NULL,
    chat_user     text NOT NULL CHECK (length(chat_user) <= 100), -- as the chat knows them
    user_id       uuid NOT NULL,
    linked_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, link_id),
    UNIQUE (tenant_id, connection_id, chat_user),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CALL isolate('chat_people');

-- What somebody says in a chat to be known there, once.
CREATE TABLE chat_codes (
    tenant_id  text NOT NULL,
    user_id    uuid NOT NULL,
    code_hash  bytea NOT NULL,               -- sha256
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CALL isolate('chat_codes');

-- Requests that were taken, for as long as they could be sent again.
CREATE TABLE chat_requests (
    tenant_id     text NOT NULL,
    connection_id uuid NOT NULL,
    signature     bytea NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, connection_id, signature),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections ON DELETE CASCADE
);
CREATE INDEX chat_requests_old ON chat_requests (tenant_id, at);
CALL isolate('chat_requests');

-- Actions whose waiting was posted to a chat.
CREATE TABLE chat_prompts (
    tenant_id     text NOT NULL,
    connection_id uuid NOT NULL,
    action_id     uuid NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, connection_id, action_id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, action_id) REFERENCES actions ON DELETE CASCADE
);
CALL isolate('chat_prompts');

-- What users are asked by e-mail, each by an action; what the link proves is signed by a key of the vault.
CREATE TABLE user_questions (
    tenant_id   text NOT NULL,
    action_id   uuid NOT NULL,
    address     text NOT NULL,
    question    text NOT NULL,
    expires_at  timestamptz NOT NULL,
    sent_at     timestamptz,
    answer      text CHECK (answer IN ('yes', 'no', 'unknown')),
    answered_at timestamptz,
    PRIMARY KEY (tenant_id, action_id),
    FOREIGN KEY (tenant_id, action_id) REFERENCES actions ON DELETE CASCADE
);
CALL isolate('user_questions');

-- What concerns one person: what they were given, where they are named, what of theirs is late. Bounded in number and age.

CREATE TABLE inbox (
    tenant_id text NOT NULL,
    user_id   uuid NOT NULL,
    entry_id  uuid NOT NULL DEFAULT uuidv7(), -- in the order of their making
    at        timestamptz NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('assigned', 'task', 'mentioned', 'late')),
    about     text NOT NULL CHECK (about IN ('alert', 'case')),
    about_id  uuid NOT NULL,
    number    bigint,                         -- of the case
    count     integer NOT NULL CHECK (count > 0),
    title     text NOT NULL,
    by_name   text NOT NULL,
    read_at   timestamptz,
    PRIMARY KEY (tenant_id, user_id, entry_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CALL isolate('inbox');

-- Who wants it by e-mail, too, and where; without a row nobody does.
CREATE TABLE inbox_settings (
    tenant_id text NOT NULL,
    user_id   uuid NOT NULL,
    mail      boolean NOT NULL,
    address   text NOT NULL CHECK (length(address) <= 254),
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CALL isolate('inbox_settings');

-- For what is measured of cases by week, and the log of what was late.
CREATE INDEX cases_opened ON cases (tenant_id, created_at);
CREATE INDEX case_clocks_breached ON case_clocks (tenant_id, breached_at DESC) WHERE breached_at IS NOT NULL;

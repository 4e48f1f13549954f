-- Signing in with an OpenID provider of the tenant's own.

CREATE TABLE identity_providers (
    tenant_id     text NOT NULL REFERENCES tenants,
    provider_id   uuid NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    issuer        text NOT NULL CHECK (length(issuer) BETWEEN 8 AND 500),
    client_id     text NOT NULL CHECK (length(client_id) BETWEEN 1 AND 255),
    scopes        text[] NOT NULL,
    groups_claim  text NOT NULL CHECK (length(groups_claim) BETWEEN 1 AND 200),
    has_secret    boolean NOT NULL, -- which the vault has, as identity-provider/ID
    default_role  text,   -- null: who is in none of the groups does not get in
    group_names   text[] NOT NULL, -- side by side with group_roles; the first that somebody is in counts
    group_roles   text[] NOT NULL CHECK (cardinality(group_names) = cardinality(group_roles)),
    enabled       boolean NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, provider_id),
    UNIQUE (tenant_id, name)
);
CALL isolate('identity_providers');

-- Who a provider's people are here: by the subject that it gives them, never by a name.
CREATE TABLE provider_subjects (
    tenant_id   text NOT NULL,
    provider_id uuid NOT NULL,
    subject     text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    user_id     uuid NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, provider_id, subject),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES identity_providers ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CREATE INDEX provider_subjects_user ON provider_subjects (tenant_id, user_id);
CALL isolate('provider_subjects');

-- Sign-ins that a browser has begun and a provider has not answered: each is taken once, within minutes.
CREATE TABLE provider_sign_ins (
    tenant_id    text NOT NULL,
    sign_in_id   uuid NOT NULL,
    provider_id  uuid NOT NULL,
    state_hash   bytea NOT NULL CHECK (length(state_hash) = 32),
    browser_hash bytea NOT NULL CHECK (length(browser_hash) = 32), -- of the browser's cookie
    issuer       text NOT NULL,
    nonce        text NOT NULL,
    verifier     text NOT NULL,
    redirect_uri text NOT NULL,
    return_to    text NOT NULL,
    address      text NOT NULL, -- who began it: nobody's many push out others'
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sign_in_id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES identity_providers ON DELETE CASCADE
);
CREATE INDEX provider_sign_ins_age ON provider_sign_ins (tenant_id, expires_at);
CALL isolate('provider_sign_ins');

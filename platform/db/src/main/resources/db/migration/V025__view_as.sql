-- As whom an administrator looks at the platform, for as long as the session lasts.
ALTER TABLE sessions
    ADD COLUMN view_role  text,
    ADD COLUMN view_user  uuid,
    ADD COLUMN view_since timestamptz,
    ADD CHECK (num_nonnulls(view_role, view_user) = num_nonnulls(view_since));

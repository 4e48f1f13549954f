package io.marsad.soc.identity;

/** Names of those who made something. */
public final class Owners {
    /** An expression of SQL: the name of {@code v.owner}, a user or token of the tenant, or else itself. */
    public static final String NAME = "coalesce((SELECT u.username FROM users u WHERE v.owner = 'user:' || u.user_id),"
            + " (SELECT t.name FROM api_tokens t WHERE v.owner = 'token:' || t.token_id), v.owner)";

    private Owners() {}
}

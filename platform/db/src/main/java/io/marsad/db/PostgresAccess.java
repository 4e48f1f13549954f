package io.marsad.db;

/**
 * Where PostgreSQL is and who we are there.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://HOST:PORT/DATABASE}
 * @param owner the role that owns the tables; used for migrations only
 * @param app the role that the platform works as: no superuser, no BYPASSRLS, not the owner nor its member
 */
public record PostgresAccess(String url, Login owner, Login app) {
    public PostgresAccess {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("a database URL starts with jdbc:postgresql:");
        }
    }

    /** A role and its password; prints without the password. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }
}

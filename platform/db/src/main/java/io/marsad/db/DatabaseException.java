package io.marsad.db;

import java.sql.SQLException;

/** The database refused or did not answer; the cause says in its words why. */
public final class DatabaseException extends RuntimeException {
    private final String sqlState;

    public DatabaseException(String message, SQLException cause) {
        super(message + ": " + cause.getMessage(), cause);
        var state = cause.getSQLState();
        this.sqlState = state == null ? "" : state;
    }

    /** The five characters of the SQL standard (PostgreSQL, appendix A); empty when there are none. */
    public String sqlState() {
        return sqlState;
    }

    /**
     * True when the same may succeed later: the server could not be reached, gave no connection, has no room, was
     * stopped, or others were in the way for too long.
     */
    public boolean unavailable() {
        return mayPass(sqlState);
    }

    /** The same of a failure inside a transaction. */
    public static boolean mayPass(SQLException failure) {
        var state = failure.getSQLState();
        return mayPass(state == null ? "" : state);
    }

    /** By the class of the state (PostgreSQL, appendix A): connection, rollback, resources, locks, operator, system. */
    private static boolean mayPass(String state) {
        return state.isEmpty()
                || switch (state.substring(0, Math.min(2, state.length()))) {
                    case "08", "40", "53", "55", "57", "58" -> true;
                    default -> false;
                };
    }
}

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

    /** True when the server could not be reached or gave no connection in time: trying again later may help. */
    public boolean unavailable() {
        return sqlState.isEmpty()
                || sqlState.startsWith("08")
                || sqlState.startsWith("57P")
                || sqlState.equals("53300");
    }
}

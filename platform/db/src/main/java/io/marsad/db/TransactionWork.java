package io.marsad.db;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is done inside one transaction. It may be run again from the start when the database asks for that, so it changes
 * nothing but the database; it neither commits, nor rolls back, nor closes, nor keeps the connection.
 */
@FunctionalInterface
public interface TransactionWork<R extends @Nullable Object> {
    R run(Connection connection) throws SQLException;
}

package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Statements with their values, in the tenant's transaction. */
final class Sql {
    private Sql() {}

    /** Reads a row. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Returns how many rows it was about. */
    static int run(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(connection, statement, values);
            return statement.executeUpdate();
        }
    }

    /** The same for each of these values. */
    static void runAll(Connection connection, String sql, Collection<@Nullable Object[]> all) throws SQLException {
        if (all.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(sql)) {
            for (var values : all) {
                bind(connection, statement, values);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    static <T> List<T> list(Connection connection, String sql, Reader<T> reader, @Nullable Object... values)
            throws SQLException {
        var all = new ArrayList<T>();
        try (var statement = connection.prepareStatement(sql)) {
            bind(connection, statement, values);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
            }
        }
        return all;
    }

    /** The first row; null when there is none. */
    static <T> @Nullable T one(Connection connection, String sql, Reader<T> reader, @Nullable Object... values)
            throws SQLException {
        var all = list(connection, sql, reader, values);
        return all.isEmpty() ? null : all.getFirst();
    }

    static Array ids(Connection connection, Collection<EventId> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.stream().map(EventId::uuid).toArray());
    }

    static Array texts(Connection connection, Collection<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    static EventId id(ResultSet row, String column) throws SQLException {
        var uuid = row.getObject(column, UUID.class);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    static @Nullable EventId optionalId(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class) == null ? null : id(row, column);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    static @Nullable Instant optionalTime(ResultSet row, String column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    static List<String> texts(ResultSet row, String column) throws SQLException {
        return row.getArray(column).getArray() instanceof String[] texts ? List.of(texts) : List.of();
    }

    private static void bind(Connection connection, PreparedStatement to, @Nullable Object... values)
            throws SQLException {
        int at = 1;
        for (var value : values) {
            switch (value) {
                case null -> to.setNull(at, Types.NULL);
                case EventId id -> to.setObject(at, id.uuid());
                case Instant time -> to.setTimestamp(at, Timestamp.from(time));
                case Array array -> to.setArray(at, array);
                case byte[] bytes -> to.setBytes(at, bytes);
                default -> to.setObject(at, value);
            }
            at++;
        }
    }
}

package io.marsad.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.PGConnection;

/**
 * Brings the schema up to date, as the owner role: {@code db/migration/V*.sql}, once each and in order. Makes the
 * application role first where it is missing and the owner may create roles.
 */
public final class Migrations {
    private Migrations() {}

    /**
     * @throws DatabaseException when the server cannot be reached or the application role is missing and cannot be made
     * @throws org.flywaydb.core.api.FlywayException when a migration fails or an applied one was edited since
     */
    public static void migrate(PostgresAccess access) {
        try (var connection = connectOwner(access)) {
            if (!roleExists(connection, access.app().user())) {
                createAppRole(connection, access.app());
            }
        } catch (SQLException e) {
            throw new DatabaseException("cannot prepare the database as " + access.owner(), e);
        }
        configuration(access).load().migrate();
    }

    static FluentConfiguration configuration(PostgresAccess access) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(access.url(), access.owner().user(), access.owner().password())
                .schemas(Database.SCHEMA)
                .createSchemas(true)
                .locations("classpath:db/migration")
                .placeholders(Map.of("app_role", quoted(access.app().user())))
                .loggers("slf4j")
                .cleanDisabled(true);
    }

    /** Makes the role with no right but to sign in; its password never travels or is logged in the clear. */
    public static void createAppRole(Connection connection, PostgresAccess.Login app) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + quoted(app.user())
                    + " NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT");
            setPassword(connection, app);
            statement.execute("ALTER ROLE " + quoted(app.user()) + " LOGIN");
        } catch (SQLException e) {
            throw new SQLException(
                    "the role " + app.user()
                            + " does not exist and could not be made; let a superuser run: CREATE ROLE "
                            + quoted(app.user()) + " LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT PASSWORD '...'",
                    e.getSQLState(),
                    e);
        }
    }

    /** Sets a role's password; only its SCRAM verifier is sent. */
    public static void setPassword(Connection connection, PostgresAccess.Login login) throws SQLException {
        connection
                .unwrap(PGConnection.class)
                .alterUserPassword(login.user(), login.password().toCharArray(), "scram-sha-256");
    }

    public static boolean roleExists(Connection connection, String role) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT 1 FROM pg_roles WHERE rolname = ?")) {
            statement.setString(1, role);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static Connection connectOwner(PostgresAccess access) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", access.owner().user());
        properties.setProperty("password", access.owner().password());
        properties.setProperty("ApplicationName", "marsad-migrate");
        properties.setProperty("connectTimeout", "5");
        return DriverManager.getConnection(access.url(), properties);
    }

    /** A name as SQL writes it whatever its characters. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

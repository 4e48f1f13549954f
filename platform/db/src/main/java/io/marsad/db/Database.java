package io.marsad.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to PostgreSQL. Every transaction is either one tenant's or the installation's own; the tables' row-level
 * security reads which from transaction-local settings, so that a transaction that names no tenant sees no tenant's row.
 *
 * <p>Transactions are READ COMMITTED. Work that fails by a serialization failure or deadlock is run again, up to five
 * times. A statement has 30 s, a lock 10 s, an idle transaction 60 s. Do not begin a transaction inside another: it would
 * take a second connection of a small pool.
 *
 * <p>Thread-safe.
 */
public final class Database implements AutoCloseable {
    /** The schema that all tables are in. */
    public static final String SCHEMA = "marsad";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int CONNECTIONS = 8;
    private static final int TRIES = 5;
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(10);
    private static final String SCOPE =
            "SELECT set_config('marsad.tenant', ?, true), set_config('marsad.scope', ?, true)";

    private static final ScopedValue<Whole> WHOLE = ScopedValue.newInstance();

    private final PostgresAccess access;
    private final HikariDataSource pool;

    /** A transaction that others are parts of. */
    private record Whole(Database database, TenantId tenant, Connection connection) {}

    private Database(PostgresAccess access, HikariDataSource pool) {
        this.access = access;
        this.pool = pool;
    }

    /**
     * Brings the schema up to date, proves that the application role cannot bypass row-level security, and opens the pool.
     *
     * @throws InsecureDatabaseException when it could
     * @throws DatabaseException when the server cannot be reached or a migration fails
     */
    public static Database open(PostgresAccess access) {
        Migrations.migrate(access);
        try (var connection = connect(access, "marsad-check")) {
            RowSecurity.requireSafe(connection);
        } catch (SQLException e) {
            throw new DatabaseException("cannot sign in to the database as " + access.app(), e);
        }
        var config = new HikariConfig();
        config.setPoolName("marsad");
        config.setJdbcUrl(access.url());
        config.setDataSourceProperties(properties(access, "marsad"));
        config.setAutoCommit(false);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setIdleTimeout(Duration.ofMinutes(5).toMillis());
        config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        config.setConnectionTimeout(WAIT_FOR_CONNECTION.toMillis());
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new Database(access, new HikariDataSource(config));
    }

    /** One transaction on the tenant's data. */
    public <R extends @Nullable Object> R inTenant(TenantId tenant, TransactionWork<R> work) {
        if (WHOLE.isBound() && WHOLE.get().database == this) {
            return part(WHOLE.get(), tenant, work);
        }
        return transaction(tenant.value(), "tenant", work);
    }

    /**
     * One transaction on the tenant's data, of which all are parts that the work begins on the same tenant's data in this
     * thread: what services do, each in a transaction of its own, is then done together or not at all. Work that goes
     * outside has no place in it.
     */
    public <R extends @Nullable Object> R inOneTransaction(TenantId tenant, TransactionWork<R> work) {
        return inTenant(tenant, connection -> {
            try {
                return ScopedValue.where(WHOLE, new Whole(this, tenant, connection))
                        .call(() -> work.run(connection));
            } catch (DatabaseException e) {
                if (e.getCause() instanceof SQLException failed) {
                    throw failed; // so that the whole is run again, where that helps
                }
                throw e;
            }
        });
    }

    /** One transaction on the data of the tenant that the running {@link CallerScope} is about. */
    public <R extends @Nullable Object> R inCallerTenant(TransactionWork<R> work) {
        return inTenant(CallerScope.tenant(), work);
    }

    /**
     * One transaction on the installation's own tables (the list of tenants, positions, sign-in attempts). No row of any
     * other tenant table is visible in it.
     */
    public <R extends @Nullable Object> R inInstallation(TransactionWork<R> work) {
        return transaction("", "installation", work);
    }

    /**
     * One transaction on the installation's own tables that may also write rows of one tenant: for what people of that
     * tenant do to the installation, which is recorded with them.
     */
    public <R extends @Nullable Object> R inInstallation(TenantId acting, TransactionWork<R> work) {
        return transaction(acting.value(), "installation", work);
    }

    /**
     * From here on the transaction is about the rows of another tenant: for what concerns two of them and is done as one.
     * What an installation's own transaction may do besides stays.
     */
    public static void turnTo(Connection connection, TenantId tenant) throws SQLException {
        try (var bind = connection.prepareStatement("SELECT set_config('marsad.tenant', ?, true)")) {
            bind.setString(1, tenant.value());
            bind.executeQuery().close();
        }
    }

    /**
     * Calls back with the payload of each NOTIFY on the channel, in the order of commits, from one thread of its own.
     * After a lost connection it listens again and calls back once with an empty payload: something may have been missed.
     */
    public Subscription listen(String channel, Consumer<String> onPayload) {
        return new Subscription(() -> connect(access, "marsad-listen"), channel, onPayload);
    }

    /** Connections that are bound to nobody: of tables of tenants they see no row. */
    DataSource unbound() {
        return pool;
    }

    /** Whether the database answers now. */
    public boolean answers() {
        try (var connection = pool.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            LOG.debug("the database does not answer: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static <R extends @Nullable Object> R part(Whole whole, TenantId tenant, TransactionWork<R> work) {
        if (!whole.tenant.equals(tenant)) {
            throw new IllegalStateException("a transaction of one tenant has no part of another's");
        }
        try {
            return work.run(whole.connection);
        } catch (SQLException e) {
            throw new DatabaseException("a part of a transaction failed", e);
        }
    }

    private <R extends @Nullable Object> R transaction(String tenant, String scope, TransactionWork<R> work) {
        for (int attempt = 1; ; attempt++) {
            try (var connection = pool.getConnection()) {
                return attempt(connection, tenant, scope, work);
            } catch (SQLException e) {
                if (attempt == TRIES || !mayBeTriedAgain(e)) {
                    throw new DatabaseException("a transaction failed", e);
                }
                LOG.debug("transaction is run again after {}", e.getMessage());
                pause(5L << (2 * attempt));
            }
        }
    }

    private static <R extends @Nullable Object> R attempt(
            Connection connection, String tenant, String scope, TransactionWork<R> work) throws SQLException {
        boolean done = false;
        try {
            try (var settings = connection.prepareStatement(SCOPE)) {
                settings.setString(1, tenant);
                settings.setString(2, scope);
                settings.executeQuery().close();
            }
            var result = work.run(connection);
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollback(connection);
            }
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // What made the work fail is on its way to the caller; the server rolls back when the connection is gone.
            LOG.debug("rollback failed: {}", e.getMessage());
        }
    }

    private static boolean mayBeTriedAgain(SQLException e) {
        return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two tries of a transaction", e);
        }
    }

    static Connection connect(PostgresAccess access, String name) throws SQLException {
        var properties = properties(access, name);
        return DriverManager.getConnection(access.url(), properties);
    }

    private static Properties properties(PostgresAccess access, String name) {
        var p = new Properties();
        p.setProperty("user", access.app().user());
        p.setProperty("password", access.app().password());
        p.setProperty("ApplicationName", name);
        p.setProperty("currentSchema", SCHEMA);
        p.setProperty(
                "options",
                "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c timezone=UTC");
        p.setProperty("reWriteBatchedInserts", "true");
        p.setProperty("connectTimeout", "5");
        p.setProperty("socketTimeout", "60");
        p.setProperty("tcpKeepAlive", "true");
        return p;
    }
}

package io.marsad.db.embedded;

import io.marsad.db.Migrations;
import io.marsad.db.PostgresAccess;
import io.marsad.db.PostgresAccess.Login;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL 18 server of our own: a child process that listens on the loopback interface only, asks every connection
 * for a password (SCRAM), writes durably, and ends with this process whatever ends it. Kept small: about 64 MB.
 *
 * <p>Works as root (the server then runs without any privilege) and as a normal user. Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String OWNER = "marsad_owner";
    private static final String APP = "marsad_app";
    private static final String DATABASE = "marsad";
    /** After a crash it first reads what it had written ahead. */
    private static final int START_SECONDS = 300;

    private static final int PORTS = 3;
    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=24",
            "shared_buffers=32MB",
            "huge_pages=off",
            "work_mem=4MB",
            "maintenance_work_mem=32MB",
            "effective_cache_size=256MB",
            "wal_buffers=1MB",
            "io_method=sync",
            "jit=off",
            "max_worker_processes=1",
            "max_parallel_workers=0",
            "max_parallel_workers_per_gather=0",
            "max_parallel_maintenance_workers=0",
            "max_logical_replication_workers=0",
            "autovacuum_worker_slots=2",
            "autovacuum_max_workers=1",
            "autovacuum_naptime=10s", // plans made while tables were empty last until they are analyzed
            "wal_level=minimal",
            "max_wal_senders=0",
            "min_wal_size=32MB",
            "max_wal_size=256MB",
            "checkpoint_timeout=15min",
            "fsync=on",
            "full_page_writes=on",
            "synchronous_commit=on",
            "password_encryption=scram-sha-256",
            "ssl=off",
            "logging_collector=off",
            "log_min_messages=warning",
            "log_checkpoints=off",
            "log_line_prefix=%m [%p] ",
            "log_timezone=UTC",
            "timezone=UTC",
            "cluster_name=marsad");

    private final DataFolder folder;
    private final ServerProcess server;
    private final PostgresAccess access;
    private final int port;

    private EmbeddedPostgres(DataFolder folder, ServerProcess server, PostgresAccess access, int port) {
        this.folder = folder;
        this.server = server;
        this.access = access;
        this.port = port;
    }

    /**
     * What is started.
     *
     * @param folder where data, log and secret are kept; made where missing
     * @param binaries where the programs were unpacked ({@link PostgresBinaries#unpack}); unpacked there where missing
     * @param port on 127.0.0.1; 0 for any free one
     */
    public record Settings(Path folder, Path binaries, int port) {}

    /**
     * Starts the server, makes it first where it is new, and stops one that an earlier process left behind.
     *
     * @throws IOException when it does not start; says why and, where we know, what helps
     */
    public static EmbeddedPostgres start(Settings settings, SecureRandom random) throws IOException {
        var binaries = PostgresBinaries.unpack(settings.binaries());
        var folder = DataFolder.lock(settings.folder());
        ServerProcess server = null;
        boolean started = false;
        try {
            var launcher = Launcher.choose(folder.data(), binaries);
            if (folder.isNew()) {
                LOG.info("making a new PostgreSQL database in {}", folder.data());
                folder.initialize(launcher, binaries, random);
            }
            launcher.own(folder.data());
            folder.recover(launcher, binaries);
            folder.rotateLog();
            var superuser = new Login(DataFolder.SUPERUSER, folder.superuserPassword());
            IntFunction<List<String>> onPort = port -> launcher.serverCommand(command(binaries, folder, port));
            var running = settings.port() == 0
                    ? launchOnAnyPort(onPort, folder, superuser)
                    : launch(onPort, folder, settings.port(), superuser);
            server = running.server();
            var url = url(running.port());
            var access = new PostgresAccess(
                    url + DATABASE,
                    new Login(OWNER, DataFolder.randomPassword(random)),
                    new Login(APP, DataFolder.randomPassword(random)));
            prepare(url, superuser, access);
            started = true;
            return new EmbeddedPostgres(folder, server, access, running.port());
        } catch (SQLException e) {
            throw new IOException("PostgreSQL did not accept us, see " + folder.logFile() + ": " + e.getMessage(), e);
        } finally {
            if (!started) {
                stop(server, folder);
            }
        }
    }

    /**
     * Connects as the superuser, whom row-level security does not bind, to the server that runs on this folder; null when
     * none runs. For commands of whoever may read the folder, beside the platform that the server belongs to.
     */
    public static @Nullable Connection administer(Path folder) throws IOException, SQLException {
        var pidFile = folder.resolve("data").resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return null;
        }
        var status = Files.readAllLines(pidFile);
        if (status.size() < 8 || !status.get(7).strip().equals("ready")) {
            return null;
        }
        var login = new Login(DataFolder.SUPERUSER, DataFolder.superuserPassword(folder));
        return connect("jdbc:postgresql://127.0.0.1:" + status.get(3).strip() + "/" + DATABASE, login);
    }

    /** How to reach it. The passwords are new at every start and known to this process only. */
    public PostgresAccess access() {
        return access;
    }

    public int port() {
        return port;
    }

    /** The server's process id. */
    public long pid() throws IOException {
        return server.pid();
    }

    public Path logFile() {
        return folder.logFile();
    }

    public boolean running() {
        return server.running();
    }

    /** Stops the server (open transactions are rolled back) and returns when it is gone. */
    @Override
    public void close() throws IOException {
        stop(server, folder);
    }

    private static void stop(@Nullable ServerProcess server, DataFolder folder) throws IOException {
        try (folder) {
            if (server != null) {
                server.stop();
            }
        }
    }

    private static List<String> command(Path binaries, DataFolder folder, int port) {
        var command = new ArrayList<String>();
        command.add(binaries.resolve("bin/postgres").toString());
        command.add("-D");
        command.add(folder.data().toString());
        command.add("-p");
        command.add(Integer.toString(port));
        for (String setting : SETTINGS) {
            command.add("-c");
            command.add(setting);
        }
        return command;
    }

    private record Running(ServerProcess server, int port) {}

    /** Another program may take a port that was free a moment ago: then another one is tried. */
    private static Running launchOnAnyPort(IntFunction<List<String>> command, DataFolder folder, Login superuser)
            throws IOException, SQLException {
        for (int tries = 1; true; tries++) {
            int port = freePort();
            long began = System.nanoTime();
            try {
                return launch(command, folder, port, superuser);
            } catch (IOException e) {
                boolean atOnce = System.nanoTime() - began < TimeUnit.SECONDS.toNanos(10); // as for a taken port
                if (tries == PORTS || !atOnce) {
                    throw e;
                }
                LOG.warn("trying to start PostgreSQL on another port than {}: {}", port, e.getMessage());
            }
        }
    }

    private static Running launch(IntFunction<List<String>> command, DataFolder folder, int port, Login superuser)
            throws IOException, SQLException {
        var server = new ServerProcess(command.apply(port), folder.logFile());
        boolean ready = false;
        try {
            awaitReady(server, folder, url(port), superuser);
            ready = true;
            return new Running(server, port);
        } finally {
            if (!ready) {
                server.stop();
            }
        }
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/";
    }

    private static void awaitReady(ServerProcess server, DataFolder folder, String url, Login superuser)
            throws IOException, SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        var pidFile = folder.data().resolve("postmaster.pid");
        var pid = Long.toString(server.pid());
        while (true) {
            server.requireRunning();
            var status = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.<String>of();
            if (status.size() >= 8
                    && status.getFirst().strip().equals(pid)
                    && status.get(7).strip().equals("ready")) {
                connect(url + "postgres", superuser).close();
                server.ready();
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "PostgreSQL was not ready within " + START_SECONDS + " s, see " + folder.logFile());
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while PostgreSQL was starting", e);
            }
        }
    }

    private static void prepare(String url, Login superuser, PostgresAccess access) throws SQLException {
        try (var connection = connect(url + "postgres", superuser);
                var statement = connection.createStatement()) {
            if (!Migrations.roleExists(connection, OWNER)) {
                statement.execute("CREATE ROLE " + OWNER + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS");
            }
            Migrations.setPassword(connection, access.owner());
            if (!Migrations.roleExists(connection, APP)) {
                Migrations.createAppRole(connection, access.app());
            }
            Migrations.setPassword(connection, access.app());
            try (var rows = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                if (rows.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
            statement.execute("REVOKE ALL ON DATABASE " + DATABASE + " FROM PUBLIC");
            statement.execute("GRANT CONNECT ON DATABASE " + DATABASE + " TO " + APP);
        }
    }

    private static Connection connect(String url, Login login) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(url, properties);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}

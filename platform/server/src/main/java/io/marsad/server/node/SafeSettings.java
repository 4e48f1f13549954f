package io.marsad.server.node;

import io.marsad.server.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Settings that would make an installation easy to take over: with them nothing is started. */
final class SafeSettings {
    private static final int SHORTEST_PASSWORD = 12;
    private static final Set<String> WELL_KNOWN =
            Set.of("postgres", "password", "changeme", "change-me", "secret", "admin", "marsad", "123456789012");

    private SafeSettings() {}

    /** @throws StartRefused with every fault, its reason and what helps */
    static void require(Config config) throws IOException {
        var faults = faults(config);
        if (!faults.isEmpty()) {
            throw new StartRefused(
                    "these settings are not safe, nothing was started\n  " + String.join("\n  ", faults));
        }
    }

    static List<String> faults(Config config) throws IOException {
        var faults = new ArrayList<String>();
        var http = config.http();
        if (http.tls() == null && !http.plain() && !isLoopback(http.address())) {
            faults.add(
                    "http.address " + http.address() + " is open to other machines without TLS, and passwords would be"
                            + " read on the way: set http.tls.certificate and http.tls.key, or, behind a proxy that has TLS,"
                            + " http.plain: true");
        }
        if (http.tls() != null) {
            onlyOwn("http.tls.key", http.tls().key(), faults);
        }
        var keys = config.data().resolve("keys");
        if (Files.isDirectory(keys)) {
            try (var files = Files.newDirectoryStream(keys, "*.key")) {
                for (Path file : files) {
                    onlyOwn("a key", file, faults);
                }
            }
        }
        var database = config.database();
        if (database != null) {
            password("database.owner_password", database.owner(), database.ownerPassword(), faults);
            password("database.password", database.user(), database.password(), faults);
        }
        return faults;
    }

    private static void password(String key, String user, String password, List<String> faults) {
        var lower = password.toLowerCase(Locale.ROOT);
        if (password.isEmpty()) {
            return; // signed in by a certificate, or by the server's trust, which is the server's affair
        }
        if (WELL_KNOWN.contains(lower) || lower.equals(user.toLowerCase(Locale.ROOT))) {
            faults.add(key + " is one that everybody tries first: give the role another (ALTER ROLE " + user
                    + " PASSWORD …)");
        } else if (password.length() < SHORTEST_PASSWORD) {
            faults.add(key + " is shorter than " + SHORTEST_PASSWORD
                    + " characters: give the role a longer one (ALTER ROLE " + user + " PASSWORD …)");
        }
    }

    private static void onlyOwn(String what, Path file, List<String> faults) throws IOException {
        if (!Files.exists(file)) {
            return; // who reads it says so
        }
        var permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
            faults.add(what + ", " + file + ", is open to others: chmod 600 " + file);
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

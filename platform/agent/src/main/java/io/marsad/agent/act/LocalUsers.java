package io.marsad.agent.act;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Disables accounts of this host: the password is locked and the account has expired, so that keys let nobody in either.
 * Enabling gives back what was there before, and nothing more.
 */
final class LocalUsers implements HostAction {
    private static final String NAME = "[a-z_][a-z0-9_.-]{0,31}\\$?";
    private static final String EXPIRED = "1"; // the second of January 1970

    private final Path root;
    private final Path folder;

    LocalUsers(Path root, Path data) {
        this.root = root;
        this.folder = data.resolve("users");
    }

    @Override
    public Set<String> names() {
        return Set.of("disable_user", "enable_user");
    }

    /** What the shadow file says of an account. @param expires days since 1970; empty: never */
    private record Account(boolean locked, boolean password, String expires) {}

    @Override
    public Done perform(Told told) throws ActionFailed, IOException, InterruptedException {
        var user = told.text("user");
        if (!user.matches(NAME)) {
            throw new ActionFailed("user is no name of an account of this host: " + user);
        }
        var before = account(user);
        if (told.action().equals("disable_user")) {
            disable(user, before);
        } else {
            enable(user, before);
        }
        var after = account(user);
        boolean off = after.locked && after.expires.equals(EXPIRED);
        if (off != told.action().equals("disable_user")) {
            throw new ActionFailed("the account is not what it should be now: " + after);
        }
        var proof = Done.seen().put("user", user);
        proof.putObject("before").put("locked", before.locked).put("expires", before.expires);
        proof.putObject("after").put("locked", after.locked).put("expires", after.expires);
        return new Done(Map.of(), proof);
    }

    private void disable(String user, Account before) throws ActionFailed, IOException, InterruptedException {
        var kept = folder.resolve(user + ".json");
        boolean off = before.locked && before.expires.equals(EXPIRED);
        if (!off || !Files.exists(kept)) {
            Files.createDirectories(folder);
            var node = JsonNodeFactory.instance.objectNode();
            node.put("locked", before.locked).put("expires", before.expires);
            DurableFile.replace(kept, node.toString().getBytes(StandardCharsets.UTF_8));
        }
        usermod(user, "--lock", "--expiredate", EXPIRED);
    }

    private void enable(String user, Account now) throws ActionFailed, IOException, InterruptedException {
        var kept = folder.resolve(user + ".json");
        boolean wasLocked = false;
        var expires = "";
        if (Files.exists(kept)) {
            try {
                var node = JsonMapper.shared().readTree(Files.readAllBytes(kept));
                wasLocked = node.path("locked").asBoolean(false);
                expires = node.path("expires").asString("");
            } catch (JacksonException e) {
                throw new IOException(kept + " cannot be read", e);
            }
        }
        usermod(user, "--expiredate", expires);
        if (now.locked && !wasLocked && now.password) {
            usermod(user, "--unlock"); // one that had no password stays locked: it would be open to all
        }
        Files.deleteIfExists(kept);
    }

    private void usermod(String user, String... what) throws ActionFailed, InterruptedException {
        var command = new ArrayList<>(List.of("usermod"));
        if (root.getNameCount() > 0) {
            command.addAll(List.of("--prefix", root.toString()));
        }
        command.addAll(List.of(what));
        command.add(user);
        Commands.require("", command.toArray(String[]::new));
    }

    private Account account(String user) throws ActionFailed, IOException {
        var line = line("etc/passwd", user);
        if (line == null) {
            throw new ActionFailed("this host has no account " + user + " of its own");
        }
        if (line[2].equals("0")) {
            throw new ActionFailed(user + " is the superuser: it is not disabled from afar");
        }
        var shadow = line("etc/shadow", user);
        if (shadow == null || shadow.length < 8) {
            throw new ActionFailed("nothing says whether " + user + " may sign in");
        }
        return new Account(
                shadow[1].startsWith("!"), shadow[1].replaceFirst("^!+", "").length() > 1, shadow[7]);
    }

    private String @Nullable [] line(String file, String user) throws IOException {
        try (var lines = Files.lines(root.resolve(file), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(user + ":"))
                    .map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 6)
                    .findFirst()
                    .orElse(null);
        }
    }
}

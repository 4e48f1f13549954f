package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code marsad vault}. */
@Command(
        name = "vault",
        description = {
            "Keys that secrets in the database are encrypted by. Works on a running platform.",
            "",
            "No secret is ever shown."
        },
        subcommands = {VaultCommand.Status.class, VaultCommand.Rotate.class, VaultCommand.Verify.class},
        sortOptions = false)
final class VaultCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    private static JsonNode status(PlatformClient client) throws IOException, InterruptedException {
        return Answers.sound(client.get("/v1/vault"));
    }

    private static void show(JsonNode status, boolean json) {
        if (json) {
            System.out.println(status);
        } else {
            tell(status);
        }
    }

    private static void tell(JsonNode status) {
        System.out.println(String.format(
                Locale.ROOT,
                "%,d secrets of %,d tenants, encrypted by %,d data keys",
                status.path("secrets").asLong(),
                status.path("tenants").asLong(),
                status.path("data_keys").asLong()));
        System.out.println("master key " + status.path("master_key").asString() + " since "
                + Answers.minute(status.path("master_key_since"), "?") + " (UTC), in "
                + status.path("keys").asString());
        if (!status.path("leaving").isEmpty()) {
            System.out.println("leaving: " + status.path("leaving"));
        }
        var rotation = status.path("rotation");
        long old = status.path("old_data_keys").asLong()
                + status.path("old_secrets").asLong();
        if (rotation.path("running").asBoolean()) {
            System.out.println(progress(rotation));
        } else if (old > 0) {
            System.out.println(old + " data keys and secrets do not have their new key yet");
        }
        if (rotation.path("failed").asLong() > 0) {
            System.out.println(rotation.path("failed").asLong()
                    + " do not open and keep their key: marsad vault verify names them");
        }
        if (rotation.path("fault").isString()) {
            System.out.println(
                    "tried again in a minute: " + rotation.path("fault").asString());
        }
    }

    private static String progress(JsonNode rotation) {
        return String.format(
                Locale.ROOT,
                "%,d of %,d encrypted anew",
                rotation.path("done").asLong(),
                rotation.path("total").asLong());
    }

    /** {@code marsad vault status}. */
    @Command(name = "status", description = "Which keys there are, what they encrypt, how far a rotation is.")
    static final class Status extends OnPlatform {
        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            show(status(client), json);
        }
    }

    /** {@code marsad vault rotate}. */
    @Command(
            name = "rotate",
            description = {
                "Give every tenant a new data key and encrypt all secrets anew, or, with --master, change the master key.",
                "",
                "The platform goes on reading and writing them. The old keys go when nothing needs them; what is killed"
                        + " meanwhile goes on at the next start. Keep a copy of the new master key: see"
                        + " docs/guides/configuration.md.",
                "",
                "Exits 0 when all have new keys, 1 when not."
            },
            sortOptions = false)
    static final class Rotate extends OnPlatform {
        private static final long LOOK_EVERY_MILLIS = 200;

        @Option(names = "--master", description = "A new master key instead of new data keys.")
        private boolean master;

        @Option(names = "--no-wait", description = "Begin it and return.")
        private boolean noWait;

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var status = Answers.sound(client.post("/v1/vault/rotate", Map.of("keys", master ? "master" : "data")));
            var shown = "";
            while (!noWait && status.path("rotation").path("running").asBoolean()) {
                var line = progress(status.path("rotation"));
                if (!json && !line.equals(shown)) {
                    System.out.println(line);
                    shown = line;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
                status = status(client);
            }
            show(status, json);
            boolean left = status.path("old_data_keys").asLong() > 0
                    || status.path("old_secrets").asLong() > 0
                    || !status.path("leaving").isEmpty();
            if (!noWait && left) {
                throw new CommandFailure("not everything has its new key yet");
            }
        }
    }

    /** {@code marsad vault verify}. */
    @Command(
            name = "verify",
            description = "Open every secret there is. Exits 0 when all open, 1 when one was changed or moved.")
    static final class Verify extends OnPlatform {
        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var found = Answers.sound(client.get("/v1/vault/verification"));
            boolean ok = found.path("ok").asBoolean();
            var looked = String.format(Locale.ROOT, "%,d", found.path("secrets").asLong());
            if (json) {
                System.out.println(found);
            } else {
                found.path("bad")
                        .forEach(bad -> System.out.println(bad.path("reason").asString()));
                if (ok) {
                    System.out.println("all " + looked + " secrets open");
                }
            }
            if (!ok) {
                throw new CommandFailure(found.path("failed").asLong() + " of " + looked + " secrets DO NOT OPEN");
            }
        }
    }
}

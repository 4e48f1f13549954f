package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code marsad tenant}: what the API does, asked of a running platform. */
@Command(
        name = "tenant",
        description = "The tenants of a running platform. Exits 0 when done, 1 when refused, 2 on wrong use.",
        subcommands = {
            TenantMaking.Create.class,
            TenantMaking.ListAll.class,
            TenantCommand.ListAll.class,
            TenantCommand.Limit.class,
            TenantCommand.Suspend.class,
            TenantCommand.Resume.class,
            TenantCommand.Delete.class,
            TenantDelegations.Parent.class,
            TenantDelegations.Delegate.class,
            TenantDelegations.ListAll.class,
            TenantDelegations.Undelegate.class
        },
        sortOptions = false)
final class TenantCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    static String path(String tenant, String act) {
        return "/v1/tenants/" + URLEncoder.encode(tenant, StandardCharsets.UTF_8) + act;
    }

    static void tell(JsonNode tenant, boolean json) {
        System.out.println(json ? tenant.toString() : line(tenant));
    }

    private static String line(JsonNode tenant) {
        var quota = tenant.path("quota");
        return String.format(
                Locale.ROOT,
                "%-24s %-9s %4d users %,14d events %,16d bytes %,9.1f events/s  quota %s/s %s bytes %s queries  %s",
                tenant.path("id").asString(),
                tenant.path("state").asString(),
                tenant.path("users").asLong(),
                tenant.path("events").asLong(),
                tenant.path("storage_bytes").asLong(),
                tenant.path("events_per_second").asDouble(),
                limit(quota, "events_per_second"),
                limit(quota, "storage_bytes"),
                limit(quota, "queries"),
                tenant.path("name").asString());
    }

    private static String limit(JsonNode quota, String name) {
        var limit = quota.path(name);
        return limit.isNumber() ? limit.asString() : "-";
    }

    /** {@code marsad tenant list}. */
    @Command(name = "list", description = "The tenants with what each uses and may use.", sortOptions = false)
    static final class ListAll extends OnPlatform {
        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var cursor = "";
            do {
                var page = Answers.sound(client.get("/v1/tenants?limit=200" + cursor));
                if (json) {
                    System.out.println(page);
                } else {
                    page.path("tenants").forEach(tenant -> tell(tenant, false));
                }
                var next = page.path("next").asString("");
                cursor = next.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
            } while (!cursor.isEmpty());
        }
    }

    /** {@code marsad tenant limit}. */
    @Command(
            name = "limit",
            description = "Set what a tenant may use, from now on. What is not named has no limit afterwards.",
            sortOptions = false)
    static final class Limit extends OnPlatform {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Option(names = "--events-per-second", paramLabel = "N", description = "Records that the doors take.")
        private @Nullable Long eventsPerSecond;

        @Option(names = "--storage-bytes", paramLabel = "N", description = "Of the event store's files.")
        private @Nullable Long storageBytes;

        @Option(names = "--queries", paramLabel = "N", description = "At once.")
        private @Nullable Integer queries;

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            Map<String, @Nullable Object> quota = new LinkedHashMap<>();
            quota.put("events_per_second", eventsPerSecond);
            quota.put("storage_bytes", storageBytes);
            quota.put("queries", queries);
            tell(Answers.sound(client.post(path(id, ""), Map.of("quota", quota))), json);
        }
    }

    /** {@code marsad tenant suspend}. */
    @Command(
            name = "suspend",
            description = "Let nobody of a tenant in and take nothing for it; its data stays.",
            sortOptions = false)
    static final class Suspend extends OnPlatform {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            tell(Answers.sound(client.post(path(id, "/suspend"), Map.of())), json);
        }
    }

    /** {@code marsad tenant resume}. */
    @Command(name = "resume", description = "Take a suspension back.", sortOptions = false)
    static final class Resume extends OnPlatform {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            tell(Answers.sound(client.post(path(id, "/resume"), Map.of())), json);
        }
    }

    /** {@code marsad tenant delete}. */
    @Command(
            name = "delete",
            description = {
                "Delete a suspended tenant's data for good, and look whether anything is left.",
                "",
                "Its audit log stays: nobody can delete from one. Its raw records in the event log's files go with these"
                        + " files (log.keep)."
            },
            sortOptions = false)
    static final class Delete extends OnPlatform {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Option(names = "--confirm", paramLabel = "ID", required = true, description = "Its id once more.")
        private String confirm = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var gone = Answers.sound(client.post(path(id, "/delete"), Map.of("confirm", confirm)));
            if (json) {
                System.out.println(gone); // says itself whether all was found gone
                return;
            }
            long rows =
                    gone.path("rows").valueStream().mapToLong(JsonNode::asLong).sum();
            System.out.println(String.format(
                    Locale.ROOT,
                    "%,d events (%,d bytes) and %,d rows are gone; kept: %s",
                    gone.path("events").asLong(),
                    gone.path("bytes").asLong(),
                    rows,
                    gone.path("kept")));
            if (!gone.path("verified").asBoolean()) {
                throw new CommandFailure("something of it is still there: " + gone.path("left"));
            }
        }
    }
}

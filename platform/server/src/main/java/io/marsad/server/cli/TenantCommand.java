package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.PlatformClient.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code marsad tenant}: what the API does, asked of a running platform. */
@Command(
        name = "tenant",
        description = "The tenants of a running platform. Exits 0 when done, 1 when refused, 2 on wrong use.",
        subcommands = {
            TenantCommand.Create.class,
            TenantCommand.ListAll.class,
            TenantCommand.Limit.class,
            TenantCommand.Suspend.class,
            TenantCommand.Resume.class,
            TenantCommand.Delete.class
        },
        sortOptions = false)
final class TenantCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** What all of them take. */
    static final class Common {
        @Mixin
        private Target target = new Target();

        @Option(names = "--json", description = "Print the platform's answer as it is.")
        private boolean json;

        /** Asks, and prints the answer or why there is none. */
        int run(Ask ask, Print print) throws IOException, InterruptedException {
            try (var client = target.client()) {
                var answer = ask.ask(client);
                if (json) {
                    System.out.println(answer.body());
                } else if (answer.ok()) {
                    print.print(answer.body());
                } else {
                    System.out.println(answer.problem());
                }
                return answer.ok() ? 0 : 1;
            }
        }
    }

    /** One request, or several. */
    @FunctionalInterface
    interface Ask {
        Answer ask(PlatformClient client) throws IOException, InterruptedException;
    }

    /** Tells it to a person. */
    @FunctionalInterface
    interface Print {
        void print(JsonNode body);
    }

    private static String path(String tenant, String act) {
        return "/v1/tenants/" + URLEncoder.encode(tenant, StandardCharsets.UTF_8) + act;
    }

    private static void told(JsonNode tenant) {
        var quota = tenant.path("quota");
        System.out.println(String.format(
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
                tenant.path("name").asString()));
    }

    private static String limit(JsonNode quota, String name) {
        var limit = quota.path(name);
        return limit.isNumber() ? limit.asString() : "-";
    }

    /** {@code marsad tenant create}. */
    @Command(
            name = "create",
            description = "Make a tenant, and its first administrator, whose password is shown this once.",
            sortOptions = false)
    static final class Create implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "3 to 63 characters of a-z, 0-9 and '-'; never to be used again.")
        private String id = "";

        @Option(names = "--name", paramLabel = "TEXT", description = "What people call it (default: the id).")
        private @Nullable String name;

        @Option(names = "--no-admin", description = "Make no administrator.")
        private boolean noAdmin;

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() throws IOException, InterruptedException {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("id", id);
            if (name != null) {
                body.put("name", name);
            }
            body.put("admin", !noAdmin);
            return common.run(client -> client.post("/v1/tenants", body), made -> {
                told(made);
                var admin = made.path("first_admin");
                if (admin.isObject()) {
                    System.out.println("Login  " + admin.path("username").asString() + " / "
                            + admin.path("password").asString() + " of tenant " + id + "   (shown this once)");
                }
            });
        }
    }

    /** {@code marsad tenant list}. */
    @Command(name = "list", description = "The tenants with what each uses and may use.", sortOptions = false)
    static final class ListAll implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() throws IOException, InterruptedException {
            var cursor = "";
            int code;
            do {
                var next = new String[] {""};
                var from = cursor;
                code = common.run(
                        client -> {
                            var page = client.get("/v1/tenants?limit=200" + from);
                            next[0] = page.body().path("next").asString("");
                            return page;
                        },
                        page -> page.path("tenants").forEach(TenantCommand::told));
                cursor = "&cursor=" + next[0];
            } while (code == 0 && cursor.length() > "&cursor=".length());
            return code;
        }
    }

    /** {@code marsad tenant limit}. */
    @Command(
            name = "limit",
            description = "Set what a tenant may use, from now on. What is not named has no limit afterwards.",
            sortOptions = false)
    static final class Limit implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Option(names = "--events-per-second", paramLabel = "N", description = "Records that the doors take.")
        private @Nullable Long eventsPerSecond;

        @Option(names = "--storage-bytes", paramLabel = "N", description = "Of the event store's files.")
        private @Nullable Long storageBytes;

        @Option(names = "--queries", paramLabel = "N", description = "At once.")
        private @Nullable Integer queries;

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() throws IOException, InterruptedException {
            Map<String, @Nullable Object> quota = new LinkedHashMap<>();
            quota.put("events_per_second", eventsPerSecond);
            quota.put("storage_bytes", storageBytes);
            quota.put("queries", queries);
            return common.run(client -> client.post(path(id, ""), Map.of("quota", quota)), TenantCommand::told);
        }
    }

    /** {@code marsad tenant suspend}. */
    @Command(
            name = "suspend",
            description = "Let nobody of a tenant in and take nothing for it; its data stays.",
            sortOptions = false)
    static final class Suspend implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() throws IOException, InterruptedException {
            return common.run(client -> client.post(path(id, "/suspend"), Map.of()), TenantCommand::told);
        }
    }

    /** {@code marsad tenant resume}. */
    @Command(name = "resume", description = "Take a suspension back.", sortOptions = false)
    static final class Resume implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() throws IOException, InterruptedException {
            return common.run(client -> client.post(path(id, "/resume"), Map.of()), TenantCommand::told);
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
    static final class Delete implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Option(names = "--confirm", paramLabel = "ID", required = true, description = "Its id once more.")
        private String confirm = "";

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() throws IOException, InterruptedException {
            return common.run(client -> client.post(path(id, "/delete"), Map.of("confirm", confirm)), gone -> {
                System.out.println(String.format(
                        Locale.ROOT,
                        "%,d events (%,d bytes) and %,d rows are gone%s; kept: %s",
                        gone.path("events").asLong(),
                        gone.path("bytes").asLong(),
                        gone.path("rows")
                                .valueStream()
                                .mapToLong(JsonNode::asLong)
                                .sum(),
                        gone.path("verified").asBoolean()
                                ? ", and nothing else was found"
                                : ", BUT THERE IS STILL: " + gone.path("left"),
                        gone.path("kept")));
            });
        }
    }
}

package io.marsad.server.cli;

import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands of {@code marsad tenant} that make one, and say from what. */
final class TenantMaking {
    private static final String TEMPLATES = "/v1/tenant-templates";

    private TenantMaking() {}

    /** {@code marsad tenant create}. */
    @Command(
            name = "create",
            description = {
                "Make a tenant, and its first administrator, whose password is shown this once.",
                "",
                "A template gives it a quota, roles, and which of them need a second factor. All of it is made, or nothing."
            },
            sortOptions = false)
    static final class Create extends OnPlatform {
        @Parameters(paramLabel = "ID", description = "3 to 63 characters of a-z, 0-9 and '-'; never to be used again.")
        private String id = "";

        @Option(names = "--name", paramLabel = "TEXT", description = "What people call it (default: the id).")
        private @Nullable String name;

        @Option(
                names = "--template",
                paramLabel = "NAME",
                description = "What it begins with: one of `marsad tenant templates`.")
        private @Nullable String template;

        @Option(names = "--no-admin", description = "Make no administrator.")
        private boolean noAdmin;

        @Option(names = "--dry-run", description = "Make nothing, and say what would be made.")
        private boolean dryRun;

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("id", id);
            if (name != null) {
                body.put("name", name);
            }
            if (template != null) {
                body.put("template", template);
            }
            body.put("admin", !noAdmin);
            if (dryRun) {
                tellOnly(client, json);
                return;
            }
            var made = Answers.sound(client.post("/v1/tenants", body));
            TenantCommand.tell(made, json);
            var admin = made.path("first_admin");
            if (admin.isObject() && !json) {
                System.out.println("Login  " + admin.path("username").asString() + " / "
                        + admin.path("password").asString() + " of tenant " + id + "   (shown this once)");
            }
        }

        private void tellOnly(PlatformClient client, boolean json) throws IOException, InterruptedException {
            requireFree(client);
            var given = template == null ? null : find(client, template);
            if (json) {
                System.out.println(given == null ? "{}" : given.toString());
                return;
            }
            System.out.println("Would make " + id + (noAdmin ? "" : ", with its first administrator"));
            if (given != null) {
                describe(given);
            }
            System.out.println("Nothing was made.");
        }

        /** That an id was a deleted tenant's shows only when it is made. */
        private void requireFree(PlatformClient client) throws IOException, InterruptedException {
            if (client.get(TenantCommand.path(sound(id).value(), "")).ok()) {
                throw new CommandFailure("there is a tenant '" + id + "'");
            }
        }

        private static TenantId sound(String id) {
            try {
                return new TenantId(id);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(String.valueOf(e.getMessage()));
            }
        }

        private static JsonNode find(PlatformClient client, String name) throws IOException, InterruptedException {
            var all = Answers.sound(client.get(TEMPLATES)).path("templates");
            for (JsonNode one : all) {
                if (one.path("name").asString().equals(name)) {
                    if (!one.path("faults").isEmpty()) {
                        throw new CommandFailure("the template '" + name + "' has faults:" + faults(one));
                    }
                    return one;
                }
            }
            var names =
                    all.valueStream().map(one -> one.path("name").asString()).toArray(String[]::new);
            throw new CommandFailure("there is no template '" + name + "'" + Suggestion.among(name, names));
        }
    }

    /** {@code marsad tenant templates}. */
    @Command(
            name = "templates",
            description = {
                "What tenants can be made from, and what each gives.",
                "",
                "Templates are files: those that are shipped, and DATA/templates/tenants/NAME.yaml, which win over shipped"
                        + " ones of the same name. They are read anew each time; one with a fault is shown with it."
            },
            sortOptions = false)
    static final class ListAll extends OnPlatform {
        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var all = Answers.sound(client.get(TEMPLATES));
            if (json) {
                System.out.println(all);
                return;
            }
            all.path("templates").forEach(TenantMaking::describe);
            if (all.path("templates").isEmpty()) {
                System.out.println("There is none: put NAME.yaml into templates/tenants/ of the data folder.");
            }
            if (!all.path("faults").isEmpty()) {
                System.out.println("FAULTS" + faults(all));
            }
        }
    }

    private static void describe(JsonNode template) {
        boolean faulty = !template.path("faults").isEmpty();
        System.out.println(template.path("name").asString()
                + (template.path("shipped").asBoolean() ? "" : "  (this installation's own)")
                + (faulty
                        ? "  REFUSED" + faults(template)
                        : "  " + template.path("description").asString()));
        if (faulty) {
            return;
        }
        var quota = template.path("quota");
        System.out.println("    quota          " + limit(quota, "events_per_second", "events/s") + ", "
                + limit(quota, "storage_bytes", "bytes") + ", " + limit(quota, "queries", "queries at once"));
        for (JsonNode role : template.path("roles")) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "    role           %-20s %s",
                    role.path("name").asString(),
                    texts(role.path("permissions"))));
        }
        if (!template.path("second_factor").isEmpty()) {
            System.out.println("    second factor  " + texts(template.path("second_factor")));
        }
    }

    private static String limit(JsonNode quota, String name, String unit) {
        var limit = quota.path(name);
        return (limit.isNumber() ? String.format(Locale.ROOT, "%,d", limit.asLong()) : "any number of") + " " + unit;
    }

    private static String texts(JsonNode texts) {
        return texts.valueStream().map(JsonNode::asString).collect(Collectors.joining(" "));
    }

    private static String faults(JsonNode of) {
        return of.path("faults")
                .valueStream()
                .map(fault -> System.lineSeparator() + "    "
                        + fault.path("where").asString() + ": "
                        + fault.path("reason").asString())
                .collect(Collectors.joining());
    }
}

package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands of {@code marsad tenant} about providers: who that is, and who of it may act in a tenant. */
final class TenantDelegations {
    private TenantDelegations() {}

    private static String path(String tenant, String act) {
        return "/v1/tenants/" + URLEncoder.encode(tenant, StandardCharsets.UTF_8) + act;
    }

    private static void tell(JsonNode delegation) {
        var user = delegation.path("provider_username").asString("");
        System.out.println(String.format(
                Locale.ROOT,
                "%s  %-20s %-30s is %s  since %s",
                delegation.path("id").asString(),
                delegation.path("provider").asString(),
                user.isEmpty() ? "role " + delegation.path("provider_role").asString() : "user " + user,
                delegation.path("role").asString(),
                delegation.path("created_at").asString()));
    }

    /** {@code marsad tenant parent}. */
    @Command(
            name = "parent",
            description = {
                "Give a tenant a provider: another tenant, whose people may act in it as far as that is delegated.",
                "There is one level. What was delegated to another provider before ends at once."
            },
            sortOptions = false)
    static final class Parent extends OnPlatform {
        @Parameters(index = "0", paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Parameters(index = "1", paramLabel = "PROVIDER", arity = "0..1", description = "The provider's id.")
        private @Nullable String provider;

        @Option(names = "--none", description = "It has no provider any more.")
        private boolean none;

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            if (none == (provider != null)) {
                throw new CommandFailure("name the provider, or say --none");
            }
            Map<String, @Nullable Object> body = new HashMap<>();
            body.put("parent", provider);
            Answers.sound(client.put(path(id, "/parent"), body));
            if (!json) {
                System.out.println(none ? id + " has no provider" : "The provider of " + id + " is " + provider);
            }
        }
    }

    /** {@code marsad tenant delegate}. */
    @Command(
            name = "delegate",
            description = {
                "Let a user of the tenant's provider, or all with a role there, act in the tenant.",
                "They cannot make users or tokens there: nothing outlives the delegation."
            },
            sortOptions = false)
    static final class Delegate extends OnPlatform {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Option(names = "--user", paramLabel = "NAME", description = "Of the provider's users.")
        private @Nullable String user;

        @Option(names = "--provider-role", paramLabel = "ROLE", description = "Everybody who has it at the provider.")
        private @Nullable String providerRole;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "What they are in the tenant: tenant_admin, soc_analyst or auditor.")
        private String role = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            Map<String, Object> body = new LinkedHashMap<>();
            if (user != null) {
                body.put("provider_user", user);
            }
            if (providerRole != null) {
                body.put("provider_role", providerRole);
            }
            body.put("role", role);
            var made = Answers.sound(client.post(path(id, "/delegations"), body));
            if (json) {
                System.out.println(made);
            } else {
                tell(made);
            }
        }
    }

    /** {@code marsad tenant delegations}. */
    @Command(name = "delegations", description = "Who of the provider may act in a tenant.", sortOptions = false)
    static final class ListAll extends OnPlatform {
        @Parameters(paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var all = Answers.sound(client.get(path(id, "/delegations")));
            if (json) {
                System.out.println(all);
            } else {
                all.path("delegations").forEach(TenantDelegations::tell);
            }
        }
    }

    /** {@code marsad tenant undelegate}. */
    @Command(name = "undelegate", description = "Take a delegation back, at once.", sortOptions = false)
    static final class Undelegate extends OnPlatform {
        @Parameters(index = "0", paramLabel = "ID", description = "The tenant.")
        private String id = "";

        @Parameters(index = "1", paramLabel = "DELEGATION", description = "Its id, as `delegations` has it.")
        private String delegation = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            Answers.sound(client.post(path(id, "/undelegate"), Map.of("id", delegation)));
            if (!json) {
                System.out.println(delegation + " is revoked");
            }
        }
    }
}

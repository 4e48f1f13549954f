package io.marsad.server.cli;

import io.marsad.kernel.content.Suggestion;
import io.marsad.server.client.PlatformClient;
import io.marsad.server.node.LocalAccess;
import io.marsad.server.node.PasswordReset;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
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

/** {@code marsad user}. */
@Command(
        name = "user",
        description = {
            "Who may sign in. Works on a running platform, with all permissions on the one of this data folder.",
            ""
        },
        subcommands = {
            UserCommand.ListAll.class,
            UserCommand.Create.class,
            UserCommand.SetRole.class,
            UserCommand.Disable.class,
            UserCommand.Enable.class,
            UserCommand.ResetPassword.class
        },
        sortOptions = false)
final class UserCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** The user of this name. */
    private static JsonNode find(PlatformClient client, String name) throws IOException, InterruptedException {
        var names = new ArrayList<String>();
        for (JsonNode user : Answers.sound(client.get("/v1/users")).path("users")) {
            var found = user.path("username").asString();
            if (found.equalsIgnoreCase(name.strip())) {
                return user;
            }
            names.add(found);
        }
        throw new CommandFailure(
                "there is no user '" + name + "'" + Suggestion.among(name, names.toArray(String[]::new)));
    }

    private static String path(JsonNode user) {
        return "/v1/users/" + user.path("id").asString();
    }

    private static void tell(JsonNode user, boolean json) {
        if (json) {
            System.out.println(user);
            return;
        }
        var name = user.path("username").asString();
        var password = user.path("password").asString("");
        if (!password.isEmpty()) {
            System.out.println(name + " / " + password + "   (shown this once)");
        }
        System.out.println(name + ": " + user.path("role").asString() + ", " + state(user));
    }

    private static String state(JsonNode user) {
        return user.path("disabled").asBoolean() ? "disabled" : "enabled";
    }

    /** {@code marsad user list}. */
    @Command(name = "list", description = "All users of the tenant, with role, state and when they were last seen.")
    static final class ListAll extends OnPlatform {
        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var answer = Answers.sound(client.get("/v1/users"));
            if (json) {
                System.out.println(answer);
                return;
            }
            System.out.println(line("NAME", "ROLE", "STATE", "LAST SEEN (UTC)", "SESSIONS"));
            for (JsonNode user : answer.path("users")) {
                System.out.println(line(
                        user.path("username").asString(),
                        user.path("role").asString(),
                        state(user),
                        Answers.minute(user.path("last_seen_at"), "never"),
                        user.path("sessions").asString()));
            }
        }

        private static String line(String name, String role, String state, String seen, String sessions) {
            return String.format(Locale.ROOT, "%-24s %-20s %-9s %-17s %s", name, role, state, seen, sessions)
                    .stripTrailing();
        }
    }

    /** {@code marsad user create}. */
    @Command(
            name = "create",
            description = "Make a user with a random password, which is shown once.",
            sortOptions = false)
    static final class Create extends OnPlatform {
        @Parameters(paramLabel = "NAME", description = "What to sign in as.")
        private String name = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "platform_admin, tenant_admin, soc_analyst, auditor or a role of the tenant's own.")
        private String role = "";

        @Option(names = "--no-password", description = "Make no password: one signs in by other means only.")
        private boolean noPassword;

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var asked = new LinkedHashMap<String, Object>();
            asked.put("username", name);
            asked.put("role", role);
            asked.put("password", noPassword ? "none" : "random");
            tell(Answers.sound(client.post("/v1/users", asked)), json);
        }
    }

    /** {@code marsad user set-role}. */
    @Command(name = "set-role", description = "Give a user another role; open sessions have it from the next request.")
    static final class SetRole extends OnPlatform {
        @Parameters(index = "0", paramLabel = "NAME", description = "The user.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "ROLE", description = "The role.")
        private String role = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            tell(Answers.sound(client.patch(path(find(client, name)), Map.of("role", role))), json);
        }
    }

    /** {@code marsad user disable}. */
    @Command(name = "disable", description = "Lock a user out; open sessions end at once.")
    static final class Disable extends OnPlatform {
        @Parameters(paramLabel = "NAME", description = "The user.")
        private String name = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            tell(Answers.sound(client.patch(path(find(client, name)), Map.of("disabled", true))), json);
        }
    }

    /** {@code marsad user enable}. */
    @Command(name = "enable", description = "Let a user sign in again.")
    static final class Enable extends OnPlatform {
        @Parameters(paramLabel = "NAME", description = "The user.")
        private String name = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            tell(Answers.sound(client.patch(path(find(client, name)), Map.of("disabled", false))), json);
        }
    }

    /** {@code marsad user reset-password}. */
    @Command(
            name = "reset-password",
            description = {
                "Give an account a new random password, show it once, and end its sessions.",
                "Passkeys and authenticator app are forgotten: the password is all that it signs in with then.",
                "Whoever can read the data folder may do this, whether the platform runs or not."
            },
            sortOptions = false)
    static final class ResetPassword implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "The account's name, e.g. admin.")
        private String name = "";

        @Option(names = "--json", description = "Print username and password as one JSON line.")
        private boolean json;

        @Mixin
        private InstallationOptions options = new InstallationOptions();

        @Override
        public Integer call() throws Exception {
            var password = password();
            if (password == null) {
                throw new CommandFailure("there is no account named '" + name + "'");
            }
            var line = new tools.jackson.databind.json.JsonMapper()
                    .createObjectNode()
                    .put("username", name)
                    .put("password", password);
            System.out.println(json ? line.toString() : name + " / " + password + "   (shown this once)");
            return 0;
        }

        private @Nullable String password() throws Exception {
            var access = LocalAccess.read(options.data());
            if (access != null) {
                try (var client = new PlatformClient(access.url(), access.token())) {
                    var path = path(find(client, name)) + "/password";
                    return Answers.sound(client.post(path, Map.of()))
                            .path("password")
                            .asString();
                } catch (ConnectException none) {
                    // It was killed and left this behind: as when it was stopped.
                }
            }
            return PasswordReset.run(options.config(), Shipped.postgres(), name);
        }
    }
}

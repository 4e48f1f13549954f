package io.marsad.server.cli;

import io.marsad.server.node.PasswordReset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code marsad user}. */
@Command(
        name = "user",
        description = "Local accounts.",
        subcommands = UserCommand.ResetPassword.class,
        sortOptions = false)
final class UserCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** {@code marsad user reset-password}. */
    @Command(
            name = "reset-password",
            description = {
                "Give an account a new random password, show it once, and end its sessions.",
                "The platform must be stopped: whoever can read the data folder may do this."
            },
            sortOptions = false)
    static final class ResetPassword implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "The account's name, e.g. admin.")
        private String name = "";

        @Mixin
        private InstallationOptions options = new InstallationOptions();

        @Override
        public Integer call() throws Exception {
            var password = PasswordReset.run(options.config(), Shipped.postgres(), name);
            if (password == null) {
                throw new CommandFailure("there is no account named '" + name + "'");
            }
            System.out.println(name + " / " + password + "   (shown this once)");
            return 0;
        }
    }
}

package io.marsad.server.cli;

import io.marsad.server.config.Config;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code marsad config}. */
@Command(
        name = "config",
        description = "Check the configuration and list every key with its default and meaning.",
        sortOptions = false)
final class ConfigCommand implements Callable<Integer> {
    @Mixin
    private InstallationOptions options = new InstallationOptions();

    @Override
    public Integer call() throws Exception {
        options.config();
        for (Config.Key key : Config.KEYS) {
            System.out.println(String.format(Locale.ROOT, "%-24s %-12s %s", key.name(), key.fallback(), key.meaning()));
        }
        return 0;
    }
}

package io.marsad.server.cli;

import io.marsad.kernel.content.ContentException;
import io.marsad.server.config.Config;
import io.marsad.server.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code up}, {@code demo}, {@code doctor} and {@code config} have in common. */
final class InstallationOptions {
    @Mixin
    private DataFolder folder = new DataFolder();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file (default: marsad.yaml in the data folder, when it is there).")
    private @Nullable Path file;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of console and API; 0 takes free ports for every listener.")
    private @Nullable Integer port;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A configuration value; wins over the file.")
    private Map<String, String> set = new LinkedHashMap<>();

    Path data() {
        return folder.path();
    }

    Config config() throws ContentException, IOException {
        var data = data();
        var overrides = new LinkedHashMap<>(set);
        if (port != null) {
            overrides.putIfAbsent("http.port", port.toString());
            if (port == 0) {
                overrides.putIfAbsent("syslog.udp", "0");
                overrides.putIfAbsent("syslog.tcp", "0");
                overrides.putIfAbsent("agents.port", "0");
                overrides.putIfAbsent("agents.enroll_port", "0");
            }
        }
        var usual = data.resolve("marsad.yaml");
        var read = file != null ? file : Files.exists(usual) ? usual : null;
        return ConfigFile.read(read, data, Shipped.content(), overrides, System::getenv);
    }
}

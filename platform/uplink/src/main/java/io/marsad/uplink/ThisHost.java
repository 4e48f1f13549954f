package io.marsad.uplink;

import io.marsad.proto.agent.v1.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a Linux host says of itself when it asks to be let in. */
public final class ThisHost {
    private static final int LIMIT = 64 << 10;
    private static final int LONGEST = 255;
    private static final Pattern NO_ID = Pattern.compile("[0f-]*|(?i)not (?:specified|settable).*");

    private ThisHost() {}

    /**
     * By its hardware it is known again: the board's id, or, where there is none, the machine id of its system.
     *
     * @param root that takes the place of {@code /}
     * @param hardware instead of what the host says; null: what it says
     * @throws IOException when nothing tells it from others
     */
    public static Host of(Path root, @Nullable String hardware, String version) throws IOException {
        var release = release(text(root.resolve("etc/os-release")));
        return Host.newBuilder()
                .setHostname(cut(hostname(root)))
                .setPlatform("linux")
                .setOsName(cut(release.getOrDefault("NAME", "Linux")))
                .setOsVersion(cut(release.getOrDefault("VERSION_ID", "")))
                .setArchitecture(cut(System.getProperty("os.arch", "")))
                .setHardwareId(cut(hardware == null ? hardware(root) : hardware))
                .setAgentVersion(version)
                .build();
    }

    private static String hardware(Path root) throws IOException {
        for (var place : new String[] {"sys/class/dmi/id/product_uuid", "etc/machine-id"}) {
            var id = text(root.resolve(place)).strip().toLowerCase(Locale.ROOT);
            if (!NO_ID.matcher(id).matches()) {
                return id;
            }
        }
        throw new IOException("neither the board nor /etc/machine-id tells this host from others: give --hardware-id");
    }

    private static String hostname(Path root) throws IOException {
        var name = text(root.resolve("proc/sys/kernel/hostname")).strip();
        if (name.isEmpty()) {
            throw new IOException("this host has no name");
        }
        return name;
    }

    /** As os-release(5) has it: NAME=value, the value perhaps in quotes. */
    static Map<String, String> release(String text) {
        var all = new HashMap<String, String>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0 && line.charAt(0) != '#') {
                var value = line.substring(equals + 1).strip();
                boolean quoted = value.length() > 1
                        && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                        && value.charAt(value.length() - 1) == value.charAt(0);
                all.put(line.substring(0, equals), quoted ? value.substring(1, value.length() - 1) : value);
            }
        });
        return all;
    }

    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not every host has every file
        }
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}

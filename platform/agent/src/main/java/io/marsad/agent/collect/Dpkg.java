package io.marsad.agent.collect;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code /var/lib/dpkg/status}. */
final class Dpkg {
    /** @param refused paragraphs that name no package or no version */
    record Read(Map<String, String> versions, int refused) {}

    private Dpkg() {}

    /** Installed packages ({@code name:architecture}) with their versions. */
    static Read parse(String status, int limit) {
        var versions = new LinkedHashMap<String, String>();
        int refused = 0;
        var name = "";
        var version = "";
        var architecture = "";
        boolean installed = false;
        boolean some = false;
        for (int at = 0; at <= status.length() && versions.size() < limit; ) {
            int end = status.indexOf('\n', at);
            end = end < 0 ? status.length() : end;
            var line = status.substring(at, end);
            at = end + 1;
            if (line.startsWith("Package: ")) {
                name = Found.cut(line.substring(9).strip(), 500);
            } else if (line.startsWith("Version: ")) {
                version = Found.cut(line.substring(9).strip(), 500);
            } else if (line.startsWith("Architecture: ")) {
                architecture = Found.cut(line.substring(14).strip(), 50);
            } else if (line.startsWith("Status: ")) {
                installed = line.endsWith(" installed");
            }
            if (line.isBlank() || at > status.length()) {
                if (installed && !name.isEmpty() && !version.isEmpty()) {
                    versions.put(name + ":" + architecture, version);
                } else if (some && (name.isEmpty() || installed)) {
                    refused++;
                }
                name = "";
                version = "";
                architecture = "";
                installed = false;
                some = false;
            } else {
                some = true;
            }
        }
        return new Read(versions, refused);
    }
}

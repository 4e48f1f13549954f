package io.marsad.agent.collect.windows;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.InventoryTable;
import io.marsad.agent.collect.Table;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;

/** Installed software as {@code reg query … /s} lists it: a line for a key, and below it a line for each of its values. */
final class UninstallKeys {
    private static final String BELOW = "\\Microsoft\\Windows\\CurrentVersion\\Uninstall";
    static final List<List<String>> COMMANDS = List.of(
            System32.command("reg.exe", "query", "HKLM\\SOFTWARE" + BELOW, "/s"),
            System32.command("reg.exe", "query", "HKLM\\SOFTWARE\\WOW6432Node" + BELOW, "/s"));

    private static final int PACKAGES = 50_000;
    private static final String BETWEEN = "    "; // names of values may have single blanks

    private UninstallKeys() {}

    /** Names with their versions, which may be empty. */
    static Table<String, List<String>> parse(byte[] said) {
        var rows = new LinkedHashMap<String, List<String>>();
        int refused = 0;
        var name = "";
        var version = "";
        for (var line : (Iterable<String>) new String(said, StandardCharsets.UTF_8).lines()::iterator) {
            if (line.startsWith("HKEY_")) {
                add(rows, name, version);
                name = "";
                version = "";
            } else if (line.startsWith(BETWEEN)) {
                var parts = line.substring(BETWEEN.length()).split(BETWEEN, 3);
                if (parts.length < 3 && !line.stripTrailing().matches(".* REG_[A-Z_]+")) {
                    refused++;
                } else if (parts[0].equals("DisplayName") && parts.length == 3) {
                    name = Found.cut(parts[2].strip(), 500);
                } else if (parts[0].equals("DisplayVersion") && parts.length == 3) {
                    version = Found.cut(parts[2].strip(), 500);
                }
            }
        }
        add(rows, name, version);
        return new Table<>(rows, refused);
    }

    private static void add(LinkedHashMap<String, List<String>> rows, String name, String version) {
        if (!name.isEmpty() && rows.size() < PACKAGES) {
            InventoryTable.add(rows, name, version);
        }
    }
}

package io.marsad.agent.collect.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Programs that come with Windows, by their full path: who else puts one of that name somewhere is not asked. */
final class System32 {
    private static final String FOLDER =
            Objects.requireNonNullElse(System.getenv("SystemRoot"), "C:\\Windows") + "\\System32\\";

    private System32() {}

    static List<String> command(String program, String... arguments) {
        var command = new ArrayList<String>();
        command.add(FOLDER + program);
        command.addAll(List.of(arguments));
        return List.copyOf(command);
    }

    /** A question to CIM, whose answer is JSON in UTF-8. */
    static List<String> powershell(String question) {
        return command(
                "WindowsPowerShell\\v1.0\\powershell.exe",
                "-NoProfile",
                "-NonInteractive",
                "-Command",
                "[Console]::OutputEncoding=[Text.Encoding]::UTF8;" + question + "|ConvertTo-Json -Compress");
    }
}

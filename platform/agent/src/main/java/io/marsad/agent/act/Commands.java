package io.marsad.agent.act;

import io.marsad.agent.host.HostProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs programs of the host: their arguments are given one by one, no shell reads them. */
final class Commands {
    static final int MOST_OUTPUT = 64 << 10;
    private static final Duration USUAL = Duration.ofSeconds(20);

    private Commands() {}

    /** @param cut whether there was more */
    record Ended(int code, String output, boolean cut) {}

    /** What a program says, with what it complains of. @throws ActionFailed when it cannot be run, or does not end in time */
    static Ended run(String input, List<String> command) throws ActionFailed, InterruptedException {
        return run(input, command, USUAL);
    }

    static Ended run(String input, List<String> command, Duration most) throws ActionFailed, InterruptedException {
        try {
            var ended = new HostProgram(command, input, Map.of(), most, MOST_OUTPUT, true).run();
            return new Ended(ended.code(), ended.text(), ended.cut());
        } catch (IOException e) {
            throw new ActionFailed(String.valueOf(e.getMessage()), e);
        }
    }

    /** @throws ActionFailed with what it says, when it does not end well */
    static String require(String input, String... command) throws ActionFailed, InterruptedException {
        var ended = run(input, List.of(command));
        if (ended.code != 0) {
            throw new ActionFailed(command[0] + ": " + ended.output.strip());
        }
        return ended.output;
    }
}

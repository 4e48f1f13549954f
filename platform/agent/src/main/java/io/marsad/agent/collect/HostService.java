package io.marsad.agent.collect;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A service of a host. What is not known is empty.
 *
 * @param title for people
 * @param startMode whether it starts by itself, in the words of the host ({@code enabled}, {@code Auto} …)
 * @param path of the file that defines it
 * @param command what it runs
 * @param pid of its first process; 0: none
 * @param user whom it runs as
 */
public record HostService(
        String name, String title, State state, String startMode, String path, String command, long pid, String user) {
    /** Whether it runs. */
    public enum State {
        RUNNING,
        STOPPED,
        FAILED
    }

    private static final List<String> NEVER = List.of("disabled", "masked", "masked-runtime", "Disabled");
    private static final List<String> BY_ITSELF = List.of("enabled", "enabled-runtime", "Auto", "Boot", "System");

    /** One of which only the file is known. */
    static HostService defined(String name, String path) {
        return new HostService(name, "", State.STOPPED, "", path, "", 0, "");
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    /** What happened to it since, in the order of what is likely to have come first. */
    List<String> since(HostService before) {
        var all = new ArrayList<String>();
        if (!before.command.equals(command) && !before.command.isEmpty() && !command.isEmpty()) {
            all.add("Update");
        }
        if (!before.startMode.isEmpty() && !startMode.isEmpty() && before.rank() != rank()) {
            all.add(before.rank() < rank() ? "Enable" : "Disable");
        }
        if (before.state != state) {
            all.add(isRunning() ? "Start" : state == State.FAILED ? "Fail" : "Stop");
        } else if (isRunning() && before.pid != pid && before.pid > 0 && pid > 0) {
            all.add("Restart");
        }
        if (before.state == State.FAILED && state == State.STOPPED) {
            all.removeLast(); // it was reset: it did not run before either
        }
        return all;
    }

    private int rank() {
        return BY_ITSELF.contains(startMode) ? 2 : NEVER.contains(startMode) ? 0 : 1;
    }

    /** Fields of a record. */
    ObjectNode put(ObjectNode to) {
        to.put("name", name);
        some(to, "title", title);
        to.put("state", state == State.RUNNING ? "running" : state == State.FAILED ? "failed" : "stopped");
        some(to, "start_mode", startMode);
        some(to, "path", path);
        some(to, "cmd_line", command);
        some(to, "user", user);
        return pid > 0 ? to.put("pid", pid) : to;
    }

    /** What was another before. */
    ObjectNode putBefore(ObjectNode to, HostService before) {
        other(to, "start_mode_before", before.startMode, startMode);
        other(to, "path_before", before.path, path);
        other(to, "cmd_line_before", before.command, command);
        return before.pid > 0 && before.pid != pid ? to.put("pid_before", before.pid) : to;
    }

    private static void other(ObjectNode to, String field, String before, String now) {
        if (!before.equals(now)) {
            some(to, field, before);
        }
    }

    private static void some(ObjectNode to, String field, String value) {
        if (!value.isEmpty()) {
            to.put(field, value);
        }
    }
}

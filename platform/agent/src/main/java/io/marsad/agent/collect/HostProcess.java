package io.marsad.agent.collect;

/**
 * A process of a host. What is not known is empty.
 *
 * @param parent -1: not known
 * @param command with its arguments
 * @param user a name, or a number
 */
public record HostProcess(Key key, long parent, String name, String path, String command, String user) {
    /**
     * What tells it from a later one with its pid.
     *
     * @param created milliseconds since 1970, UTC; 0: not known
     */
    public record Key(long pid, long created) {}
}

package io.marsad.agent.collect;

/**
 * A socket of a host.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param remotePort 0: it waits for others
 * @param pid -1: not known
 * @param uid -1: not known
 * @param process name of the process; empty: not known
 */
public record HostSocket(
        String protocol,
        String local,
        int localPort,
        String remote,
        int remotePort,
        long pid,
        long uid,
        String process) {}

package io.marsad.agent.collect;

import tools.jackson.databind.node.ObjectNode;

/**
 * Somebody who is logged in. What is not known is empty, or 0.
 *
 * @param session what the host calls it
 * @param host from where
 * @param millis when it began, milliseconds since 1970, UTC
 */
public record HostSession(String user, String domain, String terminal, String session, String host, long millis) {
    /** Fields of a record. */
    public ObjectNode put(ObjectNode to) {
        to.put("user", user);
        some(to, "domain", domain);
        some(to, "terminal", terminal);
        some(to, "session", session);
        some(to, "src_host", host);
        return millis > 0 ? to.put("logon_time", millis) : to;
    }

    private static void some(ObjectNode to, String field, String value) {
        if (!value.isEmpty()) {
            to.put(field, value);
        }
    }
}

package io.marsad.fleet.control;

/** What the agents of a group collect before anybody has said something else: they report from the first minute. */
final class DefaultPolicy {
    /** Canonical JSON. */
    static final String COLLECTORS = "{\"files\":{\"on\":true,\"paths\":[\"/var/log/auth.log\",\"/var/log/secure\"]},"
            + "\"inventory\":{\"every_ms\":60000,\"on\":true},"
            + "\"processes\":{\"every_ms\":2000,\"on\":true},"
            + "\"services\":{\"every_ms\":30000,\"on\":true},"
            + "\"sockets\":{\"every_ms\":5000,\"on\":true}}";

    private DefaultPolicy() {}
}

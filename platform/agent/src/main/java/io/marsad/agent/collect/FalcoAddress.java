package io.marsad.agent.collect;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a Falco serves gRPC: a unix socket, which it leaves to whoever may open it, or a host and a port with mutual TLS.
 *
 * @param socket null: it is a host
 * @param certificates folder of {@code ca.crt}, {@code client.crt} and {@code client.key} (PEM; the key as PKCS #8)
 */
public record FalcoAddress(@Nullable Path socket, String host, int port, Path certificates) {
    private static final String UNIX = "unix://";

    /** @throws IllegalArgumentException when it is none */
    public static FalcoAddress of(String address, String certificates, HostRoot root) {
        var folder = root.of(certificates);
        if (address.startsWith(UNIX + "/")) {
            return new FalcoAddress(root.of(address.substring(UNIX.length())), "localhost", 0, folder);
        }
        int colon = address.lastIndexOf(':');
        int port = colon < 1 ? 0 : (int) Math.min(65_535, Found.number(address.substring(colon + 1), 10));
        if (port < 1) {
            throw new IllegalArgumentException("unix:///PATH or HOST:PORT is expected");
        }
        return new FalcoAddress(null, address.substring(0, colon), port, folder);
    }

    @Override
    public String toString() {
        return socket == null ? host + ":" + port : UNIX + socket;
    }
}

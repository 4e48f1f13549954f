package io.marsad.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which addresses the platform talks to when a tenant names them: those of the public internet, and what the operator
 * allows besides. An address is looked at when the socket is connected to it, so a name that answers twice with different
 * addresses gains nothing. Thread-safe.
 */
public final class OutboundGuard {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|.*:.*");
    private static final Pattern NUMERIC_END = Pattern.compile("([^:]*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");
    private static final Pattern QUAD = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final int MOST_URL = 2_000;

    private final List<String> allowed;
    private final Set<String> names = new HashSet<>();
    private final Set<String> plain = new HashSet<>();
    private final List<Network> networks = new ArrayList<>();

    /** An address or the network that begins so. */
    private record Network(byte[] address, int bits) {
        boolean has(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * @param allowed besides public addresses: {@code 10.1.2.3}, {@code 10.1.0.0/16}, the name of a host, or
     *     {@code http://host:port} for one that is talked to without TLS
     * @throws IllegalArgumentException when one is none of these
     */
    public OutboundGuard(Collection<String> allowed) {
        this.allowed = List.copyOf(allowed);
        allowed.forEach(this::allow);
    }

    /** As it was told. */
    public List<String> allowed() {
        return allowed;
    }

    private void allow(String one) {
        var text = one.strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("http://")) {
            var uri = URI.create(text);
            var host = uri.getHost();
            if (host == null || uri.getUserInfo() != null || !(uri.getPath().isEmpty())) {
                throw new IllegalArgumentException("'" + one + "' is not http://host:port");
            }
            plain.add(host + ":" + port(uri));
            names.add(unbracketed(host));
        } else if (NUMBERS.matcher(text.replaceFirst("/.*", "")).matches()) {
            networks.add(network(text));
        } else if (NAME.matcher(text).matches()) {
            names.add(text);
        } else {
            throw new IllegalArgumentException(
                    "'" + one + "' is no address, network (10.1.0.0/16), name of a host or http://host:port");
        }
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        try {
            var numbers = slash < 0 ? text : text.substring(0, slash);
            if (numbers.indexOf(':') < 0
                    && numbers.chars().filter(c -> c == '.').count() != 3) {
                throw new IllegalArgumentException("10.1 could be 10.1.0.0 or 10.0.0.1");
            }
            var address = InetAddress.ofLiteral(numbers).getAddress(); // nothing is asked of a name server
            int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits >= 0 && bits <= address.length * 8) {
                return new Network(address, bits);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no address or network such as 10.1.0.0/16", e);
        }
        throw new IllegalArgumentException("'" + text + "' is no address or network such as 10.1.0.0/16");
    }

    /**
     * An address that somebody typed: https with a host, no password in it and no fragment, of numbers only when they are
     * allowed. What its name stands for is looked at when it is connected to.
     *
     * @throws OutboundRefused with what is wrong, for that person
     */
    public URI https(String url) throws OutboundRefused {
        URI uri;
        try {
            uri = new URI(url.length() > MOST_URL ? "" : url.strip());
        } catch (URISyntaxException e) {
            throw new OutboundRefused("this is not an address: " + e.getReason());
        }
        require(uri);
        return uri;
    }

    /** The same of one that was taken apart already. */
    public void require(URI uri) throws OutboundRefused {
        var host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new OutboundRefused("an address such as https://host/path is expected, without a password in it");
        }
        var lower = host.toLowerCase(Locale.ROOT);
        if (!"https".equals(uri.getScheme())
                && !("http".equals(uri.getScheme()) && plain.contains(lower + ":" + port(uri)))) {
            throw new OutboundRefused("https is expected: what goes there must not be read on the way");
        }
        var bare = unbracketed(lower);
        if (NUMERIC_END.matcher(bare).matches() && !QUAD.matcher(bare).matches()) {
            // Some read 0177.0.0.1, 0x7f000001 and 127.1 as 127.0.0.1, others as something else.
            throw new OutboundRefused("'" + bare + "' is no address: four numbers without leading zeros are expected");
        }
        if (NUMBERS.matcher(bare).matches()) {
            try {
                require(InetAddress.ofLiteral(bare), bare);
            } catch (IllegalArgumentException e) {
                throw new OutboundRefused("'" + bare + "' is no address");
            }
        }
    }

    private void require(InetAddress address, String host) throws OutboundRefused {
        var name = host.toLowerCase(Locale.ROOT);
        boolean allowed = PublicAddress.is(address)
                || names.contains(name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
                || networks.stream().anyMatch(network -> network.has(address.getAddress()));
        if (!allowed) {
            // Which address the name has inside is not told to who named it.
            throw new OutboundRefused(
                    host + " is inside a network and not on the internet; whoever runs the installation"
                            + " can allow it: outbound.allow");
        }
    }

    /**
     * A TCP connection to the host, without TLS yet.
     *
     * @throws OutboundRefused when it is not to be talked to
     * @throws UnknownHostException when there is none
     */
    public Socket connect(String host, int port, Duration patience) throws IOException {
        var socket = new Guarded();
        try {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(patience.toMillis()));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443;
    }

    static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Looks at the very address that it connects to. */
    private final class Guarded extends Socket {
        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            if (!(endpoint instanceof InetSocketAddress to)) {
                throw new OutboundRefused("only internet addresses are talked to");
            }
            var address = to.getAddress();
            if (address == null) {
                throw new UnknownHostException(to.getHostString());
            }
            require(address, to.getHostString());
            super.connect(endpoint, timeout);
        }
    }
}

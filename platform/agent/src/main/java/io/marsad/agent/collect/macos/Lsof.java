package io.marsad.agent.collect.macos;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.HostSocket;
import io.marsad.agent.collect.Table;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sockets as {@code lsof -F} lists them: a line for a field, by its first letter. A process begins with {@code p}, each of
 * its files with {@code f}.
 */
final class Lsof {
    static final List<String> COMMAND = List.of("/usr/sbin/lsof", "-nP", "-iTCP", "-iUDP", "-F", "pcPuftTn");

    private static final int SOCKETS = 20_000;

    private record End(String ip, int port) {}

    private Lsof() {}

    /** Reads one process after another. */
    private static final class Reader {
        final Map<HostSocket, HostSocket> rows = new LinkedHashMap<>();
        int refused;
        long pid = -1;
        long uid = -1;
        String process = "";
        String protocol = "";
        String type = "";
        String name = "";
        String state = "";

        void line(char field, String value) {
            switch (field) {
                case 'p', 'f' -> {
                    end();
                    if (field == 'p') {
                        pid = Found.number(value, 10);
                        uid = -1;
                        process = "";
                    }
                }
                case 'c' -> process = Found.cut(value, 500);
                case 'u' -> uid = Found.number(value, 10);
                case 'P' -> protocol = value.toLowerCase(Locale.ROOT);
                case 't' -> type = value;
                case 'n' -> name = value;
                case 'T' -> state = value.startsWith("ST=") ? value.substring(3) : state;
                default -> refused++;
            }
        }

        /** What is only waiting for its end does not count. */
        void end() {
            boolean counts = !List.of("TIME_WAIT", "CLOSED", "CLOSE", "IDLE").contains(state);
            if (!name.isEmpty() && counts) {
                var socket = socket();
                if (socket == null || rows.size() == SOCKETS) {
                    refused++;
                } else {
                    rows.put(socket, socket);
                }
            }
            protocol = "";
            type = "";
            name = "";
            state = "";
        }

        private @Nullable HostSocket socket() {
            var ends = name.split("->", 2);
            var local = of(ends[0], type);
            var remote = ends.length < 2 ? of("*:*", type) : of(ends[1], type);
            boolean known = protocol.equals("tcp") || protocol.equals("udp");
            return local == null || remote == null || pid < 0 || !known
                    ? null
                    : new HostSocket(protocol, local.ip, local.port, remote.ip, remote.port, pid, uid, process);
        }
    }

    static Table<HostSocket, HostSocket> parse(byte[] said) {
        var reader = new Reader();
        new String(said, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isEmpty())
                .forEach(line -> reader.line(line.charAt(0), line.substring(1)));
        reader.end();
        return new Table<>(reader.rows, reader.refused);
    }

    /** {@code 10.0.0.7:443}, {@code [::1]:443}, {@code *:22}, {@code *:*}. */
    private static @Nullable End of(String text, String type) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return null;
        }
        var ip = text.substring(0, colon);
        if (ip.startsWith("[") && ip.endsWith("]") && ip.length() > 2) {
            ip = ip.substring(1, ip.length() - 1);
        } else if (ip.equals("*")) {
            ip = type.equals("IPv6") ? "::" : "0.0.0.0";
        }
        int zone = ip.indexOf('%');
        ip = zone < 0 ? ip : ip.substring(0, zone);
        var after = text.substring(colon + 1);
        long port = after.equals("*") ? 0 : Found.number(after, 10);
        return ip.isEmpty() || ip.length() > 45 || port < 0 || port > 65_535 ? null : new End(ip, (int) port);
    }
}

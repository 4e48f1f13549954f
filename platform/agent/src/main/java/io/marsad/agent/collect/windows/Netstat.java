package io.marsad.agent.collect.windows;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.HostSocket;
import io.marsad.agent.collect.Table;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code netstat -ano} says. Its words are those of the country: protocol, addresses and the pid at the end count. */
final class Netstat {
    static final List<String> COMMAND = System32.command("NETSTAT.EXE", "-ano");

    private static final int SOCKETS = 20_000;

    private record End(String ip, int port) {}

    private Netstat() {}

    static Table<HostSocket, HostSocket> parse(byte[] said) {
        var rows = new LinkedHashMap<HostSocket, HostSocket>();
        int refused = 0;
        for (var line : (Iterable<String>) new String(said, StandardCharsets.UTF_8).lines()::iterator) {
            var words = line.strip().split("\\s+", 12);
            var protocol = words[0].toLowerCase(Locale.ROOT);
            if (!protocol.equals("tcp") && !protocol.equals("udp")) {
                continue; // a heading
            }
            var socket = words.length < 4 ? null : socket(protocol, words);
            if (socket == null || rows.size() == SOCKETS) {
                refused++;
            } else if (socket.pid() > 0 || socket.remotePort() == 0) { // else it is only waiting for its end
                rows.put(socket, socket);
            }
        }
        return new Table<>(rows, refused);
    }

    private static @Nullable HostSocket socket(String protocol, String[] words) {
        var local = end(words[1], words[1].startsWith("["));
        var remote = end(words[2], words[1].startsWith("["));
        long pid = Found.number(words[words.length - 1], 10);
        return local == null || remote == null || pid < 0
                ? null
                : new HostSocket(protocol, local.ip, local.port, remote.ip, remote.port, pid, -1, "");
    }

    /** {@code 10.0.0.7:443}, {@code [fe80::1%4]:443}, {@code *:*}. */
    private static @Nullable End end(String text, boolean six) {
        if (text.equals("*:*")) {
            return new End(six ? "::" : "0.0.0.0", 0);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 2) {
            return null;
        }
        boolean brackets = text.charAt(0) == '[' && text.charAt(colon - 1) == ']';
        var ip = brackets ? text.substring(1, colon - 1) : text.substring(0, colon);
        int zone = ip.indexOf('%');
        ip = zone < 0 ? ip : ip.substring(0, zone);
        long port = Found.number(text.substring(colon + 1), 10);
        return ip.isEmpty() || ip.length() > 45 || port < 0 || port > 65_535 ? null : new End(ip, (int) port);
    }
}

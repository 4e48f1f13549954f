package io.marsad.agent.collect;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code /proc/net/tcp}, {@code tcp6}, {@code udp} and {@code udp6}. */
final class NetTable {
    /**
     * One socket.
     *
     * @param state as the kernel numbers it: 10 listens (TCP), 1 is established, 7 is unconnected (UDP)
     */
    record Socket(String local, int localPort, String remote, int remotePort, int state, long uid, long inode) {}

    /** @param refused lines that are no sockets */
    record Read(List<Socket> sockets, int refused) {}

    private NetTable() {}

    /** The first line is the heading. */
    static Read parse(String table, int limit) {
        var found = new ArrayList<Socket>();
        int refused = 0;
        int at = table.indexOf('\n') + 1;
        while (at > 0 && at < table.length() && found.size() < limit) {
            int end = table.indexOf('\n', at);
            if (end < 0) {
                break; // half a line: the file was cut at its limit
            }
            var socket = socket(table.substring(at, end));
            if (socket == null) {
                refused++;
            } else {
                found.add(socket);
            }
            at = end + 1;
        }
        return new Read(found, refused);
    }

    private static @Nullable Socket socket(String line) {
        var words = line.trim().split("\\s+", 12);
        if (words.length < 10) {
            return null;
        }
        var local = words[1].split(":", 2);
        var remote = words[2].split(":", 2);
        if (local.length < 2 || remote.length < 2) {
            return null;
        }
        var from = address(local[0]);
        var to = address(remote[0]);
        long localPort = Found.number(local[1], 16);
        long remotePort = Found.number(remote[1], 16);
        long state = Found.number(words[3], 16);
        long uid = Found.number(words[7], 10);
        long inode = Found.number(words[9], 10);
        if (from == null || to == null || localPort >>> 16 != 0 || remotePort >>> 16 != 0 || state >>> 8 != 0) {
            return null;
        }
        return uid < 0 || inode < 0
                ? null
                : new Socket(from, (int) localPort, to, (int) remotePort, (int) state, uid, inode);
    }

    /** Words of four bytes in the order of the host, which is little-endian wherever the agent runs. */
    private static @Nullable String address(String hex) {
        if (hex.length() != 8 && hex.length() != 32) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            return null;
        }
        var text = new StringBuilder();
        if (bytes.length == 4) {
            return text.append(bytes[3] & 255)
                    .append('.')
                    .append(bytes[2] & 255)
                    .append('.')
                    .append(bytes[1] & 255)
                    .append('.')
                    .append(bytes[0] & 255)
                    .toString();
        }
        if (hex.startsWith("0000000000000000FFFF0000")) {
            return address(hex.substring(24)); // IPv4 in IPv6
        }
        for (int i = 0; i < 16; i += 2) {
            int word = i / 4 * 4 + (i % 4 == 0 ? 3 : 1);
            text.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString((bytes[word] & 255) << 8 | bytes[word - 1] & 255));
        }
        return text.toString();
    }
}

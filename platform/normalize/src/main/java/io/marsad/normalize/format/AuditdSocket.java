package io.marsad.normalize.format;

import io.marsad.kernel.event.EventBatch;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Socket addresses as the kernel wrote their memory out: family little-endian, then port and address big-endian. */
final class AuditdSocket {
    private AuditdSocket() {}

    static void add(TextRecord in, int from, int to, Tape out) {
        int length = (to - from) / 2;
        if (length < 2 || length > 256 || !AuditdArguments.isHex(in.bytes(), from, to)) {
            return;
        }
        var raw = new byte[length];
        AuditdArguments.decode(in.bytes(), from, to, raw, 0);
        switch (raw[0] & 0xFF | (raw[1] & 0xFF) << 8) {
            case 1 -> {
                put(out, "family", "unix", EventBatch.TEXT);
                // Abstract names start with a NUL, others end with one.
                int start = length > 2 && raw[2] == 0 ? 3 : 2;
                int end = start;
                while (end < length && raw[end] != 0) {
                    end++;
                }
                if (end > start) {
                    var path = new String(raw, start, end - start, StandardCharsets.UTF_8);
                    put(out, "path", start == 3 ? '@' + path : path, EventBatch.TEXT);
                }
            }
            case 2 -> internet(out, "inet", raw, 4, 4);
            case 10 -> internet(out, "inet6", raw, 8, 16);
            case 16 -> put(out, "family", "netlink", EventBatch.TEXT);
            case 17 -> put(out, "family", "packet", EventBatch.TEXT);
            default -> {}
        }
    }

    private static void internet(Tape out, String family, byte[] raw, int at, int length) {
        put(out, "family", family, EventBatch.TEXT);
        if (raw.length < at + length) {
            return;
        }
        var address = new byte[length];
        System.arraycopy(raw, at, address, 0, length);
        try {
            put(out, "addr", InetAddress.getByAddress(address).getHostAddress(), EventBatch.TEXT);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
        put(out, "port", Integer.toString((raw[2] & 0xFF) << 8 | raw[3] & 0xFF), EventBatch.NUMBER);
    }

    private static void put(Tape out, String name, String value, byte type) {
        out.add(out.paths().learn("SOCKADDR." + name), value, type);
    }
}

package io.marsad.agent.collect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code /run/utmp} as glibc writes it on 64-bit Linux: records of 384 bytes. */
final class Utmp {
    static final int RECORD = 384;
    private static final short USER = 7;

    /** Somebody who is logged in. */
    record Session(String user, String terminal, String host, long pid, long millis) {}

    private Utmp() {}

    static List<Session> parse(byte[] file) {
        var sessions = new ArrayList<Session>();
        var bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + RECORD <= file.length; at += RECORD) {
            if (bytes.getShort(at) == USER) {
                sessions.add(new Session(
                        text(file, at + 44, 32),
                        text(file, at + 8, 32),
                        text(file, at + 76, 256),
                        bytes.getInt(at + 4),
                        Integer.toUnsignedLong(bytes.getInt(at + 340)) * 1000));
            }
        }
        return sessions;
    }

    private static String text(byte[] file, int from, int length) {
        int end = from;
        while (end < from + length && file[end] != 0) {
            end++;
        }
        return new String(file, from, end - from, StandardCharsets.UTF_8);
    }
}

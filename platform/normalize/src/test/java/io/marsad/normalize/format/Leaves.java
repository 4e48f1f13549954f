package io.marsad.normalize.format;

import io.marsad.kernel.event.EventBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a tape says, as text that tests can compare. */
final class Leaves {
    static final long RECEIVED = 1_795_255_000_000L; // 2026-11-21T09:56:40Z

    private Leaves() {}

    /** {@code path=value}, numbers, booleans and null marked with their type. */
    static List<String> of(Tape tape) {
        var all = new ArrayList<String>();
        for (int i = 0; i < tape.size(); i++) {
            var mark = switch (tape.type(i)) {
                case EventBatch.TEXT -> "";
                case EventBatch.NUMBER -> "#";
                case EventBatch.BOOL -> "?";
                case EventBatch.NULL -> "0";
                default -> throw new AssertionError("type " + tape.type(i));
            };
            all.add(tape.pathName(i) + "=" + mark + tape.text(i));
        }
        return all;
    }

    static Map<String, List<String>> map(Tape tape) {
        var all = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < tape.size(); i++) {
            all.computeIfAbsent(tape.pathName(i), k -> new ArrayList<>()).add(tape.text(i));
        }
        return all;
    }

    static Tape parse(RecordFormat format, String record) {
        var tape = new Tape(new PathTable());
        // In the middle of something: nothing may depend on what is around the record.
        var bytes = ("\"]" + record + "\"}").getBytes(StandardCharsets.UTF_8);
        var why = format.newParser().parse(bytes, 2, bytes.length - 4, RECEIVED, tape);
        if (why != null) {
            throw new AssertionError(why + ": " + record);
        }
        return tape;
    }

    static String refusal(RecordFormat format, String record) {
        var bytes = record.getBytes(StandardCharsets.UTF_8);
        var why = format.newParser().parse(bytes, 0, bytes.length, RECEIVED, new Tape(new PathTable()));
        return why == null ? "" : why;
    }
}

package io.marsad.bench.flow;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Where the platform's time went and what allocated, from a recording of its JVM. */
final class Profile {
    private static final int MOST = 45;

    private final Map<String, Long> stages = new HashMap<>();
    private final Map<String, Long> methods = new HashMap<>();
    private final Map<String, Long> own = new HashMap<>();
    private final Map<String, Long> allocating = new HashMap<>();

    private Profile() {}

    static void print(Path recording, PrintStream out) throws IOException {
        var profile = new Profile();
        try (var file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                profile.take(file.readEvent());
            }
        }
        profile.print("samples by package and thread", profile.stages, out);
        profile.print("samples by our own method nearest to the top", profile.own, out);
        profile.print("samples by method", profile.methods, out);
        profile.print("bytes allocated by our own method nearest to the top", profile.allocating, out);
    }

    private void take(RecordedEvent event) {
        var trace = event.getStackTrace();
        if (trace == null || trace.getFrames().isEmpty()) {
            return;
        }
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample" -> {
                var thread = event.getThread("sampledThread");
                var name = thread == null || thread.getJavaName() == null ? "?" : thread.getJavaName();
                var ours = ours(trace.getFrames());
                stages.merge(group(name) + "  " + (ours == null ? "-" : packageOf(ours)), 1L, Long::sum);
                own.merge(ours == null ? "-" : name(ours), 1L, Long::sum);
                methods.merge(name(trace.getFrames().getFirst()), 1L, Long::sum);
            }
            case "jdk.ObjectAllocationSample" -> {
                var ours = ours(trace.getFrames());
                allocating.merge(
                        (ours == null ? "-" : name(ours)) + "  "
                                + event.getClass("objectClass").getName(),
                        event.getLong("weight"),
                        Long::sum);
            }
            default -> {}
        }
    }

    private static String group(String thread) {
        return thread.isEmpty() ? "virtual" : thread.replaceAll("[0-9]+$", "");
    }

    private static @Nullable RecordedFrame ours(List<RecordedFrame> frames) {
        return frames.stream()
                .filter(frame -> frame.getMethod().getType().getName().startsWith("io.marsad."))
                .findFirst()
                .orElse(null);
    }

    private static String packageOf(RecordedFrame frame) {
        var type = frame.getMethod().getType().getName();
        return type.substring(0, type.lastIndexOf('.'));
    }

    private static String name(RecordedFrame frame) {
        var type = frame.getMethod().getType().getName();
        return type + "." + frame.getMethod().getName();
    }

    private void print(String title, Map<String, Long> counts, PrintStream out) {
        long all = counts.values().stream().mapToLong(n -> n).sum();
        out.println(title + " (" + all + ")");
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(MOST)
                .forEach(one -> out.printf(
                        Locale.ROOT, "  %5.1f %%  %s%n", one.getValue() * 100.0 / Math.max(1, all), one.getKey()));
    }
}

package io.marsad.agent.collect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/**
 * Lines of log files. Fields: path, message, cut (true when the line was longer than the limit), raw_base64 (the bytes, when
 * they are no UTF-8).
 */
public final class LogCollector implements Collector {
    private static final int LINE = 64 << 10;

    private final FileTail tail;
    private final InstantSource clock;

    /** @param kept the file that positions are kept in */
    public LogCollector(HostRoot root, List<String> patterns, Path kept, InstantSource clock) {
        tail = new FileTail(root, patterns, LINE, kept);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public void poll(Sink sink) {
        tail.poll((path, line, cut) -> {
            var found = Found.of(name(), "Log", clock.millis()).put("path", path);
            try {
                found.put(
                        "message",
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(line))
                                .toString());
            } catch (CharacterCodingException e) {
                found.put("message", new String(line, StandardCharsets.UTF_8));
                found.put("raw_base64", Base64.getEncoder().encodeToString(line));
            }
            if (cut) {
                found.put("cut", true);
            }
            sink.accept(found);
        });
    }

    @Override
    public boolean resumes() {
        return true;
    }

    @Override
    public void commit() {
        tail.commit();
    }

    @Override
    public long refusals() {
        return tail.refusals();
    }
}

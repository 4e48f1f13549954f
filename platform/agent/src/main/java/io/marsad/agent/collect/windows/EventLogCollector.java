package io.marsad.agent.collect.windows;

import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.Programs;
import io.marsad.agent.collect.Sink;
import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Channels of the event log of Windows, from what is new when a channel is first read, by the number that each event has in
 * its channel. Where the newest has a lower one than was read already, the log began anew, and is read from its beginning.
 * Records have the shape that events out of event log files have ({@code Event.System}, {@code Event.EventData}).
 */
final class EventLogCollector implements Collector {
    private static final Logger LOG = System.getLogger(EventLogCollector.class.getName());
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int AT_ONCE = 1_000;
    private static final long NEWEST_EVERY = 60_000;
    private static final int KEPT_BYTES = 64 << 10;

    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final Path kept;
    private final InstantSource clock;
    private boolean changed;
    private long refusals;

    private static final class Channel {
        final String name;
        final Programs programs;
        long read = -1; // nothing yet, not even where it ends
        long asked;
        int count = AT_ONCE;

        Channel(String name, Programs programs) {
            this.name = name;
            this.programs = programs;
        }
    }

    /**
     * @param kept the file that positions are kept in
     * @param programs for each channel its own: one that is not there does not keep others waiting
     */
    EventLogCollector(List<String> names, Path kept, Supplier<Programs> programs, InstantSource clock) {
        names.forEach(name -> channels.put(name, new Channel(name, programs.get())));
        this.kept = kept;
        this.clock = clock;
        positions();
    }

    private void positions() {
        try {
            if (Files.exists(kept) && Files.size(kept) <= KEPT_BYTES) {
                JSON.readTree(Files.readString(kept)).properties().forEach(one -> {
                    var channel = channels.get(one.getKey());
                    if (channel != null) {
                        channel.read = Math.max(-1, one.getValue().asLong(-1));
                    }
                });
            }
        } catch (IOException | JacksonException e) {
            LOG.log(Level.WARNING, "positions cannot be read: what is new from now on is read", e);
        }
    }

    @Override
    public String name() {
        return "eventlog";
    }

    @Override
    public void poll(Sink sink) {
        channels.values().forEach(channel -> {
            if (channel.read < 0) {
                begin(channel);
            } else {
                follow(channel, sink);
            }
        });
    }

    private void begin(Channel channel) {
        long newest = newest(channel);
        if (newest >= 0) {
            channel.read = newest;
            changed = true;
        }
    }

    /** 0 of an empty one, -1 when there is nothing to be had now. */
    private long newest(Channel channel) {
        channel.asked = clock.millis();
        var said = channel.programs.at(command(channel.name, "/c:1", "/rd:true"));
        return said == null
                ? -1
                : EventXml.parse(said).stream()
                        .mapToLong(EventXml.Event::id)
                        .max()
                        .orElse(0);
    }

    private void follow(Channel channel, Sink sink) {
        long tooMuch = channel.programs.refusals();
        var said = channel.programs.at(command(
                channel.name,
                "/q:*[System[(EventRecordID>" + channel.read + ")]]",
                "/c:" + channel.count,
                "/rd:false"));
        if (said == null) {
            channel.count = channel.programs.refusals() > tooMuch ? Math.max(1, channel.count / 2) : channel.count;
            return;
        }
        channel.count = Math.min(AT_ONCE, channel.count * 2);
        var events = EventXml.parse(said);
        for (var event : events) {
            if (event.id() > channel.read) {
                channel.read = event.id();
                changed = true;
            }
            if (event.found() == null) {
                refusals++;
            } else {
                sink.accept(event.found());
            }
        }
        if (events.isEmpty() && clock.millis() - channel.asked >= NEWEST_EVERY) {
            long newest = newest(channel);
            if (newest >= 0 && newest < channel.read) {
                channel.read = 0; // it was cleared
                changed = true;
            }
        }
    }

    private static List<String> command(String channel, String... which) {
        var all = new String[which.length + 5];
        all[0] = "qe";
        all[1] = channel;
        System.arraycopy(which, 0, all, 2, which.length);
        all[which.length + 2] = "/f:xml";
        all[which.length + 3] = "/e:Events";
        all[which.length + 4] = "/uni:true";
        return System32.command("wevtutil.exe", all);
    }

    @Override
    public void commit() {
        if (!changed) {
            return;
        }
        var root = JSON.createObjectNode();
        channels.forEach((name, channel) -> root.put(name, channel.read));
        try {
            DurableFile.replace(kept, root.toString().getBytes(StandardCharsets.UTF_8));
            changed = false;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "positions were not kept: what was read may come again", e);
        }
    }

    @Override
    public long refusals() {
        return refusals
                + channels.values().stream()
                        .mapToLong(one -> one.programs.refusals())
                        .sum();
    }
}

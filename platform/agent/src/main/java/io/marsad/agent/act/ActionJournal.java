package io.marsad.agent.act;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What this host was told to do and what came of it: a file for each, durable before anything is done. What is in it is not
 * done a second time. Thread-safe.
 */
final class ActionJournal {
    private static final int MOST = 10_000;
    private static final int LONGEST = 1 << 20;

    private final Path folder;
    private final Map<UUID, Entry> entries = new HashMap<>();

    enum State {
        ACCEPTED,
        BEGUN,
        COMPLETED,
        FAILED,
        REFUSED,
        UNKNOWN
    }

    /** @param until when it may be forgotten @param reason for people @param proof JSON */
    record Entry(
            UUID id,
            String action,
            String parameters,
            Instant expires,
            Instant until,
            State state,
            String reason,
            Map<String, String> outputs,
            String proof) {
        Entry {
            outputs = Map.copyOf(outputs);
        }

        Entry begun() {
            return new Entry(id, action, parameters, expires, until, State.BEGUN, reason, outputs, proof);
        }

        Entry ended(State how, String why, Map<String, String> given, String proved) {
            return new Entry(id, action, parameters, expires, until, how, why, given, proved);
        }

        boolean isOpen() {
            return state == State.ACCEPTED || state == State.BEGUN;
        }
    }

    private ActionJournal(Path folder) {
        this.folder = folder;
    }

    /** @throws IOException when an entry cannot be read: what it stands for would be done again */
    static ActionJournal open(Path folder) throws IOException {
        Files.createDirectories(folder);
        var journal = new ActionJournal(folder);
        try (var files = Files.newDirectoryStream(folder, "*.json")) {
            for (var file : files) {
                var entry = read(file);
                journal.entries.put(entry.id, entry);
            }
        }
        return journal;
    }

    /** Keeps a new one; false when it is known. @throws IOException when it cannot be kept, or there are too many */
    synchronized boolean first(Entry entry, Instant now) throws IOException {
        if (entries.containsKey(entry.id)) {
            return false;
        }
        forget(now);
        if (entries.size() >= MOST) {
            throw new IOException("this host was told " + MOST + " actions that are not over yet");
        }
        put(entry);
        return true;
    }

    synchronized void put(Entry entry) throws IOException {
        DurableFile.replace(
                folder.resolve(entry.id + ".json"), json(entry).toString().getBytes(StandardCharsets.UTF_8));
        entries.put(entry.id, entry);
    }

    private void forget(Instant now) throws IOException {
        for (var one : List.copyOf(entries.values())) {
            if (!now.isBefore(one.until) && !one.isOpen()) {
                Files.deleteIfExists(folder.resolve(one.id + ".json"));
                entries.remove(one.id);
            }
        }
    }

    synchronized @Nullable Entry find(UUID id) {
        return entries.get(id);
    }

    synchronized List<Entry> all() {
        return new ArrayList<>(entries.values());
    }

    private static ObjectNode json(Entry entry) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("id", entry.id.toString()).put("action", entry.action).put("parameters", entry.parameters);
        node.put("expires", entry.expires.toEpochMilli()).put("until", entry.until.toEpochMilli());
        node.put("state", entry.state.name()).put("reason", entry.reason).put("proof", entry.proof);
        var outputs = node.putObject("outputs");
        entry.outputs.forEach(outputs::put);
        return node;
    }

    private static Entry read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var node = JsonMapper.shared().readTree(in.readNBytes(LONGEST));
            Map<String, String> outputs = new HashMap<>();
            node.path("outputs")
                    .properties()
                    .forEach(one -> outputs.put(one.getKey(), one.getValue().asString("")));
            return new Entry(
                    UUID.fromString(text(node, "id")),
                    text(node, "action"),
                    text(node, "parameters"),
                    Instant.ofEpochMilli(node.path("expires").asLong(0)),
                    Instant.ofEpochMilli(node.path("until").asLong(0)),
                    State.valueOf(text(node, "state")),
                    text(node, "reason"),
                    outputs,
                    text(node, "proof"));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(file + " cannot be read, so that what it stands for could be done twice", e);
        }
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}

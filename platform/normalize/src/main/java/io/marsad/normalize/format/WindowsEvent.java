package io.marsad.normalize.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A Windows event as JSON, in whichever shape: {@code {"Event":{"System":…,"EventData"|"UserData":…}}} as XML converters
 * write it (attributes as {@code #attributes}, {@code @name} or {@code x_attributes}; {@code Data} elements as objects by
 * name or as a list of {@code {"@Name","#text"}}), Winlogbeat ({@code winlog.event_data.*}), or flat (NXLog, Fluent Bit,
 * PowerShell, {@code EventID} and {@code Image} side by side).
 *
 * <p>Whatever the shape, the tape has the parts of System as {@code EventID}, {@code Channel}, {@code Computer},
 * {@code Provider_Name}, {@code EventRecordID}, {@code TimeCreated}, {@code Execution_ProcessID},
 * {@code Security_UserID} and so on, and the event's own data under its plain names, {@code Image}; data without a name
 * is {@code Data}, repeated. Names lose their blanks, as the taxonomy of Sigma wants it.
 *
 * <p>Where data has the name of a part of System (event 104 says in {@code Channel} which log was cleared), a detection
 * rule means the data, so that has the bare name and System's part is {@code System.Channel}: routing looks there first.
 * Only for {@code EventID}, {@code Provider_Name}, {@code TimeCreated} and {@code EventRecordID} it is the other way
 * round, and the data is found as {@code EventData.EventID}.
 */
final class WindowsEvent implements RecordParser {
    private static final int NOT_PLAIN = -1;

    private final JsonParser json = new JsonParser();
    private PathTable jsonPaths = new PathTable();
    private Tape raw = new Tape(jsonPaths);

    private @Nullable PathTable outPaths;
    private WindowsNames[] meaning = new WindowsNames[256];
    private int[] bare = new int[256];
    /** The bare name of what is data whose name no part of System has, as nearly all is; else {@link #NOT_PLAIN}. */
    private int[] plain = new int[256];

    private int known;
    private final int[] slotBare = new int[WindowsNames.SYSTEM.size()];
    private final int[] slotSystem = new int[WindowsNames.SYSTEM.size()];
    private final int[] slotData = new int[WindowsNames.SYSTEM.size()];

    private int systemSlots;
    private int dataSlots;
    private final int[] aliasRank = new int[WindowsNames.SYSTEM.size()];
    private boolean namedData;

    @Override
    public @Nullable String parse(byte[] bytes, int offset, int length, long received, Tape out) {
        if (jsonPaths.full()) {
            // A flood of strange names: begin anew, so that it cannot keep real ones out.
            jsonPaths = new PathTable();
            raw = new Tape(jsonPaths);
            outPaths = null;
        }
        var why = json.parse(bytes, offset, length, received, raw);
        if (why != null) {
            return why;
        }
        learn(out.paths());
        survey(out.paths());
        if ((systemSlots & 1 << WindowsNames.EVENT_ID) == 0 && aliasRank[WindowsNames.EVENT_ID] == Integer.MAX_VALUE) {
            return "not a Windows event: no EventID";
        }
        out.takeSide(raw);
        emit(out);
        return null;
    }

    /** Decides what the paths that are new since the last record mean. */
    private void learn(PathTable paths) {
        if (outPaths != paths) {
            outPaths = paths;
            known = 0;
            for (int slot = 0; slot < slotBare.length; slot++) {
                var name = WindowsNames.SYSTEM.get(slot);
                slotBare[slot] = paths.intern(name);
                slotSystem[slot] = paths.intern("System." + name);
                slotData[slot] = paths.intern("EventData." + name);
            }
        }
        if (jsonPaths.size() > bare.length) {
            int n = Math.max(bare.length * 2, jsonPaths.size());
            bare = Arrays.copyOf(bare, n);
            plain = Arrays.copyOf(plain, n);
            meaning = Arrays.copyOf(meaning, n);
        }
        for (; known < jsonPaths.size(); known++) {
            var names = WindowsNames.of(jsonPaths.path(known));
            meaning[known] = names;
            bare[known] = known == PathTable.OVERFLOW ? PathTable.OVERFLOW : paths.learn(names.name());
            boolean isPlain =
                    names.kind() == WindowsNames.Kind.DATA && names.slot() < 0 && bare[known] != PathTable.OVERFLOW;
            plain[known] = isPlain ? bare[known] : NOT_PLAIN;
        }
    }

    /** Sees which names are taken twice. */
    private void survey(PathTable paths) {
        systemSlots = 0;
        dataSlots = 0;
        namedData = false;
        Arrays.fill(aliasRank, Integer.MAX_VALUE);
        for (int leaf = 0, n = raw.size(); leaf < n; leaf++) {
            if (plain[raw.path(leaf)] != NOT_PLAIN) {
                continue;
            }
            var names = meaning[raw.path(leaf)];
            int slot = names.slot();
            switch (names.kind()) {
                case SYSTEM -> systemSlots |= slot < 0 ? 0 : 1 << slot;
                case DATA -> dataSlots |= slot < 0 ? 0 : 1 << slot;
                case ALIAS -> {
                    aliasRank[slot] = Math.min(aliasRank[slot], names.rank());
                    dataSlots |= names.rank() == 0 ? 1 << slot : 0;
                }
                case DATA_NAME -> {
                    namedData = true;
                    slot = slotOf(dataPath(paths, leaf, raw.bytes(leaf)));
                    dataSlots |= slot < 0 ? 0 : 1 << slot;
                }
                case DATA_TEXT, NOTHING -> {}
            }
        }
    }

    private int slotOf(int path) {
        for (int slot = 0; slot < slotBare.length; slot++) {
            if (slotBare[slot] == path) {
                return slot;
            }
        }
        return -1;
    }

    /** The path that the value of a {@code Name} attribute stands for. */
    private int dataPath(PathTable paths, int leaf, byte[] bytes) {
        int offset = raw.offset(leaf);
        int length = raw.length(leaf);
        if (length == 0) {
            return paths.learn("Data");
        }
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == ' ') {
                var name = new String(bytes, offset, length, StandardCharsets.UTF_8).replace(" ", "");
                return paths.learn(name.isEmpty() ? "Data" : name);
            }
        }
        return paths.child(PathTable.ROOT, bytes, offset, length);
    }

    private void emit(Tape out) {
        int pendingPath = -1;
        int pendingText = -1;
        for (int leaf = 0, n = raw.size(); leaf < n; leaf++) {
            int path = raw.path(leaf);
            if (plain[path] != NOT_PLAIN) {
                out.add(plain[path], raw, leaf);
                continue;
            }
            var names = meaning[path];
            int slot = names.slot();
            switch (names.kind()) {
                case SYSTEM -> put(out, slot >= 0 && dataHasBare(slot) ? slotSystem[slot] : bare[path], leaf);
                case ALIAS -> {
                    boolean stands = (systemSlots & 1 << slot) == 0 && aliasRank[slot] == names.rank();
                    int own = names.rank() == 0 ? dataName(slot, bare[path]) : bare[path];
                    put(out, stands ? slotBare[slot] : own, leaf);
                }
                case DATA -> put(out, dataName(slot, bare[path]), leaf);
                case DATA_NAME -> {
                    int named = dataPath(out.paths(), leaf, raw.inRecord(leaf) ? raw.bytes(leaf) : out.side());
                    int target = dataName(slotOf(named), named);
                    if (pendingText >= 0) {
                        out.add(target, raw, pendingText);
                        pendingText = -1;
                    } else {
                        pendingPath = target;
                    }
                }
                case DATA_TEXT -> {
                    if (!namedData) {
                        out.add(bare[path], raw, leaf);
                    } else if (pendingPath >= 0) {
                        out.add(pendingPath, raw, leaf);
                        pendingPath = -1;
                    } else {
                        pendingText = leaf;
                    }
                }
                case NOTHING -> {}
            }
        }
    }

    private void put(Tape out, int target, int leaf) {
        int path = raw.path(leaf);
        if (target == PathTable.OVERFLOW && path != PathTable.OVERFLOW) {
            out.addOverflow(meaning[path].name(), raw, leaf);
        } else {
            out.add(target, raw, leaf);
        }
    }

    private boolean dataHasBare(int slot) {
        return slot >= WindowsNames.SYSTEM_FIRST && (dataSlots & 1 << slot) != 0;
    }

    private int dataName(int slot, int bareName) {
        boolean taken = slot >= 0
                && slot < WindowsNames.SYSTEM_FIRST
                && ((systemSlots & 1 << slot) != 0 || aliasRank[slot] != Integer.MAX_VALUE);
        return taken ? slotData[slot] : bareName;
    }
}

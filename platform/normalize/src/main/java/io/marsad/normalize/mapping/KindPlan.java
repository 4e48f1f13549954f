package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A kind of event, compiled: what to do with a value is an array load by its path id. Positive: the field's number plus
 * one; negative: one of the moves that need a look at the value; zero: not yet met.
 */
final class KindPlan {
    private static final int CLASS = Field.of("class_uid").id();
    private static final int CATEGORY = Field.of("category_uid").id();
    private static final int ACTIVITY = Field.of("activity_id").id();
    private static final int TYPE = Field.of("type_uid").id();
    private static final int SEVERITY = Field.of("severity_id").id();
    private static final int ACTIVITY_NAME = Field.of("activity_name").id();

    /** Said by the kind itself, from what the record says: not said twice. */
    private static final List<String> SAID =
            List.of("class_uid", "category_uid", "activity_id", "type_uid", "severity_id");

    /** The number of what has no number. */
    private static final int OTHER = 99;

    private static final Slot[] NOWHERE = new Slot[0];

    private final Check[] when;
    private final ExtractPlan[] extracts;
    private final LogSource source;
    private final int classUid;
    private final ChoicePlan activity;
    private final ChoicePlan severity;
    private final Map<String, List<Slot>> moves;
    private final Mapping.@Nullable OwnNames own;
    private final int ownActivityName; // 0: the record does not say it
    private final List<Derivation> derivations = new ArrayList<>();
    private final Unmapped unmapped;
    private final ByteTable absent;
    private final boolean sourceSaysNone;

    private final byte[] constantBytes;
    private final int[] constantField;
    private final int[] constantEnd;
    private final byte[] constantType;

    private final int[] saidPath = new int[SAID.size()]; // the path ids of SAID; -1 where records are not OCSF's
    private final long[] said = new long[SAID.size()];

    private int[] actions = new int[0];
    private final List<Slot[]> guardedMoves = new ArrayList<>();

    KindPlan(Mapping mapping, Mapping.Kind kind, Leaves leaves, Unmapped unmapped) {
        when = Check.all(kind.when(), leaves);
        extracts = kind.extract().stream()
                .map(extract -> new ExtractPlan(extract, leaves))
                .toArray(ExtractPlan[]::new);
        source = kind.source();
        classUid = kind.eventClass().uid();
        activity = new ChoicePlan(kind.activity(), leaves);
        severity = new ChoicePlan(kind.severity(), leaves);
        moves = kind.moves();
        own = kind.own();
        ownActivityName = own == null ? 0 : leaves.register("activity_name");
        for (int i = 0; i < saidPath.length; i++) {
            saidPath[i] = own == null ? -1 : leaves.path(SAID.get(i));
        }
        absent = new ByteTable(mapping.absent());
        sourceSaysNone = !mapping.absent().isEmpty();
        this.unmapped = unmapped;
        for (var derive : kind.derives()) {
            derivations.add(new Derivation(derive, leaves, absent));
        }
        var bytes = new ByteArrayOutputStream();
        int n = kind.constants().size();
        constantField = new int[n];
        constantEnd = new int[n];
        constantType = new byte[n];
        int i = 0;
        for (var constant : kind.constants().entrySet()) {
            bytes.writeBytes(constant.getValue().getBytes(StandardCharsets.UTF_8));
            constantField[i] = constant.getKey().field().id();
            constantType[i] = constant.getKey().entryType(EventBatch.TEXT);
            constantEnd[i++] = bytes.size();
        }
        constantBytes = bytes.toByteArray();
    }

    LogSource source() {
        return source;
    }

    /** Whether the record is of this kind; adds what patterns found to the values then. */
    boolean takes(Leaves leaves) {
        if (!Check.all(when, leaves)) {
            return false;
        }
        for (ExtractPlan extract : extracts) {
            if (extract.run(leaves)) {
                return true;
            }
        }
        return extracts.length == 0;
    }

    void run(Leaves leaves, Row row) {
        int choice = activity.choose(leaves);
        int chosen = activity.number(choice);
        said[0] = classUid;
        said[1] = classUid % 100_000 / 1000;
        said[2] = chosen;
        said[3] = classUid * 100L + chosen;
        said[4] = severity.number(severity.choose(leaves));
        row.addNumber(CATEGORY, said[1]);
        row.addNumber(CLASS, said[0]);
        row.addNumber(ACTIVITY, said[2]);
        row.addNumber(TYPE, said[3]);
        row.addNumber(SEVERITY, said[4]);
        var name = activity.name(choice);
        if (name.length > 0 && (ownActivityName == 0 || leaves.first(ownActivityName) == Leaves.NONE)) {
            row.addBytes(ACTIVITY_NAME, name, 0, name.length, EventBatch.TEXT);
        }
        var batch = row.batch();
        int at = batch.put(constantBytes, 0, constantBytes.length);
        for (int i = 0, from = 0; i < constantField.length; i++) {
            batch.add(constantField[i], at + from, constantEnd[i] - from, constantType[i]);
            from = constantEnd[i];
        }
        var tape = leaves.tape();
        int whole = tape.size();
        for (int leaf = 0; leaf < whole; leaf++) {
            int path = tape.path(leaf);
            int action = action(path, leaves);
            if (action > 0) {
                row.addWhole(action - 1, tape, leaf);
            } else {
                move(guardedMoves.get(-action - 1), path, leaf, leaves, row);
            }
        }
        for (int part = whole, n = leaves.size(); part < n; part++) {
            int path = leaves.path(part);
            int action = action(path, leaves);
            if (action > 0) {
                row.addLeaf(action - 1, part, leaves.type(part));
            } else {
                move(guardedMoves.get(-action - 1), path, part, leaves, row);
            }
        }
        for (Derivation derivation : derivations) {
            derivation.run(leaves, row);
        }
    }

    private int action(int path, Leaves leaves) {
        int action = path < actions.length ? actions[path] : 0;
        return action == 0 ? resolve(path, leaves) : action;
    }

    private int resolve(int path, Leaves leaves) {
        if (path >= actions.length) {
            actions = Arrays.copyOf(actions, Math.max(leaves.paths().size(), path + 1) + 16);
        }
        var name = leaves.paths().path(path);
        var slots = moves.get(name);
        var same = slots == null && own != null ? own.slot(name) : null;
        if (same != null) {
            slots = List.of(same);
        }
        if (own != null && SAID.contains(name)) {
            guardedMoves.add(NOWHERE);
            actions[path] = -guardedMoves.size();
        } else if (slots == null && unmapped.field(path, leaves.paths()) != Unmapped.OTHER) {
            actions[path] = unmapped.field(path, leaves.paths()) + 1;
        } else if (slots != null && slots.size() == 1 && plain(slots.getFirst())) {
            actions[path] = slots.getFirst().field().id() + 1;
        } else {
            guardedMoves.add(slots == null ? NOWHERE : slots.toArray(Slot[]::new));
            actions[path] = -guardedMoves.size();
        }
        return actions[path];
    }

    private boolean isSaid(int path, int leaf, Leaves leaves) {
        for (int i = 0; i < saidPath.length; i++) {
            if (saidPath[i] == path) {
                var text = new String(
                        leaves.bytes(leaf), leaves.offset(leaf), leaves.length(leaf), StandardCharsets.UTF_8);
                return text.equals(String.valueOf(said[i]));
            }
        }
        return false;
    }

    private static boolean plain(Slot slot) {
        return slot.type() == Slot.Type.TEXT;
    }

    private void move(Slot[] slots, int path, int leaf, Leaves leaves, Row row) {
        if (own != null && isSaid(path, leaf, leaves)) {
            return;
        }
        var bytes = leaves.bytes(leaf);
        int offset = leaves.offset(leaf);
        int length = leaves.length(leaf);
        byte type = leaves.type(leaf);
        boolean none = sourceSaysNone && absent.contains(bytes, offset, length);
        boolean placed = false;
        for (Slot slot : slots) {
            if (type == EventBatch.NULL || slot.fits(bytes, offset, length) && !(none && slot.guarded(true))) {
                row.addLeaf(slot.field().id(), leaf, type == EventBatch.NULL ? type : slot.entryType(type));
                placed = true;
            }
        }
        if (placed) {
            return;
        }
        int field = unmapped.field(path, leaves.paths());
        if (field == Unmapped.OTHER) {
            unmapped.addOther(row, leaves, leaf);
        } else {
            row.addLeaf(field, leaf, type);
        }
    }

    /** A number, fixed or looked up, and what the schema calls it. */
    private static final class ChoicePlan {
        private final int register; // 0: fixed
        private final ByteTable table;
        private final int[] numbers; // as in the table; the fixed one behind them
        private final byte[][] names;

        ChoicePlan(Mapping.Choice choice, Leaves leaves) {
            register = choice.from() == null ? 0 : leaves.register(choice.from());
            table = new ByteTable(choice.table().keySet());
            numbers = IntStream.concat(
                            choice.table().values().stream().mapToInt(Integer::parseInt), IntStream.of(choice.fixed()))
                    .toArray();
            names = new byte[numbers.length][];
            for (int i = 0; i < names.length; i++) {
                boolean telling = numbers[i] > 0 && numbers[i] != OTHER;
                var caption = telling ? choice.captions().get(String.valueOf(numbers[i])) : null;
                names[i] = caption == null ? new byte[0] : caption.getBytes(StandardCharsets.UTF_8);
            }
        }

        /** The index of what holds for the record. */
        int choose(Leaves leaves) {
            int leaf = register == 0 ? Leaves.NONE : leaves.first(register);
            int index =
                    leaf == Leaves.NONE ? -1 : table.find(leaves.bytes(leaf), leaves.offset(leaf), leaves.length(leaf));
            return index < 0 ? numbers.length - 1 : index;
        }

        int number(int choice) {
            return numbers[choice];
        }

        /** Empty when the schema has no name that tells anything. */
        byte[] name(int choice) {
            return names[choice];
        }
    }
}

package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.LogRange;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A predicate made ready for blocks: a test of one field is asked once for each distinct value and the answers are spread
 * over the rows; what needs whole rows (text anywhere, one field against another) is asked last and of the rows that are
 * still in. Every leaf is the matcher's own {@link CompiledPredicate}, so that search and detection agree.
 *
 * <p>One thread.
 */
final class Selection {
    /** Rows that are rebuilt at a time. */
    private static final int ROWS_AT_A_TIME = 256;

    private static final BitSet NONE = new BitSet();
    /** What any_value does not stand for. */
    private static final BitSet KIND =
            Predicate.KIND.stream().collect(BitSet::new, (all, field) -> all.set(field.id()), BitSet::or);
    /** More columns than one of so many are read in one go with all others. */
    private static final int MOST = 4;
    /** Where fewer than one of so many rows has a value that passes, rows are found by values. */
    private static final int FEW = 32;

    private final Node root;
    private final CompiledPredicate whole;
    private final TenantId tenant;
    private final LogRange came;
    private @Nullable Pace pace;

    /** @throws IllegalArgumentException when a regular expression or network in it is not one */
    Selection(Predicate predicate, TenantId tenant, LogRange came) {
        this.tenant = tenant;
        this.came = came;
        root = node(predicate);
        whole = CompiledPredicate.of(predicate);
    }

    /** Long work stops, with an answer that does not count, when the pace says so. */
    void pace(Pace asked) {
        pace = asked;
    }

    private boolean stopped() {
        var asked = pace;
        return asked != null && !asked.goOn();
    }

    /** Does a row that is in memory fit? */
    boolean test(EventBatch batch, int row) {
        return came.has(batch.logOffset(row)) && whole.test(batch, row);
    }

    boolean everything() {
        return came == LogRange.ALL && root instanceof Node.All(List<Node> of) && of.isEmpty();
    }

    private Node node(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) -> new Node.All(nodes(all));
            case Predicate.Or(List<Predicate> any) -> new Node.Any(nodes(any));
            case Predicate.Not(Predicate of) -> new Node.Except(node(of));
            case Predicate.Text text -> values(text, text.field().id());
            case Predicate.Regex regex -> values(regex, regex.field().id());
            case Predicate.Cidr cidr -> values(cidr, cidr.field().id());
            case Predicate.Number number -> values(number, number.field().id());
            case Predicate.DatePart part -> values(part, part.field().id());
            case Predicate.Exists exists ->
                manyFields(exists.field())
                        ? rows(exists)
                        : new Node.Exists(exists.field().id());
            case Predicate.IsNull isNull ->
                manyFields(isNull.field())
                        ? rows(isNull)
                        : new Node.IsNull(isNull.field().id());
            case Predicate.OfSource source -> new Node.OfSource(source);
            case Predicate.FieldRef reference -> rows(reference);
        };
    }

    /** Cheap ones first: the later ones see fewer rows. */
    private List<Node> nodes(List<Predicate> predicates) {
        var nodes = new ArrayList<Node>();
        predicates.forEach(p -> nodes.add(node(p)));
        nodes.sort(Comparator.comparingInt(Selection::cost));
        return nodes;
    }

    private static int cost(Node node) {
        return switch (node) {
            case Node.Exists e -> 0;
            case Node.IsNull n -> 0;
            case Node.Values v -> v.leaf().literals().isWholeValue() ? 1 : 2;
            case Node.OfSource s -> 3;
            case Node.AnyValue v -> 40;
            case Node.Anywhere a -> 50;
            case Node.Rows r -> 100;
            case Node.Except(Node of) -> cost(of);
            case Node.All(List<Node> of) ->
                1 + of.stream().mapToInt(Selection::cost).max().orElse(0);
            case Node.Any(List<Node> of) ->
                1 + of.stream().mapToInt(Selection::cost).max().orElse(0);
        };
    }

    private static boolean manyFields(Field field) {
        return field.equals(Predicate.ANYWHERE) || field.equals(Predicate.VALUES);
    }

    private Node values(Predicate predicate, int field) {
        if (field == Predicate.VALUES.id()) {
            return new Node.AnyValue(new Leaf(predicate, tenant));
        }
        return field == Predicate.ANYWHERE.id() ? rows(predicate) : new Node.Values(field, new Leaf(predicate, tenant));
    }

    private Node rows(Predicate predicate) {
        var seams = Seams.of(predicate);
        return seams == null
                ? new Node.Rows(new Leaf(predicate, tenant))
                : new Node.Anywhere(new Leaf(predicate, tenant), seams);
    }

    /** May the block have rows that fit? */
    boolean mayFit(Directory directory, @Nullable BlockFilter filter) {
        return Chances.of(root, directory, filter);
    }

    /** Is there a row in memory that may fit? Texts are looked for in all of the batch's bytes at once. */
    boolean mayFit(EventBatch batch) {
        return Chances.of(root, batch);
    }

    // ---- how many rows fit?

    /** How many of all rows fit, where that is known without looking at rows; else -1. */
    int count(BlockReader block) throws IOException {
        if (!(root instanceof Node.Values(int field, Leaf leaf))) {
            return -1;
        }
        int c = block.directory.column(field);
        if (c < 0) {
            return 0;
        }
        if (!block.isSingle(c)) {
            return -1;
        }
        var column = block.column(c);
        var passing = leaf.passing(block, column, null, this::stopped);
        if (!column.info.dictionary() || passing.isEmpty()) {
            return passing.cardinality();
        }
        var frequencies = column.frequencies();
        int sum = 0;
        for (int code = passing.nextSetBit(0); code >= 0; code = passing.nextSetBit(code + 1)) {
            sum += frequencies[code];
        }
        return sum;
    }

    // ---- which rows fit?

    /** Those of the candidates that fit. The candidates stay as they are. */
    BitSet select(BlockReader block, BitSet candidates) throws IOException {
        return select(root, block, came == LogRange.ALL ? candidates : came(block, candidates));
    }

    private BitSet came(BlockReader block, BitSet candidates) throws IOException {
        var left = new BitSet(block.rows());
        for (int r = candidates.nextSetBit(0); r >= 0; r = candidates.nextSetBit(r + 1)) {
            if (came.has(block.logOffset(r))) {
                left.set(r);
            }
        }
        return left;
    }

    private BitSet select(Node node, BlockReader block, BitSet candidates) throws IOException {
        return switch (node) {
            case Node.All(List<Node> of) -> {
                var left = (BitSet) candidates.clone();
                for (var child : of) {
                    if (left.isEmpty()) {
                        break;
                    }
                    left = select(child, block, left);
                }
                yield left;
            }
            case Node.Any(List<Node> of) -> {
                var found = new BitSet(block.rows());
                var left = (BitSet) candidates.clone();
                for (var child : of) {
                    if (left.isEmpty()) {
                        break;
                    }
                    var more = select(child, block, left);
                    found.or(more);
                    left.andNot(more);
                }
                yield found;
            }
            case Node.Except(Node of) -> {
                var left = (BitSet) candidates.clone();
                left.andNot(select(of, block, candidates));
                yield left;
            }
            case Node.Values(int field, Leaf leaf) ->
                byValue(leaf, block, block.directory.column(field), candidates, new BitSet());
            case Node.AnyValue(Leaf leaf) -> anyValue(leaf, block, candidates, new BitSet(), KIND);
            case Node.Anywhere(Leaf leaf, Seams seams) -> anywhere(leaf, seams, block, candidates);
            case Node.Rows(Leaf leaf) -> byRow(leaf.test(), block, candidates);
            case Node.Exists(int field) -> Shapes.having(block, candidates, block.directory.column(field), false);
            case Node.OfSource(var wanted) -> block.ofSource(wanted, candidates);
            case Node.IsNull(int field) -> {
                int column = block.directory.column(field);
                var some = Shapes.having(block, candidates, column, false);
                var left = (BitSet) candidates.clone();
                left.andNot(some);
                left.or(Shapes.having(block, candidates, column, true));
                yield left;
            }
        };
    }

    /** In a value, asked column by column; or elsewhere in the record, asked of the few rows where that can be. */
    private BitSet anywhere(Leaf leaf, Seams seams, BlockReader block, BitSet candidates) throws IOException {
        var filter = block.filter;
        var unsure =
                filter == null || seams.mayTouch(filter) ? seams.touched(block, candidates) : new BitSet(block.rows());
        var found = anyValue(leaf, block, candidates, unsure, NONE);
        unsure.andNot(found);
        if (!unsure.isEmpty()) {
            found.or(byRow(leaf.test(), block, unsure));
        }
        return found;
    }

    /** @param but fields that are not asked */
    private BitSet anyValue(Leaf leaf, BlockReader block, BitSet candidates, BitSet nulls, BitSet but)
            throws IOException {
        int all = block.directory.columns.length;
        var may = new BitSet(all);
        for (int c = 0; c < all; c++) {
            may.set(
                    c,
                    !but.get(block.directory.columns[c].field())
                            && (block.filter == null || leaf.literals().mayBeIn(block.filter, c)));
        }
        if (may.cardinality() * MOST > all) {
            block.readAhead();
        }
        var found = new BitSet(block.rows());
        var left = (BitSet) candidates.clone();
        for (int c = may.nextSetBit(0); c >= 0 && !left.isEmpty() && !stopped(); c = may.nextSetBit(c + 1)) {
            var more = byValue(leaf, block, c, left, nulls);
            found.or(more);
            left.andNot(more);
        }
        return found;
    }

    /** @param nulls gets the rows that would fit but for the value being null, which in the record it is not */
    private BitSet byValue(Leaf leaf, BlockReader block, int c, BitSet candidates, BitSet nulls) throws IOException {
        var found = new BitSet(block.rows());
        if (c < 0) {
            return found;
        }
        var column = block.column(c);
        boolean some = !leaf.seeks(block) && !column.info.dictionary() && candidates.cardinality() < block.rows();
        var passing = leaf.passing(block, column, some ? values(block, c, candidates) : null, this::stopped);
        if (passing.isEmpty()) {
            return found;
        }
        var kinds = Shapes.kinds(block.shapes(), c);
        var shapeOf = block.shapeOf();
        var first = block.positions(c);
        if (!column.info.dictionary() && passing.cardinality() < block.rows() / FEW) {
            for (int v = passing.nextSetBit(0); v >= 0; v = passing.nextSetBit(v + 1)) {
                int r = lastUpTo(first, v);
                if (candidates.get(r)) {
                    (kinds[shapeOf[r]][v - first[r]] == EventBatch.NULL ? nulls : found).set(r);
                }
            }
            return found;
        }
        var passes = new boolean[passing.length()];
        passing.stream().forEach(code -> passes[code] = true);
        for (int r = candidates.nextSetBit(0); r >= 0; r = candidates.nextSetBit(r + 1)) {
            var types = kinds[shapeOf[r]];
            for (int k = 0; k < types.length; k++) {
                int code = column.code(first[r] + k);
                if (code < passes.length && passes[code]) {
                    (types[k] == EventBatch.NULL ? nulls : found).set(r);
                }
            }
        }
        return found;
    }

    /** The last row before which there are at most so many values: the one that has the value of that number. */
    private static int lastUpTo(int[] first, int value) {
        int low = 0;
        int high = first.length - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (first[middle] <= value) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The values that the rows have in a column. */
    private static BitSet values(BlockReader block, int c, BitSet rows) throws IOException {
        var kinds = Shapes.kinds(block.shapes(), c);
        var shapeOf = block.shapeOf();
        var first = block.positions(c);
        var wanted = new BitSet();
        for (int r = rows.nextSetBit(0); r >= 0; r = rows.nextSetBit(r + 1)) {
            wanted.set(first[r], first[r] + kinds[shapeOf[r]].length);
        }
        return wanted;
    }

    private BitSet byRow(CompiledPredicate test, BlockReader block, BitSet candidates) throws IOException {
        var found = new BitSet(block.rows());
        var batch = new EventBatch(tenant);
        var some = new BitSet(block.rows());
        var rows = new int[ROWS_AT_A_TIME];
        var cursor = block.cursor();
        int n = 0;
        for (int r = candidates.nextSetBit(0); r >= 0 && !stopped(); ) {
            some.set(r);
            rows[n++] = r;
            r = candidates.nextSetBit(r + 1);
            if (n == ROWS_AT_A_TIME || r < 0) {
                batch.clear();
                block.fetch(cursor, some, batch);
                for (int i = 0; i < n; i++) {
                    if (test.test(batch, i)) {
                        found.set(rows[i]);
                    }
                }
                some.clear();
                n = 0;
            }
        }
        return found;
    }
}

package io.marsad.store.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of blocks of one tenant, one after the other, as far as it counts. Immutable but for the list of its blocks,
 * which is made when first asked for.
 *
 * <p>Thread-safe.
 */
final class Segment {
    final Path file;
    final SegmentFacts facts;
    final long length;
    final long rows;
    final long minTime;
    final long maxTime;
    private @Nullable List<Block> blocks;

    Segment(Path file, SegmentFacts facts) {
        this(file, facts, facts.length());
    }

    /** @param there bytes that the file still has */
    Segment(Path file, SegmentFacts facts, long there) {
        this.file = file;
        this.facts = facts;
        this.length = Math.min(there, facts.length());
        this.rows = facts.rows();
        this.minTime = facts.minTime();
        this.maxTime = facts.maxTime();
    }

    /** A segment that has nothing yet. */
    static Segment empty(Path file, long number) {
        var segment = new Segment(file, SegmentFacts.none(number));
        segment.blocks = List.of();
        return segment;
    }

    /** The same with one more block, which is in the file already. */
    Segment plus(Block block, SegmentFacts.Rows added, OpenFiles files, Damage damage) throws IOException {
        var more = new Segment(file, facts.plus(block, added));
        var list = new ArrayList<>(blocks(files, damage));
        list.add(block);
        more.blocks = List.copyOf(list);
        return more;
    }

    /** The same, for good: nothing is added any more. */
    Segment tidied(Collection<Integer> classes) {
        var done = new Segment(file, facts.tidied(classes));
        synchronized (this) {
            done.blocks = blocks;
        }
        return done;
    }

    /** Rows in blocks that were found damaged so far; looks at no file. */
    synchronized long lost() {
        return blocks == null
                ? 0
                : rows
                        - blocks.stream()
                                .filter(b -> !b.damaged)
                                .mapToLong(b -> b.rows)
                                .sum();
    }

    synchronized List<Block> blocks(OpenFiles files, Damage damage) throws IOException {
        var known = blocks;
        if (known == null) {
            known = walk(files, damage);
            blocks = known;
        }
        return known;
    }

    /** Goes from header to header; where one is damaged, to the next that is not. */
    private List<Block> walk(OpenFiles files, Damage damage) throws IOException {
        var list = new ArrayList<Block>();
        long at = 0;
        long found = 0;
        while (at + BlockEncoder.HEADER <= length) {
            try {
                var block = Block.parse(files.read(file, at, BlockEncoder.HEADER, 0), 0, file, at);
                if (block.length < BlockEncoder.HEADER || at + block.length > length) {
                    throw new DamagedException("a block ends behind its segment");
                }
                list.add(block);
                found += block.rows;
                at += block.length;
            } catch (DamagedException e) {
                at = nextHeader(files, at + 1);
            }
        }
        if (found != rows) {
            damage.report(Damage.name(file) + ": " + (rows - found) + " of " + rows
                    + " events cannot be read, a block's header is damaged");
        }
        return List.copyOf(list);
    }

    private long nextHeader(OpenFiles files, long from) throws IOException {
        int step = 1 << 16;
        for (long at = from; at + BlockEncoder.HEADER <= length; at += step) {
            int n = (int) Math.min(step + BlockEncoder.HEADER, length - at);
            byte[] bytes;
            try {
                bytes = files.read(file, at, n, 8);
            } catch (DamagedException e) {
                continue; // the disk cannot read it
            }
            for (int i = 0; i + BlockEncoder.HEADER <= n; i++) {
                if (Hash.word(bytes, i) == BlockEncoder.MAGIC) {
                    try {
                        return Block.parse(bytes, i, file, at + i).offset;
                    } catch (DamagedException e) {
                        continue;
                    }
                }
            }
        }
        return length;
    }
}

package io.marsad.api.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.HydratorSupplier;
import blue.strategic.parquet.ParquetReader;
import io.marsad.api.parquet.ParquetColumn.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the writer makes is read by parquet-java: nothing of ours. */
class ParquetWriterTest {
    private static final class Rows implements Hydrator<Map<String, Object>, Map<String, Object>> {
        @Override
        public Map<String, Object> start() {
            return new HashMap<>();
        }

        @Override
        public Map<String, Object> add(Map<String, Object> row, String name, @Nullable Object value) {
            if (value != null) {
                row.put(name, value);
            }
            return row;
        }

        @Override
        public Map<String, Object> finish(Map<String, Object> row) {
            return row;
        }
    }

    private static List<Map<String, Object>> read(Path file) throws Exception {
        HydratorSupplier<Map<String, Object>, Map<String, Object>> rows = HydratorSupplier.constantly(new Rows());
        try (var all = ParquetReader.streamContent(file.toFile(), rows)) {
            return all.toList();
        }
    }

    @Test
    void randomTablesAreReadAsTheyWereWritten(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            var columns = new ArrayList<ParquetColumn>();
            for (int c = 0; c <= random.nextInt(20); c++) {
                columns.add(new ParquetColumn("c." + c, Kind.values()[random.nextInt(Kind.values().length)]));
            }
            int rows = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(2_000);
            int missing = random.nextInt(3); // of each column: none, some, all
            var written = new ArrayList<Map<String, Object>>();
            var out = new ByteArrayOutputStream();
            var writer = new ParquetWriter(out, columns);
            for (int r = 0; r < rows; r++) {
                var cells = new ArrayList<@Nullable Object>();
                var row = new HashMap<String, Object>();
                for (var column : columns) {
                    var value =
                            missing == 2 || missing == 1 && random.nextBoolean() ? null : value(column.kind(), random);
                    cells.add(value);
                    if (value != null) {
                        row.put(column.name(), value);
                    }
                }
                writer.row(cells);
                written.add(row);
            }
            writer.finish();
            var file = Files.write(folder.resolve(round + ".parquet"), out.toByteArray());
            assertThat(read(file)).as("seed %d, round %d", seed, round).isEqualTo(written);
        }
    }

    private static Object value(Kind kind, Random random) {
        return switch (kind) {
            case TEXT -> random.nextInt(5) == 0 ? "" : "wört 字 " + random.nextInt(50);
            case WHOLE -> random.nextLong();
            case TIME -> random.nextLong(4_000_000_000_000L);
            case NUMBER -> random.nextGaussian();
            case TRUTH -> random.nextBoolean();
        };
    }

    @Test
    void largeTablesHaveSeveralRowGroupsAndTimesAndTextsSayWhatTheyAre(@TempDir Path folder) throws Exception {
        var out = new ByteArrayOutputStream();
        var writer = new ParquetWriter(
                out, List.of(new ParquetColumn("at", Kind.TIME), new ParquetColumn("text", Kind.TEXT)));
        var large = "x".repeat(100_000);
        for (long row = 0; row < 200; row++) {
            writer.row(List.of(row, large));
        }
        writer.finish();
        var file = Files.write(folder.resolve("large.parquet"), out.toByteArray());
        var metadata = ParquetReader.readMetadata(file.toFile());
        assertThat(metadata.getBlocks()).hasSizeBetween(3, 4);
        var schema = metadata.getFileMetaData().getSchema();
        assertThat(schema.getType("at").getLogicalTypeAnnotation())
                .isEqualTo(LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MILLIS));
        assertThat(schema.getType("text").getLogicalTypeAnnotation()).isEqualTo(LogicalTypeAnnotation.stringType());
        assertThat(read(file)).hasSize(200).last().isEqualTo(Map.of("at", 199L, "text", large));
    }
}

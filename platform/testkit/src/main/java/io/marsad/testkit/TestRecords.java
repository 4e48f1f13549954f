package io.marsad.testkit;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes record batches and compares them. */
public final class TestRecords {
    public static final TenantId TENANT = new TenantId("tenant-a");

    private TestRecords() {}

    /** A batch of these texts; each record's id follows from its text. */
    public static RecordBatch batch(String... texts) {
        return batch(TENANT, List.of(texts));
    }

    public static RecordBatch batch(TenantId tenant, List<String> texts) {
        var batch = new RecordBatch(tenant, "test", "json", 1_790_000_000_000L, 64);
        for (String text : texts) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            batch.add(EventId.derived("test", text), RecordBatch.SYNTHETIC, bytes, 0, bytes.length);
        }
        return batch;
    }

    /** 1 to 20 records of 0 to 600 bytes, now and then a long one; all texts start with the name. */
    public static RecordBatch random(SplittableRandom random, TenantId tenant, String name) {
        var texts = new ArrayList<String>();
        int records = 1 + random.nextInt(random.nextInt(10) == 0 ? 20 : 4);
        for (int i = 0; i < records; i++) {
            int length = random.nextInt(random.nextInt(20) == 0 ? 20_000 : 600);
            var text = new StringBuilder(name).append('.').append(i).append(' ');
            while (text.length() < length) {
                text.append((char) ('!' + random.nextInt(90)));
            }
            texts.add(text.toString());
        }
        return batch(tenant, texts);
    }

    public static String text(RecordBatch batch, int record) {
        return new String(batch.bytes(), batch.offset(record), batch.length(record), StandardCharsets.UTF_8);
    }

    public static List<String> texts(RecordBatch batch) {
        var texts = new ArrayList<String>();
        for (int i = 0; i < batch.size(); i++) {
            texts.add(text(batch, i));
        }
        return texts;
    }

    /** Everything about a batch but its offset, as text: equal batches have equal descriptions. */
    public static String describe(RecordBatch batch) {
        var text = new StringBuilder();
        text.append(batch.tenant())
                .append('|')
                .append(batch.origin())
                .append('|')
                .append(batch.format());
        text.append('|').append(batch.received());
        for (int i = 0; i < batch.size(); i++) {
            text.append('\n')
                    .append(batch.id(i))
                    .append(' ')
                    .append(batch.flags(i))
                    .append(' ')
                    .append(text(batch, i));
        }
        return text.toString();
    }
}

package io.marsad.soc.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseEvidence.Item;
import io.marsad.soc.cases.CaseEvidence.Kept;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever single byte of the evidence is changed, whoever does it, checking finds it and says where. */
class EvidenceTamperTest {
    private static final int MUTATIONS = 10_000;
    private static final int ENTRIES = 8;

    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Raising raising = new Raising(database, tenant, clock);
    private final CaseEvidence evidence = new CaseEvidence(database, clock);

    @Test
    void everyChangedByteIsFound() throws Exception {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("EvidenceTamperTest seed " + seed);
        var random = new SplittableRandom(seed);
        var kase = filled(random);
        var kinds = new TreeMap<String, Integer>();
        var chain = database.inTenant(tenant, c -> CaseEvidence.chain(c, tenant, kase));
        assertThat(chain.verify(tenant, kase).ok()).isTrue();
        for (int i = 0; i < MUTATIONS; i++) {
            int seq = 1 + random.nextInt(ENTRIES);
            var flip = new Flip(random);
            var found = flip.in(chain, seq).verify(tenant, kase);
            assertThat(found.ok()).as("%s of entry %s", flip.column, seq).isFalse();
            if (!flip.column.startsWith("head")) {
                assertThat(found.firstBad())
                        .as("%s of entry %s", flip.column, seq)
                        .isEqualTo(seq);
            }
            kinds.merge(flip.column, 1, Integer::sum);
        }
        System.out.println("EvidenceTamperTest " + MUTATIONS + " changes found: " + kinds);
        assertThat(kinds).hasSizeGreaterThan(12);
    }

    @Test
    void thePlatformItselfCannotChangeIt() throws Exception {
        var kase = filled(new SplittableRandom(1));
        assertThatThrownBy(() -> database.inTenant(
                        tenant, c -> Sql.run(c, "UPDATE case_evidence SET note = 'x' WHERE case_id = ?", kase)))
                .hasMessageContaining("append-only");
        assertThatThrownBy(() -> database.inTenant(
                        tenant, c -> Sql.run(c, "UPDATE case_history SET detail = 'x' WHERE case_id = ?", kase)))
                .hasMessageContaining("append-only");
    }

    private EventId filled(SplittableRandom random) throws Exception {
        var work = new CaseWork(database, clock, new Random(3));
        var kase = raising.as("ann", () -> work.open("A case", Severity.HIGH, List.of()));
        for (int i = 1; i < ENTRIES; i++) {
            clock.advance(Duration.ofSeconds(1 + random.nextInt(500)));
            var content = ("memory of host " + random.nextInt(1000) + " é\n").repeat(1 + random.nextInt(4));
            var item = new Item("dump " + i, "text/plain", "taken by hand", content.getBytes(StandardCharsets.UTF_8));
            raising.as("ann", () -> evidence.add(kase, item));
        }
        assertThat(raising.as("bob", () -> evidence.export(kase, "for the court")))
                .hasSize(ENTRIES);
        assertThat(raising.as("ann", () -> evidence.verify(kase)).entries()).isEqualTo(ENTRIES);
        return kase;
    }

    /** Changes one byte of one column of one entry, or of what says how the chain ends. */
    private static final class Flip {
        private final SplittableRandom random;
        private String column = "";

        Flip(SplittableRandom random) {
            this.random = random;
        }

        EvidenceChain in(EvidenceChain chain, int seq) {
            var head = Objects.requireNonNull(chain.head());
            var entries = new ArrayList<>(chain.entries());
            switch (random.nextInt(8)) {
                case 0 -> {
                    column = "head.seq";
                    return new EvidenceChain(
                            entries, new EvidenceChain.Head(of(head.seq()), head.hash(), head.bytes()));
                }
                case 1 -> {
                    column = "head.hash";
                    return new EvidenceChain(
                            entries, new EvidenceChain.Head(head.seq(), of(head.hash()), head.bytes()));
                }
                case 2 -> {
                    column = "hash";
                    var kept = entries.get(seq - 1);
                    entries.set(seq - 1, new Kept(kept.entry(), of(kept.hash())));
                }
                default -> {
                    var kept = entries.get(seq - 1);
                    entries.set(seq - 1, new Kept(of(kept.entry()), kept.hash()));
                }
            }
            return new EvidenceChain(entries, head);
        }

        private EvidenceEntry of(EvidenceEntry e) {
            var texts = new String[] {e.actor(), e.actorName(), e.action(), e.name(), e.mediaType(), e.note()};
            var names = List.of("actor", "actor_name", "action", "name", "media_type", "note");
            int text = random.nextInt(12);
            if (text < 6 && !texts[text].isEmpty()) {
                column = names.get(text);
                texts[text] = of(texts[text]);
                return new EvidenceEntry(
                        e.version(),
                        e.seq(),
                        e.at(),
                        texts[0],
                        texts[1],
                        texts[2],
                        e.item(),
                        texts[3],
                        texts[4],
                        texts[5],
                        e.content(),
                        e.previous());
            }
            column = List.of("version", "seq", "at", "item", "content", "prev_hash")
                    .get(text % 6);
            if (column.equals("content") && e.content().length == 0) {
                column = "item";
            }
            return new EvidenceEntry(
                    column.equals("version") ? of(e.version()) : e.version(),
                    column.equals("seq") ? of(e.seq()) : e.seq(),
                    column.equals("at") ? e.at().plusNanos(1_000L << random.nextInt(40)) : e.at(),
                    texts[0],
                    texts[1],
                    texts[2],
                    column.equals("item") ? of(e.item()) : e.item(),
                    texts[3],
                    texts[4],
                    texts[5],
                    column.equals("content") ? of(e.content()) : e.content(),
                    column.equals("prev_hash") ? of(e.previous()) : e.previous());
        }

        private byte[] of(byte[] bytes) {
            var changed = bytes.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            return changed;
        }

        private int of(int number) {
            return number ^ (1 + random.nextInt(255)) << 8 * random.nextInt(4);
        }

        /** Of ASCII letters, so that it stays a text that the database can hold. */
        private String of(String text) {
            var chars = text.toCharArray();
            int at = random.nextInt(chars.length);
            chars[at] = (char) (chars[at] ^ (1 + random.nextInt(31)));
            return new String(chars);
        }
    }
}

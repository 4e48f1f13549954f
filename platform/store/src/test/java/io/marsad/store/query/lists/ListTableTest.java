package io.marsad.store.query.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListTableTest {
    @Test
    void keysAreFoundWithoutCaseAndEmptyCellsSayNothing() throws ContentException {
        var table = ListTable.parse(
                "assets.csv", "\uFEFFhost,owner,note\r\nDC01,\"Al, \"\"the\"\" admin\",\r\n\r\nweb,,x\n");
        assertThat(table.columns()).containsExactly("owner", "note");
        assertThat(table.find("dc01")).containsExactly("Al, \"the\" admin", null);
        assertThat(table.find("WEB")).containsExactly(null, "x");
        assertThat(table.find("db")).isNull();
        var named = ListTable.parse("x.csv", "owner,KEY,tier\nme,a,1\n");
        assertThat(named.columns()).containsExactly("owner", "tier");
        assertThat(named.find("A")).containsExactly("me", "1");
    }

    @Test
    void everyFaultIsToldWithItsLine() {
        assertThat(faults("host,owner\na,1\nb\n\"c\nd\",2\na,3\n,4\n10.1.0.0/8,5\n"))
                .containsExactly(
                        "list.csv:3: has 1 values where there are 2 columns",
                        "list.csv:6: the key 'a' is there twice",
                        "list.csv:7: has no key",
                        "list.csv:8: '10.1.0.0/8' has bits set behind its prefix");
        assertThat(faults("")).hasSize(1);
        assertThat(faults("host\na\n").getFirst()).startsWith("list.csv:1: a list has a key");
        assertThat(faults("host,Host\n").getFirst()).contains("twice");
        assertThat(faults("host,two words\n").getFirst()).contains("not a column's name");
        assertThat(faults("host,owner\n\"a,1\n").getFirst()).startsWith("list.csv:2: a value that begins");
    }

    private static List<String> faults(String text) {
        var thrown = catchThrowableOfType(ContentException.class, () -> ListTable.parse("list.csv", text));
        return thrown.problems().stream().map(ContentProblem::toString).toList();
    }

    @Test
    void theSmallestNetworkThatHasAnAddressCounts() throws ContentException {
        var table = ListTable.parse(
                "nets.csv",
                "key,zone\n10.0.0.0/8,inside\n10.1.0.0/16,servers\n10.1.2.3,one\nfd00::/8,six\n0.0.0.0/0,any\n");
        assertThat(zone(table, "10.2.3.4")).isEqualTo("inside");
        assertThat(zone(table, "10.1.9.9")).isEqualTo("servers");
        assertThat(zone(table, "10.1.2.3")).isEqualTo("one");
        assertThat(zone(table, "192.0.2.1")).isEqualTo("any");
        assertThat(zone(table, "fd12::1")).isEqualTo("six");
        assertThat(zone(table, "fe80::1")).isNull();
        assertThat(zone(table, "host")).isNull();
    }

    private static @Nullable String zone(ListTable table, String address) {
        var found = table.find(address);
        return found == null ? null : found.getFirst();
    }

    /** Random networks and addresses against one look at each network. */
    @Test
    void networksAreFoundAsByLookingAtEach() throws ContentException {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            var networks = new HashMap<Long, Integer>(); // base and bits packed -> number
            var text = new StringBuilder("key,number\n");
            for (int i = 0; i < 40; i++) {
                int bits = random.nextInt(33);
                long base = bits == 0
                        ? 0
                        : (random.nextInt(1 << 12) * 0x100001L & 0xFFFF_FFFFL) >>> (32 - bits) << (32 - bits);
                if (networks.putIfAbsent(base << 6 | bits, i) == null) {
                    text.append(dotted(base))
                            .append('/')
                            .append(bits)
                            .append(',')
                            .append(i)
                            .append('\n');
                }
            }
            var table = ListTable.parse("random.csv", text.toString());
            for (int i = 0; i < 200; i++) {
                long address = random.nextInt(1 << 12) * 0x100001L & 0xFFFF_FFFFL;
                Integer best = null;
                int longest = -1;
                for (var entry : networks.entrySet()) {
                    int bits = (int) (entry.getKey() & 63);
                    long base = entry.getKey() >>> 6;
                    boolean in = bits == 0 || address >>> (32 - bits) == base >>> (32 - bits);
                    if (in && bits > longest) {
                        longest = bits;
                        best = entry.getValue();
                    }
                }
                assertThat(zone(table, dotted(address)))
                        .as("seed %d, %s in %s", seed, dotted(address), text)
                        .isEqualTo(best == null ? null : best.toString());
            }
        }
    }

    private static String dotted(long address) {
        return (address >>> 24 & 255) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "."
                + (address & 255);
    }

    @Test
    void aTenantSeesItsOwnListsAndTheInstallations(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("assets.csv"), "host,owner\na,us\n");
        Files.writeString(folder.resolve("hosts.csv"), "host,owner\na,us\n");
        Files.writeString(folder.resolve("readme.txt"), "no list");
        var own = Map.of(
                new TenantId("one-tenant"),
                Map.<String, io.marsad.store.query.run.Lookups.LookupList>of(
                        "assets", ListTable.parse("own", "host,owner\na,them\n"),
                        "secret", ListTable.ofValues(List.of("x"))));
        var tables = new TenantTables(TenantTables.read(List.of(folder, folder.resolve("none"))), own);
        var names = new ArrayList<>(tables.names(new TenantId("two-tenant")));
        assertThat(names).containsExactly("assets", "hosts");
        assertThat(tables.names(new TenantId("one-tenant"))).containsExactly("assets", "hosts", "secret");
        assertThat(tables.find(new TenantId("two-tenant"), "secret")).isNull();
        var theirs = tables.find(new TenantId("one-tenant"), "assets");
        assertThat(theirs == null ? null : theirs.find("A")).containsExactly("them");
        Files.write(folder.resolve("wrong.csv"), new byte[] {(byte) 0xC3, 0x28});
        var thrown = catchThrowableOfType(ContentException.class, () -> TenantTables.read(List.of(folder)));
        assertThat(thrown.problems().getFirst().reason()).isEqualTo("is not UTF-8");
    }
}

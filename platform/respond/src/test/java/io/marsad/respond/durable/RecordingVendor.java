package io.marsad.respond.durable;

import io.marsad.respond.action.Catalogue;
import io.marsad.respond.variable.VariableType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Does every action that there is, remembers what it did by its key, and dies now and then before or after it has done it.
 * Thread-safe.
 */
final class RecordingVendor implements ActionProvider {
    private final Catalogue catalogue;
    private final SplittableRandom random;
    private final long seed;
    private final Map<UUID, Integer> done = new HashMap<>();
    private final Map<UUID, String> refused = new HashMap<>();
    private boolean mortal = true;
    private int deaths;

    RecordingVendor(Catalogue catalogue, SplittableRandom random) {
        this.catalogue = catalogue;
        this.random = random;
        this.seed = random.nextLong();
    }

    /** What it has done by key, and how often. */
    synchronized Map<UUID, Integer> done() {
        return Map.copyOf(done);
    }

    synchronized int deaths() {
        return deaths;
    }

    synchronized void immortal() {
        mortal = false;
    }

    @Override
    public synchronized Result perform(Order order) {
        die("before it was done");
        // The same for the same thing asked for, however often and in whatever order.
        var chance = new SplittableRandom(
                seed ^ order.action().hashCode() ^ order.parameters().hashCode());
        if (chance.nextInt(8) == 0) {
            refused.put(order.id(), "no");
            return new Result.Failed("no", false);
        }
        done.merge(order.id(), 1, Integer::sum);
        die("after it was done");
        return new Result.Completed(new LinkedHashMap<>(outputs(order, chance)));
    }

    @Override
    public boolean answers(String action) {
        return action.equals(ManyRuns.READ);
    }

    /** Now and then it does not know, and has to look. */
    @Override
    public synchronized Result.@Nullable Completed answer(Order order) {
        var chance = new SplittableRandom(seed ^ order.parameters().hashCode());
        return chance.nextInt(3) == 0 ? null : new Result.Completed(new LinkedHashMap<>(outputs(order, chance)));
    }

    /** As a vendor does that knows the key: what was done is not done again. */
    @Override
    public synchronized Result settle(Order order) {
        if (done.containsKey(order.id())) {
            var chance = new SplittableRandom(
                    seed ^ order.action().hashCode() ^ order.parameters().hashCode());
            chance.nextInt(8);
            return new Result.Completed(new LinkedHashMap<>(outputs(order, chance)));
        }
        return perform(order);
    }

    private void die(String when) {
        if (mortal && random.nextInt(12) == 0) {
            deaths++;
            throw new IllegalStateException("killed " + when);
        }
    }

    private Map<String, @Nullable String> outputs(Order order, SplittableRandom chance) {
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        catalogue
                .find(order.action())
                .orElseThrow()
                .outputs()
                .forEach((name, type) -> outputs.put(name, sample(type, chance)));
        return outputs;
    }

    /** A value that the type takes; often one that conditions ask for. */
    static String sample(VariableType type, SplittableRandom random) {
        return switch (type) {
            case BOOL -> random.nextBoolean() ? "true" : "false";
            case INTEGER, LONG -> String.valueOf(random.nextInt(3) * 7);
            case FLOAT -> random.nextBoolean() ? "0.95" : "0.1";
            case STRING ->
                java.util.List.of("malicious", "benign", "yes", "no", "unknown", "completed")
                        .get(random.nextInt(6));
            case DICTIONARY -> "{}";
            case LIST -> "[]";
            case IPV4 -> "192.0.2." + random.nextInt(256);
            case IPV6 -> "2001:db8::1";
            case MAC -> "00:11:22:33:44:55";
            case HASH, HEXSTRING, SHA256 -> "ab".repeat(32);
            case MD5 -> "ab".repeat(16);
            case URI -> "https://example.org/x";
            case UUID -> new UUID(random.nextLong(), random.nextLong()).toString();
        };
    }
}

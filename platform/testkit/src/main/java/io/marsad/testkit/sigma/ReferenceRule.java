package io.marsad.testkit.sigma;

import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A rule that was read. Thread-safe, though an event is not. */
public final class ReferenceRule {
    private final String id;
    private final @Nullable String product;
    private final @Nullable String category;
    private final @Nullable String service;
    private final Check check;

    ReferenceRule(
            String id, @Nullable String product, @Nullable String category, @Nullable String service, Check check) {
        this.id = id;
        this.product = product;
        this.category = category;
        this.service = service;
        this.check = check;
    }

    /** The rule's id; empty when it has none. */
    public String id() {
        return id;
    }

    /** Every key that the rule's log source names is the event's, which may be of several categories. */
    public boolean isFor(@Nullable String product, Collection<String> categories, @Nullable String service) {
        return (this.product == null || Objects.equals(this.product, product))
                && (this.category == null || categories.contains(this.category))
                && (this.service == null || Objects.equals(this.service, service));
    }

    /** What the detection says of the event, whatever log source it is from. */
    public boolean matches(ReferenceEvent event) {
        return check.holds(event);
    }
}

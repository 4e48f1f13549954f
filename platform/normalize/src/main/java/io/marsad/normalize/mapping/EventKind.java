package io.marsad.normalize.mapping;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A kind of event that a mapping makes, and which fields it may have. Immutable, thread-safe. */
public final class EventKind {
    /** What any event may have, whatever its mapping. */
    private static final Set<String> ALWAYS = Set.of(
            "class_uid",
            "category_uid",
            "activity_id",
            "activity_name",
            "type_uid",
            "severity_id",
            "metadata.labels",
            "metadata.original_time",
            "unmapped.unmapped_other");

    private final String mapping;
    private final Mapping.Kind kind;
    private final boolean sourceSaysNone;

    /** Null when any name may occur. */
    private final @Nullable Pattern natives;

    private final Set<Field> filled = new HashSet<>();

    EventKind(String mapping, Mapping.Kind kind, boolean sourceSaysNone) {
        this.mapping = mapping;
        this.kind = kind;
        this.sourceSaysNone = sourceSaysNone;
        natives = kind.natives() == null ? null : Pattern.compile(alternatives(kind));
        kind.constants().keySet().forEach(slot -> filled.add(slot.field()));
        kind.moves().forEach((name, slots) -> {
            if (mayCall(name)) {
                slots.forEach(slot -> filled.add(slot.field()));
            }
        });
        for (var derive : kind.derives()) {
            if (derive.fallback() != null || derive.from().stream().anyMatch(this::mayCall)) {
                derive.to().forEach(slot -> filled.add(slot.field()));
            }
        }
    }

    private static String alternatives(Mapping.Kind kind) {
        var names = new HashSet<>(kind.natives() == null ? List.<String>of() : kind.natives());
        kind.extract().forEach(extract -> names.addAll(extract.groups()));
        return names.stream()
                .map(name -> Pattern.quote(name).replace("*", "\\E.*\\Q"))
                .collect(Collectors.joining("|"));
    }

    private boolean mayCall(String name) {
        var own = kind.own();
        return natives == null || natives.matcher(name).matches() || own != null && own.slot(name) != null;
    }

    /** The name of the mapping. */
    public String mapping() {
        return mapping;
    }

    public LogSource source() {
        return kind.source();
    }

    /**
     * Whether such an event may have a value in the field. False is certain; true may mean only that the mapping does not
     * know all the names that its source has.
     */
    public boolean mayHave(Field field) {
        if (filled.contains(field) || ALWAYS.contains(field.path())) {
            return true;
        }
        if (field.isUnmapped()) {
            var name = field.path().substring(Field.UNMAPPED.length());
            return mayCall(name) && !movedForSure(name);
        }
        var own = kind.own();
        return own != null && own.slot(field.path()) != null;
    }

    private boolean movedForSure(String name) {
        return kind.moves().getOrDefault(name, List.of()).stream().anyMatch(slot -> !slot.guarded(sourceSaysNone));
    }

    @Override
    public String toString() {
        return mapping + ":" + kind.line();
    }
}

package io.marsad.match;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns predicates into expressions over shared atoms: equal tests become one, alternatives of a field one set. */
final class Atoms {
    private final List<Atom> atoms = new ArrayList<>();
    private final Map<Object, Integer> known = new HashMap<>();
    private final Map<Field, Integer> slots = new HashMap<>();

    Atoms() {
        slots.put(Predicate.VALUES, Row.VALUES);
        slots.put(Predicate.ANYWHERE, Row.ANYWHERE);
    }

    Atom[] all() {
        return atoms.toArray(Atom[]::new);
    }

    Atom get(int atom) {
        return atoms.get(atom);
    }

    int slots() {
        return slots.size();
    }

    /** The slot of each field id; 0 where no atom asks. */
    int[] slotOfField() {
        int highest = 0;
        for (Field field : slots.keySet()) {
            highest = Math.max(highest, field.id());
        }
        var map = new int[highest + 1];
        slots.forEach((field, slot) -> map[field.id()] = slot);
        map[Predicate.VALUES.id()] = 0;
        map[Predicate.ANYWHERE.id()] = 0;
        return map;
    }

    private int slot(Field field) {
        return slots.computeIfAbsent(field, f -> slots.size());
    }

    /** @throws IllegalArgumentException when an expression or network in it is not one */
    Expr add(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) -> all(all);
            case Predicate.Or(List<Predicate> any) -> any(any);
            case Predicate.Not(Predicate of) -> {
                var inner = add(of);
                yield switch (inner) {
                    case Expr.Fixed(boolean value) -> new Expr.Fixed(!value);
                    case Expr.No(Expr twice) -> twice;
                    case Expr.All _, Expr.Any _, Expr.Is _ -> new Expr.No(inner);
                };
            }
            case Predicate.Text text -> text(text);
            case Predicate.Regex regex -> atom(regex, () -> new RegexAtom(slot(regex.field()), regex));
            case Predicate.Cidr(Field field, String network) -> networks(field, List.of(network));
            case Predicate.Number n -> atom(n, () -> new NumberAtom(slot(n.field()), n.comparison(), n.value()));
            case Predicate.DatePart d ->
                atom(d, () -> new DateAtom(slot(d.field()), d.unit(), d.comparison(), d.value()));
            case Predicate.Exists(Field field) -> presence(field, PresenceAtom.Kind.EXISTS);
            case Predicate.IsNull(Field field) -> presence(field, PresenceAtom.Kind.NULL);
            case Predicate.OfSource source -> atom(source, () -> new SourceAtom(source));
            case Predicate.FieldRef r ->
                atom(r, () -> new ReferenceAtom(slot(r.field()), slot(r.other()), r.relation()));
        };
    }

    private Expr all(List<Predicate> predicates) {
        var parts = new LinkedHashSet<Expr>();
        for (Predicate predicate : predicates) {
            switch (add(predicate)) {
                case Expr.Fixed(boolean value) -> {
                    if (!value) {
                        return new Expr.Fixed(false);
                    }
                }
                case Expr.All(List<Expr> inner) -> parts.addAll(inner);
                case Expr.Any any -> parts.add(any);
                case Expr.No no -> parts.add(no);
                case Expr.Is is -> parts.add(is);
            }
        }
        return parts.isEmpty() ? new Expr.Fixed(true) : parts.size() == 1 ? parts.getFirst() : all(parts);
    }

    private static Expr all(Set<Expr> parts) {
        return new Expr.All(List.copyOf(parts));
    }

    private Expr any(List<Predicate> predicates) {
        var parts = new LinkedHashSet<Expr>();
        var literals = new LinkedHashMap<Field, Set<Literal>>();
        var networks = new LinkedHashMap<Field, Set<String>>();
        for (Predicate predicate : flattened(predicates)) {
            if (predicate instanceof Predicate.Text text && isLiteral(text)) {
                literals.computeIfAbsent(text.field(), f -> new LinkedHashSet<>())
                        .add(literal(text.glob()));
            } else if (predicate instanceof Predicate.Cidr(Field field, String network)) {
                networks.computeIfAbsent(field, f -> new LinkedHashSet<>()).add(network);
            } else {
                var part = add(predicate);
                if (part instanceof Expr.Fixed(boolean value)) {
                    if (value) {
                        return part;
                    }
                } else {
                    parts.add(part);
                }
            }
        }
        literals.forEach((field, set) -> parts.add(literals(field, set)));
        networks.forEach((field, set) -> parts.add(networks(field, List.copyOf(set))));
        return parts.isEmpty()
                ? new Expr.Fixed(false)
                : parts.size() == 1 ? parts.getFirst() : new Expr.Any(List.copyOf(parts));
    }

    private static List<Predicate> flattened(List<Predicate> predicates) {
        var flat = new ArrayList<Predicate>();
        for (Predicate predicate : predicates) {
            if (predicate instanceof Predicate.Or(List<Predicate> any)) {
                flat.addAll(flattened(any));
            } else {
                flat.add(predicate);
            }
        }
        return flat;
    }

    private static boolean isLiteral(Predicate.Text text) {
        return !text.cased()
                && switch (text.glob().shape()) {
                    case EQUALS, STARTS_WITH, ENDS_WITH, CONTAINS -> true;
                    case EMPTY, ANYTHING, GLOB -> false;
                };
    }

    private static Literal literal(Glob glob) {
        var place = switch (glob.shape()) {
            case EQUALS -> Literal.Place.WHOLE;
            case STARTS_WITH -> Literal.Place.START;
            case ENDS_WITH -> Literal.Place.END;
            case CONTAINS, EMPTY, ANYTHING, GLOB -> Literal.Place.INSIDE;
        };
        return Literal.of(place, glob.text());
    }

    private Expr text(Predicate.Text text) {
        return switch (text.glob().shape()) {
            case EMPTY -> presence(text.field(), PresenceAtom.Kind.EMPTY_VALUE);
            case ANYTHING -> presence(text.field(), PresenceAtom.Kind.ANY_VALUE);
            case EQUALS, STARTS_WITH, ENDS_WITH, CONTAINS ->
                text.cased() ? glob(text) : literals(text.field(), Set.of(literal(text.glob())));
            case GLOB -> glob(text);
        };
    }

    private Expr glob(Predicate.Text text) {
        return atom(text, () -> new GlobAtom(slot(text.field()), text.glob(), text.cased()));
    }

    private Expr literals(Field field, Set<Literal> literals) {
        return atom(List.of(field, Set.copyOf(literals)), () -> new LiteralAtom(slot(field), List.copyOf(literals)));
    }

    private Expr networks(Field field, List<String> networks) {
        return atom(
                List.of(field, networks),
                () -> new NetworkAtom(
                        slot(field), networks.stream().map(Network::parse).toList()));
    }

    private Expr presence(Field field, PresenceAtom.Kind kind) {
        int slot = slot(field);
        return atom(List.of(field, kind), () -> new PresenceAtom(slot, kind));
    }

    private Expr atom(Object key, java.util.function.Supplier<Atom> make) {
        var id = known.get(key);
        if (id == null) {
            var made = make.get();
            id = atoms.size();
            atoms.add(made);
            known.put(key, id);
        }
        return new Expr.Is(id);
    }
}

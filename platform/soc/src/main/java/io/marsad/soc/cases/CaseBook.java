package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.cases.CaseAct.Apart;
import io.marsad.soc.cases.CaseAct.Kind;
import io.marsad.soc.cases.CaseAct.Move;
import io.marsad.soc.cases.CaseAct.Shift;
import io.marsad.soc.cases.CaseAct.Standing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts are in which case, and what may be done about it: all rules of grouping, merging, splitting and undoing are
 * here. It holds the cases that an act is about, not all. An alert is in at most one case. Not thread-safe.
 *
 * <p>What is refused throws {@link io.marsad.kernel.problem.ProblemException} and changes nothing.
 */
final class CaseBook {
    /** Grouping makes no case larger. */
    static final int MOST_GROUPED = 500;

    /** Nor does a person. */
    static final int MOST = 2_000;

    private final Supplier<EventId> ids;
    private final Map<EventId, Standing> cases = new LinkedHashMap<>();
    private final Map<EventId, EventId> caseOf = new HashMap<>();
    private final Map<EventId, Set<EventId>> members = new HashMap<>();
    private final Set<Apart> apart = new LinkedHashSet<>();
    /** Cases that a person has done something to. */
    private final Set<EventId> touched = new HashSet<>();

    private final List<CaseAct> acts = new ArrayList<>();

    /** @param ids new ones */
    CaseBook(Supplier<EventId> ids) {
        this.ids = ids;
    }

    void know(EventId kase, Standing standing, boolean isTouched) {
        cases.put(kase, standing);
        if (isTouched) {
            touched.add(kase);
        }
    }

    void know(EventId alert, EventId kase) {
        put(alert, kase);
    }

    void know(Apart pair) {
        apart.add(pair);
    }

    /** Oldest first; with those that were undone and what undid them. */
    void know(CaseAct act) {
        acts.add(act);
    }

    @Nullable
    EventId caseOf(EventId alert) {
        return caseOf.get(alert);
    }

    Set<EventId> members(EventId kase) {
        return members.getOrDefault(kase, Set.of());
    }

    Standing standing(EventId kase) {
        var standing = cases.get(kase);
        if (standing == null) {
            throw Problem.notFound("There is no such case.").asException();
        }
        return standing;
    }

    boolean isTouched(EventId kase) {
        return touched.contains(kase);
    }

    boolean isApart(EventId one, EventId other) {
        return apart.contains(new Apart(one, other));
    }

    /** Whether grouping may put more alerts into it. */
    boolean takes(EventId kase, int more) {
        return standing(kase).takes() && members(kase).size() + more <= MOST_GROUPED;
    }

    /** A new case of alerts that are in none. */
    CaseAct open(Collection<EventId> alerts) {
        var kase = ids.get();
        return done(new CaseDraft(Kind.OPENED, kase)
                .shift(new Shift(kase, null, Standing.OPEN))
                .moves(free(alerts), kase));
    }

    /** More alerts, which are in none and were not taken out of it. */
    CaseAct group(EventId kase, Collection<EventId> alerts) {
        if (!takes(kase, alerts.size())) {
            throw new IllegalArgumentException("the case takes no more alerts");
        }
        if (alerts.stream().anyMatch(alert -> isApart(alert, kase))) {
            throw new IllegalArgumentException("a person has said that it is no part of the case");
        }
        return done(new CaseDraft(Kind.GROUPED, kase).moves(free(alerts), kase));
    }

    /** Whether grouping may merge the one into the other: nobody has done anything to it yet. */
    boolean mayJoin(EventId from, EventId into) {
        return !from.equals(into)
                && standing(from).takes()
                && !isTouched(from)
                && !isApart(from, into)
                && members(from).stream().noneMatch(alert -> isApart(alert, into))
                && takes(into, members(from).size());
    }

    /** Two cases turned out to be one. */
    CaseAct join(EventId from, EventId into) {
        if (!mayJoin(from, into)) {
            throw new IllegalArgumentException("grouping may not merge these");
        }
        return merged(into, List.of(from));
    }

    /** A new case, with alerts or without, also from other cases. */
    CaseAct begin(EventId kase, Collection<EventId> alerts) {
        var draft = new CaseDraft(Kind.OPENED, kase).shift(new Shift(kase, null, Standing.OPEN));
        sorted(alerts).forEach(alert -> draft.move(alert, caseOf.get(alert), kase));
        return byPerson(done(draft));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 422 */
    CaseAct link(EventId kase, Collection<EventId> alerts) {
        requireTaking(kase, alerts.size());
        var draft = new CaseDraft(Kind.LINKED, kase);
        for (EventId alert : sorted(alerts)) {
            if (!kase.equals(caseOf.get(alert))) {
                draft.move(alert, caseOf.get(alert), kase);
                draft.join(new Apart(alert, kase));
            }
        }
        return byPerson(done(draft));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 422 */
    CaseAct unlink(EventId kase, Collection<EventId> alerts) {
        requireTaking(kase, 0);
        var draft = new CaseDraft(Kind.UNLINKED, kase);
        for (EventId alert : sorted(alerts)) {
            requireIn(alert, kase);
            draft.move(alert, kase, null);
            draft.part(new Apart(alert, kase));
        }
        return byPerson(done(draft));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 422 */
    CaseAct merge(EventId into, Collection<EventId> others) {
        var sources = sorted(others);
        int more = sources.stream().mapToInt(one -> members(one).size()).sum();
        requireTaking(into, more);
        for (EventId other : sources) {
            if (other.equals(into)) {
                throw illegal("merge-with-itself", "A case is not merged with itself.");
            }
            if (standing(other).mergedInto() != null) {
                throw illegal("case-merged", "One of them is part of another case already.");
            }
        }
        return byPerson(merged(into, sources));
    }

    /** Makes a case of some of its alerts. @throws io.marsad.kernel.problem.ProblemException 422 */
    CaseAct split(EventId kase, Collection<EventId> alerts) {
        requireTaking(kase, 0);
        var some = sorted(alerts);
        some.forEach(alert -> requireIn(alert, kase));
        if (some.size() >= members(kase).size()) {
            throw illegal("nothing-left", "At least one alert has to stay.");
        }
        var made = ids.get();
        var draft = new CaseDraft(Kind.SPLIT, kase).shift(new Shift(made, null, Standing.OPEN));
        some.forEach(alert -> draft.move(alert, kase, made));
        draft.part(new Apart(kase, made));
        others(kase).forEach(other -> draft.part(new Apart(other, made)));
        return byPerson(done(draft));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 422 {@code illegal-transition}, {@code case-merged} */
    CaseAct move(EventId kase, CaseStatus to) {
        return byPerson(step(kase, to));
    }

    /** The same by the platform itself. */
    CaseAct step(EventId kase, CaseStatus to) {
        var before = standing(kase);
        requireUnmerged(before);
        if (!before.status().next().contains(to)) {
            var legal = before.status().nextWords();
            throw illegal("illegal-transition", "It is " + before.status().word() + " and may become: " + legal + ".");
        }
        return done(new CaseDraft(Kind.MOVED, kase).shift(new Shift(kase, before, new Standing(to, null))));
    }

    /** What {@link #undo} would undo; null when there is nothing. */
    @Nullable
    CaseAct undoable(EventId kase) {
        var undone = new HashSet<EventId>();
        for (CaseAct act : acts.reversed()) {
            if (act.undoes() != null) {
                undone.add(act.undoes());
            } else if (act.kind().undoable()
                    && !undone.contains(act.id())
                    && act.cases().contains(kase)) {
                return act;
            }
        }
        return null;
    }

    /**
     * Undoes the last act that changed which alerts are in the case. Grouping does not do it again.
     *
     * @throws io.marsad.kernel.problem.ProblemException 409 {@code nothing-to-undo}, {@code changed-since}; 422
     */
    CaseAct undo(EventId kase) {
        requireTaking(kase, 0);
        var act = undoable(kase);
        if (act == null) {
            throw Problem.conflict("nothing-to-undo", "Nothing has changed which alerts are in it.")
                    .asException();
        }
        var back = new CaseDraft(Kind.UNDONE, kase).undoes(act);
        for (Move move : act.moves()) {
            if (!Objects.equals(caseOf.get(move.alert()), move.to())) {
                throw changedSince("an alert is in another case by now");
            }
            back.move(move.alert(), move.to(), move.from());
        }
        act.shifts().forEach(shift -> restore(back, act, shift));
        requireHomes(back);
        act.parted().forEach(back::join);
        act.joined().forEach(back::part);
        if (act.kind() == Kind.GROUPED || act.kind() == Kind.LINKED) {
            act.moves().forEach(move -> back.part(new Apart(move.alert(), act.kase())));
        }
        return byPerson(done(back));
    }

    private void restore(CaseDraft back, CaseAct act, Shift shift) {
        var now = standing(shift.kase());
        if (shift.before() != null) { // it was merged away
            if (!now.equals(shift.after())) {
                throw changedSince("a case has changed");
            }
            back.shift(new Shift(shift.kase(), now, shift.before()));
            return;
        }
        if (!now.takes()) {
            throw changedSince("the case that it made is " + now.status().word() + " by now");
        }
        var stay = new HashSet<>(members(shift.kase()));
        act.moves().forEach(move -> stay.remove(move.alert()));
        if (stay.isEmpty()) {
            var into = act.kind() == Kind.SPLIT ? act.kase() : null;
            back.shift(new Shift(shift.kase(), now, new Standing(CaseStatus.CLOSED, into)));
        }
    }

    /** What goes back goes into cases that take it. */
    private void requireHomes(CaseDraft back) {
        for (Move move : back.moves) {
            var home = move.to();
            if (home != null) {
                var shifted = back.shifts.stream().filter(shift -> shift.kase().equals(home));
                var standing = shifted.map(Shift::after).findFirst().orElseGet(() -> standing(home));
                if (standing.mergedInto() != null) {
                    throw changedSince("the case that its alerts were in is part of another by now");
                }
            }
        }
    }

    private CaseAct merged(EventId into, List<EventId> sources) {
        var draft = new CaseDraft(Kind.MERGED, into);
        for (EventId source : sources) {
            var before = standing(source);
            draft.shift(new Shift(source, before, new Standing(before.status(), into)));
            for (EventId alert : sorted(members(source))) {
                draft.move(alert, source, into);
                draft.join(new Apart(alert, into));
            }
            draft.join(new Apart(source, into));
            others(source).stream()
                    .filter(other -> !other.equals(into) && !sources.contains(other))
                    .forEach(other -> draft.part(new Apart(other, into)));
        }
        return done(draft);
    }

    private List<EventId> others(EventId kase) {
        return apart.stream()
                .filter(pair -> pair.names(kase))
                .map(pair -> pair.besides(kase))
                .toList();
    }

    private List<EventId> free(Collection<EventId> alerts) {
        var some = sorted(alerts);
        if (some.isEmpty() || some.stream().anyMatch(caseOf::containsKey)) {
            throw new IllegalArgumentException("grouping takes alerts that are in no case");
        }
        return some;
    }

    private void requireTaking(EventId kase, int more) {
        var standing = standing(kase);
        requireUnmerged(standing);
        if (!standing.takes()) {
            throw illegal("case-closed", "It is " + standing.status().word() + ": reopen it first.");
        }
        if (members(kase).size() + more > MOST) {
            throw illegal("case-full", "A case has at most " + MOST + " alerts.");
        }
    }

    private static void requireUnmerged(Standing standing) {
        if (standing.mergedInto() != null) {
            throw illegal("case-merged", "It is part of another case now.");
        }
    }

    private void requireIn(EventId alert, EventId kase) {
        if (!kase.equals(caseOf.get(alert))) {
            throw illegal("not-in-case", "One of the alerts is not in the case.");
        }
    }

    private CaseAct byPerson(CaseAct act) {
        act.cases().forEach(touched::add);
        return act;
    }

    /** Makes the act and what it says true. */
    private CaseAct done(CaseDraft draft) {
        if (draft.moves.isEmpty() && draft.shifts.isEmpty()) {
            throw illegal("nothing-to-do", "That changes nothing.");
        }
        draft.parted.removeAll(apart);
        draft.joined.retainAll(apart);
        var act = draft.act(ids.get());
        acts.add(act);
        act.shifts().forEach(shift -> cases.put(shift.kase(), shift.after()));
        act.moves().forEach(move -> put(move.alert(), move.to()));
        act.joined().forEach(apart::remove);
        apart.addAll(act.parted());
        return act;
    }

    private void put(EventId alert, @Nullable EventId kase) {
        var before = caseOf.remove(alert);
        if (before != null) {
            members.getOrDefault(before, Set.of()).remove(alert);
        }
        if (kase != null) {
            caseOf.put(alert, kase);
            members.computeIfAbsent(kase, _ -> new LinkedHashSet<>()).add(alert);
        }
    }

    private static List<EventId> sorted(Collection<EventId> all) {
        var sorted = new TreeSet<EventId>(Comparator.comparing(EventId::toString));
        sorted.addAll(all);
        return List.copyOf(sorted);
    }

    private static RuntimeException illegal(String type, String detail) {
        return Problem.unprocessable(type, detail).asException();
    }

    private static RuntimeException changedSince(String what) {
        var text = "It cannot be undone: " + what + ".";
        return Problem.conflict("changed-since", text).asException();
    }
}

package io.marsad.respond.action;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Who has to agree before an action is done. What is asked for can only be made stricter: by the tenant, by the playbook,
 * by what it is done to. Deny by default: what is not allowed to be done by itself waits for a person.
 *
 * @param maturity how much is done without asking
 * @param alwaysAsked actions that are never done without a person, whatever the level
 * @param never actions that are not done at all
 * @param trusted for {@link Maturity#L4}: the only targets of a high radius that are acted on without asking
 */
public record ActionPolicy(Maturity maturity, Set<String> alwaysAsked, Set<String> never, Set<Trusted> trusted) {
    public ActionPolicy {
        alwaysAsked = Set.copyOf(alwaysAsked);
        never = Set.copyOf(never);
        trusted = Set.copyOf(trusted);
    }

    /** What a tenant begins with: messages and questions go by themselves, the rest is asked. */
    public static ActionPolicy standard() {
        return new ActionPolicy(Maturity.L1, Set.of(), Set.of(), Set.of());
    }

    /** How far a tenant trusts what is done by itself. */
    public enum Maturity {
        /** Nothing but what changes nothing. */
        L0,
        /** And of minimal radius. */
        L1,
        /** And of low radius. */
        L2,
        /** And of medium radius. */
        L3,
        /** And of high radius on targets that are trusted for it. Critical is never done without asking. */
        L4;

        private boolean covers(BlastRadius radius) {
            return radius.ordinal() < Math.min(ordinal(), 3);
        }
    }

    /** @param target exactly as it is named, such as a host */
    public record Trusted(String action, String target) {}

    /** From least to most. */
    public enum Consent {
        AUTOMATIC,
        ONE_PERSON,
        TWO_PEOPLE,
        NEVER
    }

    /**
     * What is asked for.
     *
     * @param target as it is named in the parameters
     * @param crownJewel it matters most to the tenant: one radius more
     * @param atLeast what whoever asks wants itself, a playbook for one
     */
    public record Request(ActionKind action, String target, boolean crownJewel, Consent atLeast) {}

    /**
     * Who has to agree.
     *
     * @param radius that was reckoned with
     * @param reasons each by itself, in the order in which they were found; the strictest counts
     */
    public record Verdict(Consent consent, BlastRadius radius, List<String> reasons) {
        public Verdict {
            reasons = List.copyOf(reasons);
        }
    }

    /** The same for the same, always. */
    public Verdict decide(Request request) {
        var action = request.action();
        var found = new java.util.ArrayList<Reason>();
        var radius = request.crownJewel() && action.effect() != ActionKind.Effect.READ
                ? action.radius().wider()
                : action.radius();
        if (radius != action.radius()) {
            found.add(new Reason(Consent.AUTOMATIC, "the target is a crown jewel: radius " + word(radius)));
        }
        found.add(byRadius(request, radius));
        if (alwaysAsked.contains(action.name())) {
            found.add(new Reason(Consent.ONE_PERSON, "the tenant wants to be asked for " + action.name()));
        }
        if (never.contains(action.name())) {
            found.add(new Reason(Consent.NEVER, "the tenant does not have " + action.name() + " done"));
        }
        if (request.atLeast() != Consent.AUTOMATIC) {
            found.add(new Reason(request.atLeast(), "whoever asks for it wants so"));
        }
        var strictest = found.stream()
                .map(Reason::consent)
                .max(Comparator.naturalOrder())
                .orElse(Consent.NEVER);
        return new Verdict(strictest, radius, found.stream().map(Reason::text).toList());
    }

    private record Reason(Consent consent, String text) {}

    private Reason byRadius(Request request, BlastRadius radius) {
        if (request.action().effect() == ActionKind.Effect.READ) {
            return new Reason(Consent.AUTOMATIC, "it changes nothing");
        }
        if (radius == BlastRadius.CRITICAL) {
            return new Reason(Consent.TWO_PEOPLE, "radius critical is never done without two people");
        }
        if (maturity.covers(radius)) {
            return new Reason(Consent.AUTOMATIC, "radius " + word(radius) + " at level " + maturity);
        }
        boolean trustedTarget = maturity == Maturity.L4
                && radius == BlastRadius.HIGH
                && trusted.contains(new Trusted(request.action().name(), request.target()));
        return trustedTarget
                ? new Reason(Consent.AUTOMATIC, "radius high at level L4 on a target that is trusted for it")
                : new Reason(Consent.ONE_PERSON, "radius " + word(radius) + " at level " + maturity);
    }

    private static String word(BlastRadius radius) {
        return radius.name().toLowerCase(java.util.Locale.ROOT);
    }
}

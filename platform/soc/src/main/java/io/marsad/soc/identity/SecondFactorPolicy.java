package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which roles of the caller's tenant need a second factor: who has one of them and signed in with a password alone may do
 * nothing but set one up.
 *
 * <p>Thread-safe.
 */
public final class SecondFactorPolicy {
    private final Database database;
    private final InstantSource clock;

    public SecondFactorPolicy(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    public Set<String> roles() {
        return database.inCallerTenant(connection -> SecondFactorRows.roles(connection, CallerScope.tenant()));
    }

    /**
     * Says which roles need one, from the next request on.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-role}; 403 when a role that is added or taken away
     *     may do more than the caller
     */
    public Set<String> setRoles(Collection<String> wanted) {
        var caller = CallerScope.current();
        var after = new TreeSet<>(wanted);
        var now = clock.instant();
        return database.inCallerTenant(connection -> {
            UserRows.lock(connection, caller.tenant());
            var before = SecondFactorRows.roles(connection, caller.tenant());
            for (String role : after) {
                requireMaySet(connection, caller, role, before.contains(role));
            }
            for (String role : before) {
                if (!after.contains(role)) {
                    requireMaySet(connection, caller, role, false);
                }
            }
            if (!after.equals(before)) {
                SecondFactorRows.setRoles(connection, caller.tenant(), after);
                Change.record(
                        connection,
                        now,
                        "second_factor.update",
                        "tenant:" + caller.tenant(),
                        Map.of("roles", List.copyOf(before)),
                        Map.of("roles", List.copyOf(after)));
            }
            return after;
        });
    }

    private static void requireMaySet(Connection connection, Caller caller, String word, boolean stays)
            throws SQLException {
        var role = Roles.require(connection, caller.tenant(), word);
        var beyond = stays ? null : role.beyond(caller);
        if (beyond != null) {
            throw Problem.forbidden("The role " + word + " may do " + beyond
                            + ", which you may not: you cannot say how it signs in.")
                    .asException();
        }
    }
}

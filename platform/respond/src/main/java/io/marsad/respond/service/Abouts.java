package io.marsad.respond.service;

import io.marsad.kernel.problem.Problem;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.trigger.Given;
import java.sql.SQLException;

/** The alert or case that something is about. */
final class Abouts {
    private Abouts() {}

    /** @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-about} */
    static Given of(Turn turn, String about) throws SQLException {
        var given = Given.of(turn, about);
        if (given == null) {
            throw Problem.badRequest(
                            "unknown-about", "There is no such alert or case: alert:UUID or case:UUID is expected.")
                    .asException();
        }
        return given;
    }
}

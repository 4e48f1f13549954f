package io.marsad.soc.correlate.securityalert;

import io.marsad.soc.correlate.AlertFact;
import java.util.List;

/**
 * An alert as read.
 *
 * @param severity as the source writes it; may be empty
 * @param faults parts that were left out, each with what is wrong with it; at most 32
 */
public record SecurityAlert(AlertFact fact, String severity, List<String> faults) {
    public SecurityAlert {
        faults = List.copyOf(faults);
    }
}

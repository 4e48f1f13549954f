package io.marsad.server.node;

import io.marsad.ingest.intake.Intake;
import io.marsad.server.config.Config;
import java.io.IOException;
import java.util.function.Consumer;

/** The doors that are not HTTP. */
final class Doors {
    private Doors() {}

    static void open(Config config, Intake intake, Parts parts, Consumer<String> say) throws IOException {}
}

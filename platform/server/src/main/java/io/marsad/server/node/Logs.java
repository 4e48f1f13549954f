package io.marsad.server.node;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Where the process's own log goes. */
public final class Logs {
    private Logs() {}

    /** From now on into {@code marsad.log} of the folder, with what libraries log through the JDK. */
    public static void into(Path folder) throws IOException {
        PrivateFolders.make(folder);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("another logging library is on the class path");
        }
        context.reset();
        context.putProperty("marsad.log", folder.toString());
        try {
            var configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Logs.class.getResource("/logback-file.xml"));
        } catch (JoranException e) {
            throw new IllegalStateException("the shipped logging configuration is broken", e);
        }
    }
}

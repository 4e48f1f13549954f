package io.marsad.api.platform;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.DoubleSupplier;

/** The process's meters. No meter names a tenant. Thread-safe. */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    public MeterRegistry registry() {
        return registry;
    }

    /**
     * A value as it is now.
     *
     * @param name with dots, e.g. {@code marsad.log.bytes}
     */
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble).description(description).register(registry);
    }

    /** A value as it is now, of one rule. */
    public void gaugeOfRule(String name, String description, String ruleId, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(description)
                .tag("rule", ruleId)
                .register(registry);
    }

    /** A total that only grows, kept elsewhere. */
    public void counter(String name, String description, DoubleSupplier total) {
        FunctionCounter.builder(name, total, DoubleSupplier::getAsDouble)
                .description(description)
                .register(registry);
    }

    /** A total that only grows, kept elsewhere: one of several that differ in this tag. */
    public void counter(String name, String description, String tag, String value, DoubleSupplier total) {
        FunctionCounter.builder(name, total, DoubleSupplier::getAsDouble)
                .description(description)
                .tag(tag, value)
                .register(registry);
    }

    /** All meters as Prometheus reads them. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}

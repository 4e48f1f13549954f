package io.marsad.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.agent.collect.HostRoot;
import io.marsad.agent.policy.Policy;
import io.marsad.agent.policy.PolicyReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectorsTest {
    @TempDir
    private Path folder;

    private Set<String> on(String os) {
        var names = new TreeSet<String>();
        for (var name : PolicyReader.COLLECTORS) {
            Collectors.of(os, name, new HostRoot(folder), folder, Policy.Collection.ONCE, InstantSource.system())
                    .ifPresent(collector -> {
                        names.add(name);
                        collector.close();
                    });
        }
        return names;
    }

    @Test
    void eachSystemHasWhatItCanOfThePolicy() {
        assertThat(on("Linux"))
                .containsExactly(
                        "audit",
                        "falco",
                        "files",
                        "integrity",
                        "inventory",
                        "journal",
                        "processes",
                        "services",
                        "sockets");
        assertThat(on("Windows Server 2025"))
                .containsExactly("eventlog", "inventory", "processes", "services", "sockets");
        assertThat(on("Mac OS X")).containsExactly("files", "inventory", "journal", "processes", "services", "sockets");
    }
}

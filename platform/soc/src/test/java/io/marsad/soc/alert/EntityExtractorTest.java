package io.marsad.soc.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity.Kind;
import org.junit.jupiter.api.Test;

final class EntityExtractorTest {
    @Test
    void whatAFindingShowsAsEvidenceIsWhatItIsAbout() {
        var batch = new EventBatch(new TenantId("main"));
        batch.beginRow(new EventId(1, 1), 0, -1, "falco");
        batch.add(Field.of("device.hostname"), "node-3");
        batch.add(Field.of("evidences.actor.user.name"), "root");
        batch.add(Field.of("evidences.process.name"), "xm");
        batch.add(Field.of("evidences.process.file.path"), "/tmp/xm");
        batch.add(Field.of("evidences.container.name"), "web");
        batch.endRow();

        assertThat(EntityExtractor.entities(batch, 0))
                .containsExactly(
                        new Entity(Kind.HOST, "node-3", "device.hostname"),
                        new Entity(Kind.USER, "root", "evidences.actor.user.name"),
                        new Entity(Kind.PROCESS, "/tmp/xm", "evidences.process.file.path"),
                        new Entity(Kind.CONTAINER, "web", "evidences.container.name"));
        assertThat(EventFacts.of(batch, 0))
                .containsEntry("user", "root")
                .containsEntry("process", "/tmp/xm")
                .containsEntry("container", "web");
    }
}

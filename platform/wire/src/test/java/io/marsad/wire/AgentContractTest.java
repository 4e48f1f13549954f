package io.marsad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.marsad.proto.agent.v1.Agent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What agents, relays and the control plane say to one another is understood by those that are older: whatever was accepted
 * stays as it is, by number, name, type and how often.
 */
class AgentContractTest {
    private static final Path ACCEPTED =
            Path.of(System.getProperty("marsad.root", "../.."), "api", "agent.accepted.txt");

    @Test
    void nobodyIsBroken() throws Exception {
        var now = lines(Agent.getDescriptor());
        if (Boolean.getBoolean("marsad.contract.accept")) {
            Files.write(ACCEPTED, now);
        }
        assertThat(breaks(Files.readAllLines(ACCEPTED), now)).as("""
                        api/agent.proto breaks agents and relays that are older. Keep what was, beside what is new; or, when \
                        it has to be, say why: ./marsad contract accept "REASON" (docs/reference/api-changes.md)""").isEmpty();
    }

    @Test
    void everyKindOfBreakIsSeen() {
        var before = List.of(
                "message A",
                "field A 1 name string one",
                "field A 2 more bytes many",
                "enum A.S 1 UP",
                "rpc X.Go A A one many");
        assertThat(breaks(before, before)).isEmpty();
        var more = new ArrayList<>(before);
        more.add("field A 3 new uint64 one");
        assertThat(breaks(before, more)).as("what is only added breaks nobody").isEmpty();
        for (int i = 0; i < before.size(); i++) {
            var without = new ArrayList<>(before);
            without.remove(i);
            assertThat(breaks(before, without)).as(before.get(i)).isNotEmpty();
        }
        Map<String, String> others = new HashMap<>();
        others.put("field A 1 name string one", "field A 1 title string one");
        others.put("field A 2 more bytes many", "field A 2 more bytes one");
        others.put("enum A.S 1 UP", "enum A.S 2 UP");
        others.put("rpc X.Go A A one many", "rpc X.Go A A many many");
        others.forEach((was, is) -> {
            var changed = new ArrayList<>(before);
            changed.replaceAll(line -> line.equals(was) ? is : line);
            assertThat(breaks(before, changed)).as(is).containsExactly(was);
        });
    }

    /** What was accepted and is no more. */
    private static List<String> breaks(List<String> accepted, List<String> now) {
        return accepted.stream().filter(line -> !now.contains(line)).toList();
    }

    /** A line for each thing that somebody relies on. */
    private static List<String> lines(FileDescriptor file) {
        var lines = new ArrayList<String>();
        file.getMessageTypes().forEach(message -> message(message, lines));
        file.getEnumTypes().forEach(one -> values(one, lines));
        file.getServices().forEach(service -> methods(service, lines));
        return lines;
    }

    private static void message(Descriptor message, List<String> lines) {
        lines.add("message " + message.getFullName());
        for (FieldDescriptor field : message.getFields()) {
            var type = switch (field.getJavaType()) {
                case MESSAGE -> field.getMessageType().getFullName();
                case ENUM -> field.getEnumType().getFullName();
                default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
            };
            lines.add("field " + message.getFullName() + " " + field.getNumber() + " " + field.getName() + " " + type
                    + (field.isRepeated() ? " many" : " one"));
        }
        message.getNestedTypes().forEach(nested -> message(nested, lines));
        message.getEnumTypes().forEach(nested -> values(nested, lines));
    }

    private static void values(EnumDescriptor of, List<String> lines) {
        of.getValues()
                .forEach(value ->
                        lines.add("enum " + of.getFullName() + " " + value.getNumber() + " " + value.getName()));
    }

    private static void methods(ServiceDescriptor service, List<String> lines) {
        for (var method : service.getMethods()) {
            lines.add(
                    "rpc " + method.getFullName() + " " + method.getInputType().getFullName() + " "
                            + method.getOutputType().getFullName() + (method.isClientStreaming() ? " many" : " one")
                            + (method.isServerStreaming() ? " many" : " one"));
        }
    }
}

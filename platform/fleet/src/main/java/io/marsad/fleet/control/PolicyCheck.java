package io.marsad.fleet.control;

import io.marsad.kernel.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Whether agents would take what somebody wants them to collect: they refuse what they do not know. */
final class PolicyCheck {
    private static final Set<String> COLLECTORS = Set.of(
            "processes",
            "sockets",
            "files",
            "audit",
            "journal",
            "inventory",
            "services",
            "integrity",
            "eventlog",
            "falco");
    private static final Set<String> FIELDS =
            Set.of("on", "every_ms", "records_per_second", "bytes_per_second", "paths");
    private static final Set<String> FALCO = Set.of("address", "certificates", "folder", "rules", "disable", "enable");
    private static final String PATH = "/[^\\x00-\\x1f]{1,300}";
    private static final Pattern ADDRESS = Pattern.compile("unix://" + PATH + "|[A-Za-z0-9.-]{1,253}:[1-9][0-9]{0,4}");
    private static final Pattern FOLDER = Pattern.compile(PATH);
    private static final Set<String> WITH_PATHS = Set.of("files", "integrity", "eventlog");
    private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._/()-]{0,200}");
    private static final int LONGEST = 64 << 10;
    private static final int MOST_PATHS = 100;
    private static final int MOST_SCRIPTS = 50;
    private static final int MOST_OF_SCRIPTS = 128 << 10; // of what an envelope may hold

    private PolicyCheck() {}

    /** @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-agent-policy} with all faults */
    static void require(JsonNode collectors, JsonNode scripts) {
        var faults = new ArrayList<Problem.Fault>();
        scripts(scripts, faults);
        if (!collectors.isObject() || collectors.toString().length() > LONGEST) {
            faults.add(new Problem.Fault("/collectors", "an object of at most " + LONGEST + " characters is expected"));
        } else {
            collectors.properties().forEach(one -> {
                var place = "/collectors/" + one.getKey();
                if (!COLLECTORS.contains(one.getKey())) {
                    faults.add(new Problem.Fault(place, "there is no such collector; there are " + sorted(COLLECTORS)));
                } else {
                    collector(place, one.getKey(), one.getValue(), faults);
                }
            });
        }
        if (!faults.isEmpty()) {
            throw new Problem("invalid-agent-policy", 400, "Bad request", "No agent would take this policy.", faults)
                    .asException();
        }
    }

    private static void scripts(JsonNode scripts, List<Problem.Fault> faults) {
        var names = new HashSet<String>();
        long characters = 0;
        int at = 0;
        for (var one : scripts) {
            var name = one.path("name").asString("").strip();
            var text = one.path("text").asString("");
            characters += text.length();
            if (name.isEmpty() || !names.add(name)) {
                faults.add(new Problem.Fault("/scripts/" + at + "/name", "each script has a name of its own"));
            }
            if (!text.startsWith("#!")) {
                faults.add(new Problem.Fault("/scripts/" + at + "/text", "it begins with #! and what runs it"));
            }
            at++;
        }
        if (at > MOST_SCRIPTS || characters > MOST_OF_SCRIPTS) {
            faults.add(new Problem.Fault(
                    "/scripts", "at most " + MOST_SCRIPTS + " scripts of " + MOST_OF_SCRIPTS + " characters together"));
        }
    }

    private static void collector(String place, String name, JsonNode node, List<Problem.Fault> faults) {
        if (!node.isObject() || !node.path("on").isBoolean()) {
            faults.add(new Problem.Fault(place, "an object with 'on', true or false, is expected"));
            return;
        }
        for (var field : node.propertyNames()) {
            if (!FIELDS.contains(field) && !(name.equals("falco") && FALCO.contains(field))) {
                faults.add(new Problem.Fault(place + "/" + field, "it is not known; known are " + sorted(FIELDS)));
            }
        }
        whole(place, node, "every_ms", 100, 86_400_000, faults);
        whole(place, node, "records_per_second", 1, 100_000, faults);
        whole(place, node, "bytes_per_second", 1_000, 1 << 30, faults);
        if (name.equals("falco")) {
            text(place + "/address", node.path("address"), ADDRESS, "unix:///PATH or HOST:PORT", faults);
            text(place + "/certificates", node.path("certificates"), FOLDER, "an absolute folder", faults);
            text(place + "/folder", node.path("folder"), FOLDER, "an absolute folder", faults);
            FalcoRulesCheck.check(node, faults);
        }
        var paths = node.path("paths");
        boolean some = paths.isArray() && !paths.isEmpty();
        if (paths.size() > MOST_PATHS || !paths.isMissingNode() && !paths.isArray()) {
            faults.add(new Problem.Fault(place + "/paths", "a list of at most " + MOST_PATHS + " paths is expected"));
        } else if (node.path("on").booleanValue() && WITH_PATHS.contains(name) != some) {
            faults.add(new Problem.Fault(
                    place + "/paths", "files, integrity and eventlog have paths, and nothing else has"));
        } else {
            int at = 0;
            for (var path : paths) {
                var said = path.isString() ? path.stringValue() : "";
                if (name.equals("eventlog") && !CHANNEL.matcher(said).matches()) {
                    faults.add(new Problem.Fault(
                            place + "/paths/" + at, "the name of a channel is expected, as System is"));
                } else if (!name.equals("eventlog") && (!said.startsWith("/") || said.length() > 999)) {
                    faults.add(new Problem.Fault(place + "/paths/" + at, "an absolute path is expected"));
                }
                at++;
            }
        }
    }

    private static void text(String place, JsonNode value, Pattern form, String what, List<Problem.Fault> faults) {
        if (!value.isMissingNode() && !form.matcher(value.asString("")).matches()) {
            faults.add(new Problem.Fault(place, what + " is expected"));
        }
    }

    private static void whole(
            String place, JsonNode node, String name, long least, long most, List<Problem.Fault> faults) {
        var value = node.path(name);
        boolean good = value.isMissingNode()
                || value.isIntegralNumber()
                        && value.canConvertToLong()
                        && value.longValue() >= least
                        && value.longValue() <= most;
        if (!good) {
            faults.add(new Problem.Fault(
                    place + "/" + name, "a whole number from " + least + " to " + most + " is expected"));
        }
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }
}

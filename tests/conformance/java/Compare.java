import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Holds a broker's answers against the recorded ones.
 *
 * <p>Compare EXPECTED_DIR ACTUAL_DIR ALLOWED: prints each difference that ALLOWED does not give a reason for, and each
 * entry of ALLOWED that is no longer needed. The exit code is 1 if there is any.
 */
public final class Compare {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** One difference: where in which answer, and what the two say there. */
    private record Difference(String file, String api, String about, String path, String expected, String actual) { }

    /** A difference that is meant: patterns of where, and why. */
    private static final class Allowed {
        private final JsonNode entry;
        private boolean needed;

        Allowed(JsonNode entry) {
            this.entry = entry;
        }

        boolean covers(Difference difference) {
            boolean covers = matches("file", difference.file) && matches("api", difference.api) && matches("case", difference.about)
                    && matches("path", difference.path) && matches("ottla", difference.actual);
            needed |= covers;
            return covers;
        }

        private boolean matches(String field, String value) {
            return !entry.has(field) || value.matches(entry.get(field).asText());
        }
    }

    public static void main(String[] args) throws IOException {
        List<Allowed> allowed = Conformance.read(Path.of(args[2])).stream().map(Allowed::new).toList();
        int open = 0;
        for (Path file : files(Path.of(args[0]))) {
            String name = file.getFileName().toString();
            for (Difference difference : differences(name, lines(file), lines(Path.of(args[1]).resolve(name)))) {
                // Every entry that covers it counts as needed.
                if (allowed.stream().filter(entry -> entry.covers(difference)).count() > 0) continue;
                open++;
                System.out.println(difference.file + " | " + difference.about + " | " + difference.path
                        + "\n    Kafka: " + difference.expected + "\n    here:  " + difference.actual);
            }
        }
        for (Allowed entry : allowed) {
            if (entry.needed || entry.entry.has("sometimes")) continue;
            open++;
            System.out.println("no longer needed: " + entry.entry);
        }
        System.exit(open == 0 ? 0 : 1);
    }

    private static List<Path> files(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    private static Map<String, JsonNode> lines(Path file) throws IOException {
        Map<String, JsonNode> lines = new LinkedHashMap<>();
        for (String text : Files.readAllLines(file)) {
            JsonNode line = MAPPER.readTree(text);
            String about = line.path("api").asText() + " " + line.path("version").asText() + ": " + line.get("case").asText();
            if (lines.put(about, line) != null) throw new IllegalStateException(file + " has two answers to " + about);
        }
        return lines;
    }

    private static List<Difference> differences(String file, Map<String, JsonNode> expected, Map<String, JsonNode> actual) {
        List<Difference> differences = new ArrayList<>();
        expected.forEach((about, line) -> {
            JsonNode found = actual.get(about);
            String api = line.path("api").asText();
            if (found == null) differences.add(new Difference(file, api, about, "unasked", "answered", "the version is not advertised"));
            else compare(file, api, about, "", line.get("answer"), found.get("answer"), differences);
        });
        return differences;
    }

    private static void compare(String file, String api, String about, String path, JsonNode expected, JsonNode actual, List<Difference> into) {
        if (expected.isObject() && actual.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            for (String name : names) compare(file, api, about, path + "/" + name, expected.path(name), actual.path(name), into);
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) compare(file, api, about, path + "/" + i, expected.get(i), actual.get(i), into);
        } else if (!expected.equals(actual)) {
            into.add(new Difference(file, api, about, path, shown(expected), shown(actual)));
        }
    }

    private static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() > 400 ? text.substring(0, 400) + " ..." : text;
    }
}

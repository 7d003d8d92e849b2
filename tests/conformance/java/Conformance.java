import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sends the requests of case files to a broker and writes down its answers, with Apache Kafka's own message classes.
 *
 * <p>Conformance HOST:PORT OUT_DIR CASE_FILE...: writes OUT_DIR/NAME.jsonl for each CASE_FILE NAME.json5. A case file is a
 * row of steps; the README beside it says what a step may hold.
 */
public final class Conformance {
    private static final ObjectMapper MAPPER = JsonMapper.builder(new JsonFactory())
            .enable(JsonParser.Feature.ALLOW_COMMENTS, JsonParser.Feature.ALLOW_SINGLE_QUOTES, JsonParser.Feature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_TRAILING_COMMA.mappedFeature())
            .build();

    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[1]);
        Files.createDirectories(out);
        for (int i = 2; i < args.length; i++) {
            Path file = Path.of(args[i]);
            String name = file.getFileName().toString().replaceFirst("\\.json5$", "");
            try (PrintStream answers = new PrintStream(out.resolve(name + ".jsonl").toFile(), StandardCharsets.UTF_8);
                    Session session = new Session(args[0])) {
                Player player = new Player(session, answers);
                for (JsonNode step : read(file)) player.play(step);
            }
        }
    }

    static List<JsonNode> read(Path file) throws IOException {
        return MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll();
    }

    /** Plays steps in order and prints a line for each that has a name. */
    private static final class Player {
        private final Session session;
        private final PrintStream answers;

        Player(Session session, PrintStream answers) {
            this.session = session;
            this.answers = answers;
        }

        void play(JsonNode step) {
            if (step.has("each")) {
                Api api = Api.named(step.get("each").asText());
                for (short version : session.versions(api)) {
                    for (JsonNode inner : step.get("steps")) playAt(inner, api, version);
                }
            } else {
                playAt(step, null, (short) -1);
            }
        }

        /** A step inside "each" goes at every version of that key; one of another key at the version of the error ladder. */
        private void playAt(JsonNode step, Api each, short version) {
            Api api = step.has("api") ? Api.named(step.get("api").asText()) : null;
            short at = step.has("v") ? (short) step.get("v").asInt() : api != null && api.equals(each) ? version : api == null ? -1 : api.ladderVersion();
            if (each != null && (version < step.path("from").asInt(0) || version > step.path("to").asInt(Short.MAX_VALUE))) return;
            if (each != null) session.variables().give("v", MAPPER.getNodeFactory().numberNode(version));
            JsonNode answer;
            try {
                answer = session.run(step, api, at);
            } catch (Exception e) {
                answer = MAPPER.createObjectNode().put("failed", e.getMessage() == null ? e.toString() : e.getMessage());
            }
            if (!step.has("case")) {
                if (answer.has("failed")) System.err.println("step failed: " + step + ": " + answer.get("failed").asText());
                return;
            }
            ObjectNode line = MAPPER.createObjectNode();
            if (api != null) line.put("api", api.name()).put("version", at);
            else if (each != null) line.put("api", each.name()).put("version", version);
            line.put("case", step.get("case").asText());
            line.set("answer", answer);
            answers.println(line);
        }
    }
}

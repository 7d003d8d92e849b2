import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** One file's play: its connections by name, what it has learned so far, and what the broker advertises. */
final class Session implements AutoCloseable {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int UNTIL_DEADLINE_MS = 30_000;
    private static final int QUIET_MS = 1_500;

    private final String host;
    private final int port;
    private final Map<String, Connection> connections = new HashMap<>();
    private final Map<String, Unanswered> waiting = new HashMap<>();
    private final Variables variables = new Variables();
    private final Map<Short, short[]> advertised = new LinkedHashMap<>();
    private final View view;

    /** Requests that were sent and whose answers are still to be asked for. */
    private static final class Unanswered extends ArrayDeque<Sent> { }

    private record Sent(Api api, short version, int correlation) { }

    Session(String bootstrap) throws IOException {
        int colon = bootstrap.lastIndexOf(':');
        host = bootstrap.substring(0, colon);
        port = Integer.parseInt(bootstrap.substring(colon + 1));
        Api versions = Api.named("ApiVersions");
        ObjectNode step = JSON.objectNode();
        step.putObject("request").put("clientSoftwareName", "conformance").put("clientSoftwareVersion", "1");
        ApiVersionsResponseData answer = (ApiVersionsResponseData) exchange(step, versions, (short) 3);
        answer.apiKeys().forEach(key -> advertised.put(key.apiKey(), new short[] {key.minVersion(), key.maxVersion()}));
        Api metadata = Api.named("Metadata");
        JsonNode brokers = View.json(exchange((ObjectNode) step.set("request", JSON.objectNode().set("topics", JSON.arrayNode())), metadata, (short) 12), (short) 12);
        view = new View(variables, brokers.at("/brokers/0/nodeId").asInt());
        variables.give("node", brokers.at("/brokers/0/nodeId"));
    }

    Variables variables() {
        return variables;
    }

    /** The versions of a key that both the broker and Apache Kafka 4.3.1 know. */
    List<Short> versions(Api api) {
        short[] range = advertised.get(api.key());
        if (range == null) return List.of();
        return IntStream.rangeClosed(Math.max(range[0], api.lowest()), Math.min(range[1], api.highest())).mapToObj(v -> (short) v).toList();
    }

    /** What the broker answers to a step, as it is written down. */
    JsonNode run(JsonNode step, Api api, short version) throws Exception {
        if (step.has("topic")) return createTopic(step);
        if (step.has("close")) return close(step.get("close").asText());
        if (step.has("frame")) return frame(step);
        if (step.has("answer")) return awaited(step);
        if (!step.path("wait").asBoolean(true)) return send(step, api, version);
        long deadline = System.currentTimeMillis() + UNTIL_DEADLINE_MS;
        while (true) {
            ApiMessage message = patiently(step, api, version);
            if (message == null) return JSON.textNode("closed");
            JsonNode answer = View.json(message, version);
            if (step.has("until") && !holds(answer, variables.resolve(step.get("until"))) && System.currentTimeMillis() < deadline) {
                Thread.sleep(20);
                continue;
            }
            return seen(step, api, answer);
        }
    }

    private JsonNode seen(JsonNode step, Api api, JsonNode answer) {
        step.path("save").properties().forEach(entry -> {
            JsonNode value = answer.at(entry.getValue().asText());
            if (value.isMissingNode()) throw new IllegalStateException("nothing to save at " + entry.getValue().asText() + " of " + answer);
            variables.put(entry.getKey(), value);
        });
        return view.of(answer, !api.name().equals("CreateTopics") || step.has("all_configs"));
    }

    private static boolean holds(JsonNode answer, JsonNode until) {
        boolean[] all = {true};
        until.properties().forEach(entry -> {
            JsonNode found = answer.at(entry.getKey());
            JsonNode wanted = entry.getValue();
            boolean same = wanted.isArray() ? IntStream.range(0, wanted.size()).anyMatch(i -> wanted.get(i).asText().equals(found.asText()))
                    : found.isMissingNode() ? wanted.isNull() : wanted.asText().equals(found.asText());
            all[0] &= same;
        });
        return all[0];
    }

    /** Sends and receives; null when the broker closes the connection instead of answering. */
    private ApiMessage exchange(JsonNode step, Api api, short version) throws IOException {
        send(step, api, version);
        return receive(step.path("on").asText("main"));
    }

    /** A connection without an answer is of no more use. */
    private ApiMessage patiently(JsonNode step, Api api, short version) throws IOException {
        try {
            return exchange(step, api, version);
        } catch (SocketTimeoutException e) {
            forget(step.path("on").asText("main"));
            throw new IOException("no answer");
        }
    }

    private JsonNode send(JsonNode step, Api api, short version) throws IOException {
        String name = step.path("on").asText("main");
        Connection connection = connection(name);
        ApiMessage request = Requests.build(api.type(), version, variables.resolve(step.path("request")));
        byte[] frame = connection.encode(api, version, request);
        if (step.has("surplus")) frame = join(frame, HexFormat.of().parseHex(step.get("surplus").asText()));
        if (step.has("cut")) frame = Arrays.copyOf(frame, frame.length - step.get("cut").asInt());
        if (step.has("sent_as")) ByteBuffer.wrap(frame).putShort(2, (short) step.get("sent_as").asInt());
        short answeredAs = step.has("answered_as") ? (short) step.get("answered_as").asInt() : version;
        waiting.computeIfAbsent(name, n -> new Unanswered()).add(new Sent(api, answeredAs, connection.correlation()));
        connection.sendFrame(frame);
        return JSON.textNode("sent");
    }

    private ApiMessage receive(String name) throws IOException {
        Sent sent = waiting.get(name).remove();
        ByteBuffer frame = connection(name).receive();
        if (frame == null) {
            forget(name);
            return null;
        }
        ByteBufferAccessor readable = new ByteBufferAccessor(frame);
        ResponseHeaderData header = new ResponseHeaderData(readable, ApiMessageType.fromApiKey(sent.api.key()).responseHeaderVersion(sent.version));
        if (header.correlationId() != sent.correlation) throw new IOException("correlation id " + header.correlationId() + " instead of " + sent.correlation);
        ApiMessage answer = sent.api.type().newResponse();
        answer.read(readable, sent.version);
        if (frame.hasRemaining()) throw new IOException(frame.remaining() + " bytes are left over after the answer");
        if (!header.unknownTaggedFields().isEmpty() || !answer.unknownTaggedFields().isEmpty()) throw new IOException("unknown tagged fields in the answer");
        return answer;
    }

    private JsonNode awaited(JsonNode step) throws IOException {
        String name = step.get("answer").asText();
        Sent sent = waiting.get(name).peek();
        if (step.has("none_within_ms")) {
            connection(name).answerTimeout(step.get("none_within_ms").asInt());
            try {
                ApiMessage early = receive(name);
                return early == null ? JSON.textNode("closed") : seen(step, sent.api, View.json(early, sent.version));
            } catch (SocketTimeoutException e) {
                waiting.get(name).addFirst(sent);
                return JSON.textNode("none yet");
            } finally {
                if (connections.containsKey(name)) connection(name).answerTimeout(0);
            }
        }
        ApiMessage answer = receive(name);
        return answer == null ? JSON.textNode("closed") : seen(step, sent.api, View.json(answer, sent.version));
    }

    private JsonNode close(String name) throws IOException {
        forget(name);
        return JSON.textNode("closed by us");
    }

    /** Bytes as they stand; the answer is what comes within a short while. */
    private JsonNode frame(JsonNode step) throws IOException {
        String name = step.path("on").asText("raw");
        Connection connection = connection(name);
        connection.sendBytes(HexFormat.of().parseHex(step.get("frame").asText().replace(" ", "")));
        connection.answerTimeout(QUIET_MS);
        try {
            ByteBuffer answer = connection.receive();
            if (answer != null) return JSON.textNode(step.has("brief") ? "answered" : HexFormat.of().formatHex(answer.array()));
            forget(name);
            return JSON.textNode("closed");
        } catch (SocketTimeoutException e) {
            forget(name);
            return JSON.textNode("no answer, still open");
        }
    }

    /** Makes a topic and waits until the broker serves it; its id is kept as "id.NAME". */
    private JsonNode createTopic(JsonNode step) throws Exception {
        JsonNode resolved = variables.resolve(step);
        String name = resolved.get("topic").asText();
        int partitions = resolved.path("partitions").asInt(1);
        ObjectNode create = JSON.objectNode();
        ObjectNode topic = create.putObject("request").put("timeoutMs", 15_000).putArray("topics").addObject();
        topic.put("name", name).put("numPartitions", partitions).put("replicationFactor", 1);
        resolved.path("configs").properties().forEach(entry ->
                topic.withArray("configs").addObject().put("name", entry.getKey()).put("value", entry.getValue().asText()));
        JsonNode made = View.json(exchange(create, Api.named("CreateTopics"), (short) 7), (short) 7);
        if (made.at("/topics/0/errorCode").asInt() != 0) throw new IllegalStateException("topic " + name + " was not made: " + made);
        ObjectNode ask = JSON.objectNode();
        ask.putObject("request").put("allowAutoTopicCreation", false).putArray("topics").addObject().put("name", name);
        long deadline = System.currentTimeMillis() + UNTIL_DEADLINE_MS;
        while (System.currentTimeMillis() < deadline) {
            JsonNode found = View.json(exchange(ask, Api.named("Metadata"), (short) 12), (short) 12).at("/topics/0");
            if (found.get("errorCode").asInt() == 0 && found.get("partitions").size() == partitions && found.at("/partitions/0/leaderId").asInt() >= 0) {
                variables.put("id." + name, found.get("topicId"));
                if (isLed(name, partitions)) return JSON.textNode("made");
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("topic " + name + " is not served");
    }

    /** Metadata knows of a topic a moment before its leader does. */
    private boolean isLed(String name, int partitions) throws IOException {
        ObjectNode ask = JSON.objectNode();
        ObjectNode topic = ask.putObject("request").put("replicaId", -1).putArray("topics").addObject().put("name", name);
        for (int i = 0; i < partitions; i++) topic.withArray("partitions").addObject().put("partitionIndex", i).put("timestamp", -1);
        JsonNode led = View.json(exchange(ask, Api.named("ListOffsets"), (short) 5), (short) 5).at("/topics/0/partitions");
        return IntStream.range(0, partitions).allMatch(i -> led.get(i).get("errorCode").asInt() == 0);
    }

    private Connection connection(String name) throws IOException {
        Connection connection = connections.get(name);
        if (connection == null) connections.put(name, connection = new Connection(host, port, "client-" + name));
        return connection;
    }

    private void forget(String name) throws IOException {
        Connection gone = connections.remove(name);
        if (gone != null) gone.close();
        waiting.remove(name);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections.values()) connection.close();
    }
}

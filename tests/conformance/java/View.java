import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/** An answer as it is written down: everything that differs from run to run has a placeholder. */
final class View {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern UUID_BASE64 = Pattern.compile("\\b[A-Za-z0-9_-]{22}\\b");
    private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d{13,}");
    private static final Set<String> NODES = Set.of("nodeId", "leaderId", "leader", "controllerId", "brokerId", "replicaNodes", "isrNodes");
    private static final Set<String> MACHINE = Set.of("host", "port", "clusterId", "logDir", "size", "totalBytes", "usableBytes");
    /** Their order is part of the answer. */
    private static final Set<String> ORDERED = Set.of("batches", "records", "synonyms");
    private static final int DEFAULT_CONFIG = 5;
    private static final long MINUTE_MS = 60_000;

    private final Variables variables;
    private final int node;
    private boolean defaultConfigs;

    View(Variables variables, int node) {
        this.variables = variables;
        this.node = node;
    }

    /** By Kafka's own converter, which stands beside each generated class. */
    static JsonNode json(ApiMessage message, short version) {
        try {
            Class<?> converter = Class.forName(message.getClass().getName() + "JsonConverter");
            JsonNode json = (JsonNode) converter.getMethod("write", message.getClass(), short.class, boolean.class).invoke(null, message, version, false);
            if (message instanceof FetchResponseData fetch) addRecords(fetch, json);
            return json;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The converter gives only the size of records. */
    private static void addRecords(FetchResponseData fetch, JsonNode json) {
        for (int topic = 0; topic < fetch.responses().size(); topic++) {
            var partitions = fetch.responses().get(topic).partitions();
            for (int partition = 0; partition < partitions.size(); partition++) {
                if (!(partitions.get(partition).records() instanceof MemoryRecords records)) continue;
                byte[] bytes = new byte[records.sizeInBytes()];
                records.buffer().get(bytes);
                ObjectNode shown = (ObjectNode) json.get("responses").get(topic).get("partitions").get(partition);
                shown.remove("recordsSizeInBytes");
                shown.put("records", bytes);
            }
        }
    }

    /** Without default configurations, an answer says what is particular to it. */
    JsonNode of(JsonNode answer, boolean defaultConfigs) {
        this.defaultConfigs = defaultConfigs;
        return of("", answer);
    }

    private JsonNode of(String name, JsonNode node) {
        if (node.isObject()) {
            ObjectNode copy = JSON.objectNode();
            node.properties().forEach(entry -> copy.set(entry.getKey(), of(entry.getKey(), entry.getValue())));
            return copy;
        }
        if (node.isArray()) return array(name, node);
        if (node.isBinary()) return bytes(name, node);
        if (node.isIntegralNumber()) return number(name, node);
        return node.isTextual() ? text(name, node.asText()) : node;
    }

    private JsonNode array(String name, JsonNode node) {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : node) {
            if (defaultConfigs || item.path("configSource").asInt() != DEFAULT_CONFIG) items.add(of(name, item));
        }
        if (!ORDERED.contains(name) && !items.isEmpty() && items.get(0).isObject()) items.sort(Comparator.comparing(JsonNode::toString));
        return JSON.arrayNode().addAll(items);
    }

    private JsonNode number(String name, JsonNode node) {
        long value = node.asLong();
        if (NODES.contains(name) && value == this.node) return JSON.textNode("<node>");
        if (MACHINE.contains(name) && value > 0) return JSON.textNode("<" + name + ">");
        if (name.equals("finalizedFeaturesEpoch")) return JSON.textNode("<epoch>");
        if (name.equals("sessionId") && value > 0 || name.equals("producerId") && value >= 0) return saved(value, name);
        if (name.toLowerCase().contains("timestamp") || name.endsWith("TimeMs") && value > MINUTE_MS) return JSON.textNode(time(value));
        return node;
    }

    private JsonNode saved(long value, String name) {
        String saved = variables.nameOf(Long.toString(value));
        return JSON.textNode("<" + (saved == null ? name : saved) + ">");
    }

    private static String time(long value) {
        if (value < 0) return Long.toString(value);
        if (Math.abs(value - Batches.START_MS) < 10 * MINUTE_MS) return "T+" + (value - Batches.START_MS);
        return Math.abs(value - System.currentTimeMillis()) < 10 * MINUTE_MS ? "<now>" : Long.toString(value);
    }

    private JsonNode text(String name, String value) {
        if (MACHINE.contains(name)) return JSON.textNode("<" + name + ">");
        if (name.equals("resourceName") && value.equals(Integer.toString(node))) return JSON.textNode("<node>");
        String saved = value.length() < 16 ? null : variables.nameOf(value);
        if (saved != null) return JSON.textNode("<" + saved + ">");
        String shown = UUID_TEXT.matcher(value).replaceAll("<uuid>");
        if (name.endsWith("opicId") && !value.equals(Uuid.ZERO_UUID.toString())) return JSON.textNode("<topic id>");
        if (!name.endsWith("rrorMessage")) return JSON.textNode(shown);
        return JSON.textNode(LONG_NUMBER.matcher(UUID_BASE64.matcher(shown).replaceAll("<topic id>")).replaceAll("<time>"));
    }

    private JsonNode bytes(String name, JsonNode node) {
        try {
            byte[] bytes = node.binaryValue();
            return name.equals("records") ? batches(bytes) : JSON.textNode(shown(ByteBuffer.wrap(bytes)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode batches(byte[] bytes) {
        ArrayNode batches = JSON.arrayNode();
        MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
        for (MutableRecordBatch batch : records.batches()) {
            ObjectNode shown = batches.addObject();
            shown.put("baseOffset", batch.baseOffset()).put("lastOffset", batch.lastOffset()).put("magic", batch.magic());
            shown.put("codec", batch.compressionType().name).put("leaderEpoch", batch.partitionLeaderEpoch()).put("maxTimestamp", time(batch.maxTimestamp()));
            if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) shown.put("timestampType", "LogAppendTime");
            if (batch.hasProducerId()) {
                shown.set("producerId", saved(batch.producerId(), "producerId"));
                shown.put("producerEpoch", batch.producerEpoch()).put("baseSequence", batch.baseSequence());
            }
            if (batch.isTransactional()) shown.put("transactional", true);
            if (batch.isControlBatch()) shown.put("control", true);
            if (!batch.isValid()) shown.put("crc", "wrong");
            ArrayNode lines = shown.putArray("records");
            for (Record record : batch) lines.add(line(record));
        }
        int left = bytes.length - records.validBytes();
        if (left > 0) batches.add("and " + left + " bytes of an unfinished batch");
        return batches;
    }

    private static String line(Record record) {
        StringBuilder line = new StringBuilder().append(record.offset()).append(' ').append(time(record.timestamp()));
        line.append(' ').append(record.hasKey() ? shown(record.key()) : "null").append('=').append(record.hasValue() ? shown(record.value()) : "null");
        for (var header : record.headers()) {
            line.append(" [").append(header.key()).append(':').append(header.value() == null ? "null" : shown(ByteBuffer.wrap(header.value()))).append(']');
        }
        return line.toString();
    }

    private static String shown(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        if (bytes.length > 60) return bytes.length + " bytes";
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.chars().allMatch(c -> c >= 32 && c < 127) ? text : "0x" + HexFormat.of().formatHex(bytes);
    }
}

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Crc32C;

/** Record batches out of a case file's description, sound or damaged on purpose. */
final class Batches {
    /** An hour ago: what the case files count their timestamps from. */
    static final long START_MS = System.currentTimeMillis() - 3_600_000;

    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    /** Where a header's field stands and how many bytes it has. */
    private static final Map<String, int[]> FIELDS = Map.ofEntries(
            Map.entry("baseOffset", new int[] {0, 8}), Map.entry("length", new int[] {8, 4}), Map.entry("leaderEpoch", new int[] {12, 4}),
            Map.entry("magic", new int[] {16, 1}), Map.entry("crc", new int[] {CRC, 4}), Map.entry("attributes", new int[] {ATTRIBUTES, 2}),
            Map.entry("lastOffsetDelta", new int[] {23, 4}), Map.entry("baseTimestamp", new int[] {27, 8}), Map.entry("maxTimestamp", new int[] {35, 8}),
            Map.entry("producerId", new int[] {43, 8}), Map.entry("producerEpoch", new int[] {51, 2}), Map.entry("baseSequence", new int[] {53, 4}),
            Map.entry("count", new int[] {57, 4}));

    private Batches() { }

    static boolean isTime(JsonNode node) {
        return node.has("time");
    }

    static long time(JsonNode offset) {
        return START_MS + offset.asLong();
    }

    /**
     * {values, keys, times, headers, size, codec, magic, producerId, producerEpoch, baseSequence, transactional, control} make a batch;
     * {patch: {field: value}} overwrites header fields (and repairs the CRC unless it is one of them), {cut: n} takes bytes off the
     * end, {surplus: hex} adds some, {body: hex} stands in for the records, {repeat: n} says it all n times. {hex: ..} stands for itself.
     */
    static BaseRecords build(JsonNode spec) {
        if (spec.has("hex")) return MemoryRecords.readableRecords(ByteBuffer.wrap(HexFormat.of().parseHex(spec.get("hex").asText())));
        byte[] bytes = sound(spec);
        if (spec.has("patch")) patch(bytes, spec.get("patch"));
        if (spec.has("body")) bytes = withBody(bytes, HexFormat.of().parseHex(spec.get("body").asText()));
        if (spec.has("cut")) bytes = Arrays.copyOf(bytes, bytes.length - spec.get("cut").asInt());
        if (spec.has("surplus")) bytes = join(bytes, HexFormat.of().parseHex(spec.get("surplus").asText()));
        byte[] all = bytes;
        for (int i = 1; i < spec.path("repeat").asInt(1); i++) all = join(all, bytes);
        return MemoryRecords.readableRecords(ByteBuffer.wrap(all));
    }

    private static byte[] sound(JsonNode spec) {
        long producerId = spec.path("producerId").asLong(RecordBatch.NO_PRODUCER_ID);
        short epoch = (short) spec.path("producerEpoch").asInt(RecordBatch.NO_PRODUCER_EPOCH);
        int sequence = spec.path("baseSequence").asInt(RecordBatch.NO_SEQUENCE);
        Compression codec = Compression.of(CompressionType.forName(spec.path("codec").asText("none"))).build();
        byte magic = (byte) spec.path("magic").asInt(RecordBatch.MAGIC_VALUE_V2);
        MemoryRecords records;
        if (spec.has("control")) {
            ControlRecordType type = ControlRecordType.valueOf(spec.get("control").asText());
            records = MemoryRecords.withEndTransactionMarker(0L, START_MS, 0, Math.max(producerId, 0), (short) Math.max(epoch, 0), new EndTransactionMarker(type, 0));
        } else {
            records = MemoryRecords.withRecords(magic, 0L, codec, TimestampType.CREATE_TIME, producerId, epoch, sequence, RecordBatch.NO_PARTITION_LEADER_EPOCH,
                    spec.path("transactional").asBoolean(false), simple(spec));
        }
        byte[] bytes = new byte[records.sizeInBytes()];
        records.buffer().get(bytes);
        return bytes;
    }

    private static SimpleRecord[] simple(JsonNode spec) {
        JsonNode values = spec.path("values");
        SimpleRecord[] records = new SimpleRecord[spec.has("size") ? 1 : values.size()];
        for (int i = 0; i < records.length; i++) {
            long time = spec.has("times") ? (spec.get("times").get(i).isNull() ? -1 : time(spec.get("times").get(i))) : START_MS + i;
            byte[] value = spec.has("size") ? "x".repeat(spec.get("size").asInt()).getBytes(StandardCharsets.UTF_8) : text(values.get(i));
            records[i] = new SimpleRecord(time, text(spec.path("keys").get(i)), value, headers(spec.path("headers")));
        }
        return records;
    }

    private static Header[] headers(JsonNode spec) {
        Header[] headers = new Header[spec.size()];
        int i = 0;
        for (var field : spec.properties()) headers[i++] = new RecordHeader(field.getKey(), text(field.getValue()));
        return headers;
    }

    private static byte[] text(JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode() ? null : node.asText().getBytes(StandardCharsets.UTF_8);
    }

    private static void patch(byte[] bytes, JsonNode patch) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        patch.properties().forEach(entry -> {
            int[] field = FIELDS.get(entry.getKey());
            if (field == null) throw new IllegalArgumentException("a batch has no field " + entry.getKey());
            long value = isTime(entry.getValue()) ? time(entry.getValue().get("time")) : entry.getValue().asLong();
            switch (field[1]) {
                case 1 -> buffer.put(field[0], (byte) value);
                case 2 -> buffer.putShort(field[0], (short) value);
                case 4 -> buffer.putInt(field[0], (int) value);
                default -> buffer.putLong(field[0], value);
            }
        });
        if (!patch.has("crc") && bytes[16] >= 2) repair(buffer);
    }

    /** The same header over other bytes: what stands in for the records. */
    private static byte[] withBody(byte[] bytes, byte[] body) {
        byte[] all = join(Arrays.copyOf(bytes, 61), body);
        ByteBuffer buffer = ByteBuffer.wrap(all);
        buffer.putInt(8, all.length - 12);
        repair(buffer);
        return all;
    }

    private static void repair(ByteBuffer buffer) {
        buffer.putInt(CRC, (int) Crc32C.compute(buffer, ATTRIBUTES, buffer.limit() - ATTRIBUTES));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}

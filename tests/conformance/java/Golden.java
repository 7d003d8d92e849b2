import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.metadata.MetadataJsonConverters;
import org.apache.kafka.common.metadata.MetadataRecordType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordJsonConverters;
import org.apache.kafka.metadata.MetadataRecordSerde;

/**
 * Writes golden bytes: a comment, then "name hex" on one line.
 *
 * <p>Golden batches DIR: record batches by Kafka's own writer, the same bytes each time.
 * Golden group FILE SEGMENT...: what a broker wrote to __consumer_offsets.
 * Golden metadata FILE SEGMENT...: what a controller wrote to __cluster_metadata.
 */
public final class Golden {
    private static final long TIME = 1_700_000_000_000L;
    private static final HexFormat HEX = HexFormat.of();

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "batches" -> batches(Path.of(args[1]));
            case "group" -> group(Path.of(args[1]), segments(args));
            case "metadata" -> metadata(Path.of(args[1]), segments(args));
            default -> throw new IllegalArgumentException("unknown part " + args[0]);
        }
    }

    private static List<File> segments(String[] args) {
        return Arrays.stream(args, 2, args.length).map(File::new).sorted(Comparator.comparing(File::getPath)).toList();
    }

    /** A file per subject; every batch is followed by nothing else than its own bytes. */
    private static void batches(Path dir) throws Exception {
        try (PrintStream out = file(dir.resolve("batches.txt"),
                "Record batches, magic 2, by Apache Kafka 4.3.1's own writer. Timestamps count from " + TIME + " unless said otherwise.")) {
            for (Compression codec : List.of(Compression.NONE, Compression.gzip().build(), Compression.snappy().build(),
                    Compression.lz4().build(), Compression.zstd().build())) {
                put(out, "three_records_" + codec.type().name, "base offset 0, keys k0..k2, values value-0..value-2, timestamps " + TIME + " + 0, 1, 2",
                        MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V2, 0L, codec, TimestampType.CREATE_TIME, three()));
                put(out, "forty_records_" + codec.type().name, "base offset 0, keys k0..k39, values 25 times 'ottla-' and the record's number",
                        MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V2, 0L, codec, TimestampType.CREATE_TIME, forty()));
            }
            put(out, "null_key", "one record, null key, value v", one(null, bytes("v")));
            put(out, "null_value", "one record, key k, null value: a tombstone", one(bytes("k"), null));
            put(out, "null_key_and_value", "one record, both null", one(null, null));
            put(out, "empty_key_and_value", "one record, both of no bytes", one(new byte[0], new byte[0]));
            Header[] headers = {new RecordHeader("trace", bytes("abc")), new RecordHeader("empty", new byte[0]),
                new RecordHeader("null", (byte[]) null), new RecordHeader("trace", bytes("again")), new RecordHeader("größe", bytes("ü"))};
            put(out, "headers", "headers trace=abc, empty=(no bytes), null=null, trace=again, größe=ü",
                    MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(TIME, bytes("k"), bytes("v"), headers)));
            put(out, "timestamps_out_of_order", "timestamps " + TIME + " + 5, 1, 9, 3: max timestamp + 9, first + 5",
                    MemoryRecords.withRecords(Compression.NONE, at(5), at(1), at(9), at(3)));
            put(out, "no_timestamp", "timestamp -1",
                    MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(-1L, bytes("k"), bytes("v"))));
            put(out, "log_append_time", "LogAppendTime " + (TIME + 77) + ": attributes bit 3, records keep their deltas", logAppendTime(Compression.NONE));
            put(out, "log_append_time_gzip", "the same with gzip", logAppendTime(Compression.gzip().build()));
            put(out, "base_offset_and_leader_epoch", "base offset 4711, partition leader epoch 3",
                    MemoryRecords.withRecords(4711L, Compression.NONE, 3, three()));
            put(out, "idempotent", "producer id 1000, epoch 1, base sequence 42",
                    MemoryRecords.withIdempotentRecords(Compression.NONE, 1000L, (short) 1, 42, three()));
            put(out, "idempotent_wrap", "producer id 1000, epoch 0, base sequence 2147483646: the third record has sequence 0",
                    MemoryRecords.withIdempotentRecords(Compression.NONE, 1000L, (short) 0, Integer.MAX_VALUE - 1, three()));
            put(out, "transactional", "producer id 1001, epoch 2, base sequence 0, transactional bit",
                    MemoryRecords.withTransactionalRecords(Compression.NONE, 1001L, (short) 2, 0, three()));
            put(out, "control_commit", "base offset 3, producer id 1001, epoch 2: COMMIT by coordinator epoch 7",
                    MemoryRecords.withEndTransactionMarker(3L, TIME, 0, 1001L, (short) 2, new EndTransactionMarker(ControlRecordType.COMMIT, 7)));
            put(out, "control_abort", "base offset 3, producer id 1001, epoch 2: ABORT by coordinator epoch 7",
                    MemoryRecords.withEndTransactionMarker(3L, TIME, 0, 1001L, (short) 2, new EndTransactionMarker(ControlRecordType.ABORT, 7)));
            put(out, "magic_0", "an old message set: two messages",
                    MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V0, Compression.NONE, three()[0], three()[1]));
            put(out, "magic_1", "an old message set: two messages",
                    MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V1, Compression.NONE, three()[0], three()[1]));
            put(out, "magic_1_gzip", "an old message set: two messages in a gzip wrapper",
                    MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V1, Compression.gzip().build(), three()[0], three()[1]));
        }
    }

    private static SimpleRecord[] three() {
        return numbered(3, i -> "value-" + i);
    }

    private static SimpleRecord[] forty() {
        return numbered(40, i -> "ottla-".repeat(25) + i);
    }

    private static SimpleRecord[] numbered(int count, java.util.function.IntFunction<String> value) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) records[i] = new SimpleRecord(TIME + i, bytes("k" + i), bytes(value.apply(i)));
        return records;
    }

    private static SimpleRecord at(int delta) {
        return new SimpleRecord(TIME + delta, bytes("k"), bytes("+" + delta));
    }

    private static MemoryRecords one(byte[] key, byte[] value) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(TIME, key, value));
    }

    /** Builds with CreateTime and stamps as a leader does. */
    private static MemoryRecords logAppendTime(Compression codec) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1024), codec, TimestampType.CREATE_TIME, 0L);
        for (SimpleRecord record : three()) builder.append(record);
        MemoryRecords records = builder.build();
        records.batches().forEach(batch -> batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, TIME + 77));
        return records;
    }

    private static void group(Path file, List<File> segments) throws Exception {
        GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
        List<String> seen = new ArrayList<>();
        try (PrintStream out = file(file, "Records that Apache Kafka 4.3.1 wrote to __consumer_offsets, in order, by partition. Key and value in hex; '-' is a tombstone.")) {
            for (File segment : segments) {
                out.println("\n# partition " + segment.getParentFile().getName());
                for (RecordBatch batch : FileRecords.open(segment).batches()) {
                    for (Record record : batch) {
                        CoordinatorRecord decoded = serde.deserialize(record.key(), record.value());
                        JsonNode key = CoordinatorRecordJsonConverters.writeRecordKeyAsJson(decoded.key());
                        JsonNode value = decoded.value() == null ? null
                                : CoordinatorRecordJsonConverters.writeRecordValueAsJson(decoded.value().message(), decoded.value().version());
                        String name = decoded.key().getClass().getSimpleName().replaceFirst("Key$", "");
                        out.println("# " + name + " key " + key + " value " + (value == null ? "null" : "v" + decoded.value().version() + " " + value));
                        out.println(name + " " + hex(record.key()) + " " + (record.hasValue() ? hex(record.value()) : "-"));
                        seen.add(name);
                    }
                }
            }
        }
        System.err.println(seen.size() + " group records");
    }

    private static void metadata(Path file, List<File> segments) throws Exception {
        int count = 0;
        try (PrintStream out = file(file, "Record values that Apache Kafka 4.3.1's controller wrote to __cluster_metadata: frame version 1, type, version, fields.")) {
            for (File segment : segments) {
                for (RecordBatch batch : FileRecords.open(segment).batches()) {
                    if (batch.isControlBatch()) continue;
                    for (Record record : batch) {
                        byte[] bytes = toArray(record.value());
                        ByteBufferAccessor accessor = new ByteBufferAccessor(ByteBuffer.wrap(bytes));
                        ApiMessage message = MetadataRecordSerde.INSTANCE.read(accessor, bytes.length).message();
                        // Frame version, type and version are unsigned varints, here of one byte each.
                        short version = bytes[2];
                        MetadataRecordType type = MetadataRecordType.fromId(message.apiKey());
                        if (type == MetadataRecordType.NO_OP_RECORD) continue;
                        out.println("# " + type + " v" + version + " " + MetadataJsonConverters.writeJson(message, version));
                        out.println(type + " " + HEX.formatHex(bytes));
                        count++;
                    }
                }
            }
        }
        System.err.println(count + " metadata records");
    }

    private static PrintStream file(Path path, String head) throws Exception {
        PrintStream out = new PrintStream(path.toFile(), StandardCharsets.UTF_8);
        out.println("# " + head);
        return out;
    }

    private static void put(PrintStream out, String name, String about, MemoryRecords records) {
        out.println("# " + about);
        out.println(name + " " + hex(records.buffer()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] toArray(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String hex(ByteBuffer buffer) {
        return HEX.formatHex(toArray(buffer));
    }
}

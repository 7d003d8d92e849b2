import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.record.internal.BaseRecords;

/** Fills Kafka's generated request classes from JSON by their setters. A field that the version lacks is left out. */
final class Requests {
    private Requests() { }

    static ApiMessage build(ApiMessageType type, short version, JsonNode body) {
        ApiMessage request = type.newRequest();
        fill(request, body, type.requestSchemas()[version]);
        return request;
    }

    private static void fill(Object target, JsonNode body, Schema schema) {
        Map<String, org.apache.kafka.common.protocol.types.Type> known = schema == null ? null : fields(schema);
        body.properties().forEach(entry -> {
            Method setter = setter(target.getClass(), entry.getKey());
            String plain = plain(entry.getKey());
            if (known != null && !known.containsKey(plain)) return;
            try {
                setter.invoke(target, value(setter.getGenericParameterTypes()[0], entry.getValue(), known == null ? null : known.get(plain)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Map<String, org.apache.kafka.common.protocol.types.Type> fields(Schema schema) {
        Map<String, org.apache.kafka.common.protocol.types.Type> fields = new LinkedHashMap<>();
        for (BoundField field : schema.fields()) {
            if (field.def.type instanceof TaggedFields tagged) {
                tagged.fields().values().forEach(inner -> fields.put(plain(inner.name), inner.type));
            } else {
                fields.put(plain(field.def.name), field.def.type);
            }
        }
        return fields;
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase();
    }

    private static Method setter(Class<?> owner, String field) {
        String name = "set" + Character.toUpperCase(field.charAt(0)) + field.substring(1);
        for (Method method : owner.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 1) return method;
        }
        throw new IllegalArgumentException(owner.getSimpleName() + " has no field " + field);
    }

    private static Object value(Type type, JsonNode node, org.apache.kafka.common.protocol.types.Type wire) throws ReflectiveOperationException {
        if (node.isNull()) return null;
        if (type == String.class) return node.asText();
        if (type == boolean.class) return node.asBoolean();
        if (type == byte.class || type == Byte.class) return (byte) node.asInt();
        if (type == short.class || type == Short.class) return (short) node.asInt();
        if (type == int.class || type == Integer.class) return node.asInt();
        if (type == long.class || type == Long.class) return Batches.isTime(node) ? (Object) Batches.time(node.get("time")) : node.asLong();
        if (type == Uuid.class) return Uuid.fromString(node.asText());
        if (type == byte[].class) return bytes(node);
        if (type == ByteBuffer.class) return ByteBuffer.wrap(bytes(node));
        if (type == BaseRecords.class) return Batches.build(node);
        Schema element = wire == null ? null : element(wire);
        if (type instanceof ParameterizedType list) return items(new ArrayList<>(), list.getActualTypeArguments()[0], node, wire, element);
        Class<?> owner = (Class<?>) type;
        if (Collection.class.isAssignableFrom(owner)) {
            @SuppressWarnings("unchecked")
            Collection<Object> collection = (Collection<Object>) owner.getDeclaredConstructor().newInstance();
            return items(collection, ((ParameterizedType) owner.getGenericSuperclass()).getActualTypeArguments()[0], node, wire, element);
        }
        Object struct = owner.getDeclaredConstructor().newInstance();
        fill(struct, node, wire instanceof Schema schema ? schema : element);
        return struct;
    }

    private static Collection<Object> items(Collection<Object> into, Type of, JsonNode nodes, org.apache.kafka.common.protocol.types.Type wire, Schema element)
            throws ReflectiveOperationException {
        for (JsonNode node : nodes) into.add(value(of, node, element));
        return into;
    }

    private static Schema element(org.apache.kafka.common.protocol.types.Type wire) {
        return wire.arrayElementType().filter(Schema.class::isInstance).map(Schema.class::cast).orElse(null);
    }

    /** A text's bytes, {hex: ..}, or {subscribe: [topic ..]}: what a consumer says in JoinGroup. */
    private static byte[] bytes(JsonNode node) {
        if (node.isTextual()) return node.asText().getBytes(StandardCharsets.UTF_8);
        if (node.has("hex")) return HexFormat.of().parseHex(node.get("hex").asText());
        List<String> topics = new ArrayList<>();
        node.get("subscribe").forEach(topic -> topics.add(topic.asText()));
        ByteBuffer buffer = ConsumerProtocol.serializeSubscription(new Subscription(topics));
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}

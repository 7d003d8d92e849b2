import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that steps have saved: "$name" stands for one, "${name}" for one within a text. */
final class Variables {
    private static final Pattern WITHIN = Pattern.compile("\\$\\{([^}]+)}");

    private final Map<String, JsonNode> values = new LinkedHashMap<>();
    private final Map<String, JsonNode> given = new LinkedHashMap<>();

    /** A value of our own making: never shown by name. */
    void give(String name, JsonNode value) {
        given.put(name, value);
    }

    void put(String name, JsonNode value) {
        values.put(name, value);
    }

    /** The name under which a value was saved, or null: values of broker's making are shown by name. */
    String nameOf(String value) {
        String found = null;
        for (Map.Entry<String, JsonNode> entry : values.entrySet()) {
            if (entry.getValue().asText().equals(value)) found = entry.getKey();
        }
        return found;
    }

    JsonNode resolve(JsonNode node) {
        if (node.isTextual()) return text(node);
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> copy.add(resolve(item)));
            return copy;
        }
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(entry -> copy.set(entry.getKey(), resolve(entry.getValue())));
            return copy;
        }
        return node;
    }

    private JsonNode text(JsonNode node) {
        String text = WITHIN.matcher(node.asText()).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1)).asText()));
        return text.startsWith("$") ? value(text.substring(1)) : JsonNodeFactory.instance.textNode(text);
    }

    private JsonNode value(String name) {
        JsonNode value = given.containsKey(name) ? given.get(name) : values.get(name);
        if (value == null) throw new IllegalStateException("nothing was saved as " + name);
        return value;
    }
}

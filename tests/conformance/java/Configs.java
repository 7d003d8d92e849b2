import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Prints every configuration of a fresh topic, of the broker and of a group as JSON lines.
 *
 * <p>Configs BOOTSTRAP. What this broker's own properties file sets is shown as Kafka's default, or as a placeholder where
 * Kafka has none.
 */
public final class Configs {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            admin.createTopics(List.of(new NewTopic("configs", 1, (short) 1))).all().get();
            String node = admin.describeCluster().nodes().get().iterator().next().idString();
            print(admin, ConfigResource.Type.TOPIC, "configs");
            print(admin, ConfigResource.Type.BROKER, node);
            print(admin, ConfigResource.Type.GROUP, "configs");
            admin.deleteTopics(List.of("configs")).all().get();
        }
    }

    private static void print(Admin admin, ConfigResource.Type type, String name) throws Exception {
        ConfigResource resource = new ConfigResource(type, name);
        DescribeConfigsOptions options = new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(true);
        List<ConfigEntry> entries = admin.describeConfigs(List.of(resource), options).values().get(resource).get().entries()
                .stream().sorted(Comparator.comparing(ConfigEntry::name)).toList();
        for (ConfigEntry entry : entries) System.out.println(MAPPER.writeValueAsString(line(type, entry)));
    }

    private static ObjectNode line(ConfigResource.Type type, ConfigEntry entry) {
        ObjectNode line = MAPPER.createObjectNode();
        line.put("resource", type.name().toLowerCase());
        line.put("name", entry.name());
        line.put("type", entry.type().name());
        ArrayNode synonyms = MAPPER.createArrayNode();
        String byDefault = entry.source() == ConfigSource.DEFAULT_CONFIG || entry.source() == ConfigSource.DYNAMIC_GROUP_CONFIG ? entry.value() : null;
        boolean known = byDefault != null || entry.isSensitive() || entry.source() == ConfigSource.DEFAULT_CONFIG;
        for (ConfigEntry.ConfigSynonym synonym : entry.synonyms()) {
            if (synonym.source() != ConfigSource.DEFAULT_CONFIG) continue;
            if (!known) byDefault = synonym.value();
            known = true;
            synonyms.addObject().put("name", synonym.name()).put("value", synonym.value()).put("source", synonym.source().name());
        }
        line.put("default", known ? byDefault : "<set at start>");
        line.put("source", known ? ConfigSource.DEFAULT_CONFIG.name() : entry.source().name());
        line.put("sensitive", entry.isSensitive());
        line.put("read_only", entry.isReadOnly());
        line.set("synonyms", synonyms);
        line.put("documentation", entry.documentation());
        return line;
    }
}

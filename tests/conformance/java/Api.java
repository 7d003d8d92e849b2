import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.message.ApiMessageType;

/** An API key by its schema's name, and the version at which the error ladder asks for it. */
record Api(ApiMessageType type) {
    /** Highest versions of Apache Kafka 4.1's schemas, where 4.3 has one more. */
    private static final Map<String, Integer> LADDER_VERSIONS = Map.of("ListOffsets", 10, "OffsetCommit", 9, "OffsetFetch", 9, "DescribeLogDirs", 4);

    static Api named(String name) {
        return Arrays.stream(ApiMessageType.values()).map(Api::new).filter(api -> api.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no API is named " + name));
    }

    String name() {
        return type.name;
    }

    short key() {
        return type.apiKey();
    }

    short lowest() {
        return type.lowestSupportedVersion();
    }

    short highest() {
        return type.highestSupportedVersion(false);
    }

    short ladderVersion() {
        return LADDER_VERSIONS.getOrDefault(name(), (int) highest()).shortValue();
    }
}

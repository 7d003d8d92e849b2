import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Makes a broker write each kind of internal record once, by Kafka's own clients.
 *
 * <p>Story BOOTSTRAP: two topics, a configuration, more partitions, an idempotent producer; the group "golden" of one
 * member, then of two, commits with metadata, a leave, a static member, a deletion.
 */
public final class Story {
    public static void main(String[] args) throws Exception {
        String bootstrap = args[0];
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            topics(admin, bootstrap);
            group(admin, bootstrap);
            staticMember(bootstrap);
            admin.deleteTopics(List.of("golden-short")).all().get();
        }
    }

    private static void topics(Admin admin, String bootstrap) throws Exception {
        NewTopic golden = new NewTopic("golden", 2, (short) 1).configs(Map.of("cleanup.policy", "compact", "retention.ms", "3600000"));
        admin.createTopics(List.of(golden, new NewTopic("golden-short", 1, (short) 1))).all().get();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "golden");
        admin.incrementalAlterConfigs(Map.of(resource, List.of(
                new AlterConfigOp(new ConfigEntry("max.message.bytes", "4096"), AlterConfigOp.OpType.SET),
                new AlterConfigOp(new ConfigEntry("retention.ms", null), AlterConfigOp.OpType.DELETE)))).all().get();
        admin.createPartitions(Map.of("golden", NewPartitions.increaseTo(3))).all().get();
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        properties.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties)) {
            producer.send(new ProducerRecord<>("golden", "k", "v")).get();
        }
    }

    private static void group(Admin admin, String bootstrap) throws InterruptedException, ExecutionException {
        KafkaConsumer<String, String> first = consumer(bootstrap, "golden-group", null);
        KafkaConsumer<String, String> second = consumer(bootstrap, "golden-group", null);
        int[] assigned = new int[2];
        first.subscribe(List.of("golden"), counting(assigned, 0));
        while (assigned[0] < 3) first.poll(Duration.ofMillis(50));
        first.commitSync(Map.of(new TopicPartition("golden", 0), new OffsetAndMetadata(1, "a note")));
        second.subscribe(List.of("golden"), counting(assigned, 1));
        while (assigned[1] == 0) {
            first.poll(Duration.ofMillis(20));
            second.poll(Duration.ofMillis(20));
        }
        second.close();
        first.close();
        admin.deleteConsumerGroupOffsets("golden-group", java.util.Set.of(new TopicPartition("golden", 0))).all().get();
        admin.deleteConsumerGroups(List.of("golden-group")).all().get();
    }

    private static void staticMember(String bootstrap) {
        int[] assigned = new int[1];
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap, "golden-static", "instance-1")) {
            consumer.subscribe(List.of("golden"), counting(assigned, 0));
            while (assigned[0] < 3) consumer.poll(Duration.ofMillis(50));
        }
    }

    private static ConsumerRebalanceListener counting(int[] assigned, int index) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                assigned[index] -= partitions.size();
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                assigned[index] += partitions.size();
            }
        };
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap, String group, String instance) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("client.id", "golden-client");
        properties.put("group.id", group);
        properties.put("enable.auto.commit", "false");
        properties.put("session.timeout.ms", "10000");
        properties.put("heartbeat.interval.ms", "200");
        properties.put("auto.offset.reset", "earliest");
        if (instance != null) properties.put("group.instance.id", instance);
        properties.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        properties.put("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        return new KafkaConsumer<>(properties);
    }
}

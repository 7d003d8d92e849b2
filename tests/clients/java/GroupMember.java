import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * A member of a group that says what it reads, "partition offset value", and commits it at once. SIGTERM lets it leave.
 *
 * <p>Arguments: the topic, then properties as key=value.
 */
public final class GroupMember {
    public static void main(String[] arguments) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", System.getenv("KAFKA_BOOTSTRAP"));
        properties.put("enable.auto.commit", "false");
        properties.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        properties.put("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        for (int i = 1; i < arguments.length; i++) {
            String[] property = arguments[i].split("=", 2);
            properties.put(property[0], property[1]);
        }
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(properties);
        Thread reader = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            consumer.wakeup();
            try {
                reader.join();
                // Well, and not by the signal.
                Runtime.getRuntime().halt(0);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        consumer.subscribe(List.of(arguments[0]));
        try {
            while (true) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(1));
                for (ConsumerRecord<String, String> record : records) {
                    System.out.println(record.partition() + " " + record.offset() + " " + record.value());
                }
                try {
                    consumer.commitSync();
                } catch (RebalanceInProgressException later) {
                    // The partitions are still this member's: the next poll takes it through the rebalance, and what was read is committed after it.
                }
            }
        } catch (WakeupException leave) {
            consumer.close();
        }
    }

    private GroupMember() { }
}

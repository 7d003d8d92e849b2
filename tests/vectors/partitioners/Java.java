import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;

/** Java's partitioners: keys by the built-in one, and the order in which the round robin takes partitions. */
public class Java {
    static final int[] COUNTS = {3, 12, 100, 999_983};

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        StringBuilder keyed = new StringBuilder();
        for (String hex : Files.readAllLines(folder.resolve("keys.txt"))) {
            byte[] key = HexFormat.of().parseHex(hex);
            List<String> line = new ArrayList<>();
            for (int count : COUNTS) {
                line.add(Integer.toString(BuiltInPartitioner.partitionForKey(key, count)));
            }
            keyed.append(String.join(" ", line)).append('\n');
        }
        Files.writeString(folder.resolve("java.txt"), keyed);

        // Five partitions; 1 and 4 have no leader. Then a topic of which no partition has one.
        Node node = new Node(0, "localhost", 9092);
        StringBuilder turns = new StringBuilder();
        for (boolean some : new boolean[] {true, false}) {
            List<PartitionInfo> partitions = new ArrayList<>();
            for (int index = 0; index < 5; index++) {
                boolean led = some && index != 1 && index != 4;
                partitions.add(new PartitionInfo("topic", index, led ? node : null, new Node[] {node}, new Node[] {node}));
            }
            Cluster cluster = new Cluster("cluster", List.of(node), partitions, java.util.Set.of(), java.util.Set.of());
            RoundRobinPartitioner partitioner = new RoundRobinPartitioner();
            List<String> line = new ArrayList<>();
            for (int turn = 0; turn < 12; turn++) {
                byte[] key = turn % 2 == 0 ? null : new byte[] {7};
                line.add(Integer.toString(partitioner.partition("topic", key, key, null, null, cluster)));
            }
            turns.append(String.join(" ", line)).append('\n');
        }
        Files.writeString(folder.resolve("java-round-robin.txt"), turns);
    }
}

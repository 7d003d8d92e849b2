import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Apache Kafka itself, one node, for as long as somebody holds its standard input open: when the test that started it ends, in whatever way, so does
 * the broker, and its directory is removed.
 *
 * <p>Arguments: a directory of its own, the port for clients, the controller's port.
 */
public final class ApacheKafka {
    private static final String CLUSTER_ID = "T3R0bGFUZXN0c1Rlc3RzMQ";

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Thread watch = new Thread(() -> endWithStandardInput(directory));
        watch.setDaemon(true);
        watch.start();

        Path properties = directory.resolve("server.properties");
        Files.write(properties, properties(directory, arguments[1], arguments[2]));
        // That feature sets min.insync.replicas for the cluster, which is then shown among every topic's settings.
        String[] format = {
            "format", "-t", CLUSTER_ID, "--feature", "eligible.leader.replicas.version=0", "-c", properties.toString()};
        if (kafka.tools.StorageTool.execute(format, System.err) != 0) {
            System.exit(1);
        }
        kafka.Kafka.main(new String[] {properties.toString()});
    }

    private static List<String> properties(Path directory, String port, String controllerPort) {
        return List.of(
            "process.roles=broker,controller",
            "node.id=1",
            "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
            "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
            "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.listener.names=CONTROLLER",
            "inter.broker.listener.name=PLAINTEXT",
            "log.dirs=" + directory.resolve("data"),
            "group.initial.rebalance.delay.ms=0",
            "offsets.topic.num.partitions=1",
            "offsets.topic.replication.factor=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "transaction.state.log.num.partitions=1",
            "share.coordinator.state.topic.replication.factor=1",
            "share.coordinator.state.topic.min.isr=1",
            "share.coordinator.state.topic.num.partitions=1");
    }

    private static void endWithStandardInput(Path directory) {
        try {
            while (System.in.read() >= 0) { }
        } catch (IOException closed) {
            // The same as its end.
        }
        // The broker still writes: what it makes anew is removed with the next go.
        for (int go = 0; go < 10 && Files.exists(directory); go++) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException | RuntimeException changing) {
                continue;
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private ApacheKafka() { }
}

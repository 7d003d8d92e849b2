import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Writes what Kafka's own assignors do with groups of chance; README.md says what the lines mean. */
public class Assignors {
    static final int STORIES = 1100;
    static final String[] RACKS = {"a", "b", "c", "d"};
    static final String[] TOPICS = {"t0", "t1", "t2", "t3", "orders", "payments", "employee-topic", "a.b", "a_b", "clicks",
        "t-00", "t-10", "t-20", "x", "y", "page-views", "Aa", "BB", "AaAa", "BBBB", "BBAa", "AaBB", "logs.eu", "logs.us",
        "metrics", "audit", "users", "users-v2", "dead.letters", "z"};

    static class Member {
        String id;
        String instance;
        String rack;
        List<String> topics;
        List<TopicPartition> owned = new ArrayList<>();
        int generation = -1;
        List<TopicPartition> last;
        int lastGeneration;
        short version = 3;

        ConsumerPartitionAssignor assignor(String name) {
            ConsumerPartitionAssignor assignor = newAssignor(name);
            if (last != null)
                assignor.onAssignment(new Assignment(last), new ConsumerGroupMetadata("g", lastGeneration, id, Optional.empty()));
            return assignor;
        }
    }

    static ConsumerPartitionAssignor newAssignor(String name) {
        return switch (name) {
            case "range" -> new RangeAssignor();
            case "roundrobin" -> new RoundRobinAssignor();
            case "sticky" -> new StickyAssignor();
            default -> new CooperativeStickyAssignor();
        };
    }

    static PrintStream out;

    public static void main(String[] arguments) throws IOException {
        out = new PrintStream(new GZIPOutputStream(new FileOutputStream(arguments[0])), false, "UTF-8");
        String[] names = {"range", "roundrobin", "sticky", "sticky", "cooperative-sticky", "cooperative-sticky", "cooperative-sticky", "range"};
        for (int seed = 0; seed < STORIES; seed++)
            new Story(seed, names[seed % names.length]).tell();
        out.close();
    }

    static class Story {
        final Random random;
        final String assignor;
        final boolean sameTopics;
        final boolean racks;
        final boolean statics;
        final boolean liars;
        final boolean big;
        final TreeMap<String, List<Set<String>>> topics = new TreeMap<>();
        final List<Member> members = new ArrayList<>();

        Story(int seed, String assignor) {
            this.random = new Random(seed * 7919L + 1);
            this.assignor = assignor;
            out.println("story " + seed + " " + assignor);
            sameTopics = random.nextInt(5) < 2;
            racks = random.nextInt(3) == 0;
            statics = random.nextInt(4) == 0;
            liars = random.nextInt(3) == 0;
            big = random.nextInt(40) == 0;
            int topicsCount = 1 + random.nextInt(big ? 25 : 6);
            for (String topic : sample(List.of(TOPICS), topicsCount))
                topics.put(topic, new ArrayList<>());
            for (String topic : topics.keySet())
                grow(topic, random.nextInt(random.nextInt(30) == 0 ? 70 : 13));
            int membersCount = 1 + random.nextInt(big ? 30 : 10);
            for (int i = 0; i < membersCount; i++)
                members.add(newMember());
        }

        void tell() {
            int rounds = assignor.contains("sticky") ? 1 + random.nextInt(4) : 1;
            int generation = 1;
            for (int round = 0; round < rounds; round++) {
                if (round > 0)
                    change();
                if (liars)
                    lie(generation);
                Map<String, List<TopicPartition>> result = round(generation);
                if (result == null)
                    return;
                generation++;
                for (Member member : members) {
                    // Now and then one misses its answer and stays in the past.
                    if (random.nextInt(12) == 0)
                        continue;
                    member.last = result.get(member.id);
                    member.lastGeneration = generation;
                    member.generation = generation;
                    member.owned = assignor.startsWith("coop") ? new ArrayList<>(member.last) : new ArrayList<>();
                }
            }
        }

        Map<String, List<TopicPartition>> round(int generation) {
            for (Map.Entry<String, List<Set<String>>> topic : topics.entrySet()) {
                StringBuilder line = new StringBuilder("t " + topic.getKey());
                for (Set<String> of : topic.getValue())
                    line.append(' ').append(of.isEmpty() ? "-" : String.join("", of));
                out.println(line);
            }
            CRC32 checksum = new CRC32();
            Map<String, Subscription> subscriptions = new HashMap<>();
            for (Member member : members) {
                ConsumerPartitionAssignor its = member.assignor(assignor);
                Subscription told = new Subscription(member.topics, its.subscriptionUserData(Set.copyOf(member.topics)), member.owned,
                    member.generation, Optional.ofNullable(member.rack));
                byte[] metadata = bytes(ConsumerProtocol.serializeSubscription(told, member.version));
                out.println("m " + member.id + " " + (member.instance == null ? "-" : member.instance) + " "
                    + (member.version < 3 ? "x" + HexFormat.of().formatHex(metadata)
                        : (member.rack == null ? "-" : member.rack) + " " + String.join(",", member.topics) + " " + member.generation + " "
                            + partitions(member.owned) + (member.last == null ? "" : " " + member.lastGeneration + " " + partitions(member.last))));
                checksum.update(metadata);
                Subscription heard = ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(metadata));
                heard.setGroupInstanceId(Optional.ofNullable(member.instance));
                subscriptions.put(member.id, heard);
            }
            Map<String, Assignment> assignments;
            try {
                assignments = newAssignor(assignor).assign(cluster(), new GroupSubscription(subscriptions)).groupAssignment();
            } catch (RuntimeException e) {
                out.println("! " + e.getClass().getSimpleName());
                return null;
            }
            Map<String, List<TopicPartition>> result = new LinkedHashMap<>();
            for (Member member : members) {
                Assignment assignment = assignments.get(member.id);
                result.put(member.id, assignment.partitions());
                checksum.update(bytes(ConsumerProtocol.serializeAssignment(assignment)));
                out.println("= " + partitions(assignment.partitions()));
            }
            out.println("c " + Long.toHexString(checksum.getValue()));
            return result;
        }

        Cluster cluster() {
            Map<String, Node> nodes = new TreeMap<>();
            for (String rack : RACKS)
                nodes.put(rack, new Node(nodes.size(), "h", 9092, rack));
            Node nowhere = new Node(9, "h", 9092);
            List<Node> all = new ArrayList<>(nodes.values());
            all.add(nowhere);
            List<PartitionInfo> infos = new ArrayList<>();
            topics.forEach((topic, partitions) -> {
                for (int i = 0; i < partitions.size(); i++) {
                    Node[] replicas = partitions.get(i).isEmpty() ? new Node[] {nowhere}
                        : partitions.get(i).stream().map(nodes::get).toArray(Node[]::new);
                    infos.add(new PartitionInfo(topic, i, replicas[0], replicas, replicas));
                }
            });
            // The order in which the metadata name partitions must not matter.
            Collections.shuffle(infos, random);
            return new Cluster("c", all, infos, Set.of(), Set.of());
        }

        void change() {
            int leaving = random.nextInt(3);
            for (int i = 0; i < leaving && members.size() > 1; i++)
                members.remove(random.nextInt(members.size()));
            int joining = random.nextInt(3);
            for (int i = 0; i < joining; i++)
                members.add(random.nextInt(members.size() + 1), newMember());
            if (random.nextInt(3) == 0)
                Collections.shuffle(members, random);
            if (random.nextInt(3) == 0) {
                String topic = List.copyOf(topics.keySet()).get(random.nextInt(topics.size()));
                grow(topic, 1 + random.nextInt(4));
            }
            if (random.nextInt(8) == 0 && topics.size() > 1)
                topics.remove(List.copyOf(topics.keySet()).get(random.nextInt(topics.size())));
            if (!sameTopics)
                for (Member member : members)
                    if (random.nextInt(6) == 0)
                        member.topics = someTopics();
        }

        void lie(int generation) {
            for (Member member : members) {
                if (random.nextInt(4) != 0)
                    continue;
                List<TopicPartition> claimed = new ArrayList<>();
                for (Map.Entry<String, List<Set<String>>> topic : topics.entrySet())
                    for (int i = 0; i < topic.getValue().size(); i++)
                        if (random.nextInt(4) == 0)
                            claimed.add(new TopicPartition(topic.getKey(), i));
                Collections.shuffle(claimed, random);
                int when = random.nextBoolean() ? generation : random.nextInt(generation + 2) - 1;
                member.last = claimed;
                member.lastGeneration = when;
                if (assignor.startsWith("coop")) {
                    member.owned = claimed;
                    member.generation = when;
                }
            }
        }

        Member newMember() {
            Member member = new Member();
            member.id = newName();
            member.instance = statics && random.nextInt(2) == 0 ? newName() : null;
            member.rack = racks && random.nextInt(5) > 0 ? RACKS[random.nextInt(random.nextInt(6) == 0 ? 4 : 3)] : null;
            member.topics = sameTopics ? new ArrayList<>(topics.keySet()) : someTopics();
            member.version = random.nextInt(20) == 0 ? (short) random.nextInt(3) : 3;
            return member;
        }

        List<String> someTopics() {
            List<String> all = new ArrayList<>(topics.keySet());
            if (random.nextInt(8) == 0)
                all.add("missing");
            return sample(all, 1 + random.nextInt(all.size()));
        }

        String newName() {
            String[] marks = {"ü", "\uD83E\uDDA6", "\uFF5E"};
            StringBuilder name = new StringBuilder(random.nextInt(60) == 0 ? marks[random.nextInt(3)] : "");
            int length = 3 + random.nextInt(5);
            for (int i = 0; i < length; i++)
                name.append((char) ('a' + random.nextInt(26)));
            return name.toString();
        }

        void grow(String topic, int count) {
            boolean everywhere = random.nextInt(5) == 0;
            for (int i = 0; i < count; i++) {
                Set<String> of = new LinkedHashSet<>();
                if (racks)
                    for (String rack : RACKS)
                        if (!rack.equals("d") && (everywhere || random.nextInt(2) == 0))
                            of.add(rack);
                topics.get(topic).add(of);
            }
        }

        List<String> sample(List<String> from, int count) {
            List<String> shuffled = new ArrayList<>(from);
            Collections.shuffle(shuffled, random);
            return new ArrayList<>(shuffled.subList(0, Math.min(count, shuffled.size())));
        }
    }

    /** As topic:0,1,2;another:0, in their order; a topic may come again. */
    static String partitions(List<TopicPartition> partitions) {
        if (partitions.isEmpty())
            return "-";
        StringBuilder text = new StringBuilder();
        String topic = null;
        for (TopicPartition partition : partitions) {
            boolean same = partition.topic().equals(topic);
            text.append(same ? "," : (topic == null ? "" : ";") + partition.topic() + ":").append(partition.partition());
            topic = partition.topic();
        }
        return text.toString();
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

// writer writes with keys, headers, in batches, with each kind of acknowledgement, and asynchronously.
func writer() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client := &kafka.Client{Addr: kafka.TCP(bootstrap)}

	step("keys land where murmur2 says")
	topic := created(ctx, "writer-topic", 3)
	w := &kafka.Writer{Addr: kafka.TCP(bootstrap), Topic: topic, Balancer: kafka.Murmur2Balancer{}, BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll}
	for i := range 10 {
		must("write", w.WriteMessages(ctx, message(i)))
	}
	must("close", w.Close())
	messages := readAll(ctx, client, topic, 3)
	placed := map[int][]string{}
	for _, m := range messages {
		placed[m.Partition] = append(placed[m.Partition], string(m.Key))
		equal("the value", string(m.Value), "value "+string(m.Key))
		equal("headers", m.Headers[0].Key, "number")
	}
	equal("keys", placed, map[int][]string{0: {"1", "5", "7", "8"}, 1: {"4", "6"}, 2: {"0", "2", "3", "9"}})

	for acks, name := range map[kafka.RequiredAcks]string{kafka.RequireNone: "none", kafka.RequireOne: "one", kafka.RequireAll: "all"} {
		step("a batch of 100 with acks " + name)
		topic := created(ctx, "writer-acks-"+name, 1)
		w := &kafka.Writer{Addr: kafka.TCP(bootstrap), Topic: topic, BatchSize: 100, BatchTimeout: time.Second, RequiredAcks: acks, Compression: kafka.Snappy}
		batch := []kafka.Message{}
		for i := range 100 {
			batch = append(batch, message(i))
		}
		must("write", w.WriteMessages(ctx, batch...))
		must("close", w.Close())
		until("all are there", func() bool { return end(ctx, client, topic) == 100 })
	}

	step("asynchronous writing completes each message")
	topic = created(ctx, "writer-async", 2)
	completed := make(chan int, 100)
	w = &kafka.Writer{Addr: kafka.TCP(bootstrap), Topic: topic, Async: true, BatchTimeout: 10 * time.Millisecond, RequiredAcks: kafka.RequireAll,
		Completion: func(messages []kafka.Message, err error) {
			must("completion", err)
			completed <- len(messages)
		}}
	for i := range 50 {
		must("write", w.WriteMessages(ctx, message(i)))
	}
	must("close", w.Close())
	for total := 0; total < 50; {
		total += <-completed
	}
	equal("messages", len(readAll(ctx, client, topic, 2)), 50)

	step("a topic is created on first use")
	topic = unique("writer-first-use")
	w = &kafka.Writer{Addr: kafka.TCP(bootstrap), Topic: topic, BatchTimeout: time.Millisecond, AllowAutoTopicCreation: true, RequiredAcks: kafka.RequireAll, MaxAttempts: 20}
	// A broker may create it behind its first answer, which then says that the topic is unknown.
	until("the message is written", func() bool {
		err := w.WriteMessages(ctx, message(0))
		check(err == nil || errors.Is(err, kafka.UnknownTopicOrPartition), "write: %v", err)
		return err == nil
	})
	must("close", w.Close())

	step("a message above max.message.bytes is refused, and one below is not")
	topic = created(ctx, "writer-large", 1, kafka.ConfigEntry{ConfigName: "max.message.bytes", ConfigValue: "10000"})
	w = &kafka.Writer{Addr: kafka.TCP(bootstrap), Topic: topic, BatchBytes: 10 << 20, BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll, MaxAttempts: 1}
	err := w.WriteMessages(ctx, kafka.Message{Value: []byte(strings.Repeat("x", 20_000))})
	var failures kafka.WriteErrors
	check(errors.As(err, &failures) && errors.Is(failures[0], kafka.MessageSizeTooLarge), "a large message: %v", err)
	must("a small message", w.WriteMessages(ctx, kafka.Message{Value: []byte(strings.Repeat("x", 5_000))}))
	must("close", w.Close())
	equal("messages", end(ctx, client, topic), int64(1))
}

// created creates a topic.
func created(ctx context.Context, name string, partitions int, configs ...kafka.ConfigEntry) string {
	topic := unique(name)
	client := &kafka.Client{Addr: kafka.TCP(bootstrap)}
	response := got(client.CreateTopics(ctx, &kafka.CreateTopicsRequest{
		Topics: []kafka.TopicConfig{{Topic: topic, NumPartitions: partitions, ReplicationFactor: 1, ConfigEntries: configs}},
	}))("create " + topic)
	must("create "+topic, response.Errors[topic])
	return topic
}

// end is the end of the log of partition 0.
func end(ctx context.Context, client *kafka.Client, topic string) int64 {
	response := got(client.ListOffsets(ctx, &kafka.ListOffsetsRequest{
		Topics: map[string][]kafka.OffsetRequest{topic: {kafka.LastOffsetOf(0)}},
	}))("list offsets")
	must("list offsets", response.Topics[topic][0].Error)
	return response.Topics[topic][0].LastOffset
}

// readAll reads what is in a topic, in the order of partitions and offsets.
func readAll(ctx context.Context, client *kafka.Client, topic string, partitions int) []kafka.Message {
	all := []kafka.Message{}
	for partition := range partitions {
		response := got(client.ListOffsets(ctx, &kafka.ListOffsetsRequest{
			Topics: map[string][]kafka.OffsetRequest{topic: {kafka.LastOffsetOf(partition)}},
		}))("list offsets")
		last := response.Topics[topic][0].LastOffset
		r := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{bootstrap}, Topic: topic, Partition: partition, MaxWait: 200 * time.Millisecond})
		for offset := int64(0); offset < last; offset++ {
			m := got(r.ReadMessage(ctx))(fmt.Sprintf("read %s-%d", topic, partition))
			equal("offset", m.Offset, offset)
			all = append(all, m)
		}
		must("close", r.Close())
	}
	return all
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/compress"
)

// conn uses the low-level connection: topics, partitions, writing, reading, offsets.
func conn() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	topic := unique("conn-topic")
	c := got(kafka.DialContext(ctx, "tcp", bootstrap))("dial")
	defer c.Close()

	step("the broker says which APIs it has, who it is and who the controller is")
	check(len(got(c.ApiVersions())("API versions")) > 20, "hardly any API")
	brokers := got(c.Brokers())("brokers")
	equal("number of brokers", len(brokers), 1)
	equal("controller", got(c.Controller())("controller").ID, brokers[0].ID)

	step("a topic is created, and creating it again has no effect")
	config := kafka.TopicConfig{Topic: topic, NumPartitions: 3, ReplicationFactor: 1}
	must("create", c.CreateTopics(config))
	must("create again", c.CreateTopics(config))

	step("partitions have a leader, replicas and in-sync replicas")
	partitions := got(c.ReadPartitions(topic))("partitions")
	sort.Slice(partitions, func(i, j int) bool { return partitions[i].ID < partitions[j].ID })
	equal("number of partitions", len(partitions), 3)
	for i, p := range partitions {
		equal("partition", []any{p.ID, p.Leader.ID, len(p.Replicas), len(p.Isr)}, []any{i, brokers[0].ID, 1, 1})
	}

	step("messages written to a partition, plain and in each compression, are read back")
	var p *kafka.Conn
	// A broker may still be making the partition's leader ready.
	until("the first messages are written", func() bool {
		p = got(kafka.DialLeader(ctx, "tcp", bootstrap, topic, 1))("dial the leader")
		must("deadline", p.SetDeadline(time.Now().Add(30*time.Second)))
		_, err := p.WriteMessages(message(0), message(1))
		check(err == nil || errors.Is(err, kafka.NotLeaderForPartition), "write: %v", err)
		if err != nil {
			p.Close()
		}
		return err == nil
	})
	defer p.Close()
	for i, codec := range []compress.Compression{compress.Gzip, compress.Snappy, compress.Lz4, compress.Zstd} {
		first := 2 + 2*i
		_, partition, offset, _, err := p.WriteCompressedMessagesAt(codec.Codec(), message(first), message(first+1))
		must("write with "+codec.String(), err)
		equal("where it was written", []int64{int64(partition), offset}, []int64{1, int64(first)})
	}
	first, last, err := p.ReadOffsets()
	must("offsets", err)
	equal("offsets", []int64{first, last}, []int64{0, 10})
	equal("read from the start", readBatch(p), numbers(0, 10))

	step("seeking is absolute, or from either end")
	got(p.Seek(7, kafka.SeekAbsolute))("seek to 7")
	equal("read from 7", readBatch(p), numbers(7, 10))
	got(p.Seek(2, kafka.SeekEnd))("seek to 2 before the end")
	equal("read the last two", readBatch(p), numbers(8, 10))
	_, err = p.Seek(11, kafka.SeekAbsolute)
	equal("seek beyond the end", err, error(kafka.OffsetOutOfRange))

	step("offsets by time")
	equal("an hour ago", got(p.ReadOffset(time.Now().Add(-time.Hour)))("offset"), int64(0))

	step("the lag of a reader")
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{bootstrap}, Topic: topic, Partition: 1, MaxWait: 200 * time.Millisecond})
	defer r.Close()
	must("set offset", r.SetOffset(4))
	equal("lag at 4", got(r.ReadLag(ctx))("lag"), int64(6))

	step("the topic is deleted")
	must("delete", c.DeleteTopics(topic))
	for _, p := range got(c.ReadPartitions())("all partitions") {
		check(p.Topic != topic, "the topic is still there")
	}
	equal("delete again", c.DeleteTopics(topic), error(kafka.UnknownTopicOrPartition))
}

func message(i int) kafka.Message {
	return kafka.Message{
		Key:     []byte(fmt.Sprint(i)),
		Value:   []byte(fmt.Sprintf("value %d", i)),
		Headers: []kafka.Header{{Key: "number", Value: []byte{byte(i)}}},
	}
}

// readBatch reads what there is from the connection's offset, and gives the keys after checking the rest.
func readBatch(c *kafka.Conn) []string {
	keys := []string{}
	for {
		batch := c.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: 1 << 20, MaxWait: 100 * time.Millisecond})
		for {
			m, err := batch.ReadMessage()
			if err == io.EOF {
				break
			}
			must("read", err)
			equal("the value", string(m.Value), "value "+string(m.Key))
			equal("the header", m.Headers, []kafka.Header{{Key: "number", Value: []byte{byte(m.Offset)}}})
			keys = append(keys, string(m.Key))
		}
		high := batch.HighWaterMark()
		must("close", batch.Close())
		if offset, _ := c.Offset(); offset >= high {
			return keys
		}
	}
}

func numbers(from, to int) []string {
	list := []string{}
	for i := from; i < to; i++ {
		list = append(list, fmt.Sprint(i))
	}
	return list
}

package main

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// group reads as members of a group: explicit and automatic commits, a restart, and sharing.
func group() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	topic := created(ctx, "group-topic", 3)
	id := unique("go-group")
	client := &kafka.Client{Addr: kafka.TCP(bootstrap)}
	w := &kafka.Writer{Addr: kafka.TCP(bootstrap), Topic: topic, Balancer: kafka.Murmur2Balancer{}, BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll}
	defer w.Close()
	write := func() {
		for i := range 10 {
			must("write", w.WriteMessages(ctx, message(i)))
		}
	}
	write()

	step("FetchMessage and CommitMessages: what is not committed comes again")
	r := member(id, topic)
	fetched := []kafka.Message{}
	for range 10 {
		fetched = append(fetched, got(r.FetchMessage(ctx))("fetch"))
	}
	for _, m := range fetched {
		if m.Partition != 2 {
			must("commit", r.CommitMessages(ctx, m))
		}
	}
	equal("committed", committed(ctx, client, id, topic), []int64{4, 2, -1})
	must("close", r.Close())

	step("a restart goes on at the committed offsets; ReadMessage commits by itself")
	r = member(id, topic)
	again := readKeys(ctx, r, 4)
	sort.Strings(again)
	equal("what comes again", again, []string{"0", "2", "3", "9"})
	equal("committed", committed(ctx, client, id, topic), []int64{4, 2, 4})
	must("close", r.Close())

	step("two members share the partitions, and each message is read once")
	var mutex sync.Mutex
	seen := map[string]int{}
	readers := []*kafka.Reader{member(id, topic), member(id, topic)}
	var running sync.WaitGroup
	stop, stopped := context.WithCancel(ctx)
	for _, r := range readers {
		running.Add(1)
		go func() {
			defer running.Done()
			for {
				m, err := r.ReadMessage(stop)
				if err != nil {
					return
				}
				mutex.Lock()
				seen[string(m.Key)]++
				mutex.Unlock()
			}
		}()
	}
	until("both are members with partitions", func() bool { return shares(ctx, client, id) == "1 2" })
	write()
	until("all is read", func() bool {
		mutex.Lock()
		defer mutex.Unlock()
		return len(seen) == 10
	})
	until("all is committed", func() bool { return fmt.Sprint(committed(ctx, client, id, topic)) == "[8 4 8]" })

	step("one leaves: the other has all")
	must("close", readers[0].Close())
	until("one is left with three partitions", func() bool { return shares(ctx, client, id) == "3" })
	stopped()
	running.Wait()
	must("close", readers[1].Close())
	for key, times := range seen {
		equal("how often "+key+" was read", times, 1)
	}

	step("commits at an interval arrive, at the latest when the reader closes")
	write()
	r = kafka.NewReader(kafka.ReaderConfig{Brokers: []string{bootstrap}, GroupID: id, GroupTopics: []string{topic}, MaxWait: 200 * time.Millisecond, CommitInterval: time.Hour})
	readKeys(ctx, r, 10)
	equal("committed before", committed(ctx, client, id, topic), []int64{8, 4, 8})
	must("close", r.Close())
	equal("committed after", committed(ctx, client, id, topic), []int64{12, 6, 12})
}

func member(id, topic string) *kafka.Reader {
	return kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{bootstrap}, GroupID: id, Topic: topic, MaxWait: 200 * time.Millisecond, MinBytes: 1, MaxBytes: 1 << 20,
		StartOffset: kafka.FirstOffset, SessionTimeout: 6 * time.Second, HeartbeatInterval: 300 * time.Millisecond, RebalanceTimeout: 6 * time.Second,
	})
}

// committed is what the group has committed for partitions 0, 1 and 2.
func committed(ctx context.Context, client *kafka.Client, id, topic string) []int64 {
	response := got(client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: id, Topics: map[string][]int{topic: {0, 1, 2}}}))("offset fetch")
	must("offset fetch", response.Error)
	offsets := make([]int64, 3)
	for _, p := range response.Topics[topic] {
		must("offset fetch", p.Error)
		offsets[p.Partition] = p.CommittedOffset
	}
	return offsets
}

// shares is how many partitions the members of a stable group have, such as "1 2".
func shares(ctx context.Context, client *kafka.Client, id string) string {
	response := got(client.DescribeGroups(ctx, &kafka.DescribeGroupsRequest{GroupIDs: []string{id}}))("describe groups")
	g := response.Groups[0]
	must("describe groups", g.Error)
	if g.GroupState != "Stable" {
		return g.GroupState
	}
	counts := []int{}
	for _, m := range g.Members {
		count := 0
		for _, t := range m.MemberAssignments.Topics {
			count += len(t.Partitions)
		}
		counts = append(counts, count)
	}
	sort.Ints(counts)
	text := fmt.Sprint(counts)
	return text[1 : len(text)-1]
}

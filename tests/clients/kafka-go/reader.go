package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

// reader reads one partition without a group: offsets, limits of a fetch, and waiting.
func reader() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	topic := created(ctx, "reader-topic", 1)
	w := &kafka.Writer{Addr: kafka.TCP(bootstrap), Topic: topic, BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll}
	defer w.Close()
	for i := range 10 {
		must("write", w.WriteMessages(ctx, message(i)))
	}
	time.Sleep(2 * time.Millisecond)
	middle := time.Now()
	for i := 10; i < 20; i++ {
		must("write", w.WriteMessages(ctx, message(i)))
	}

	step("from an offset, from the start, from the end, and from a moment")
	config := kafka.ReaderConfig{Brokers: []string{bootstrap}, Topic: topic, MaxWait: 200 * time.Millisecond}
	r := kafka.NewReader(config)
	equal("from the start", readKeys(ctx, r, 20), numbers(0, 20))
	must("set offset", r.SetOffset(15))
	equal("from 15", readKeys(ctx, r, 5), numbers(15, 20))
	must("set offset", r.SetOffsetAt(ctx, middle))
	equal("from the moment in the middle", readKeys(ctx, r, 10), numbers(10, 20))
	must("set offset", r.SetOffset(kafka.LastOffset))
	// The reader looks for the end when it first reads: what is written then is what it must get.
	next := make(chan kafka.Message)
	go func() { next <- got(r.ReadMessage(ctx))("read from the end") }()
	until("the message after the end", func() bool {
		must("write", w.WriteMessages(ctx, message(20)))
		select {
		case m := <-next:
			check(m.Offset >= 20, "read %d from the end", m.Offset)
			return true
		case <-time.After(100 * time.Millisecond):
			return false
		}
	})
	must("close", r.Close())

	step("an offset out of range fails when the reader is told to")
	config.OffsetOutOfRangeError = true
	r = kafka.NewReader(config)
	must("set offset", r.SetOffset(100_000))
	_, err := r.ReadMessage(ctx)
	check(errors.Is(err, kafka.OffsetOutOfRange), "read beyond the end: %v", err)
	must("close", r.Close())
	config.OffsetOutOfRangeError = false

	step("MinBytes waits for that much, or for MaxWait")
	// kafka-go asks the broker to wait for a second less than MaxWait.
	patient := kafka.ReaderConfig{Brokers: []string{bootstrap}, Topic: topic, MinBytes: 100_000, MaxBytes: 1_000_000, MaxWait: 2500 * time.Millisecond}
	r = kafka.NewReader(patient)
	asked := time.Now()
	readKeys(ctx, r, 1)
	check(time.Since(asked) > time.Second, "a fetch of at least 100 kB was answered with one small message after %v", time.Since(asked))
	must("close", r.Close())
	patient.MaxWait = 20 * time.Second
	r = kafka.NewReader(patient)
	done := make(chan struct{})
	go func() { readKeys(ctx, r, 1); close(done) }()
	until("the reader fetches", func() bool { return r.Stats().Fetches > 0 })
	asked = time.Now()
	must("write", w.WriteMessages(ctx, kafka.Message{Value: []byte(strings.Repeat("x", 200_000))}))
	<-done
	check(time.Since(asked) < 10*time.Second, "enough bytes did not end the wait, which took %v", time.Since(asked))
	// Closing would wait for the fetch that is under way.
	go r.Close()

	step("MaxBytes bounds a fetch, but never to nothing")
	large := created(ctx, "reader-max-bytes", 1)
	l := &kafka.Writer{Addr: kafka.TCP(bootstrap), Topic: large, BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll}
	defer l.Close()
	for range 5 {
		must("write", l.WriteMessages(ctx, kafka.Message{Key: []byte("k"), Value: []byte(strings.Repeat("x", 50_000))}))
	}
	r = kafka.NewReader(kafka.ReaderConfig{Brokers: []string{bootstrap}, Topic: large, MinBytes: 1, MaxBytes: 1000, MaxWait: 200 * time.Millisecond})
	for i := range 5 {
		m := got(r.ReadMessage(ctx))("read a message larger than MaxBytes")
		equal("offset and size", []int64{m.Offset, int64(len(m.Value))}, []int64{int64(i), 50_000})
	}
	must("close", r.Close())
}

func readKeys(ctx context.Context, r *kafka.Reader, count int) []string {
	keys := []string{}
	for range count {
		m := got(r.ReadMessage(ctx))("read")
		keys = append(keys, string(m.Key))
	}
	return keys
}

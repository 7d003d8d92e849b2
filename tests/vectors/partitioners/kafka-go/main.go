// kafka-go's Hash: keys, and the order in which records without a key go round.
package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/segmentio/kafka-go"
)

var counts = []int{3, 12, 100, 999_983}

func main() {
	folder := os.Args[1]
	text, err := os.ReadFile(filepath.Join(folder, "keys.txt"))
	if err != nil {
		panic(err)
	}
	topics := make([][]int, len(counts))
	for index, count := range counts {
		for partition := range count {
			topics[index] = append(topics[index], partition)
		}
	}
	var keyed strings.Builder
	balancer := &kafka.Hash{}
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		key, err := hex.DecodeString(line)
		if err != nil {
			panic(err)
		}
		partitions := make([]string, len(counts))
		for index, topic := range topics {
			partitions[index] = fmt.Sprint(balancer.Balance(kafka.Message{Key: key}, topic...))
		}
		fmt.Fprintln(&keyed, strings.Join(partitions, " "))
	}
	var turns []string
	for range 12 {
		turns = append(turns, fmt.Sprint((balancer).Balance(kafka.Message{}, topics[0]...)))
	}
	write(folder, "kafka-go.txt", keyed.String())
	write(folder, "kafka-go-keyless.txt", strings.Join(turns, " ")+"\n")
}

func write(folder, file, text string) {
	if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o644); err != nil {
		panic(err)
	}
}

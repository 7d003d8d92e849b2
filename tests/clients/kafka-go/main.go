// Flows of an unmodified segmentio/kafka-go against the broker at KAFKA_BOOTSTRAP: flows NAME.
package main

import (
	"fmt"
	"os"
	"reflect"
	"time"
)

var bootstrap = os.Getenv("KAFKA_BOOTSTRAP")

var flows = map[string]func(){
	"conn":   conn,
	"writer": writer,
	"reader": reader,
	"group":  group,
	"admin":  admin,
}

func main() {
	defer func() {
		if failure := recover(); failure != nil {
			fmt.Fprintln(os.Stderr, failure)
			os.Exit(1)
		}
	}()
	flows[os.Args[1]]()
}

// unique gives a name that no other run uses on a shared broker.
func unique(name string) string {
	return name + os.Getenv("KAFKA_SUFFIX")
}

// step says which part of a flow runs, so that a failure has a place.
func step(text string) {
	fmt.Println("-", text)
}

func check(condition bool, format string, values ...any) {
	if !condition {
		panic(fmt.Sprintf(format, values...))
	}
}

func equal(what string, actual, expected any) {
	check(reflect.DeepEqual(actual, expected), "%s: expected %v, got %v", what, expected, actual)
}

func must(what string, err error) {
	check(err == nil, "%s: %v", what, err)
}

func got[T any](value T, err error) func(what string) T {
	return func(what string) T {
		must(what, err)
		return value
	}
}

// until waits for a condition.
func until(what string, condition func() bool) {
	deadline := time.Now().Add(30 * time.Second)
	for !condition() {
		check(time.Now().Before(deadline), "not within 30 s: %s", what)
		time.Sleep(20 * time.Millisecond)
	}
}

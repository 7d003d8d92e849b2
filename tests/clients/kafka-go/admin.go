package main

import (
	"context"
	"errors"
	"time"

	"github.com/segmentio/kafka-go"
)

// admin asks with the typed requests of kafka.Client: topics, configuration, groups and producer ids.
func admin() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client := &kafka.Client{Addr: kafka.TCP(bootstrap)}
	topic := created(ctx, "admin-topic", 2)
	id := unique("admin-group")

	step("a topic that exists, and an illegal name, are refused with their reasons")
	for name, expected := range map[string]error{topic: kafka.TopicAlreadyExists, "no such name!": kafka.InvalidTopic} {
		response := got(client.CreateTopics(ctx, &kafka.CreateTopicsRequest{
			Topics: []kafka.TopicConfig{{Topic: name, NumPartitions: 1, ReplicationFactor: 1}},
		}))("create")
		check(errors.Is(response.Errors[name], expected), "creating %s: %v", name, response.Errors[name])
	}

	step("metadata")
	metadata := got(client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{topic, unique("unknown")}}))("metadata")
	equal("partitions", len(metadata.Topics[0].Partitions), 2)
	check(metadata.ClusterID != "", "the cluster has no id")

	step("partitions are added")
	added := got(client.CreatePartitions(ctx, &kafka.CreatePartitionsRequest{Topics: []kafka.TopicPartitionsConfig{{Name: topic, Count: 3}}}))("create partitions")
	must("create partitions", added.Errors[topic])

	step("configuration is altered one key at a time")
	altered := got(client.IncrementalAlterConfigs(ctx, &kafka.IncrementalAlterConfigsRequest{
		Resources: []kafka.IncrementalAlterConfigsRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic,
			Configs: []kafka.IncrementalAlterConfigsRequestConfig{{Name: "cleanup.policy", Value: "compact", ConfigOperation: kafka.ConfigOperationSet}}}},
	}))("alter configs")
	must("alter configs", altered.Resources[0].Error)
	until("cleanup.policy is compact", func() bool { return value(ctx, client, topic, "cleanup.policy") == "compact" })
	refused := got(client.IncrementalAlterConfigs(ctx, &kafka.IncrementalAlterConfigsRequest{
		Resources: []kafka.IncrementalAlterConfigsRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic,
			Configs: []kafka.IncrementalAlterConfigsRequestConfig{{Name: "retention.ms", Value: "soon", ConfigOperation: kafka.ConfigOperationSet}}}},
	}))("alter configs")
	check(errors.Is(refused.Resources[0].Error, kafka.InvalidConfiguration), "retention.ms=soon: %v", refused.Resources[0].Error)

	step("a simple consumer commits without being a member, and its group is listed, described and deleted")
	response := got(client.OffsetCommit(ctx, &kafka.OffsetCommitRequest{
		GroupID: id, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{topic: {{Partition: 0, Offset: 7, Metadata: "a note"}}},
	}))("offset commit")
	must("offset commit", response.Topics[topic][0].Error)
	fetched := got(client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: id, Topics: map[string][]int{topic: {0}}}))("offset fetch")
	equal("committed", []any{fetched.Topics[topic][0].CommittedOffset, fetched.Topics[topic][0].Metadata}, []any{int64(7), "a note"})
	listed := false
	for _, g := range got(client.ListGroups(ctx, &kafka.ListGroupsRequest{}))("list groups").Groups {
		listed = listed || g.GroupID == id
	}
	check(listed, "the group is not listed")
	described := got(client.DescribeGroups(ctx, &kafka.DescribeGroupsRequest{GroupIDs: []string{id}}))("describe groups")
	equal("state", described.Groups[0].GroupState, "Empty")
	removed := got(client.OffsetDelete(ctx, &kafka.OffsetDeleteRequest{GroupID: id, Topics: map[string][]int{topic: {0}}}))("offset delete")
	must("offset delete", removed.Error)
	must("offset delete", removed.Topics[topic][0].Error)
	deleted := got(client.DeleteGroups(ctx, &kafka.DeleteGroupsRequest{GroupIDs: []string{id}}))("delete groups")
	check(deleted.Errors[id] == nil || errors.Is(deleted.Errors[id], kafka.GroupIdNotFound), "delete group: %v", deleted.Errors[id])

	step("producer ids differ")
	first, second := producerID(ctx, client), producerID(ctx, client)
	check(first.ProducerID != second.ProducerID, "both are %d", first.ProducerID)
	equal("epoch", first.ProducerEpoch, 0)

	step("the topic is deleted")
	gone := got(client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: []string{topic}}))("delete")
	must("delete", gone.Errors[topic])
}

func producerID(ctx context.Context, client *kafka.Client) *kafka.ProducerSession {
	var producer *kafka.ProducerSession
	// A broker may still be fetching a block of ids.
	until("a producer id", func() bool {
		response := got(client.InitProducerID(ctx, &kafka.InitProducerIDRequest{}))("producer id")
		check(response.Error == nil || errors.Is(response.Error, kafka.GroupLoadInProgress), "producer id: %v", response.Error)
		producer = response.Producer
		return response.Error == nil
	})
	return producer
}

func value(ctx context.Context, client *kafka.Client, topic, name string) string {
	response := got(client.DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{
		Resources: []kafka.DescribeConfigRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic, ConfigNames: []string{name}}},
	}))("describe configs")
	must("describe configs", response.Resources[0].Error)
	equal("number of values", len(response.Resources[0].ConfigEntries), 1)
	return response.Resources[0].ConfigEntries[0].ConfigValue
}

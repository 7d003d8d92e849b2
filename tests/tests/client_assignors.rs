//! The assignors against what Kafka's own gave for the same groups: `tests/vectors/assignors.txt.gz`. Its README says what the lines mean.

use ottla_core::sorted::Set;
use std::fmt::Write as _;
use std::io::Read as _;

use ottla_client::assignor::{
    Assignor, LastAssignment, Member, MemberSubscription, Topics, encode_assignment,
    parse_assignment, parse_subscription,
};
use ottla_core::{TopicName, TopicPartition};

#[test]
fn every_member_gets_what_the_java_assignor_gives_it_byte_for_byte() {
    let recording = recording();
    let mut rounds_count = 0;
    for story in recording.split("story ").skip(1) {
        let (title, rounds) = story.split_once('\n').expect("a story has lines");
        let (_, assignor) = title.split_once(' ').expect("seed and assignor");
        let assignor = Assignor::named(assignor).expect("a known assignor");
        for (index, round) in rounds_of(assignor, rounds).into_iter().enumerate() {
            let place = format!("story {title}, round {index}");
            check(assignor, &round, &place);
            rounds_count += 1;
        }
    }
    assert_eq!(rounds_count, 2_100);
}

/// What one line each says.
#[derive(Default)]
struct Round<'a> {
    topics: Topics,
    members: Vec<Member>,
    metadata: Vec<u8>,
    results: Vec<&'a str>,
    /// None if Java failed.
    checksum: Option<&'a str>,
}

fn check(assignor: Assignor, round: &Round, place: &str) {
    let assignment = assignor.assign(&round.members, &round.topics);
    let Some(checksum) = round.checksum else {
        // Where Java fails, nothing is given twice all the same.
        let given: Vec<&TopicPartition> = assignment.values().flatten().collect();
        let distinct: Set<&TopicPartition> = given.iter().copied().collect();
        assert_eq!(given.len(), distinct.len(), "{place}: given twice");
        return;
    };
    let mut bytes = round.metadata.clone();
    for (member, expected) in round.members.iter().zip(&round.results) {
        let share = &assignment[&member.id];
        assert_eq!(&text(share), expected, "{place}: member {}", member.id);
        let encoded = encode_assignment(share);
        assert_eq!(
            parse_assignment(&encoded).map(sorted),
            Ok(sorted(share.clone()))
        );
        bytes.extend(encoded);
    }
    let ours = format!("{:x}", crc32fast::hash(&bytes));
    assert_eq!(ours, checksum, "{place}: the checksum of what is sent");
}

fn rounds_of(assignor: Assignor, lines: &str) -> Vec<Round<'_>> {
    let mut rounds = Vec::new();
    let mut round = Round::default();
    for line in lines.lines() {
        let (kind, rest) = line.split_once(' ').expect("a kind and its words");
        match kind {
            "t" => {
                let (topic, partitions) = rest.split_once(' ').unwrap_or((rest, ""));
                let racks = partitions.split_whitespace().map(racks).collect();
                round.topics.insert(topic.into(), racks);
            }
            "m" => {
                let words: Vec<&str> = rest.split(' ').collect();
                let metadata = metadata(assignor, &words[2..]);
                round.members.push(Member {
                    id: words[0].into(),
                    instance_id: given(words[1]).map(str::to_owned),
                    subscription: parse_subscription(&metadata).expect("Java wrote it"),
                });
                round.metadata.extend(metadata);
            }
            "=" => round.results.push(rest),
            "c" | "!" => {
                round.checksum = (kind == "c").then_some(rest);
                rounds.push(std::mem::take(&mut round));
            }
            other => panic!("{other}: no such line"),
        }
    }
    rounds
}

/// What a member joins with: given as bytes, or to be made by its assignor.
fn metadata(assignor: Assignor, words: &[&str]) -> Vec<u8> {
    if let Some(hex) = words[0].strip_prefix('x') {
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
        return (0..hex.len()).step_by(2).map(byte).collect();
    }
    let number = |word: &str| word.parse::<i32>().expect("a number");
    let subscription = MemberSubscription {
        rack: given(words[0]).map(str::to_owned),
        topics: words[1].split(',').map(TopicName::from).collect(),
        generation: Some(number(words[2])),
        owned_partitions: partitions(words[3]),
        user_data: None,
    };
    let last = words.get(4).map(|generation| LastAssignment {
        generation: number(generation),
        partitions: partitions(words[5]),
    });
    assignor
        .subscription_metadata(&subscription, last.as_ref())
        .to_vec()
}

fn given(word: &str) -> Option<&str> {
    (word != "-").then_some(word)
}

fn racks(word: &str) -> Set<String> {
    let racks = given(word).unwrap_or_default().chars();
    racks.map(|rack| rack.to_string()).collect()
}

fn partitions(word: &str) -> Vec<TopicPartition> {
    let topics = given(word).into_iter().flat_map(|word| word.split(';'));
    topics
        .flat_map(|of_topic| {
            let (topic, indexes) = of_topic.split_once(':').expect("topic:partitions");
            indexes.split(',').map(|index| TopicPartition {
                topic: topic.into(),
                partition: index.parse().expect("a partition's index"),
            })
        })
        .collect()
}

fn text(partitions: &[TopicPartition]) -> String {
    let mut text = String::new();
    for of_topic in partitions.chunk_by(|one, next| one.topic == next.topic) {
        let separator = if text.is_empty() { "" } else { ";" };
        let indexes: Vec<String> = of_topic.iter().map(|it| it.partition.to_string()).collect();
        write!(
            text,
            "{separator}{}:{}",
            of_topic[0].topic,
            indexes.join(",")
        )
        .expect("a string");
    }
    match text.is_empty() {
        true => "-".to_owned(),
        false => text,
    }
}

fn sorted(mut partitions: Vec<TopicPartition>) -> Vec<TopicPartition> {
    partitions.sort();
    partitions
}

fn recording() -> String {
    let packed = include_bytes!("../vectors/assignors.txt.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .expect("a gzip of text");
    text
}

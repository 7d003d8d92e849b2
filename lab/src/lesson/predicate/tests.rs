//! Statements, read and refused.

use super::*;
use crate::action::Action;

fn refused(text: &str) -> String {
    text.parse::<Predicate>().expect_err("it is wrong")
}

#[test]
fn and_binds_closer_than_or() {
    let world = World::new(Default::default(), 1);
    let holds = |text: &str| {
        text.parse::<Predicate>()
            .expect("it is a statement")
            .holds(&world)
    };
    assert!(holds(
        "life(broker) = running or life(broker) = left and life(broker) = crashed"
    ));
    assert!(!holds(
        "(life(broker) = running or life(broker) = left) and life(broker) = crashed"
    ));
    assert!(holds(
        "not (life(broker) = left) and not members(project) > 0"
    ));
}

#[test]
fn what_is_not_there_is_none() {
    let world = World::new(Default::default(), 1);
    let holds = |text: &str| {
        text.parse::<Predicate>()
            .expect("it is a statement")
            .holds(&world)
    };
    assert!(holds("owner(project, orders-0) = none"));
    assert!(holds("owner(project, orders-0) != worker-1"));
    assert!(!holds("end(orders-0) > 0") && !holds("end(orders-0) <= 0"));
    assert!(holds(
        "records(orders) = 0 and worked(any) = 0 and missed(billing) = 0"
    ));
}

#[test]
fn a_wrong_word_is_named_with_its_column_and_what_is_allowed() {
    assert_eq!(
        refused("lag(project) = 0 adn lag(p) = 1"),
        "\"adn\" at column 18 is not allowed here. Allowed: and, or, or the end of the line."
    );
    assert_eq!(
        refused("lag project = 0"),
        "\"project\" at column 5 is not allowed here. Allowed: (."
    );
    assert_eq!(
        refused("owner(project)"),
        "owner(group, partition) was given 1 arguments."
    );
    assert_eq!(
        refused("end(orders) > 1"),
        "in end(partition), \"orders\" has to be a partition, such as orders-0."
    );
    assert_eq!(
        refused("lag(project) ="),
        "something is missing at the end: a number, a word or a fact."
    );
    assert_eq!(
        refused("lag(project) ! 3"),
        "\"!\" at column 14 belongs in no statement."
    );
    assert_eq!(
        refused("with_key(orders, \"anna) = 3"),
        "a quote is not closed."
    );
    assert_eq!(
        refused("at soon (lag(project) = 0)"),
        "`soon` is no time: write 250ms, 6s, 1m30s or 0"
    );
}

#[test]
fn other_moments_are_found_wherever_they_stand() {
    let predicate: Predicate = "at 12s (lag(p) = 0) and not at 3s (lag(p) = 1)"
        .parse()
        .expect("it is a statement");
    assert_eq!(
        predicate.moments().into_iter().collect::<Vec<_>>(),
        [Instant(3_000_000), Instant(12_000_000)]
    );
}

#[test]
fn every_fact_is_in_the_manual_and_the_manual_knows_no_other() {
    let manual = include_str!("../../../../lessons/README.md");
    for function in FUNCTIONS {
        let row = format!("| `{}` | {} |", function.usage(), function.meaning);
        assert!(
            manual.contains(&row),
            "lessons/README.md needs the row\n{row}"
        );
    }
    let listed_count = manual
        .lines()
        .filter(|line| line.starts_with("| `") && line.contains(")` | "))
        .count();
    assert_eq!(listed_count, FUNCTIONS.len());
}

#[test]
fn each_fact_can_be_told() {
    let world = World::new(Default::default(), 1);
    for function in FUNCTIONS {
        let arguments = function.arguments.iter().map(|kind| match *kind {
            "partition" | "partition?" => "orders-0",
            "offset?" => "5",
            "partitioner?" => "default",
            _ => "x",
        });
        let arguments: Vec<&str> = arguments.collect();
        let text = format!("{}({})", function.name, arguments.join(", "));
        let statement: Predicate = text.parse().expect("it is a fact");
        let told = statement.shown_over(&world, &[]);
        assert!(!told[0].contains('('), "{text} is told as {told:?}");
    }
}

#[test]
fn what_decides_a_statement_is_told_with_its_moment() {
    let text =
        "at 2s (member(g, a)) and not worked(g) = 3 or worked(g) = 4 or owner(g, orders-0) = a";
    let statement: Predicate = text.parse().expect("it is a statement");
    let world = World::new(Default::default(), 1);
    let past = [(Instant(2_000_000), world.clone())];
    assert_eq!(
        statement.shown_over(&world, &past),
        [
            "At 2 s: a is no member of group g.",
            "g has worked on 0 records.",
            "In group g, orders-0 belongs to nobody."
        ]
    );
}

#[test]
fn every_fact_of_the_table_is_known_of_a_world_and_has_a_sentence() {
    let mut world = World::for_scene(1);
    for line in [
        "topic orders",
        "producer shop topic=orders keys=a rate=1/s",
        "consumer worker-1 group=project topics=orders",
    ] {
        let action: Action = line.parse().expect("it is an action");
        world.apply(&action).expect("it can be done");
    }
    world.advance(Instant(10_000_000));
    let facts = Facts::of(&world);
    for function in FUNCTIONS {
        let needed_count = function.arguments.iter().filter(|one| !one.ends_with('?'));
        for count in needed_count.count()..=function.arguments.len() {
            let arguments = function.arguments[..count].iter().map(|kind| example(kind));
            let call = Call::new(function, arguments.collect()).expect("it can be asked");
            let usage = function.usage();
            let value = facts.known(&call).expect(&usage);
            let sentence = shown::sentence(&call, &value);
            assert!(!sentence.starts_with(&usage), "{sentence}");
        }
    }
}

fn example(kind: &str) -> String {
    let example = match kind.trim_end_matches('?') {
        "topic" => "orders",
        "partition" => "orders-0",
        "offset" => "0",
        "key" => "a",
        "partitioner" => "consistent",
        "producer" | "client" => "shop",
        "api" => "Produce",
        "group" => "project",
        "consumer" => "worker-1",
        "who" => "any",
        other => panic!("no example of {other}"),
    };
    example.to_owned()
}

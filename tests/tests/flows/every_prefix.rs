//! The assignment after every step of every life of a group with up to five members: held against the assignor, worked out for that set of members.

use ottla_core::sorted::{Map, Set};

use ottla_client::assignor::{Assignor, Member, MemberSubscription, parse_subscription};
use ottla_core::MemberId;

use crate::stage::{Stage, TOPIC};

#[test]
fn range_gives_what_it_works_out_for_the_members_that_there_are() {
    assert!(live_every_life(Assignor::Range) > 100);
}

#[test]
fn round_robin_gives_what_it_works_out_for_the_members_that_there_are() {
    assert!(live_every_life(Assignor::RoundRobin) > 100);
}

#[test]
fn cooperative_sticky_comes_to_an_even_assignment_and_moves_nothing_without_need() {
    assert!(live_every_life(Assignor::CooperativeSticky) > 100);
}

/// Up to five join, up to two end, the first or the last of those that are there, in every order. How many steps were held against the assignor.
fn live_every_life(assignor: Assignor) -> usize {
    let topic = format!("topic {TOPIC} partitions=3");
    let life = Life {
        stage: Stage::begin(5, &[&topic]),
        assignor,
        alive: Vec::new(),
        joined_count: 0,
        ended_count: 0,
        story: Vec::new(),
    };
    life.live()
}

/// Who reads which partitions.
type Owners = Map<String, Set<i32>>;

#[derive(Clone)]
struct Life {
    stage: Stage,
    assignor: Assignor,
    alive: Vec<String>,
    joined_count: usize,
    ended_count: usize,
    story: Vec<String>,
}

impl Life {
    fn live(self) -> usize {
        let mut steps_count = 0;
        if self.joined_count < MEMBERS_MAX {
            steps_count += self.clone().join().live() + 1;
        }
        if self.ended_count < ENDED_MAX {
            let ends = Set::from([0, self.alive.len().saturating_sub(1)]);
            for index in ends.into_iter().filter(|index| *index < self.alive.len()) {
                steps_count += self.clone().end(index).live() + 1;
            }
        }
        steps_count
    }

    fn join(mut self) -> Self {
        let before = self.owners();
        self.joined_count += 1;
        let name = format!("member-{}", self.joined_count);
        let assignor = self.assignor.name();
        let line = format!("consumer {name} group=g topics={TOPIC} assignor={assignor}");
        self.alive.push(name);
        self.step(line, 8, &before)
    }

    /// Killed or in order, in turn.
    fn end(mut self, index: usize) -> Self {
        let before = self.owners();
        let name = self.alive.remove(index);
        let (verb, seconds) = match (self.joined_count + self.ended_count).is_multiple_of(2) {
            true => ("crash", 20),
            false => ("leave", 8),
        };
        self.ended_count += 1;
        self.step(format!("{verb} {name}"), seconds, &before)
    }

    fn step(mut self, line: String, seconds: u64, before: &Owners) -> Self {
        self.stage.act(&[&line]);
        self.story.push(line);
        self.stage.pass_s(seconds);
        self.check(before);
        self
    }

    /// Which member reads which partitions, as the members themselves believe.
    fn owners(&self) -> Owners {
        let reads = |name: &String| self.stage.reads(name).into_iter().collect();
        self.alive
            .iter()
            .map(|name| (name.clone(), reads(name)))
            .collect()
    }

    fn check(&self, before: &Owners) {
        let (owners, story) = (self.owners(), self.story.join(", "));
        let Some(group) = self.stage.world.broker().group("g") else {
            assert!(owners.is_empty(), "{story}");
            return;
        };
        assert_eq!(group.members().len(), self.alive.len(), "{story}");
        if self.alive.is_empty() {
            return;
        }
        let sizes = owners.values().map(Set::len);
        let (least, largest) = (sizes.clone().min(), sizes.clone().max());
        assert_eq!(sizes.sum::<usize>(), 3, "{story}: {owners:?}");
        assert_eq!(
            owners.values().flatten().collect::<Set<_>>().len(),
            3,
            "{story}: {owners:?}"
        );
        assert!(
            largest <= least.map(|least| least + 1),
            "{story}: {owners:?}"
        );
        if self.assignor.is_cooperative() {
            // Whoever stays keeps as much of its own as an even share holds.
            let share = (3 / self.alive.len()).max(1);
            for (name, own) in &owners {
                let had = before.get(name).cloned().unwrap_or_default();
                let kept_count = own.intersection(&had).count();
                assert!(
                    kept_count >= had.len().min(share),
                    "{story}: {before:?} became {owners:?}"
                );
            }
            return;
        }
        assert_eq!(owners, self.expected(group), "{story}");
    }

    /// What the assignor gives to these members, by their names.
    fn expected(&self, group: &ottla_core::group::Group) -> Owners {
        let name = self.assignor.name();
        let member = |member: &ottla_core::group::Member| Member {
            id: member.id.clone(),
            instance_id: None,
            subscription: MemberSubscription {
                topics: member
                    .metadata(name)
                    .and_then(|bytes| parse_subscription(bytes).ok())
                    .map(|subscription| subscription.topics)
                    .unwrap_or_default(),
                ..MemberSubscription::default()
            },
        };
        let members: Vec<Member> = group.members().map(member).collect();
        let partitions = vec![Set::new(); 3];
        let assignment = self
            .assignor
            .assign(&members, &[(TOPIC.into(), partitions)].into());
        let named = assignment.into_iter().map(|(id, partitions)| {
            let partitions = partitions.iter().map(|partition| partition.partition);
            (self.name_of(&id), partitions.collect())
        });
        named.collect()
    }

    /// A member's id begins with its client's name.
    fn name_of(&self, id: &MemberId) -> String {
        let name = self
            .alive
            .iter()
            .find(|name| id.starts_with(&format!("{name}-")));
        name.unwrap_or_else(|| panic!("{id} is nobody's")).clone()
    }
}

const MEMBERS_MAX: usize = 5;
const ENDED_MAX: usize = 2;

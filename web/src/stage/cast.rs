//! Who stands in a group's card: the world's consumers and the coordinator's members, brought together.

use ottla_lab::scene::{Activity, ConsumerView, Life, MemberView, Scene};
use ottla_lab::{Instant, TopicPartition};

/// A group's card, or that of the consumers without a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Troupe {
    /// Its place in [`Scene::groups`]; `None`: these have no group, or none that the coordinator knows yet.
    pub(crate) group: Option<usize>,
    /// Its id; empty without a group.
    pub(crate) id: String,
    /// In an order that does not change while they live.
    pub(crate) rows: Vec<Row>,
}

/// Somebody in a card.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// What nobody else in the scene is called.
    pub(crate) key: String,
    /// The client's name.
    pub(crate) name: String,
    /// Its place in [`Scene::consumers`]; `None`: the coordinator knows it, but it is no (longer a) consumer of this world.
    pub(crate) consumer: Option<usize>,
    /// The coordinator's entry: group and member as places in the scene.
    pub(crate) member: Option<(usize, usize)>,
    /// How it looks.
    pub(crate) look: Look,
    /// What the coordinator gave it.
    pub(crate) partitions: Vec<TopicPartition>,
    /// What it believes to have, and has not.
    pub(crate) believed: Vec<TopicPartition>,
}

/// How somebody looks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Look {
    /// It lives and reads.
    Reading,
    /// It works on a record.
    Working,
    /// It is a member without a partition.
    Idle,
    /// It waits for the group's next generation, or for its first.
    Joining,
    /// Its process stands still; the coordinator removes it then.
    Frozen(Option<Instant>),
    /// It is dead, and the coordinator does not know yet: it removes it then.
    Crashed(Option<Instant>),
    /// It is dead, and no member any more.
    Gone,
    /// It has left in order.
    Left,
    /// It does nothing more, for this reason.
    Failed(String),
    /// A former life of a client that has started again.
    Ghost(Option<Instant>),
    /// A member that is no consumer of this world.
    Foreign,
}

/// All cards of a scene.
pub(crate) fn troupes(scene: &Scene) -> Vec<Troupe> {
    let mut troupes: Vec<Troupe> = Vec::new();
    for (index, group) in scene.groups.iter().enumerate() {
        troupes.push(Troupe {
            group: Some(index),
            id: group.id.clone(),
            rows: Vec::new(),
        });
    }
    for (index, consumer) in scene.consumers.iter().enumerate() {
        let id = consumer.group.clone().unwrap_or_default();
        let place = troupes.iter().position(|troupe| troupe.id == id);
        let place = place.unwrap_or_else(|| {
            let (group, rows) = (None, Vec::new());
            troupes.push(Troupe { group, id, rows });
            troupes.len() - 1
        });
        let row = consumer_row(scene, troupes[place].group, index, consumer);
        troupes[place].rows.push(row);
    }
    for troupe in &mut troupes {
        let Some(group) = troupe.group else { continue };
        for (index, member) in scene.groups[group].members.iter().enumerate() {
            if !troupe
                .rows
                .iter()
                .any(|row| row.member == Some((group, index)))
            {
                let is_ghost = troupe.rows.iter().any(|row| row.name == member.client);
                troupe.rows.push(member_row(group, index, member, is_ghost));
            }
        }
    }
    troupes.retain(|troupe| troupe.group.is_some() || !troupe.rows.is_empty());
    troupes
}

fn consumer_row(scene: &Scene, group: Option<usize>, index: usize, consumer: &ConsumerView) -> Row {
    let members = group.map_or(&[][..], |group| &scene.groups[group].members);
    let entry = group.and_then(|group| scene.groups[group].member_of(consumer));
    let member = entry.map(|entry| &members[entry]);
    let partitions = member.map_or(Vec::new(), |member| member.partitions.clone());
    let is_alone = consumer.group.is_none();
    let read = consumer
        .partitions
        .iter()
        .map(|read| read.partition.clone());
    let (partitions, believed) = if is_alone {
        (read.collect(), Vec::new())
    } else {
        let believed = read
            .filter(|partition| !partitions.contains(partition))
            .collect();
        (partitions, believed)
    };
    let is_dead = matches!(consumer.life, Life::Crashed(_) | Life::Left(_));
    Row {
        key: consumer.name.clone(),
        name: consumer.name.clone(),
        consumer: Some(index),
        member: group.zip(entry),
        look: look(consumer, member),
        partitions,
        believed: if is_dead { Vec::new() } else { believed },
    }
}

fn look(consumer: &ConsumerView, member: Option<&MemberView>) -> Look {
    let ends_at = member.and_then(|member| member.session_ends_at);
    match (consumer.life, member) {
        (Life::Crashed(_), Some(_)) => Look::Crashed(ends_at),
        (Life::Crashed(_), None) => Look::Gone,
        (Life::Left(_), _) => Look::Left,
        (Life::Frozen(_), _) => Look::Frozen(ends_at),
        (Life::Running, _) => match &consumer.activity {
            Activity::Failed(reason) => Look::Failed(reason.clone()),
            Activity::Connecting | Activity::Rebalancing => Look::Joining,
            Activity::Idle => Look::Idle,
            Activity::Waiting => Look::Reading,
            Activity::Working { .. } => Look::Working,
        },
    }
}

fn member_row(group: usize, index: usize, member: &MemberView, is_ghost: bool) -> Row {
    Row {
        key: member.member_id.clone(),
        name: member.client.clone(),
        consumer: None,
        member: Some((group, index)),
        look: if is_ghost {
            Look::Ghost(member.session_ends_at)
        } else {
            Look::Foreign
        },
        partitions: member.partitions.clone(),
        believed: Vec::new(),
    }
}

impl Look {
    /// Whether it is dead or will be taken for dead.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(
            self,
            Look::Crashed(_)
                | Look::Frozen(Some(_))
                | Look::Ghost(_)
                | Look::Gone
                | Look::Failed(_)
        )
    }

    /// When the coordinator takes it for dead, if that is to be expected.
    pub(crate) fn removed_at(&self) -> Option<Instant> {
        match self {
            Look::Crashed(at) | Look::Frozen(at) | Look::Ghost(at) => *at,
            _ => None,
        }
    }
}

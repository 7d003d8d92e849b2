//! Actions of chance: those that make a world more often than those that break it.

use ottla_client::random::Random;

pub(crate) struct Chance(Random);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Random::new(seed))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0.below(end as u64) as usize
    }

    /// How long nothing is done: a moment, or as long as a session.
    pub(crate) fn span_ms(&mut self) -> u64 {
        match self.below(4) {
            0 => 0,
            1 => self.0.below(100),
            2 => self.0.below(2000),
            _ => self.0.below(6000),
        }
    }

    /// The line of an action. Whether it can be done is another matter.
    pub(crate) fn line(&mut self) -> String {
        match self.below(20) {
            0 => format!("topic {} partitions={}", self.topic(), 1 + self.below(4)),
            1..=2 => self.producer(),
            3..=6 => self.consumer(),
            7..=9 => self.send(),
            10..=12 => {
                let what = ["crash", "freeze", "thaw", "leave", "restart", "restart"];
                format!("{} {}", what[self.below(6)], self.client())
            }
            13 => {
                let what = ["cut", "lose-answer", "remove", "pause", "resume", "commit"];
                format!("{} {}", what[self.below(6)], self.client())
            }
            14 => format!("rate {} {}/10s", self.shop(), 1 + self.below(50)),
            15 => format!("work {} {}ms", self.worker(), self.below(1500)),
            16 => {
                let what = ["crash", "stop", "start", "start", "freeze", "thaw"];
                format!("broker {}", what[self.below(6)])
            }
            17 => match self.below(2) {
                0 => format!(
                    "links latency={}ms jitter={}ms",
                    1 + self.below(150),
                    self.below(40)
                ),
                _ => format!("disk {}ms", self.below(300)),
            },
            18 => format!("partitions {} {}", self.topic(), 2 + self.below(4)),
            _ => match self.below(3) {
                0 => format!("delete-topic {}", self.topic()),
                1 => format!(
                    "seek {} {}-0 {}",
                    self.worker(),
                    self.topic(),
                    self.below(4)
                ),
                _ => format!("configure {} retention.ms=5000", self.topic()),
            },
        }
    }

    fn producer(&mut self) -> String {
        let partitioner = ["default", "kafkajs", "round_robin", "consistent"][self.below(4)];
        let acks = ["all", "1", "all", "0"][self.below(4)];
        let is_idempotent = acks == "all" && self.below(3) > 0;
        format!(
            "producer {} topic={} keys=0..{} rate={}/10s partitioner={partitioner} acks={acks} idempotence={is_idempotent}",
            self.shop(),
            self.topic(),
            self.below(12),
            1 + self.below(40)
        )
    }

    fn consumer(&mut self) -> String {
        let name = self.worker();
        let group = ["billing", "billing", "billing", "audit"][self.below(4)];
        let topics = ["orders", "orders", "orders,rides"][self.below(3)];
        let assignor = ["range", "roundrobin", "sticky", "cooperative-sticky"][self.below(4)];
        let work_ms = [0, 0, 50, 400][self.below(4)];
        // Most groups promise that nothing is lost: then all of their members commit after their work.
        let commit = match (group, self.below(6)) {
            ("billing", 1..) => "after",
            (_, 0) => "before",
            _ => "auto:2s",
        };
        let instance = match self.below(4) {
            0 => format!(" instance={name}"),
            _ => String::new(),
        };
        let poison = ["crash", "skip", "retry"][self.below(3)];
        format!(
            "consumer {name} group={group} topics={topics} assignor={assignor} session=6s heartbeat=2s work={work_ms}ms commit={commit}{instance} on-poison={poison}"
        )
    }

    fn send(&mut self) -> String {
        let (shop, count) = (self.shop(), 1 + self.below(12));
        match self.below(12) {
            0 => format!("send {shop} value=poison"),
            1..=3 => format!("send {shop} key=emp001 count={count}"),
            _ => format!("send {shop} count={count}"),
        }
    }

    fn topic(&mut self) -> &'static str {
        ["orders", "orders", "rides"][self.below(3)]
    }

    fn shop(&mut self) -> String {
        format!("shop-{}", self.below(2))
    }

    fn worker(&mut self) -> String {
        format!("worker-{}", self.below(4))
    }

    fn client(&mut self) -> String {
        match self.below(4) {
            0 => self.shop(),
            _ => self.worker(),
        }
    }
}

//! Which function comes after which.

use std::cmp::Reverse;
use std::collections::VecDeque;

/// How many bytes make a word, by which two bodies are alike.
const WORD_BYTES: usize = 4;
/// How far back bodies are looked at: gzip's own window, and what is near, for a near one is said in less.
const WINDOWS_BYTES: [usize; 2] = [32_000, 2_000];
/// Added to a body's count of words: a short one is not to follow for the sake of the two words that it has.
const SHORT_WORDS: f64 = 30.0;

/// The order of the bodies by their numbers: each is the one that has the most in common with those just before it, for its length.
/// What few have counts more than what many have.
pub(super) fn likeness(bodies: &[&[u8]]) -> Vec<usize> {
    let words = Words::of(bodies);
    let mut windows = WINDOWS_BYTES.map(|size_bytes| Window::new(size_bytes, &words));
    let mut common = vec![0.0; bodies.len()];
    let mut open: Vec<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    let value = |body: usize, common: &[f64]| {
        common[body] / (SHORT_WORDS + words.of_bodies[body].len() as f64)
    };
    while let Some(at) = (0..open.len()).max_by(|one, other| {
        let values = [*one, *other].map(|at| value(open[at], &common));
        values[0]
            .total_cmp(&values[1])
            .then(Reverse(open[*one]).cmp(&Reverse(open[*other])))
    }) {
        let body = open.swap_remove(at);
        order.push(body);
        for window in &mut windows {
            window.push(body, bodies, &words, &mut common);
        }
    }
    order
}

/// Which words are in which bodies.
struct Words {
    /// Each once.
    of_bodies: Vec<Vec<usize>>,
    bodies_with: Vec<Vec<usize>>,
}

impl Words {
    fn of(bodies: &[&[u8]]) -> Words {
        let mut all: Vec<(&[u8], usize)> = Vec::new();
        for (body, bytes) in bodies.iter().enumerate() {
            all.extend(bytes.windows(WORD_BYTES).map(|word| (word, body)));
        }
        all.sort_unstable();
        all.dedup();
        let mut of_bodies = vec![Vec::new(); bodies.len()];
        let mut bodies_with = Vec::new();
        for (number, same) in all.chunk_by(|one, next| one.0 == next.0).enumerate() {
            let with: Vec<usize> = same.iter().map(|(_, body)| *body).collect();
            with.iter().for_each(|body| of_bodies[*body].push(number));
            bodies_with.push(with);
        }
        Words {
            of_bodies,
            bodies_with,
        }
    }

    /// What it is worth to have a word in common.
    fn rarity(&self, word: usize) -> f64 {
        1.0 / (self.bodies_with[word].len() as f64).sqrt()
    }
}

/// The last bodies.
struct Window {
    bodies: VecDeque<usize>,
    size_bytes: usize,
    limit_bytes: usize,
    /// How many of the bodies have a word.
    counts: Vec<u32>,
}

impl Window {
    fn new(limit_bytes: usize, words: &Words) -> Window {
        Window {
            bodies: VecDeque::new(),
            size_bytes: 0,
            limit_bytes,
            counts: vec![0; words.bodies_with.len()],
        }
    }

    /// Moves on by a body, and keeps what each body has in common with the window.
    fn push(&mut self, body: usize, bodies: &[&[u8]], words: &Words, common: &mut [f64]) {
        self.bodies.push_back(body);
        self.size_bytes += bodies[body].len();
        for word in &words.of_bodies[body] {
            self.counts[*word] += 1;
            if self.counts[*word] == 1 {
                let rarity = words.rarity(*word);
                words.bodies_with[*word]
                    .iter()
                    .for_each(|body| common[*body] += rarity);
            }
        }
        while self.size_bytes > self.limit_bytes && self.bodies.len() > 1 {
            let Some(left) = self.bodies.pop_front() else {
                return;
            };
            self.size_bytes -= bodies[left].len();
            for word in &words.of_bodies[left] {
                self.counts[*word] -= 1;
                if self.counts[*word] == 0 {
                    let rarity = words.rarity(*word);
                    words.bodies_with[*word]
                        .iter()
                        .for_each(|body| common[*body] -= rarity);
                }
            }
        }
    }
}

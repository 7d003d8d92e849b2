//! A key's way through murmur2, four bytes at a time, with the numbers in between.

use ottla_client::partitioner::murmur2;

/// What one step does, and the hash after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) what: String,
    pub(super) hash: u32,
}

/// All steps; the last one's hash is [`murmur2`]'s.
pub(super) fn steps(key: &str) -> Vec<Step> {
    let bytes = key.as_bytes();
    let mut hash = SEED ^ bytes.len() as u32;
    let mut steps = vec![Step {
        what: format!("the seed {SEED:08x}, and the length {}", bytes.len()),
        hash,
    }];
    let mut words = bytes.chunks_exact(4);
    for word in &mut words {
        let mixed = u32::from_le_bytes([word[0], word[1], word[2], word[3]]).wrapping_mul(M);
        hash = hash.wrapping_mul(M) ^ (mixed ^ mixed >> 24).wrapping_mul(M);
        steps.push(Step {
            what: format!("{} mixed in", shown(word)),
            hash,
        });
    }
    let rest = words.remainder();
    if !rest.is_empty() {
        let word = rest
            .iter()
            .rfold(0, |word, byte| word << 8 | u32::from(*byte));
        hash = (hash ^ word).wrapping_mul(M);
        steps.push(Step {
            what: format!("{} mixed in, the rest", shown(rest)),
            hash,
        });
    }
    let hash = murmur2(bytes) as u32;
    steps.push(Step {
        what: "stirred once more: murmur2".into(),
        hash,
    });
    steps
}

/// `"emp0" 65 6d 70 30`; bytes that are no text by themselves are shown as bytes only.
fn shown(bytes: &[u8]) -> String {
    let numbers: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let numbers = numbers.join(" ");
    match std::str::from_utf8(bytes) {
        Ok(text) => format!("\"{text}\" {numbers}"),
        Err(_) => numbers,
    }
}

/// As in Java's `Utils.murmur2`.
const SEED: u32 = 0x9747_b28c;
const M: u32 = 0x5bd1_e995;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_lead_to_the_hash_that_java_has() {
        for key in ["", "a", "anna", "emp001", "user-42", "Käthe", "0123456789"] {
            let steps = steps(key);
            let before = steps[steps.len() - 2].hash;
            let stirred = (before ^ before >> 13).wrapping_mul(M);
            assert_eq!(
                stirred ^ stirred >> 15,
                murmur2(key.as_bytes()) as u32,
                "{key}"
            );
            assert_eq!(steps.len(), 2 + key.len().div_ceil(4), "{key}");
        }
    }

    #[test]
    fn bytes_stand_beside_their_text() {
        assert_eq!(steps("emp001")[1].what, "\"emp0\" 65 6d 70 30 mixed in");
        assert_eq!(steps("emp001")[2].what, "\"01\" 30 31 mixed in, the rest");
    }
}

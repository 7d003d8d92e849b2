//! The order in which Java's `HashMap` gives back what was put into it: Kafka's tools print some of their rows in it.

use ottla_core::TopicPartition;

/// `items`, in the order of their being put, as a `HashMap` that grew by itself iterates over them.
///
/// A bucket is the lower bits of the hash, folded; within a bucket the order of arrival stays, also when the table grows.
pub(crate) fn hash_order<T>(items: Vec<T>, hash: impl Fn(&T) -> i32) -> Vec<T> {
    in_buckets(items, 16, hash)
}

/// The same for a `HashMap` that was made for so many items: `new HashMap<>(items.size())`.
pub(crate) fn sized_hash_order<T>(items: Vec<T>, hash: impl Fn(&T) -> i32) -> Vec<T> {
    let capacity = u32::try_from(items.len()).unwrap_or(u32::MAX >> 1);
    in_buckets(items, capacity.next_power_of_two(), hash)
}

fn in_buckets<T>(mut items: Vec<T>, mut capacity: u32, hash: impl Fn(&T) -> i32) -> Vec<T> {
    while items.len() as u64 > u64::from(capacity) * 3 / 4 && capacity < 1 << 30 {
        capacity *= 2;
    }
    items.sort_by_key(|item| {
        let hash = hash(item).cast_unsigned();
        (hash ^ (hash >> 16)) & (capacity - 1)
    });
    items
}

/// `String.hashCode()`.
pub(crate) fn hash_of_string(text: &str) -> i32 {
    text.encode_utf16().fold(0, |hash: i32, unit| {
        hash.wrapping_mul(31).wrapping_add(i32::from(unit))
    })
}

/// `TopicPartition.hashCode()`.
pub(crate) fn hash_of_partition(of: &TopicPartition) -> i32 {
    let partition = 31i32.wrapping_add(of.partition);
    partition
        .wrapping_mul(31)
        .wrapping_add(hash_of_string(&of.topic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hash_as_in_java() {
        assert_eq!(hash_of_string(""), 0);
        assert_eq!(hash_of_string("hello"), 99_162_322);
        assert_eq!(hash_of_string("__consumer_offsets"), -970_371_369);
    }

    #[test]
    fn a_table_made_to_measure_has_fewer_buckets() {
        let order =
            |items: &[&'static str]| sized_hash_order(items.to_vec(), |item| hash_of_string(item));
        // As Apache Kafka 4.3.1 describes these topics.
        let topics = ["orders", "payments", "placed", "user.events", "user_audit"];
        let described = ["orders", "user_audit", "placed", "user.events", "payments"];
        assert_eq!(order(&topics), described);
        assert_eq!(order(&topics[..2]), ["orders", "payments"]);
    }

    #[test]
    fn the_order_is_that_of_the_buckets_and_then_of_arrival() {
        // One letter each: the hash is the letter. 'a' is 97 = 6 * 16 + 1, 'q' is 113 = 7 * 16 + 1.
        let order =
            |items: &[&'static str]| hash_order(items.to_vec(), |item| hash_of_string(item));
        assert_eq!(order(&["q", "b", "a", "p"]), ["p", "q", "a", "b"]);
        assert_eq!(order(&["a", "q"]), ["a", "q"]);
        // With 13 the table has 32 buckets, and 'q' is no longer beside 'a'.
        let many = [
            "q", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
        ];
        assert_eq!(order(&many).last(), Some(&"q"));
    }
}

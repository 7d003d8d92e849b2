//! The CSV of `--export` and `--from-file`: `topic,partition,offset`, with the group before it where there are several.

use ottla_core::sorted::Map;
use ottla_core::{GroupId, TopicPartition};

/// What a file says: new offsets, in its order.
pub(super) type Plan = Map<GroupId, Vec<(TopicPartition, i64)>>;

/// Reads a plan. Without a group in its lines it is for `only_group`.
///
/// # Errors
/// The first line that is none, for people.
pub(super) fn parse(text: &str, only_group: Option<&GroupId>) -> Result<Plan, String> {
    // Java's split drops what is empty at the end.
    let lines: Vec<&str> = text.trim_end_matches('\n').split('\n').collect();
    let has_groups = lines
        .first()
        .is_some_and(|line| fields(line).is_some_and(|fields| fields.len() > 3));
    let mut plan = Plan::new();
    for (index, line) in lines.iter().enumerate() {
        let wrong = |what: &str| format!("line {} of the file {what}: {line}", index + 1);
        let mut fields = fields(line).ok_or_else(|| wrong("has an open quotation mark"))?;
        let group = match only_group {
            Some(group) if !has_groups => group.clone(),
            _ if fields.is_empty() => return Err(wrong("is empty")),
            _ => fields.remove(0).into(),
        };
        let [topic, partition, offset] = fields.as_slice() else {
            return Err(wrong("is not topic,partition,offset"));
        };
        let topic_partition = TopicPartition {
            topic: topic.as_str().into(),
            partition: partition
                .trim()
                .parse()
                .map_err(|_| wrong("names no partition"))?,
        };
        let offset = offset
            .trim()
            .parse()
            .map_err(|_| wrong("names no offset"))?;
        let offsets = plan.entry(group).or_default();
        match offsets
            .iter_mut()
            .find(|(known, _)| *known == topic_partition)
        {
            Some((_, known)) => *known = offset,
            None => offsets.push((topic_partition, offset)),
        }
    }
    Ok(plan)
}

/// A line of a plan, with its end.
pub(super) fn line(group: Option<&GroupId>, partition: &TopicPartition, offset: i64) -> String {
    let group = group.map_or_else(String::new, |group| format!("{},", quoted(group)));
    let (topic, partition) = (quoted(&partition.topic), partition.partition);
    format!("{group}{topic},{partition},{offset}\n")
}

/// Jackson puts quotation marks around what is long or may need them.
fn quoted(text: &str) -> String {
    const LONGEST_LOOKED_AT: usize = 24;
    let is_plain = text.len() <= LONGEST_LOOKED_AT && text.bytes().all(|byte| byte > b',');
    match is_plain && !text.is_empty() {
        true => text.to_owned(),
        false => format!("\"{}\"", text.replace('"', "\"\"")),
    }
}

/// The fields of a line; none if a quotation mark is not closed.
fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut rest = line.trim_end_matches('\r');
    loop {
        let Some(quoted) = rest.strip_prefix('"') else {
            match rest.split_once(',') {
                Some((field, behind)) => {
                    fields.push(field.to_owned());
                    rest = behind;
                    continue;
                }
                None => {
                    fields.push(rest.to_owned());
                    return Some(fields);
                }
            }
        };
        let mut field = String::new();
        let mut behind = quoted;
        loop {
            let (part, after) = behind.split_once('"')?;
            field.push_str(part);
            behind = after;
            match behind.strip_prefix('"') {
                Some(more) => {
                    field.push('"');
                    behind = more;
                }
                None => break,
            }
        }
        fields.push(field);
        match behind.strip_prefix(',') {
            Some(more) => rest = more,
            None => return behind.is_empty().then_some(fields),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(topic: &str, partition: i32) -> TopicPartition {
        TopicPartition {
            topic: topic.into(),
            partition,
        }
    }

    #[test]
    fn what_is_exported_can_be_read_again() {
        let group = GroupId::from("g");
        let long = "a-topic-whose-name-is-longer-than-that";
        let rows = [(partition("t", 0), 5), (partition(long, 2), 7)];
        let text: String = rows
            .iter()
            .map(|(of, offset)| line(None, of, *offset))
            .collect();
        assert_eq!(text, format!("t,0,5\n\"{long}\",2,7\n"));
        let plan = parse(&text, Some(&group)).expect("a plan");
        assert_eq!(plan[&group], rows);

        let other = GroupId::from("an, \"other\"");
        let text: String = rows
            .iter()
            .map(|(of, offset)| line(Some(&other), of, *offset))
            .collect();
        let plan = parse(&text, Some(&group)).expect("a plan");
        assert_eq!(plan[&other], rows);
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let group = GroupId::from("g");
        let error = |text| parse(text, Some(&group)).expect_err("no plan");
        assert_eq!(
            error("t,0,5\nt,x,6"),
            "line 2 of the file names no partition: t,x,6"
        );
        assert_eq!(
            error("t,0"),
            "line 1 of the file is not topic,partition,offset: t,0"
        );
        assert_eq!(
            error("\"t,0,5"),
            "line 1 of the file has an open quotation mark: \"t,0,5"
        );
        assert_eq!(
            error("t,0,5\n\nt,0,5"),
            "line 2 of the file is not topic,partition,offset: "
        );
    }
}

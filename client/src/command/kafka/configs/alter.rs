//! `--alter`.

use super::entity::Kind;
use super::{Entity, ask};
use crate::admin::{AlterConfigs, ConfigChange, ConfigOp, DescribeConfigs};
use crate::command::Desk;
use crate::command::kafka::cluster::load_properties;
use crate::command::kafka::failure::Failure;
use crate::command::kafka::java::Properties;
use crate::command::kafka::options::Options;
use ottla_core::sorted::Map;

/// Changes settings.
pub(super) fn alter(desk: &mut Desk, options: &Options, entity: &Entity) -> Result<(), Failure> {
    let kind = entity.kind;
    let name = entity.name.as_deref().unwrap_or_default();
    let added = added(desk, options)?;
    let deleted = deleted(options);
    let resource = kind.resource(name);
    if kind == Kind::BrokerLogger {
        let loggers = ask(
            desk,
            DescribeConfigs {
                resources: vec![resource.clone()],
                keys: None,
                synonyms: false,
                documentation: false,
            },
        )?;
        let known = loggers.into_values().next().transpose();
        let known = known.map_err(|error| Failure::from(error).of_future())?;
        let known = known.unwrap_or_default();
        let is_unknown = |logger: &&String| !known.iter().any(|one| one.name == **logger);
        let unknown: Vec<&str> = deleted
            .iter()
            .chain(added.keys())
            .filter(is_unknown)
            .map(String::as_str)
            .collect();
        if !unknown.is_empty() {
            return Err(Failure::illegal(format!(
                "Invalid broker logger(s): {}",
                unknown.join(",")
            )));
        }
    }

    let deletions = deleted.into_iter().map(|name| ConfigChange {
        name,
        op: ConfigOp::Delete,
    });
    let additions = added.into_iter().map(|(name, value)| ConfigChange {
        name,
        op: ConfigOp::Set(value),
    });
    let outcomes = ask(
        desk,
        AlterConfigs {
            changes: Map::from([(resource, deletions.chain(additions).collect())]),
            validate_only: false,
        },
    )?;
    for outcome in outcomes.into_values() {
        outcome.map_err(|error| Failure::from(error).of_future())?;
    }
    desk.println(match name {
        "" => format!(
            "Completed updating default config for {} in the cluster.",
            kind.plural()
        ),
        name => format!("Completed updating config for {} {name}.", kind.singular()),
    });
    Ok(())
}

/// `--add-config` and `--add-config-file`.
fn added(desk: &mut Desk, options: &Options) -> Result<Properties, Failure> {
    let mut added = match options.value("add-config-file")? {
        Some(path) => load_properties(desk, path)??,
        None => Properties::new(),
    };
    if let Some(list) = options.value("add-config")? {
        for pair in split_outside_brackets(list, ',') {
            let parts = split_outside_brackets(pair, '=');
            let [key, value] = parts[..] else {
                return Err(Failure::illegal(
                    "requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\" or  \
                     \"key=[val1,val2]\" to group values which contain commas.",
                ));
            };
            let value = value.replace(['[', ']'], "");
            added.insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    let is_allowed = |one: char| one.is_ascii_alphanumeric() || "$._-".contains(one);
    match added.keys().find(|key| !key.chars().all(is_allowed)) {
        Some(key) => Err(Failure::illegal(format!(
            "Invalid character found for config key: {key}"
        ))),
        None => Ok(added),
    }
}

/// `--delete-config`, any number of times, each a list.
fn deleted(options: &Options) -> Vec<String> {
    let lists = options.values("delete-config").into_iter();
    let names = lists.flat_map(|list| list.split(','));
    names
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The parts of a text between separators that stand in no brackets.
fn split_outside_brackets(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(separator) {
        // Inside, what comes next is the closing bracket.
        let next_bracket = text[at..].find(['[', ']']);
        let is_inside = next_bracket.is_some_and(|next| text[at..][next..].starts_with(']'));
        if !is_inside {
            parts.push(&text[start..at]);
            start = at + separator.len_utf8();
        }
    }
    parts.push(&text[start..]);
    if separator == ',' {
        let used = parts.iter().rposition(|part| !part.is_empty());
        parts.truncate(used.map_or(1, |last| last + 1));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_hold_a_list_together() {
        let commas = |text| split_outside_brackets(text, ',');
        assert_eq!(commas("a=1,b=[x,y],c=3"), ["a=1", "b=[x,y]", "c=3"]);
        assert_eq!(commas("a=[x,y]"), ["a=[x,y]"]);
        assert_eq!(commas("a=1,"), ["a=1"]);
        assert_eq!(commas(""), [""]);
        assert_eq!(
            split_outside_brackets("a=[password=x]", '='),
            ["a", "[password=x]"]
        );
        assert_eq!(split_outside_brackets("a=", '='), ["a", ""]);
    }
}

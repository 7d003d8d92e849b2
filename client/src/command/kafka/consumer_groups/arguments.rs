//! Which options go together.

use super::failure::{Failure, OrElse};
use crate::admin::ListGroups;
use crate::command::Desk;
use crate::command::kafka::cluster;
use crate::command::kafka::java::{Exception, hash_of_string, hash_order};
use crate::command::kafka::options::Options;
use ottla_core::GroupId;

/// Kafka's checks, in its order.
pub(super) fn check(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    options.help_or_version(PURPOSE)?;
    if !options.has("validate-regex") {
        options.check_required(&["bootstrap-server"])?;
    }
    check_describe(options)?;
    check_delete(options)?;
    check_reset(desk, options)?;
    options.check_invalid("group", &["all-groups"])?;
    options.check_invalid("group", &["list"])?;
    options.check_invalid("topic", &["list", "describe"])?;
    if ACTIONS.iter().filter(|action| options.has(action)).count() != 1 {
        let actions: Vec<String> = ACTIONS.iter().map(|action| format!("--{action}")).collect();
        let actions = actions.join(", ");
        return Err(options
            .usage(format!(
                "Command must include exactly one action: {actions}"
            ))
            .into());
    }
    Ok(())
}

/// Connects, with `--timeout` for each question.
pub(super) fn connect(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    let timeout_ms = options.long("timeout")?;
    let config = cluster::admin_config_of(desk, options)?;
    let mut config = config.map_err(not_made)?;
    if let Some(timeout_ms) = timeout_ms {
        config.api_timeout_ms = timeout_ms;
        config.patience_ms = timeout_ms;
    }
    desk.connect(config);
    Ok(())
}

/// What the tool makes of an admin client that cannot be made.
fn not_made(exception: Exception) -> Failure {
    if !exception.class.ends_with("ConfigException") {
        return Failure::thrown(exception.as_runtime());
    }
    Failure::Thrown {
        exception: Exception {
            class: "org.apache.kafka.common.KafkaException".to_owned(),
            message: "Failed to create new KafkaAdminClient".to_owned(),
        },
        more: Some(exception.message),
    }
}

/// The groups that are meant: those of `--group`, or all.
pub(super) fn groups(desk: &mut Desk, options: &Options) -> Result<Vec<GroupId>, Failure> {
    if options.has("all-groups") {
        return all_groups(desk);
    }
    Ok(options
        .values("group")
        .into_iter()
        .map(GroupId::from)
        .collect())
}

/// All groups that are, or may be, of consumers, in the order of Kafka's admin client.
pub(super) fn all_groups(desk: &mut Desk) -> Result<Vec<GroupId>, Failure> {
    let question = ListGroups {
        states: Vec::new(),
        types: vec!["classic".to_owned(), "consumer".to_owned()],
    };
    let listed = desk.try_ask(question)?;
    let listed = listed.or_thrown(Failure::wrapped_future)?;
    if let Some(error) = listed.failures.values().next() {
        return Err(Failure::wrapped_future(error));
    }
    let groups = listed.groups.into_iter();
    let of_consumers = groups.filter(|(_, group)| is_of_consumers(&group.protocol_type));
    let ids = of_consumers.map(|(id, _)| id).collect();
    Ok(hash_order(ids, |id: &GroupId| hash_of_string(id)))
}

/// Groups of connectors and the like are not for this tool.
pub(super) fn is_of_consumers(protocol_type: &str) -> bool {
    matches!(protocol_type, "" | "consumer")
}

fn check_describe(options: &Options) -> Result<(), Failure> {
    if !options.has("describe") {
        return Ok(());
    }
    check_scope(options, "describe")?;
    let views = ["members", "offsets", "state"];
    if views.iter().filter(|view| options.has(view)).count() > 1 {
        let message =
            "Option [describe] takes at most one of these options: [members], [offsets], [state]";
        return Err(options.usage(message).into());
    }
    if options.value("state")?.is_some() {
        return Err(options
            .usage("Option [describe] does not take a value for [state]")
            .into());
    }
    Ok(())
}

fn check_delete(options: &Options) -> Result<(), Failure> {
    if options.has("delete") {
        check_scope(options, "delete")?;
        if options.has("topic") {
            let message = "The consumer does not support topic-specific offset deletion from a consumer group.";
            return Err(options.usage(message).into());
        }
    }
    if options.has("delete-offsets") && !(options.has("group") && options.has("topic")) {
        let message = "Option [delete-offsets] takes the following options: [group], [topic]";
        return Err(options.usage(message).into());
    }
    Ok(())
}

fn check_reset(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    if !options.has("reset-offsets") {
        return Ok(());
    }
    if options.has("dry-run") && options.has("execute") {
        let message = "Option [reset-offsets] only accepts one of [execute] and [dry-run]";
        return Err(options.usage(message).into());
    }
    if !options.has("dry-run") && !options.has("execute") {
        desk.warn(
            "WARN: No action will be performed as the --execute option is missing. \
             In version 5.0, this command will require either --dry-run or --execute to be specified. \
             You should add the --dry-run option explicitly if you are scripting this command and want to \
             keep the current default behavior without prompting.",
        );
    }
    check_scope(options, "reset-offsets")?;
    for used in SCENARIOS {
        let others: Vec<&str> = SCENARIOS
            .iter()
            .copied()
            .filter(|other| other != used)
            .collect();
        options.check_invalid(used, &others)?;
    }
    Ok(())
}

fn check_scope(options: &Options, action: &str) -> Result<(), Failure> {
    match options.has("group") || options.has("all-groups") {
        true => Ok(()),
        false => Err(options
            .usage(format!(
                "Option [{action}] takes one of these options: [group], [all-groups]"
            ))
            .into()),
    }
}

const PURPOSE: &str = "This tool helps to list all consumer groups, describe a consumer group, delete consumer group info, or reset consumer group offsets.";

const ACTIONS: [&str; 6] = [
    "list",
    "describe",
    "delete",
    "reset-offsets",
    "delete-offsets",
    "validate-regex",
];

/// Where a reset may take a group.
pub(super) const SCENARIOS: &[&str] = &[
    "to-offset",
    "to-datetime",
    "by-duration",
    "to-earliest",
    "to-latest",
    "to-current",
    "shift-by",
    "from-file",
];

//! What the tool makes of its command line.

use crate::command::Desk;
use crate::command::kafka::cluster;
use crate::command::kafka::declared::topics::OPTIONS;
use crate::command::kafka::failure::Failure;
use crate::command::kafka::options::{Options, Quit};

/// The options, checked, with the desk connected to the cluster.
pub(super) fn read(desk: &mut Desk, arguments: &[String]) -> Result<Options, Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    if arguments.is_empty() {
        return Err(options
            .usage("Create, delete, describe, or change a topic.")
            .into());
    }
    options.help_or_version("This tool helps to create, delete, describe, or change a topic.")?;
    if ACTIONS.iter().filter(|action| options.has(action)).count() != 1 {
        let message = "Command must include exactly one action: --list, --describe, --create, --alter or --delete";
        return Err(options.usage(message).into());
    }
    if options.has("delete-config") {
        desk.warn(
            "delete-config option is no longer supported and deprecated since version 4.0. \
             The config will be fully removed in future releases.",
        );
    }
    check_needed(desk, &options)?;
    check_invalid(&options)?;
    options.value("bootstrap-server")?;
    options.value("command-config")?;
    let config = cluster::admin_config_of(desk, &options)??;
    desk.connect(config);
    Ok(options)
}

fn check_needed(desk: &mut Desk, options: &Options) -> Result<(), Failure> {
    if !options.has("bootstrap-server") {
        return Err(Failure::illegal("--bootstrap-server must be specified"));
    }
    if options.has("describe") && options.has("if-exists") {
        match (options.has("topic"), options.has("topic-id")) {
            (false, false) => {
                let message = "--topic or --topic-id is required to describe a topic";
                return Err(options.usage(message).into());
            }
            (true, true) => desk.println(
                "Only topic id will be used when both --topic and --topic-id are specified and topicId is not Uuid.ZERO_UUID",
            ),
            _ => {}
        }
    }
    if !options.has("list") && !options.has("describe") {
        options.check_required(&["topic"])?;
    }
    if options.has("alter") {
        if options.has("config") {
            let message = "Option combination \"[[bootstrap-server], [config]]\" can't be used with option \"[alter]\" \
                           (To alter topic configurations, the kafka-configs tool can be used.)";
            return Err(options.usage(message).into());
        }
        options.check_required(&["partitions"])?;
    }
    Ok(())
}

fn check_invalid(options: &Options) -> Result<(), Quit> {
    let others = |allowed: &[&str]| -> Vec<&'static str> {
        let actions = ACTIONS.iter().filter(|action| !allowed.contains(action));
        actions.copied().collect()
    };
    options.check_invalid("config", &others(&["alter", "create"]))?;
    options.check_invalid("partitions", &others(&["alter", "create"]))?;
    options.check_invalid("replication-factor", &others(&["create"]))?;
    options.check_invalid("replica-assignment", &others(&["alter", "create"]))?;
    if options.has("create") {
        let numbers = ["partitions", "replication-factor"];
        options.check_invalid("replica-assignment", &numbers)?;
    }
    let not_describe = others(&["describe"]);
    for report in REPORTS {
        let invalid = [&not_describe[..], &["topics-with-overrides"]].concat();
        options.check_invalid(report, &invalid)?;
    }
    let invalid = [&not_describe[..], &REPORTS].concat();
    options.check_invalid("topics-with-overrides", &invalid)?;
    options.check_invalid("if-exists", &others(&["alter", "delete", "describe"]))?;
    options.check_invalid("if-not-exists", &others(&["create"]))?;
    options.check_invalid("exclude-internal", &others(&["list", "describe"]))
}

const ACTIONS: [&str; 5] = ["create", "list", "alter", "describe", "delete"];

/// What `--describe` can be narrowed down to.
const REPORTS: [&str; 4] = [
    "under-replicated-partitions",
    "under-min-isr-partitions",
    "at-min-isr-partitions",
    "unavailable-partitions",
];

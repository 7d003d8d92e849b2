//! What the tool makes of its command line.

use super::Entity;
use super::entity::Kind;
use crate::command::Desk;
use crate::command::kafka::cluster;
use crate::command::kafka::declared::configs::OPTIONS;
use crate::command::kafka::failure::Failure;
use crate::command::kafka::options::Options;
use ottla_core::sorted::Set;

/// The options, checked, and whose settings are meant, with the desk connected to the cluster.
pub(super) fn read(desk: &mut Desk, arguments: &[String]) -> Result<(Options, Entity), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    options.help_or_version(
        "This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip, client-metrics or group",
    )?;
    if options.has("alter") == options.has("describe") {
        let message = "Command must include exactly one action: --describe, --alter";
        return Err(options.usage(message).into());
    }
    options.check_invalid("describe", &["add-config", "delete-config"])?;
    let (types, names) = entities(&options)?;
    check_types(&options, &types)?;
    let with_entity = ["entity-name", "entity-type", "entity-default"];
    let flags = NAMED.iter().chain(&DEFAULTS);
    if with_entity.iter().any(|name| options.has(name))
        && flags.into_iter().any(|(flag, _)| options.has(flag))
    {
        return Err(Failure::illegal(
            "--entity-{type,name,default} should not be used in conjunction with specific entity flags",
        ));
    }
    if options.has("bootstrap-server") && options.has("bootstrap-controller") {
        return Err(Failure::illegal(
            "Only one of --bootstrap-server or --bootstrap-controller can be specified",
        ));
    }
    check_names(&types, &names)?;
    match options.has("alter") {
        true => check_alter(&options, &types, &names)?,
        false => check_describe(&options, &types, &names)?,
    }

    if options.has("bootstrap-controller") {
        return Err(Failure::illegal(
            "--bootstrap-controller is not served here: --bootstrap-server HOST:PORT names a broker",
        ));
    }
    options.value("command-config")?;
    options.value("bootstrap-server")?;
    let config = cluster::admin_config_of(desk, &options)??;
    desk.connect(config);
    if options.has("alter") && types.len() != names.len() {
        return Err(Failure::illegal(
            "An entity name must be specified for every entity type",
        ));
    }
    let entity = Entity {
        kind: Kind::of(types[0])?,
        name: names.first().cloned(),
    };
    Ok((options, entity))
}

/// The types of entities, and their names; an empty name is the default.
fn entities(options: &Options) -> Result<(Vec<&str>, Vec<String>), Failure> {
    let mut types = options.values("entity-type");
    let names = options.values("entity-name").into_iter();
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    if options.has("entity-default") {
        names.push(String::new());
    }
    for (flag, of_type) in NAMED.iter().filter(|(flag, _)| options.has(flag)) {
        types.push(of_type);
        names.extend(options.value(flag)?.map(str::to_owned));
    }
    for (_, of_type) in DEFAULTS.iter().filter(|(flag, _)| options.has(flag)) {
        types.push(of_type);
        names.push(String::new());
    }
    Ok((types, names))
}

fn check_types(options: &Options, types: &[&str]) -> Result<(), Failure> {
    let different: Set<&str> = types.iter().copied().collect();
    if different.len() != types.len() {
        let mut seen = Set::new();
        let repeated = types.iter().filter(|one| !seen.insert(**one));
        let repeated: Vec<&str> = repeated.copied().collect();
        return Err(Failure::illegal(format!(
            "Duplicate entity type(s) specified: {}",
            repeated.join(",")
        )));
    }
    if !options.has("bootstrap-server") && !options.has("bootstrap-controller") {
        return Err(Failure::illegal(
            "Either --bootstrap-server or --bootstrap-controller must be specified.",
        ));
    }
    if let Some(unknown) = types.iter().find(|one| !TYPES.contains(one)) {
        return Err(Failure::illegal(format!(
            "Invalid entity type {unknown}, the entity type must be one of {} with a --bootstrap-server or --bootstrap-controller argument",
            TYPES.join(", ")
        )));
    }
    if types.is_empty() {
        return Err(Failure::illegal(
            "At least one entity type must be specified",
        ));
    }
    if types.len() > 1 && different != Set::from(["clients", "users"]) {
        return Err(Failure::illegal(
            "Only 'users' and 'clients' entity types may be specified together",
        ));
    }
    Ok(())
}

fn check_names(types: &[&str], names: &[String]) -> Result<(), Failure> {
    let head = types[0];
    let given = names.iter().filter(|name| !name.is_empty());
    for name in given {
        if ["brokers", "broker-loggers"].contains(&head) && name.parse::<i32>().is_err() {
            return Err(Failure::illegal(format!(
                "The entity name for {head} must be a valid integer broker id, but it is: {name}"
            )));
        }
        // Whether there is such a host is not looked up.
        let is_host = |one: char| one.is_alphanumeric() || ".-_:%".contains(one);
        if head == "ips" && !name.chars().all(is_host) {
            return Err(Failure::illegal(format!(
                "The entity name for {head} must be a valid IP or resolvable host, but it is: {name}"
            )));
        }
    }
    Ok(())
}

fn check_describe(options: &Options, types: &[&str], names: &[String]) -> Result<(), Failure> {
    let has_default = types.iter().any(|one| WITH_DEFAULT.contains(one));
    if !has_default && options.has("entity-default") {
        return Err(Failure::illegal(format!(
            "--entity-default must not be specified with --describe of {}",
            types.join(",")
        )));
    }
    if types.contains(&"broker-loggers") && names.iter().all(String::is_empty) {
        return Err(Failure::illegal(format!(
            "An entity name must be specified with --describe of {}",
            types.join(",")
        )));
    }
    Ok(())
}

fn check_alter(options: &Options, types: &[&str], names: &[String]) -> Result<(), Failure> {
    if types.iter().any(|one| WITH_DEFAULT.contains(one)) {
        if names.is_empty() {
            return Err(Failure::illegal(
                "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips",
            ));
        }
    } else if names.iter().all(String::is_empty) {
        return Err(Failure::illegal(format!(
            "An entity name must be specified with --alter of {}",
            types.join(",")
        )));
    }
    if options.has("add-config") && options.has("add-config-file") {
        return Err(Failure::illegal(
            "Only one of --add-config or --add-config-file must be specified",
        ));
    }
    let changes = ["add-config", "add-config-file", "delete-config"];
    match changes.iter().any(|change| options.has(change)) {
        true => Ok(()),
        false => Err(Failure::illegal(
            "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter",
        )),
    }
}

/// In the order in which Kafka's tool names them.
const TYPES: [&str; 8] = [
    "topics",
    "clients",
    "users",
    "brokers",
    "ips",
    "client-metrics",
    "groups",
    "broker-loggers",
];

const WITH_DEFAULT: [&str; 4] = ["users", "clients", "brokers", "ips"];

/// Options that name an entity, and its type.
const NAMED: [(&str, &str); 8] = [
    ("topic", "topics"),
    ("client", "clients"),
    ("user", "users"),
    ("broker", "brokers"),
    ("broker-logger", "broker-loggers"),
    ("ip", "ips"),
    ("client-metrics", "client-metrics"),
    ("group", "groups"),
];

/// Options that name a type's default.
const DEFAULTS: [(&str, &str); 4] = [
    ("client-defaults", "clients"),
    ("user-defaults", "users"),
    ("broker-defaults", "brokers"),
    ("ip-defaults", "ips"),
];

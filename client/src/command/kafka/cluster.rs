//! Whom a tool talks to: `--bootstrap-server`, and a file of properties for its client.

use super::java::{Exception, Properties, parse_properties};
use super::options::Options;
use crate::admin::AdminConfig;
use crate::command::{Desk, Stop};
use crate::interface::Address;

/// Reads a file of properties.
///
/// # Errors
/// Java's exception for a file that cannot be read.
pub(crate) fn load_properties(
    desk: &mut Desk,
    path: &str,
) -> Result<Result<Properties, Exception>, Stop> {
    let file = desk.read_file(path)?;
    let text = file.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(match text {
        Ok(text) => Ok(parse_properties(&text)),
        Err(why) if why.contains("Is a directory") => Err(Exception {
            class: "java.io.IOException".to_owned(),
            message: "Is a directory".to_owned(),
        }),
        Err(_) => Err(Exception {
            class: "java.nio.file.NoSuchFileException".to_owned(),
            message: path.to_owned(),
        }),
    })
}

/// The configuration of a tool's admin client, as `--bootstrap-server` and `--command-config` say.
///
/// # Errors
/// What Java's admin client throws when it is made.
pub(crate) fn admin_config_of(
    desk: &mut Desk,
    options: &Options,
) -> Result<Result<AdminConfig, Exception>, Stop> {
    let properties = match options.value("command-config") {
        Ok(Some(path)) => match load_properties(desk, path)? {
            Ok(properties) => properties,
            Err(exception) => return Ok(Err(exception)),
        },
        _ => Properties::new(),
    };
    let servers = options
        .value("bootstrap-server")
        .ok()
        .flatten()
        .unwrap_or_default();
    Ok(admin_config(servers, &properties))
}

/// The configuration of an admin client.
///
/// # Errors
/// What Java's admin client throws when it is made.
pub(crate) fn admin_config(
    servers: &str,
    properties: &Properties,
) -> Result<AdminConfig, Exception> {
    let bootstrap = parse_servers(servers)?;
    let defaults = AdminConfig::new(bootstrap);
    let number = |key: &str, default: i64| match properties.get(key) {
        None => Ok(default),
        Some(value) => value.trim().parse::<i32>().map(i64::from).map_err(|_| {
            config_exception(&format!(
                "Invalid value {value} for configuration {key}: Not a number of type INT"
            ))
        }),
    };
    let protocol = properties
        .get("security.protocol")
        .map(|protocol| protocol.trim().to_uppercase());
    if let Some(protocol) = protocol.filter(|protocol| protocol != "PLAINTEXT") {
        return Err(config_exception(&format!(
            "security.protocol={protocol} is not served here: only PLAINTEXT is"
        )));
    }
    let api_timeout_ms = number("default.api.timeout.ms", defaults.api_timeout_ms)?;
    Ok(AdminConfig {
        client_id: properties
            .get("client.id")
            .cloned()
            .unwrap_or_else(|| "adminclient-1".to_owned()),
        request_timeout_ms: number("request.timeout.ms", defaults.request_timeout_ms)?,
        api_timeout_ms,
        patience_ms: api_timeout_ms,
        ..defaults
    })
}

/// A list of `host:port`, as Java takes it apart: anything may stand before the host, such as `PLAINTEXT://`.
fn parse_servers(servers: &str) -> Result<Vec<Address>, Exception> {
    let urls = servers
        .split(',')
        .map(str::trim)
        .filter(|url| !url.is_empty());
    let addresses: Vec<Address> = urls
        .map(|url| {
            let invalid = || config_exception(&format!("Invalid url in bootstrap.servers: {url}"));
            parse_address(url).ok_or_else(invalid)
        })
        .collect::<Result<_, _>>()?;
    match addresses.is_empty() {
        true => Err(config_exception(
            "No resolvable bootstrap urls given in bootstrap.servers",
        )),
        false => Ok(addresses),
    }
}

fn parse_address(url: &str) -> Option<Address> {
    let (before, port) = url.rsplit_once(':')?;
    let is_number = !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit());
    let port = is_number.then(|| port.parse().ok())??;
    let host = match before.strip_suffix(']') {
        Some(before) => before.rsplit_once('[')?.1,
        None => before.rsplit_once('/').map_or(before, |(_, host)| host),
    };
    let is_host =
        |character: char| character.is_ascii_alphanumeric() || "-%._:".contains(character);
    (!host.is_empty() && host.chars().all(is_host)).then(|| Address {
        host: host.to_owned(),
        port,
    })
}

fn config_exception(message: &str) -> Exception {
    Exception {
        class: "org.apache.kafka.common.config.ConfigException".to_owned(),
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart_as_java_does() {
        let servers =
            parse_servers("localhost:9092, PLAINTEXT://a-b.c:1 ,[::1]:2").expect("good addresses");
        let servers: Vec<String> = servers.iter().map(Address::to_string).collect();
        assert_eq!(servers, ["localhost:9092", "a-b.c:1", "[::1]:2"]);
        for (text, message) in [
            ("localhost", "Invalid url in bootstrap.servers: localhost"),
            ("a:1,b:x", "Invalid url in bootstrap.servers: b:x"),
            ("a:99999", "Invalid url in bootstrap.servers: a:99999"),
            ("a b:1", "Invalid url in bootstrap.servers: a b:1"),
            (
                " , ",
                "No resolvable bootstrap urls given in bootstrap.servers",
            ),
        ] {
            assert_eq!(parse_servers(text).expect_err("refused").message, message);
        }
    }

    #[test]
    fn properties_reach_the_admin_client() {
        let properties =
            parse_properties("client.id=me\nrequest.timeout.ms=5\ndefault.api.timeout.ms=7");
        let config = admin_config("localhost:1", &properties).expect("a good configuration");
        assert_eq!(config.client_id, "me");
        assert_eq!(
            (
                config.request_timeout_ms,
                config.api_timeout_ms,
                config.patience_ms
            ),
            (5, 7, 7)
        );
        let tls = parse_properties("security.protocol=ssl");
        let refused = admin_config("localhost:1", &tls).expect_err("refused");
        assert_eq!(
            refused.message,
            "security.protocol=SSL is not served here: only PLAINTEXT is"
        );
    }
}

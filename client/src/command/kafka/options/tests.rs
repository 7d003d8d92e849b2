//! What a tool hears of its command line.

use expect_test::expect;

use super::{Declaration, HELP, Options, Quit, VERSION};

const TOOL: &[Declaration] = &[
    Declaration::flag(
        "list",
        "List all available topics, in the order of their names, with or without the internal ones.",
    ),
    Declaration::text("topic", "topic", "The topic to create."),
    Declaration::integer("partitions", "# of partitions", "How many."),
    Declaration::long("timeout", "timeout (ms)", "How long.").default("30000"),
    Declaration::optional("state", "", "Which states.").only_with(&["list", "describe"]),
    Declaration::flag("describe", "List details."),
    HELP,
    VERSION,
];

fn parse(line: &str) -> Result<Options, super::OptionError> {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    Options::parse(TOOL, &words)
}

fn parsed(line: &str) -> Options {
    parse(line).expect("a command line that makes sense")
}

fn refusal(line: &str) -> String {
    parse(line)
        .expect_err("a command line that makes none")
        .to_string()
}

#[test]
fn a_value_stands_behind_an_equals_sign_or_behind_a_space() {
    for line in [
        "--topic orders",
        "--topic=orders",
        "-topic orders",
        "-topic=orders",
    ] {
        assert_eq!(parsed(line).value("topic"), Ok(Some("orders")), "{line}");
    }
    assert_eq!(parsed("--topic a=b").value("topic"), Ok(Some("a=b")));
    assert_eq!(parsed("--topic=a=b").value("topic"), Ok(Some("a=b")));
    assert_eq!(parsed("--topic=").value("topic"), Ok(Some("")));
}

#[test]
fn a_required_argument_is_whatever_comes_next() {
    let options = parsed("--topic --list");
    assert_eq!(options.value("topic"), Ok(Some("--list")));
    assert!(!options.has("list"));
    assert_eq!(
        refusal("--list --topic"),
        "Option topic requires an argument"
    );
}

#[test]
fn an_optional_argument_is_not_an_option() {
    assert_eq!(parsed("--list --state empty").values("state"), ["empty"]);
    let options = parsed("--state --list");
    assert!(options.has("state") && options.has("list"));
    assert_eq!(options.value("state"), Ok(None));
}

#[test]
fn names_are_not_abbreviated() {
    assert_eq!(refusal("--lis"), "lis is not a recognized option");
    assert_eq!(refusal("--bogus=3"), "bogus is not a recognized option");
    assert_eq!(refusal("-bogus"), "b is not a recognized option");
}

#[test]
fn an_option_of_an_old_release_has_a_remedy() {
    let refusal = parse("--zookeeper localhost:2181").expect_err("it was removed");
    assert_eq!(refusal.to_string(), "zookeeper is not a recognized option");
    assert!(
        refusal
            .remedy()
            .is_some_and(|text| text.contains("--bootstrap-server"))
    );
    assert_eq!(parse("--bogus").expect_err("it never was").remedy(), None);
}

#[test]
fn an_option_may_be_repeated_until_one_value_is_asked_for() {
    let options = parsed("--topic a --topic b --list --list");
    assert_eq!(options.values("topic"), ["a", "b"]);
    let refusal = options.value("topic").expect_err("there are two");
    expect!["Found multiple arguments for option topic, but you asked for only one"]
        .assert_eq(&refusal.to_string());
}

#[test]
fn a_number_is_looked_at_when_it_is_asked_for() {
    let options = parsed("--partitions three --timeout 5");
    let refusal = options.integer("partitions").expect_err("no number");
    expect!["Cannot parse argument 'three' of option partitions"].assert_eq(&refusal.to_string());
    assert_eq!(options.long("timeout"), Ok(Some(5)));
    assert_eq!(parsed("--partitions +3").integer("partitions"), Ok(Some(3)));
    assert_eq!(parsed("--list").long("timeout"), Ok(Some(30_000)));
    assert_eq!(parsed("--list").integer("partitions"), Ok(None));
}

#[test]
fn words_that_are_no_options_are_passed_over() {
    let options = parsed("here --list there - -- --bogus");
    assert!(options.has("list"));
}

#[test]
fn some_options_need_another() {
    expect!["Option(s) [state] are unavailable given other options on the command line"]
        .assert_eq(&refusal("--state --topic t"));
    assert!(parsed("--state --topic t --help").has("help"));
}

#[test]
fn the_checks_of_kafka_end_with_its_usage() {
    let options = parsed("--topic a --describe");
    let first_line = |quit: Result<(), Quit>| {
        let quit = quit.expect_err("it is refused");
        assert_eq!((quit.code, quit.stdout.as_str()), (1, ""));
        quit.stderr.lines().next().unwrap_or_default().to_owned()
    };
    expect![[r#"Missing required argument "[partitions]""#]].assert_eq(&first_line(
        options.check_required(&["topic", "partitions"]),
    ));
    expect![[r#"Option "[describe]" can't be used with option "[topic]""#]].assert_eq(&first_line(
        options.check_invalid("describe", &["list", "topic"]),
    ));
    expect!["Exactly one of the following arguments is required: [list], [state]"]
        .assert_eq(&first_line(options.check_one_of(&["list", "state"])));
    assert_eq!(options.check_required(&["topic"]), Ok(()));
    assert_eq!(options.check_invalid("list", &["topic"]), Ok(()));
    assert_eq!(options.check_one_of(&["list", "describe"]), Ok(()));
}

#[test]
fn help_shows_the_options_in_two_columns() {
    let quit = parsed("--help --list")
        .help_or_version("It lists.")
        .expect_err("help");
    assert_eq!(quit.code, 1);
    expect![[r#"
        It lists.
        Option                                   Description                      
        ------                                   -----------                      
        --describe                               List details.                    
        --help                                   Print usage information.         
        --list                                   List all available topics, in the
                                                   order of their names, with or  
                                                   without the internal ones.     
        --partitions <Integer: # of partitions>  How many.                        
        --state [String]                         Which states.                    
        --timeout <Long: timeout (ms)>           How long. (default: 30000)       
        --topic <String: topic>                  The topic to create.             
        --version                                Display Kafka version.           
    "#]]
    .assert_eq(&quit.stderr);
    let quit = parsed("").help_or_version("It lists.").expect_err("help");
    assert!(quit.stderr.starts_with("It lists.\nOption"));
    let quit = parsed("--version")
        .help_or_version("It lists.")
        .expect_err("the version");
    assert_eq!((quit.stdout.as_str(), quit.code), ("4.3.1\n", 0));
}

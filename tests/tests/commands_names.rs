//! By which names the binary can be called, and what it says where a name or an option is wrong.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use ottla_tests::broker::{Broker, binary};
use ottla_tests::{client, ottla, tools};

const LIST: &str = "kafka-consumer-groups";

/// Runs the binary under another name, which lists the groups: none.
fn lists_groups(broker: &Broker, program: &Path) {
    let mut command = Command::new(program);
    command.args(["--bootstrap-server", broker.bootstrap(), "--list"]);
    let ended = client::output(&mut command, "");
    assert!(ended.status.success(), "{}: {ended:?}", program.display());
}

#[test]
fn a_link_or_a_copy_by_the_name_of_a_tool_is_that_tool() {
    let broker = Broker::in_memory();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let link = folder.path().join(format!("{LIST}.sh"));
    symlink(binary(), &link).expect("a link can be made");
    lists_groups(&broker, &link);
    let copy = folder.path().join(LIST);
    fs::copy(binary(), &copy).expect("a binary can be copied");
    lists_groups(&broker, &copy);
}

#[test]
fn tools_makes_links_that_work_with_and_without_sh() {
    let broker = Broker::in_memory();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let bin = folder.path().join("kafka/bin");
    let directory = bin.to_str().expect("a path of text");
    let said = ottla::succeeds(broker.bootstrap(), &["tools", directory], "");
    assert!(said.contains(&format!("links in {directory}\n")), "{said}");
    assert!(
        said.contains(&format!("export PATH=\"{directory}:$PATH\"")),
        "{said}"
    );
    for name in [LIST.to_owned(), format!("{LIST}.sh")] {
        lists_groups(&broker, &bin.join(name));
    }
    ottla::succeeds(broker.bootstrap(), &["tools", directory], "");
}

#[test]
fn tools_leaves_what_is_not_its_own() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let script = folder.path().join(LIST);
    fs::write(&script, "somebody's").expect("a file can be written");
    let directory = folder.path().to_str().expect("a path of text");
    let refused = ottla::run("nowhere:1", &["tools", directory]);
    assert_eq!(refused.code, Some(1));
    assert_eq!(
        refused.stderr,
        format!(
            "ottla: {directory}/{LIST} is there, and is no link to ottla\n       \
             choose another folder, or replace what is there with --force\n"
        )
    );
    assert_eq!(
        fs::read_to_string(&script).expect("it is there"),
        "somebody's"
    );
    ottla::succeeds("nowhere:1", &["tools", directory, "--force"], "");
    assert_eq!(
        fs::read_link(&script)
            .expect("it is a link now")
            .file_name(),
        binary().file_name()
    );
}

#[test]
fn a_shell_completes_commands_and_tools() {
    let script = ottla::succeeds("nowhere:1", &["completion", "bash"], "");
    let Some(bash) = tools::find("bash") else {
        tools::record_skip("bash is not installed: its completion");
        return;
    };
    let asked = format!(
        "{script}\n_complete() {{ COMP_WORDS=(ottla \"$@\"); COMP_CWORD=$#; _ottla ottla \"${{@: -1}}\" ottla; echo \"${{COMPREPLY[@]}}\"; }}\n\
         _complete comp; _complete kafka-consumer-g; _complete serve --mem\n"
    );
    let mut command = Command::new(bash);
    let ended = client::output(command.arg("-s"), &asked);
    assert_eq!(
        String::from_utf8_lossy(&ended.stdout),
        format!("completion\n{LIST}\n--memory\n"),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[test]
fn the_broker_may_be_named_in_the_middle_of_its_options() {
    let mut running = ottla::start(
        "nowhere:1",
        &["--memory", "--listen", "127.0.0.1:0", "serve"],
    );
    assert!(
        running
            .next_line()
            .starts_with("ready bootstrap.servers=127.0.0.1:")
    );
    running.signal("TERM");
    assert_eq!(running.ends(), Some(0));
}

#[test]
fn what_makes_no_sense_is_usage_and_ends_with_2() {
    for (arguments, word) in [
        (&["--memory", "completion", "bash"][..], "--memory"),
        (&["topics", "list"], "topics"),
        (&["--nonsense"], "--nonsense"),
        (&["completion", "cmd.exe"], "cmd.exe"),
        (&["tools"], "<DIR>"),
    ] {
        let ended = ottla::run("nowhere:1", arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}");
        assert!(ended.stdout.is_empty(), "{arguments:?}");
        assert!(ended.stderr.contains(word), "{}", ended.stderr);
    }
}

#[test]
fn a_variable_that_is_set_to_nothing_counts_as_not_set() {
    let mut command = ottla::command("", &["--listen", "nonsense"]);
    for name in ["MEMORY", "DATA", "LISTEN", "LOG", "CONFIG_FILE", "CONFIG"] {
        command.env(format!("OTTLA_{name}"), "");
    }
    let ended = client::output(&mut command, "");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(
        said.contains("nonsense is no address to listen on"),
        "{said}"
    );
}

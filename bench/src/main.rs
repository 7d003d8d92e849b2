//! `cargo xtask bench`: Ottla beside Apache Kafka, any rival, and a floor.

mod bare;
mod broker;
mod commands;
mod measure;
mod options;
mod process;
mod table;

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use measure::Plan;
use options::Options;
use table::Table;

/// What went wrong, in words for a person.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)) {
        Ok(Some(options)) => match run(&options) {
            Ok(true) => return ExitCode::SUCCESS,
            Ok(false) => eprintln!("bench: some measures failed; see above"),
            Err(error) => eprintln!("bench: {error}"),
        },
        Ok(None) => {
            print!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => eprintln!("bench: {error}"),
    }
    ExitCode::FAILURE
}

/// All rounds, brokers in turn within each measure, so that a slow minute of the machine hits all of them alike.
/// Returns whether every measure worked.
fn run(options: &Options) -> Result<bool> {
    let plan = if options.quick {
        Plan::quick(options.first_port)
    } else {
        Plan::full(options.first_port)
    };
    let mut table = Table::new(
        options
            .brokers
            .iter()
            .map(|broker| broker.name.clone())
            .collect(),
    );
    let tools = if options.commands {
        commands::tools(&options.brokers)?
    } else {
        Vec::new()
    };
    let mut commands = Table::new(tools.iter().map(|tool| tool.name.clone()).collect());
    let since = Instant::now();
    let mut all_well = true;
    for round in 1..=options.rounds {
        for measure in &options.measures {
            for (column, broker) in options.brokers.iter().enumerate() {
                if broker.is_floor() && !measure.for_floor {
                    continue;
                }
                eprintln!(
                    "{:4} s  round {round} of {}: {}, {}",
                    since.elapsed().as_secs(),
                    options.rounds,
                    measure.name,
                    broker.name
                );
                match (measure.run)(broker, &plan) {
                    Ok(figures) => figures
                        .into_iter()
                        .for_each(|figure| table.add(column, figure)),
                    Err(error) => {
                        all_well = false;
                        eprintln!("{}, {}: {error}", measure.name, broker.name);
                    }
                }
            }
        }
        for (column, tool) in tools.iter().enumerate() {
            eprintln!(
                "{:4} s  round {round} of {}: commands, {}",
                since.elapsed().as_secs(),
                options.rounds,
                tool.name
            );
            match tool.measure(&options.brokers, &plan) {
                Ok(figures) => figures
                    .into_iter()
                    .for_each(|figure| commands.add(column, figure)),
                Err(error) => {
                    all_well = false;
                    eprintln!("commands, {}: {error}", tool.name);
                }
            }
        }
        // After each round, so that an interrupted run has left something.
        write(options, &[&table, &commands])?;
    }
    print!("{}", markdown(&[&table, &commands]));
    Ok(all_well)
}

fn markdown(tables: &[&Table]) -> String {
    let filled = tables.iter().filter(|table| !table.is_empty());
    filled
        .map(|table| table.markdown())
        .collect::<Vec<_>>()
        .join("\n")
}

fn write(options: &Options, tables: &[&Table]) -> Result<()> {
    let results = options::project().join("results");
    fs::create_dir_all(&results)?;
    let work = if options.quick { ", quick" } else { "" };
    let head = format!(
        "Medians of {} round(s){work}; in parentheses the ratio to the first column.\n\n",
        options.rounds
    );
    fs::write(results.join("latest.md"), head + &markdown(tables))?;
    let rows: Vec<serde_json::Value> = tables.iter().flat_map(|table| table.json()).collect();
    fs::write(
        results.join("latest.json"),
        serde_json::to_string_pretty(&rows)? + "\n",
    )?;
    Ok(())
}

//! The format of runbooks: what is fine, what is not, and what it says then.

use muster_runbooks::{Source, read};

const GOOD: &str = include_str!("good/payment-failover.yaml");

fn source(text: &str) -> Source {
    Source { file: "payment-failover.yaml".to_owned(), text: text.to_owned() }
}

#[test]
fn a_good_runbook_is_read() {
    match read(&[source(GOOD)], None) {
        Ok(books) => println!("{books:#?}"),
        Err(faults) => panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

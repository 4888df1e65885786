//! What is brought from elsewhere is a runbook without faults.

use muster_core::runbook::{Action, Runbook};
use muster_runbooks::import::{markdown, rundeck};
use muster_runbooks::{Source, read};

const JOB: &str = r#"
- name: Restart the checkout
  description: Restarts workers, and looks at them.
  id: 1b0e4a0c-6f0e-4a0e-9d6e-000000000000
  loglevel: INFO
  schedule: { time: { hour: '03' } }
  options:
    - { name: env, label: Environment, enforced: true, required: true, values: [prod, stage], value: stage }
    - { name: Free Text, description: whatever, regex: "[a-z]+", value: abc }
    - { name: password, secure: true }
  sequence:
    keepgoing: false
    strategy: node-first
    commands:
      - { description: Drain, exec: "/opt/shop/drainctl drain --env ${option.env}" }
      - { exec: "echo ${option.env} | sh" }
      - { exec: "restart ${option.password}" }
      - script: |
          #!/bin/sh
          echo {{ moustache }} ${option.env}
      - { jobref: { group: ops, name: Check it, args: "-env ${option.env}" } }
      - { type: edu.ohio.ais.rundeck.HttpWorkflowStepPlugin, nodeStep: false, configuration: { remoteUrl: "https://shop.internal/health/${option.env}", method: get } }
      - { type: some-other-plugin, configuration: { a: b } }
"#;

const LIST: &str = "\
# Queue room

Opens the queue room when the shop is too full.

## Before

Look at the dashboard.

- [ ] Requests are above 4,000 a second
- [x] Marketing knows
- an ordinary thing

## Open it

```sh
queuectl open --shop {{ shop }}
```

## After

1. [ ] Tell stores
";

fn read_back(text: &str) -> Runbook {
    let source = Source { file: "brought.yaml".to_owned(), text: text.to_owned() };
    read(&[source], None).unwrap_or_else(|faults| panic!("{faults:#?}\n{text}")).remove(0)
}

#[test]
fn a_job_of_rundeck_becomes_a_runbook() {
    let text = rundeck(JOB).expect("a runbook");
    let book = read_back(&text);
    let does: Vec<_> = book
        .steps
        .iter()
        .map(|step| {
            if let Action::Run(program) = &step.action {
                return format!("run {}", program.program);
            }
            if let Action::Http(call) = &step.action {
                return format!("{} {}", call.method, String::from(call.url.clone()));
            }
            assert!(matches!(step.action, Action::Manual { .. }), "{:?}", step.action);
            format!("by hand: {}", step.name)
        })
        .collect();
    assert_eq!(
        does,
        [
            "run drainctl",
            "by hand: echo ${option.env} | sh",
            "by hand: restart ${option.password}",
            "by hand: Run a script",
            "by hand: Run Check it",
            "GET https://shop.internal/health/${{ inputs.env }}",
            "by hand: A step of Rundeck",
        ],
        "{text}"
    );
    assert_eq!(book.inputs.iter().map(|input| input.id.as_str()).collect::<Vec<_>>(), ["env", "free_text"]);
    assert!(text.contains("# The job's `schedule`") && text.contains("# The option `password` is a secret"), "{text}");
    assert!(rundeck("- {name: a}\n- {name: b}").expect_err("two").contains("one at a time"));
}

#[test]
fn a_list_in_markdown_becomes_a_runbook() {
    let text = markdown(LIST).expect("a runbook");
    let book = read_back(&text);
    assert_eq!((book.id.as_str(), book.name.as_str()), ("queue-room", "Queue room"));
    assert_eq!(book.description, "Opens the queue room when the shop is too full.");
    assert_eq!(book.steps.iter().map(|step| step.id.as_str()).collect::<Vec<_>>(), ["before", "open_it", "after"]);
    let Action::Manual { text: said, checklist } = &book.steps[0].action else { panic!("by hand") };
    assert!(String::from(said.clone()).contains("- an ordinary thing"));
    assert_eq!(checklist.len(), 2);
    assert!(markdown("").is_err());
}

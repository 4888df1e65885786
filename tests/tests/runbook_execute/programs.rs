//! Programs: what they are given, what they may use, and what is made of what they say.

use crate::world::{But, World, doubt, inputs, outputs, reason, run, run_with};
use muster_core::ports::executor::Executor;
use muster_core::runbook::{Scope, Source};
use serde_json::json;
use std::fs;
use std::time::Duration;
use tokio::sync::watch;

#[tokio::test]
async fn a_program_gets_its_arguments_an_empty_folder_and_little_else() {
    let script = "printf '%s\\n' \"$@\"\necho \"in $(pwd) with $(ls -A | wc -l) files\"\ntest \"$(pwd)\" = \"$HOME\" || exit 8\n\
                  touch left-behind || exit 9\nprintf 'input:'; cat; echo\nenv | sort | grep -v -e ^HOME= -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD=";
    let world = World::new().await.with("show", script);
    let scope = inputs(&json!({ "to": "two words; $HOME `x`" }));
    let task = run_with("show", &["--to", "${{ inputs.to }}", ""], &[("REGION", "${{ inputs.to }}")], &scope);
    let report = world.does(&task).await;
    outputs(&report);
    let lines: Vec<&str> = report.output.lines().collect();
    assert_eq!(lines[..3], ["--to", "two words; $HOME `x`", ""]);
    assert!(lines[3].starts_with("in /") && lines[3].ends_with(" with 0 files"), "{}", lines[3]);
    let folder = lines[3].split(' ').nth(1).expect("a folder");
    assert!(!fs::exists(folder).expect("it can be asked"), "{folder} is still there");
    let rest = [
        "input:",
        "LANG=C.UTF-8",
        "MUSTER_ATTEMPT=2",
        "MUSTER_INCIDENT=INC-7",
        "MUSTER_RUN=1",
        "MUSTER_STEP=switch",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "REGION=two words; $HOME `x`",
        "TZ=UTC",
    ];
    assert_eq!(lines[4..], rest);
}

#[tokio::test]
async fn a_program_has_no_right_that_it_needs_not() {
    let script =
        "grep -e ^Uid -e ^Groups -e ^NoNewPrivs -e ^CapEff -e ^CapPrm /proc/self/status; ulimit -c; ps -o sid= -p $$";
    let world = World::new().await.with("who", script);
    let report = world.does(&run("who", &[], &Scope::default())).await;
    outputs(&report);
    let uid = world.settings().user.uid;
    assert_ne!(uid, 0, "never root");
    assert!(report.output.contains(&format!("Uid: {uid} {uid} {uid} {uid}")), "{}", report.output);
    for line in ["NoNewPrivs: 1", "CapEff: 0000000000000000", "CapPrm: 0000000000000000"] {
        assert!(report.output.contains(line), "{line}: {}", report.output);
    }
    let core = report.output.lines().rev().nth(1);
    assert_eq!(core, Some("0"), "no memory is left in files: {}", report.output);
}

#[tokio::test]
async fn outputs_are_found_in_what_it_says_and_not_in_its_complaints() {
    let script = "echo 'warning: {' >&2; echo '{\"active\": \"second\"}'; echo 'and more' >&2";
    let world = World::new().await.with("payctl", script);
    let task = run("payctl", &[], &Scope::default())
        .finding("active", Source::Json("/active".to_owned()))
        .finding("status", Source::Status);
    let report = world.does(&task).await;
    assert_eq!(outputs(&report), json!({ "active": "second", "status": 0 }));
    for line in ["warning: {\n", "{\"active\": \"second\"}\n", "and more\n"] {
        assert!(report.output.contains(line), "{}", report.output);
    }
}

#[tokio::test]
async fn a_program_that_fails_says_how_with_its_last_words() {
    let world = World::new().await.with("bad", "for n in 1 2 3 4 5; do echo line $n; done; exit 3");
    let report = world.does(&run("bad", &[], &Scope::default())).await;
    assert_eq!(reason(&report), "bad ended with status 3: line 3 / line 4 / line 5");
    assert_eq!(report.output, "line 1\nline 2\nline 3\nline 4\nline 5\n");
    let world = world.with("suicide", "kill -9 $$");
    assert_eq!(reason(&world.does(&run("suicide", &[], &Scope::default())).await), "suicide was killed by signal 9");
}

#[tokio::test]
async fn what_cannot_be_started_says_why() {
    let world = World::new().await.with_script("strange", "#!/no/such/interpreter\n").with_program("gone", "/no/such");
    let report = world.does(&run("strange", &[], &Scope::default())).await;
    assert!(reason(&report).contains("the interpreter that its first line names"), "{report:?}");
    let report = world.does(&run("gone", &[], &Scope::default())).await;
    assert!(reason(&report).starts_with("gone was not started: /no/such is not there"), "{report:?}");
    let report = world.does(&run("other", &[], &Scope::default())).await;
    assert_eq!(reason(&report), "other is not among the programs of [runbooks.program] in the config");
    let world = world.with("locked", "true");
    std::os::unix::fs::chown(world.path("locked"), Some(0), Some(0)).ok();
    fs::set_permissions(world.path("locked"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("its mode");
    let report = world.does(&run("locked", &[], &Scope::default())).await;
    assert!(reason(&report).contains("may not execute"), "{report:?}");
    for name in ["LD_PRELOAD", "MUSTER_RUN", "A=B", "", "1A"] {
        let report = world.does(&run_with("locked", &[], &[(name, "x")], &Scope::default())).await;
        assert_eq!(reason(&report), format!("“{name}” is no variable that a step may set"));
    }
}

#[tokio::test]
async fn what_would_be_taken_for_an_option_is_refused() {
    let world = World::new().await.with("show", "printf '%s\\n' \"$@\"");
    let scope = inputs(&json!({ "v": "--force", "empty": "" }));
    for args in [&["${{ inputs.v }}"][..], &["x", "${{ inputs.empty }}${{ inputs.v }}"], &["${{ inputs.v }}", "--"]] {
        let report = world.does(&run("show", args, &scope)).await;
        assert!(reason(&report).contains("is filled in and begins with a dash"), "{args:?}: {report:?}");
    }
    let report = world.does(&run("show", &["--to=${{ inputs.v }}", "--", "${{ inputs.v }}"], &scope)).await;
    outputs(&report);
    assert_eq!(report.output, "--to=--force\n--\n--force\n");
    // A filled-in `--` ends no options.
    let scope = inputs(&json!({ "v": "--force", "dashes": "--" }));
    let report = world.does(&run("show", &["x${{ inputs.dashes }}", "${{ inputs.v }}"], &scope)).await;
    assert!(reason(&report).starts_with("argument 2 is filled in"), "{report:?}");
}

#[tokio::test]
async fn long_output_is_cut_with_a_note_and_never_blocks_its_program() {
    let world =
        World::new().await.with("chatty", "yes line | head -c 5000000; yes error | head -c 5000000 >&2; echo 7 > $1");
    let done = world.path("done");
    let task =
        run("chatty", &[done.to_str().expect("a path")], &Scope::default()).limited(|limits| limits.output = 10_000);
    let report = world.does(&task).await;
    outputs(&report);
    assert!(report.cut && report.output.ends_with("\n[cut: there was more than 9 KB]"), "{}", report.output.len());
    assert!(report.output.len() < 10_100);
    assert_eq!(fs::read_to_string(done).expect("it came to its end").trim(), "7");
    let task = task.finding("all", Source::Json("/x".to_owned()));
    let report = world.does(&task).await;
    let expected = "the output `all` is not there: what it said is not JSON, of which only the beginning was kept";
    assert_eq!(reason(&report), expected);
}

#[tokio::test]
async fn what_it_says_is_made_fit_for_people() {
    let script = "printf 'a\\033[31mred\\033[0m \\033]0;title\\007b\\r\\n10%%\\r20%%\\n\\377\\376 \\342\\200\\256turned\\000\\n'";
    let world = World::new().await.with("colourful", script);
    let report = world.does(&run("colourful", &[], &Scope::default())).await;
    assert_eq!(report.output, "ared b\n10%\n20%\n\u{fffd}\u{fffd} turned\n");
}

#[tokio::test]
async fn the_last_lines_are_told_while_it_works() {
    let world = World::new().await;
    let go = world.path("go");
    let script =
        format!("for n in 1 2 3 4 5 6; do echo line $n; done; while ! test -e {}; do sleep 0.05; done", go.display());
    let world = world.with("slow", &script);
    let tail = watch::Sender::new(Vec::new());
    let mut seen = tail.subscribe();
    let (machine, task) = (world.machine(), run("slow", &[], &Scope::default()));
    let watched = async {
        let is_all = |lines: &Vec<String>| lines.last().is_some_and(|line| line == "line 6");
        let lines = seen.wait_for(is_all).await.expect("it works").clone();
        fs::write(&go, "").expect("it is written");
        lines
    };
    let (report, lines) = tokio::join!(machine.execute(&task, &tail), watched);
    outputs(&report);
    assert_eq!(lines, ["line 2", "line 3", "line 4", "line 5", "line 6"]);
}

#[tokio::test]
async fn memory_beyond_its_limit_is_not_to_be_had() {
    let world =
        World::new().await.with("hungry", "exec perl -e 'my $x = \"x\" x ($ARGV[0] << 20); print length $x' \"$1\"");
    let little = run("hungry", &["20"], &Scope::default());
    outputs(&world.does(&little).await);
    let much = run("hungry", &["600"], &Scope::default());
    let report = world.does(&much).await;
    assert!(reason(&report).to_lowercase().contains("out of memory"), "{report:?}");
    let more = much.limited(|limits| limits.memory = 2 << 30);
    outputs(&world.does(&more).await);
}

#[tokio::test]
async fn a_guard_that_is_killed_leaves_a_doubt() {
    // Only a program with the rights of its guard could do that, so the test does.
    let world = World::new().await;
    let pid = world.path("pid");
    let world = world.with("orphan", &format!("echo $PPID > {}; sleep 1", pid.display()));
    let (machine, task) = (world.machine(), run("orphan", &[], &Scope::default()).within(Duration::from_secs(5)));
    let tail = watch::Sender::default();
    let killing = muster_tests::process::eventually("its guard's id", Duration::from_secs(10), async || {
        let pid = fs::read_to_string(&pid).ok().filter(|pid| pid.ends_with('\n'))?;
        std::process::Command::new("kill").args(["-9", pid.trim()]).status().ok()
    });
    let (report, _) = tokio::join!(machine.execute(&task, &tail), killing);
    assert!(doubt(&report).starts_with("what guarded orphan is gone"), "{report:?}");
}

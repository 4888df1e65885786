//! Nothing of a program is left: not when its time is up, not when nobody wants it any more, not when Muster is killed.

use crate::world::{But, World, outputs, reason, run_with};
use muster_core::ports::executor::Executor;
use muster_core::runbook::{Scope, Task};
use muster_tests::process::eventually;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What a program could do to outlive its end.
const STUBBORN: &str = "#!/bin/bash
trap '' TERM HUP INT
sleep 1000 &
nohup sleep 1000 > /dev/null 2>&1 &
setsid sleep 1000 &
setsid bash -c 'trap \"\" TERM; sleep 1000 & wait' &
( ( setsid bash -c 'trap \"\" TERM; while :; do sleep 1000; done' & ) & )
perl -MPOSIX -e 'fork and exit; POSIX::setsid(); fork and exit; $SIG{TERM} = \"IGNORE\"; sleep 1000 while 1' &
bash -c 'kill -STOP $$' &
echo begun
touch \"$BEGUN\"
while :; do sleep 1000; done
";

/// Every process with that mark in its environment, which is inherited.
fn marked(mark: &Path) -> Vec<String> {
    let mark = format!("MARK={}", mark.display());
    let entries = fs::read_dir("/proc").expect("processes can be seen").flatten();
    let is_marked = |path: &PathBuf| {
        let environment = fs::read(path.join("environ")).unwrap_or_default();
        environment.split(|&byte| byte == 0).any(|variable| variable == mark.as_bytes())
    };
    let name =
        |path: PathBuf| String::from_utf8_lossy(&fs::read(path.join("cmdline")).unwrap_or_default()).into_owned();
    entries.map(|entry| entry.path()).filter(is_marked).map(name).collect()
}

fn task(world: &World, program: &str) -> Task {
    let mark = world.folder().display().to_string();
    let begun = world.path("begun").display().to_string();
    run_with(program, &[], &[("MARK", &mark), ("BEGUN", &begun)], &Scope::default())
}

async fn has_begun(world: &World) {
    eventually("it begins", Duration::from_secs(20), async || world.path("begun").exists().then_some(())).await;
}

/// Waits until the stubborn one has all its descendants.
async fn has_begun_all(world: &World) {
    let all = async || (marked(world.folder()).len() >= 10).then_some(());
    eventually("all of it begins", Duration::from_secs(20), all).await;
}

#[tokio::test]
async fn when_its_time_is_up_nothing_of_it_is_left_after_its_grace() {
    let world = World::new().await.with_script("stubborn", STUBBORN);
    let (machine, task) = (world.machine(), task(&world, "stubborn").within(Duration::from_secs(2)));
    let began = Instant::now();
    let tail = watch::Sender::default();
    let (report, ()) = tokio::join!(machine.execute(&task, &tail), has_begun_all(&world));
    let took = began.elapsed();
    assert_eq!(reason(&report), "stubborn took longer than 2 s and was stopped: begun");
    assert_eq!(marked(world.folder()), [""; 0]);
    assert!(took >= Duration::from_secs(7) && took < Duration::from_secs(12), "2 s, and 5 s of grace: {took:?}");
}

#[tokio::test]
async fn one_that_ends_when_it_is_asked_needs_no_grace() {
    let world =
        World::new().await.with("polite", "exec perl -e '$SIG{TERM} = sub { print qq(bye\\n); exit }; sleep 1000'");
    let began = Instant::now();
    let report = world.does(&task(&world, "polite").within(Duration::from_secs(1))).await;
    assert_eq!(reason(&report), "polite took longer than 1 s and was stopped: bye");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[tokio::test]
async fn what_it_leaves_in_the_background_goes_with_it() {
    let world = World::new().await.with("daemon", "setsid sleep 1000 & nohup sleep 1000 > /dev/null & echo started");
    let report = world.does(&task(&world, "daemon")).await;
    outputs(&report);
    assert_eq!((report.output.as_str(), marked(world.folder())), ("started\n", Vec::new()));
}

#[tokio::test]
async fn one_that_nobody_waits_for_any_more_is_ended() {
    let world = World::new().await.with_script("stubborn", STUBBORN);
    let (machine, task) = (world.machine(), task(&world, "stubborn"));
    let running = tokio::spawn(async move { machine.execute(&task, &watch::Sender::default()).await });
    has_begun_all(&world).await;
    running.abort();
    let gone = async || marked(world.folder()).is_empty().then_some(());
    eventually("all of it is gone", Duration::from_secs(10), gone).await;
}

/// The variable that makes the next test the Muster that is killed.
const KILLED: &str = "MUSTER_TEST_KILLED";

#[test]
fn when_muster_is_killed_nothing_is_left() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if let Some(folder) = std::env::var_os(KILLED) {
        return runtime.block_on(async {
            let world =
                World::new().await.with_program("stubborn", &Path::new(&folder).join("stubborn").to_string_lossy());
            let variables =
                [("MARK", folder.to_str().expect("a path")), ("BEGUN", &*format!("{}/begun", folder.display()))];
            world.does(&run_with("stubborn", &[], &variables, &Scope::default())).await;
        });
    }
    runtime.block_on(async {
        let world = World::new().await.with_script("stubborn", STUBBORN);
        let name = "descendants::when_muster_is_killed_nothing_is_left";
        let mut muster = Command::new(std::env::current_exe().expect("a test is a program"))
            .args([name, "--exact"])
            .env(KILLED, world.folder())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        has_begun_all(&world).await;
        muster.kill().expect("it lives");
        muster.wait().expect("it is gone");
        let gone = async || marked(world.folder()).is_empty().then_some(());
        eventually("all of it is gone", Duration::from_secs(10), gone).await;
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_bomb_hurts_nobody() {
    let bomb = "#!/bin/bash\ntouch $BEGUN\nf() { f | f & }\nf\nwhile :; do f 2> /dev/null; done\n";
    let world = World::new().await.with_script("bomb", bomb);
    let (machine, task) = (world.machine(), task(&world, "bomb").within(Duration::from_secs(3)));
    let most = task.timeout + Duration::from_secs(7);
    let began = Instant::now();
    let tail = watch::Sender::default();
    let beside = async {
        has_begun(&world).await;
        let (mut most, mut slowest) = (0, Duration::ZERO);
        while began.elapsed() < Duration::from_secs(2) {
            most = most.max(marked(world.folder()).len());
            let asked = Instant::now();
            let other =
                tokio::process::Command::new("/bin/true").status().await.expect("others may still start programs");
            assert!(other.success());
            slowest = slowest.max(asked.elapsed());
        }
        (most, slowest)
    };
    let (report, (count, slowest)) = tokio::join!(machine.execute(&task, &tail), beside);
    assert!(matches!(report.ended, muster_core::runbook::Ended::Badly { .. }), "{report:?}");
    assert!((2..=40).contains(&count), "{count} at once");
    assert!(slowest < Duration::from_secs(2), "others waited {slowest:?}");
    assert!(began.elapsed() < most, "{:?}", began.elapsed());
    assert_eq!(marked(world.folder()), [""; 0]);
}

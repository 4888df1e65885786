//! From a slash command to its acknowledgement, which is given once the incident is durable.

use crate::Extent;
use crate::bare::Bare;
use crate::declare::{DECLARATION, IN_FLIGHT};
use crate::http::{Load, flight, sequence};
use crate::replay::Declarations;
use crate::report::{Figure, Report, Times, rate, ratio, shown};
use crate::slack::{Workspace, beside};
use crate::slack_bare::{SECRET, sign};
use muster_tests::process::slack::Wire;
use muster_tests::slack::Fault;
use std::time::Duration;

/// What the limit of one after another is made of.
struct Raw {
    transaction: Duration,
    verified: Duration,
    rows: usize,
    /// Declarations a second in batches.
    batched: f64,
}

/// Measures it over HTTP and Socket Mode, one after another and many at a time.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Slack: from the command to the acknowledgement");
    report.remark("Slack has asked us to wait, so that nothing but the way in is measured: effects wait in the outbox");
    let (load, raw, late) = beside(http(extent));
    say_late(report, late);
    report.add(one_after_another("HTTP", &load.times, &raw));
    let (times, late) = beside(socket(extent));
    say_late(report, late);
    report.add(one_after_another("Socket Mode", &times, &raw));
    for (is_held, what) in [(true, "effects waiting"), (false, "effects made meanwhile, 50 ms each")] {
        let (load, each, late) = beside(many(extent, is_held));
        say_late(report, late);
        report.add(many_at_a_time(what, &load, &raw));
        report.remark(&format!("{} of processor time for each declaration and its effects", shown(each)));
    }
}

/// An acknowledgement that is given before the incident is durable promises nothing: Muster gives it after 700 ms.
fn say_late(report: &Report, late: u64) {
    if late > 0 {
        report.remark(&format!("{late} were acknowledged before they were durable: the disk or the machine stalled"));
    }
}

/// Slack asks not to be called to make rooms or to say anything, as the real one does when much is declared at once.
fn hold(workspace: &Workspace) {
    for method in ["conversations.create", "chat.postMessage"] {
        workspace.slack.fail(Fault::rate_limited(3_600).on(method).until_healed());
    }
}

/// The load, what it is measured against, and how many acknowledgements said no more than that it goes on.
async fn http(extent: Extent) -> (Load, Raw, u64) {
    let bare = Bare::start().await;
    let workspace = Workspace::new(Wire::Http).await;
    let load = sequence(bare.address, extent.times, |number| {
        let genuine = workspace.declaration("bare", number);
        let form = genuine.windows(4).position(|four| four == b"\r\n\r\n").expect("a body") + 4;
        sign(SECRET, std::str::from_utf8(&genuine[form..]).expect("a form is text"))
    });
    let verified = load.await.times.p50();
    drop(bare);

    hold(&workspace);
    let server = workspace.installation.start().await;
    let address = workspace.address();
    sequence(address, 100, |number| workspace.declaration("w", number)).await;
    let load = sequence(address, extent.times, |number| workspace.declaration("s", number)).await;
    let late = (extent.times + 100).saturating_sub(workspace.count("SELECT count(*) FROM incidents").await);
    server.terminate().await;

    let declarations = Declarations::read(&workspace.installation.database()).await;
    let folder = workspace.installation.folder();
    let together = usize::try_from(IN_FLIGHT).expect("a small number");
    let raw = Raw {
        transaction: declarations.replay(folder, 1, extent.load).await.times.p50(),
        verified,
        rows: declarations.rows_each(),
        batched: declarations.replay(folder, together, extent.load).await.rate(),
    };
    (load, raw, late)
}

async fn socket(extent: Extent) -> (Times, u64) {
    let workspace = Workspace::new(Wire::Socket).await;
    let server = workspace.installation.start().await;
    workspace.slack.has_sockets(1).await;
    hold(&workspace);
    let (mut times, mut late) = (Times::new(), 0);
    for number in 0..extent.times + 100 {
        let heard = workspace.alice.types(&workspace.incidents, "/inc", DECLARATION).await;
        if number >= 100 {
            times.add(heard.acked.expect("it is acknowledged"));
        }
        late += u64::from(!heard.body.to_string().contains("INC-"));
    }
    server.terminate().await;
    (times, late)
}

/// The load, the processor time that Muster used for each declaration, and how many were acknowledged late.
async fn many(extent: Extent, is_held: bool) -> (Load, Duration, u64) {
    let workspace = Workspace::new(Wire::Http).await;
    if is_held {
        hold(&workspace);
    } else {
        workspace.slack.delay(Duration::from_millis(50));
    }
    let server = workspace.installation.start().await;
    let address = workspace.address();
    flight(address, 4, Duration::from_millis(200), |number| workspace.declaration("w", number)).await;
    let before = workspace.count("SELECT count(*) FROM incidents").await;
    let used = Workspace::processor_time(&server);
    let load = flight(address, IN_FLIGHT, extent.load, |number| workspace.declaration("f", number)).await;
    let used = Workspace::processor_time(&server) - used;
    let written = workspace.count("SELECT count(*) FROM incidents").await - before;
    server.kill();
    let each = used.div_f64(rate(load.times.count(), Duration::from_secs(1)));
    let late = load.times.count().saturating_sub(written);
    (load, each, late)
}

fn one_after_another(wire: &str, times: &Times, raw: &Raw) -> Figure {
    let limit = raw.transaction + raw.verified;
    Figure {
        what: format!("Slack over {wire}: command to acknowledgement, one after another, p50"),
        measured: format!("{} (p99 {})", shown(times.p50()), shown(times.p99())),
        raw: format!(
            "{} = transaction of {} rows {} + verified request {}",
            shown(limit),
            raw.rows,
            shown(raw.transaction),
            shown(raw.verified)
        ),
        ratio: Some(ratio(times.p50(), limit)),
        aim: "within 4x of raw".to_owned(),
        met: Some(ratio(times.p50(), limit) <= 4.0),
    }
}

fn many_at_a_time(what: &str, load: &Load, raw: &Raw) -> Figure {
    let measured = rate(load.times.count(), load.took);
    Figure {
        what: format!("Slack over HTTP: durable declares, {IN_FLIGHT} in flight, {what}"),
        measured: format!("{measured:.0}/s (p50 {}, p99 {})", shown(load.times.p50()), shown(load.times.p99())),
        raw: format!("{:.0}/s in batches of {IN_FLIGHT}", raw.batched),
        ratio: Some(measured / raw.batched),
        aim: "8,000/s on 2 cores".to_owned(),
        met: Some(measured >= 8_000.0),
    }
}

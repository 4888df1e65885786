//! From a slash command to its acknowledgement, which is given once the incident is durable.

use crate::Extent;
use crate::bare::Bare;
use crate::chat::{Platform, Workspace, beside, processor_time};
use crate::declare::IN_FLIGHT;
use crate::http::{Load, flight, sequence};
use crate::replay::Declarations;
use crate::report::{Figure, Report, Times, rate, ratio, shown};
use muster_tests::process::Wire;
use std::time::Duration;

/// What the limit of one after another is made of.
struct Raw {
    transaction: Duration,
    verified: Duration,
    rows: usize,
    /// Declarations a second in batches.
    batched: f64,
}

/// Measures it over HTTP and down the socket, one after another and many at a time.
pub(crate) fn measure<P: Platform>(report: &mut Report, extent: Extent) {
    let name = P::NAME;
    report.chapter(&format!("{name}: from the command to the acknowledgement"));
    let why = "so that nothing but the way in is measured: effects wait in the outbox";
    report.remark(&format!("{name} has asked us to wait, {why}"));
    let (load, raw, late) = beside(http::<P>(extent));
    say_late(report, late);
    report.add(one_after_another::<P>("HTTP", &load.times, &raw));
    let (times, late) = beside(socket::<P>(extent));
    say_late(report, late);
    report.add(one_after_another::<P>(P::SOCKET, &times, &raw));
    for (is_held, what) in [(true, "effects waiting"), (false, "effects made meanwhile, 50 ms each")] {
        let (load, each, late) = beside(many::<P>(extent, is_held));
        say_late(report, late);
        report.add(many_at_a_time::<P>(what, &load, &raw));
        report.remark(&format!("{} of processor time for each declaration and its effects", shown(each)));
    }
}

/// An acknowledgement that is given before the incident is durable promises nothing: Muster gives it after 700 ms.
fn say_late(report: &Report, late: u64) {
    if late > 0 {
        report.remark(&format!("{late} were acknowledged before they were durable: the disk or the machine stalled"));
    }
}

/// The load, what it is measured against, and how many acknowledgements said no more than that it goes on.
async fn http<P: Platform>(extent: Extent) -> (Load, Raw, u64) {
    let workspace = Workspace::<P>::new(Wire::Http).await;
    let server = workspace.start().await;
    let chat = &workspace.chat;
    let make = |run: &'static str| move |number| chat.declaration(run, number);
    chat.hold();
    let address = workspace.address();
    sequence(address, 100, make("w")).await;
    let load = sequence(address, extent.times, make("s")).await;
    let late = (extent.times + 100).saturating_sub(workspace.count("SELECT count(*) FROM incidents").await);
    server.terminate().await;

    let bare = Bare::start().await;
    let verified = sequence(bare.address, extent.times, |number| chat.bare_declaration(number)).await;
    drop(bare);
    let declarations = Declarations::read(&workspace.installation.database()).await;
    let folder = workspace.installation.folder();
    let together = usize::try_from(IN_FLIGHT).expect("a small number");
    let raw = Raw {
        transaction: declarations.replay(folder, 1, extent.load).await.times.p50(),
        verified: verified.times.p50(),
        rows: declarations.rows_each(),
        batched: declarations.replay(folder, together, extent.load).await.rate(),
    };
    (load, raw, late)
}

async fn socket<P: Platform>(extent: Extent) -> (Times, u64) {
    let workspace = Workspace::<P>::new(Wire::Socket).await;
    let server = workspace.start().await;
    workspace.chat.hold();
    let (mut times, mut late) = (Times::new(), 0);
    for number in 0..extent.times + 100 {
        let (acked, answer) = workspace.chat.declare().await;
        if number >= 100 {
            times.add(acked.expect("it is acknowledged"));
        }
        late += u64::from(!answer.contains("INC-"));
    }
    server.terminate().await;
    (times, late)
}

/// The load, the processor time that Muster used for each declaration, and how many were acknowledged late.
async fn many<P: Platform>(extent: Extent, is_held: bool) -> (Load, Duration, u64) {
    let workspace = Workspace::<P>::new(Wire::Http).await;
    let server = workspace.start().await;
    if is_held {
        workspace.chat.hold();
    } else {
        workspace.chat.delay(Duration::from_millis(50));
    }
    let address = workspace.address();
    flight(address, 4, Duration::from_millis(200), |number| workspace.chat.declaration("w", number)).await;
    let before = workspace.count("SELECT count(*) FROM incidents").await;
    let used = processor_time(&server);
    let load = flight(address, IN_FLIGHT, extent.load, |number| workspace.chat.declaration("f", number)).await;
    let used = processor_time(&server) - used;
    let written = workspace.count("SELECT count(*) FROM incidents").await - before;
    server.kill();
    let each = used.div_f64(rate(load.times.count(), Duration::from_secs(1)));
    let late = load.times.count().saturating_sub(written);
    (load, each, late)
}

fn one_after_another<P: Platform>(wire: &str, times: &Times, raw: &Raw) -> Figure {
    let limit = raw.transaction + raw.verified;
    Figure {
        what: format!("{} over {wire}: command to acknowledgement, one after another, p50", P::NAME),
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

fn many_at_a_time<P: Platform>(what: &str, load: &Load, raw: &Raw) -> Figure {
    let measured = rate(load.times.count(), load.took);
    Figure {
        what: format!("{} over HTTP: durable declares, {IN_FLIGHT} in flight, {what}", P::NAME),
        measured: format!("{measured:.0}/s (p50 {}, p99 {})", shown(load.times.p50()), shown(load.times.p99())),
        raw: format!("{:.0}/s in batches of {IN_FLIGHT}", raw.batched),
        ratio: Some(measured / raw.batched),
        aim: "8,000/s on 2 cores".to_owned(),
        met: Some(measured >= 8_000.0),
    }
}

//! What the disk itself can do: nothing durable is faster.

use crate::Extent;
use crate::report::{Figure, Report, Times, shown};
use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::time::Instant;

/// A page of a database.
const PAGE: usize = 4_096;
/// The file is this many pages, so that the disk overwrites most of the time, as a write-ahead log does.
const PAGES: u64 = 256;

/// Writes a page and waits until the disk has it, again and again.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("The disk");
    let folder = tempfile::Builder::new().prefix("muster-bench-").tempdir().expect("a folder");
    let mut options = OpenOptions::new();
    let file = options.create(true).truncate(true).write(true).open(folder.path().join("page")).expect("a file");
    let page = [7_u8; PAGE];
    let mut times = Times::new();
    for round in 0..extent.times + PAGES {
        let began = Instant::now();
        file.write_all_at(&page, (round % PAGES) * PAGE as u64).expect("the page is written");
        file.sync_data().expect("the disk answers");
        if round >= PAGES {
            times.add(began.elapsed());
        }
    }
    report.add(Figure {
        what: "write 4 KiB and fdatasync, p50".to_owned(),
        measured: shown(times.p50()),
        raw: format!("it is one; p99 {}", shown(times.p99())),
        ratio: None,
        aim: "none; a slow disk slows all below".to_owned(),
        met: None,
    });
}

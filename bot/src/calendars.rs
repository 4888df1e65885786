//! The calendars of schedules: read from files and, through the guarded way out, from URLs. The last good copy of what came
//! from outside is kept, so that nobody is off call because another's server is away.

use crate::config::{CalendarPlace, CalendarSource};
use anyhow::{Context, bail, ensure};
use axum::http::{Method, Request, StatusCode, header};
use muster_core::clock::Timestamp;
use muster_core::oncall::{Calendar, Reading};
use muster_core::org::Organisation;
use muster_core::ports::outside::Outside;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of the copies, beside the data.
const COPIES: &str = "calendars";

/// How calendars are read.
pub(crate) struct Calendars<'a> {
    /// The way out; without one, what came from outside is taken from its copy.
    pub(crate) outside: Option<&'a dyn Outside>,
    /// The folder of the data, when there is one: where the copies are.
    pub(crate) data: Option<&'a Path>,
    /// The time: shifts of about a year are read.
    pub(crate) now: Timestamp,
}

impl Calendars<'_> {
    /// The organisation with what its calendars say, and what could not be read of them, a sentence each.
    pub(crate) async fn read(&self, org: Organisation, sources: &[CalendarSource]) -> (Organisation, Vec<String>) {
        let mut troubles = Vec::new();
        let mut org = Arc::new(org);
        for source in sources {
            let read = self.one(source, &org).await;
            let (calendar, notes) = read.unwrap_or_else(|error| (None, vec![format!("{error:#}")]));
            let of_it = |note: String| format!("the calendar of schedule `{}`: {note}", source.schedule);
            troubles.extend(notes.into_iter().map(of_it));
            let org = Arc::make_mut(&mut org);
            if let Some(schedule) = org.schedules.iter_mut().find(|schedule| schedule.id == source.schedule) {
                schedule.calendar = calendar;
            }
        }
        (Arc::unwrap_or_clone(org), troubles)
    }

    /// One calendar, if there is one, and what was left out of it.
    async fn one(
        &self,
        source: &CalendarSource,
        org: &Arc<Organisation>,
    ) -> anyhow::Result<(Option<Calendar>, Vec<String>)> {
        let url = match &source.place {
            CalendarPlace::File(file) => {
                let text =
                    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
                let (calendar, notes) = self.parsed(&text, source, org).await?;
                return Ok((Some(calendar), notes));
            }
            CalendarPlace::Url(url) => url,
        };
        let fetched = match self.outside {
            Some(outside) => fetched(outside, url).await,
            None => Err(anyhow::anyhow!("it is elsewhere, and there is no copy of it yet")),
        };
        let read = match fetched {
            Ok(text) => self.parsed(&text, source, org).await.map(|(calendar, notes)| (text, calendar, notes)),
            Err(error) => Err(error),
        };
        match read {
            Ok((text, calendar, mut notes)) => {
                if let Err(error) = self.keep(source, &text) {
                    notes.push(format!("its copy cannot be kept: {error:#}"));
                }
                Ok((Some(calendar), notes))
            }
            Err(error) => {
                let Some(copy) = self.copy(source)? else { return Err(error) };
                let (calendar, mut notes) = self.parsed(&copy, source, org).await?;
                if self.outside.is_some() {
                    notes.push(format!("{error:#}; its last good copy is used"));
                }
                Ok((Some(calendar), notes))
            }
        }
    }

    /// Reads the text beside everything else: it may be long, and takes its time then.
    async fn parsed(
        &self,
        text: &str,
        source: &CalendarSource,
        org: &Arc<Organisation>,
    ) -> anyhow::Result<(Calendar, Vec<String>)> {
        let zone = org.schedules.iter().find(|schedule| schedule.id == source.schedule).map(|schedule| schedule.zone);
        let (text, org, now) = (text.to_owned(), Arc::clone(org), self.now);
        let read = tokio::task::spawn_blocking(move || {
            let who = |typed: &str| org.find_person(typed).map(|person| person.id.clone());
            Calendar::read(&text, &Reading::around(now, zone.unwrap_or_default(), &who))
        });
        Ok(read.await.context("reading it has failed")??)
    }

    fn path(&self, source: &CalendarSource) -> Option<PathBuf> {
        // The id of a schedule is letters, digits and dashes.
        self.data.map(|data| data.join(COPIES).join(format!("{}.ics", source.schedule)))
    }

    /// The last good copy, if there is one.
    fn copy(&self, source: &CalendarSource) -> anyhow::Result<Option<String>> {
        let Some(path) = self.path(source) else { return Ok(None) };
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("its copy {} cannot be read", path.display())),
        }
    }

    /// Keeps a copy, whole or not at all, for nobody but Muster: a calendar is its owners' business.
    fn keep(&self, source: &CalendarSource, text: &str) -> anyhow::Result<()> {
        let Some(path) = self.path(source) else { return Ok(()) };
        let folder = path.parent().context("there is no folder for it")?;
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&path)?;
        Ok(())
    }
}

/// What is at a URL, which is never repeated: whoever has it may read the calendar.
async fn fetched(outside: &dyn Outside, url: &str) -> anyhow::Result<String> {
    let request = Request::builder().method(Method::GET).uri(url).header(header::ACCEPT, "text/calendar");
    let request = request.body(Vec::new()).map_err(|_| anyhow::anyhow!("its URL is not one"))?;
    let response = outside.send(request).await?;
    if response.status().is_redirection() {
        bail!("its URL leads elsewhere; put the address to which it leads into the config");
    }
    ensure!(response.status() == StatusCode::OK, "its server answers {}", response.status());
    String::from_utf8(response.into_body()).context("it is not text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use axum::http::Response;
    use muster_core::ids::PersonId;
    use muster_core::ports::outside::OutsideError;
    use std::sync::Mutex;

    const ALICE: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:alice\r\nDTSTART:20261121T000000Z\r\n\
                         DTEND:20261122T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    /// A server that answers what it is told to.
    struct Server(Mutex<(StatusCode, String)>);

    impl Server {
        fn answers(&self, status: StatusCode, text: &str) {
            *self.0.lock().expect("nobody has failed") = (status, text.to_owned());
        }
    }

    #[async_trait]
    impl Outside for Server {
        async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutsideError> {
            assert_eq!(request.uri(), "https://example.com/private-hunter2.ics");
            let (status, text) = self.0.lock().expect("nobody has failed").clone();
            if status == StatusCode::BAD_GATEWAY {
                return Err(OutsideError::Failed { reason: "nobody answers".to_owned() });
            }
            let mut response = Response::new(text.into_bytes());
            *response.status_mut() = status;
            Ok(response)
        }
    }

    fn config(calendar: &str) -> crate::config::Config {
        let text = format!(
            "[[person]]\nid = \"alice\"\nname = \"Alice\"\nright = \"admin\"\n\
             [[schedule]]\nid = \"tills\"\ncalendar = \"{calendar}\"\n"
        );
        crate::config::Config::parse(&text, Path::new("")).expect("a good config")
    }

    fn who(org: &Organisation, now: Timestamp) -> Vec<PersonId> {
        org.schedules[0].at(None, now).into_iter().map(|shift| shift.person).collect()
    }

    #[tokio::test]
    async fn the_last_good_copy_stands_in_while_the_server_is_away_or_talks_nonsense() {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server(Mutex::default());
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().expect("a moment");
        let config = config("https://example.com/private-hunter2.ics");
        let read = async |outside: Option<&dyn Outside>| {
            let calendars = Calendars { outside, data: Some(folder.path()), now };
            let (org, troubles) = calendars.read(config.org.clone(), &config.calendars).await;
            assert!(!troubles.join("").contains("hunter2"), "{troubles:?}");
            (who(&org, now).len(), troubles.join("\n"))
        };
        server.answers(StatusCode::BAD_GATEWAY, "");
        assert_eq!(read(Some(&server)).await, (0, "the calendar of schedule `tills`: nobody answers".to_owned()));
        assert!(read(None).await.1.ends_with("it is elsewhere, and there is no copy of it yet"));
        server.answers(StatusCode::OK, ALICE);
        assert_eq!(read(Some(&server)).await, (1, String::new()));
        for (status, text, why) in [
            (StatusCode::BAD_GATEWAY, "", "nobody answers"),
            (StatusCode::OK, "<html>Please sign in</html>", "it is not an iCalendar text"),
            (StatusCode::FOUND, "", "its URL leads elsewhere; put the address to which it leads into the config"),
            (StatusCode::NOT_FOUND, ALICE, "its server answers 404 Not Found"),
        ] {
            server.answers(status, text);
            let told = format!("the calendar of schedule `tills`: {why}; its last good copy is used");
            assert_eq!(read(Some(&server)).await, (1, told));
        }
        assert_eq!(read(None).await, (1, String::new()), "and the shell reads the copy");
    }

    #[tokio::test]
    async fn a_file_is_read_as_it_is_now() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tills.ics");
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().expect("a moment");
        let config = config(&file.display().to_string());
        let calendars = Calendars { outside: None, data: None, now };
        let (_, troubles) = calendars.read(config.org.clone(), &config.calendars).await;
        assert!(troubles[0].contains("tills.ics cannot be read"), "{troubles:?}");
        std::fs::write(&file, ALICE).expect("written");
        let (org, troubles) = calendars.read(config.org.clone(), &config.calendars).await;
        assert_eq!((who(&org, now).len(), troubles.len()), (1, 0));
    }
}

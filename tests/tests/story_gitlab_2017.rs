//! A real outage, replayed: GitLab.com's database, 31 January and 1 February 2017, as commands at the times (UTC) that
//! GitLab made public in <https://about.gitlab.com/blog/2017/02/10/postmortem-of-database-outage-of-january-31/>, and
//! the day after it in <https://about.gitlab.com/blog/2017/02/01/gitlab-dot-com-database-incident/> with the live notes
//! linked there. The words are ours, the people are numbered, and who typed what is imagined; what happened is not.
//!
//! What comes out is the document that would have been read the morning after. It is told in the console only: it is about
//! the document, and its people are in no chat.

use muster_core::export;
use muster_core::ids::PersonId;
use muster_core::org::{CustomField, Organisation, Person, Right, Service, ServiceKind, Site};
use muster_tests::clock::moment;
use muster_tests::on_each_store;
use muster_tests::world::World;

on_each_store! {
    the_database_of_gitlab_com_is_removed_and_restored,
}

/// Who is there. The postmortem asks that engineers are not named.
const PEOPLE: [(&str, &str); 4] =
    [("one", "Engineer One"), ("two", "Engineer Two"), ("three", "Engineer Three"), ("voice", "Spokesperson")];

fn gitlab() -> Organisation {
    let person = |(id, name): (&str, &str)| Person {
        id: PersonId::from(id),
        name: name.to_owned(),
        email: None,
        right: Right::Respond,
        time_zone: chrono_tz::Tz::UTC,
        reach: muster_core::org::Reach::default(),
    };
    let service = |id: &str, name: &str, kind| Service { id: id.to_owned(), name: name.to_owned(), kind, owner: None };
    Organisation {
        people: PEOPLE.map(person).to_vec(),
        services: vec![
            service("database", "PostgreSQL of GitLab.com", ServiceKind::Backend),
            service("web", "GitLab.com", ServiceKind::Web),
        ],
        sites: vec![Site { id: "azure".to_owned(), name: "Azure".to_owned() }],
        fields: vec![CustomField { key: "data_loss".to_owned(), name: "Data loss".to_owned(), choices: Vec::new() }],
        ..Organisation::empty("GitLab.com", "https://muster.example.com")
    }
}

/// At which time, who types what. A reminder that comes on the way is Muster's own doing.
const TOLD: &[(&str, &str, &str)] = &[
    ("2017-01-31T19:00:00Z", "one", "new sev3 database load is rising, probably spam --service database --site azure"),
    ("2017-01-31T19:02:00Z", "one", "INC-1 ic"),
    ("2017-01-31T19:05:00Z", "one", "INC-1 status investigating"),
    ("2017-01-31T19:20:00Z", "two", "INC-1 note many users cannot comment on issues and merge requests --at 19:00"),
    ("2017-01-31T21:00:00Z", "one", "INC-1 sev sev2 writes lock up and the site is down at times"),
    (
        "2017-01-31T21:05:00Z",
        "two",
        "INC-1 note blocked the addresses of the spammers; removed accounts that create snippets for spam",
    ),
    (
        "2017-01-31T21:15:00Z",
        "two",
        "INC-1 note removed an account whose repository served as a CDN: 47,000 addresses signed in with it",
    ),
    (
        "2017-01-31T21:30:00Z",
        "one",
        "INC-1 update the load comes from spam; accounts and addresses are being blocked --next 1h",
    ),
    (
        "2017-01-31T22:00:00Z",
        "two",
        "INC-1 note paged: db2 is about 4 GB behind db1, and replication has all but stopped",
    ),
    ("2017-01-31T22:05:00Z", "one", "INC-1 task get db2 to follow db1 again @one"),
    (
        "2017-01-31T22:30:00Z",
        "one",
        "INC-1 update the load is under control; db2 is too far behind and must be filled anew --next 2h",
    ),
    (
        "2017-01-31T23:00:00Z",
        "one",
        "INC-1 status identified db1 has removed WAL segments that db2 still needs; there is no WAL archive",
    ),
    (
        "2017-01-31T23:02:00Z",
        "one",
        "INC-1 note emptied the data directory of db2; pg_basebackup hangs and says nothing",
    ),
    (
        "2017-01-31T23:10:00Z",
        "one",
        "INC-1 note raised max_wal_senders on db1 from 3 to 32; PostgreSQL will not restart: too many semaphores",
    ),
    (
        "2017-01-31T23:15:00Z",
        "one",
        "INC-1 note lowered max_connections from 8000 to 2000; PostgreSQL is up, pg_basebackup still hangs",
    ),
    (
        "2017-01-31T23:27:00Z",
        "one",
        "INC-1 sev sev1 removed the data directory of db1 instead of db2; stopped within seconds",
    ),
    ("2017-01-31T23:29:00Z", "one", "INC-1 note of about 300 GB on db1 some 4.5 GB are left --at 23:27"),
    (
        "2017-01-31T23:30:00Z",
        "two",
        "INC-1 edit the data of GitLab.com's primary database has been removed --service database,web",
    ),
    (
        "2017-01-31T23:31:00Z",
        "one",
        "INC-1 handoff @two I ran rm -rf on db1 and should run nothing more with sudo today; db1 and db2 are both empty, nothing is restored yet",
    ),
    ("2017-01-31T23:33:00Z", "two", "INC-1 handoff accept"),
    ("2017-01-31T23:34:00Z", "two", "INC-1 role comms @voice"),
    ("2017-01-31T23:35:00Z", "two", "INC-1 task find a backup that can be restored @three"),
    ("2017-01-31T23:36:00Z", "two", "INC-1 task assign 1 @two"),
    (
        "2017-01-31T23:40:00Z",
        "voice",
        "INC-1 update emergency maintenance of the database; GitLab.com is offline --next 30m",
    ),
    ("2017-01-31T23:45:00Z", "three", "INC-1 note the daily pg_dump is not in S3: the bucket is empty"),
    (
        "2017-01-31T23:50:00Z",
        "three",
        "INC-1 note it ran pg_dump 9.2 against PostgreSQL 9.6 and failed every time; the mails about it were rejected for want of DMARC",
    ),
    (
        "2017-01-31T23:52:00Z",
        "three",
        "INC-1 note disk snapshots of Azure are on for the NFS servers and were never on for the databases",
    ),
    (
        "2017-01-31T23:55:00Z",
        "one",
        "INC-1 note took an LVM snapshot of db1 by hand, for a load test in staging --at 17:20",
    ),
    ("2017-02-01T00:00:00Z", "three", "INC-1 task done 2"),
    (
        "2017-02-01T00:02:00Z",
        "two",
        "INC-1 summary The data of db1 was removed by mistake, that of db2 before it on purpose. No backup works. We restore the LVM snapshot that happened to be taken at 17:20, so what was written to the database since is lost; repositories and wikis are not affected.",
    ),
    ("2017-02-01T00:05:00Z", "two", "INC-1 edit --field \"data_loss=all database changes since 17:20 UTC\""),
    (
        "2017-02-01T00:10:00Z",
        "voice",
        "INC-1 update production data was removed by accident; we are restoring from a copy six hours old, and our notes are public --next 2h",
    ),
    ("2017-02-01T00:36:00Z", "two", "INC-1 task keep what is left on db1"),
    ("2017-02-01T00:55:00Z", "two", "INC-1 task copy the data of the staging database to db1 @three"),
    ("2017-02-01T01:05:00Z", "three", "INC-1 note nfs-share01 serves as temporary storage"),
    ("2017-02-01T01:20:00Z", "two", "INC-1 task done 3"),
    (
        "2017-02-01T02:10:00Z",
        "voice",
        "INC-1 update the copy runs; staging has slow disks, so it will take most of the day --next 8h",
    ),
    ("2017-02-01T10:10:00Z", "voice", "INC-1 update 60% of the database is copied --next 6h"),
    ("2017-02-01T16:50:00Z", "three", "INC-1 task done 4"),
    ("2017-02-01T17:00:00Z", "two", "INC-1 mitigate the database is restored as it was at 17:20, without webhooks"),
    (
        "2017-02-01T17:05:00Z",
        "two",
        "INC-1 task restore the webhooks from the snapshot and raise all sequences by 100,000 @two",
    ),
    ("2017-02-01T17:10:00Z", "voice", "INC-1 update the database is back; the last checks are running --next 1h"),
    ("2017-02-01T18:00:00Z", "two", "INC-1 task done 5"),
    ("2017-02-01T18:01:00Z", "two", "INC-1 task done 1"),
    (
        "2017-02-01T18:14:00Z",
        "two",
        "INC-1 resolve GitLab.com is back online; about 5,000 projects, 5,000 comments and 700 new accounts are lost",
    ),
    (
        "2017-02-01T18:30:00Z",
        "two",
        "INC-1 note part of the load was a job that removed the account of an employee, flagged for abuse by mistake --at \"2017-01-31 19:00\"",
    ),
    ("2017-02-01T18:40:00Z", "two", "INC-1 followup make shell prompts tell hosts and environments apart @one"),
    ("2017-02-01T18:41:00Z", "two", "INC-1 followup watch that backups arrive, and restore one every day @three"),
    ("2017-02-01T18:42:00Z", "two", "INC-1 followup turn on disk snapshots for the databases"),
    ("2017-02-01T18:43:00Z", "two", "INC-1 followup archive WAL and restore to any point in time"),
    ("2017-02-01T18:44:00Z", "two", "INC-1 followup give the durability of data one owner"),
];

async fn the_database_of_gitlab_com_is_removed_and_restored(world: World) {
    world.muster.reconfigure(gitlab());
    world.clock.begin(moment("2017-01-31T17:20:00Z"));
    for (at, who, line) in TOLD {
        world.until(moment(at)).await;
        world.person(who).types(line).await.ok();
    }
    world.pass(600).await;
    let org = world.muster.org();
    let seen = world.muster.whole(&PersonId::from("three"), muster_tests::world::number("INC-1")).await;
    let seen = seen.expect("the store answers").expect("everybody may see it");
    insta::assert_snapshot!("timeline", export::markdown(&seen, &org));
    world.room("INC-1").skips().await;
    for (id, _) in PEOPLE {
        world.ear_of(id).skips().await;
    }
    world.finish().await;
}

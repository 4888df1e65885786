//! The story of an incident in Slack, told as conversations: each over Socket Mode and over HTTP.

mod begin;
mod page;
mod people;
mod record;
mod time;
mod work;

/// Tells each story over Socket Mode, on SQLite, and over signed requests, in memory.
macro_rules! over_both_wires {
    ($($tale:ident),* $(,)?) => {$(
        mod $tale {
            use muster_tests::stage::workspace::{Wire, Workspace};

            #[tokio::test]
            async fn over_socket_mode() {
                super::$tale(Workspace::begin(Wire::Socket).await).await;
            }

            #[tokio::test]
            async fn over_http() {
                super::$tale(Workspace::begin(Wire::Http).await).await;
            }
        }
    )*};
}
pub(crate) use over_both_wires;

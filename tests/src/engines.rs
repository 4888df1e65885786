//! The same world over each real store, so that every story is told on both.

use crate::world::World;
use crate::{pg, sample};

/// A world in an SQLite file of its own.
///
/// # Panics
/// When there is no place for the file.
pub async fn sqlite() -> World {
    let home = tempfile::tempdir().expect("there is a place for a database");
    let store = muster_store::connect(&format!("sqlite:{}", home.path().join("muster.db").display())).await;
    World::over(store.expect("a new database can be opened"), sample::retailer(), Box::new(home))
}

/// A world in a PostgreSQL database of its own; `None`, and a line that says so, where there is no PostgreSQL.
///
/// # Panics
/// When PostgreSQL is there and does not work, or must be there and is not.
pub async fn postgres(test: &str) -> Option<World> {
    let url = pg::database(test).await?;
    let store = muster_store::connect(&url).await.expect("a new database can be opened");
    Some(World::over(store, sample::retailer(), Box::new(())))
}

/// Tells each story on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_each_store {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            use $crate::engines;

            #[tokio::test]
            async fn on_sqlite() {
                super::$story(engines::sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(world) = engines::postgres(stringify!($story)).await {
                    super::$story(world).await;
                }
            }
        }
    )*};
}

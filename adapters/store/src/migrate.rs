//! The migrations, embedded in the binary: one set for both engines.

use sqlx::migrate::Migrator;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Every migration, in order.
#[must_use]
pub fn migrations() -> &'static Migrator {
    &MIGRATIONS
}

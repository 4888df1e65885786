//! FakeSlack: the platform over loopback, as strict as the real one.

//! By what people are reached, when a way fails, and what a drill and a private incident may use.

//! What Muster does in Discord, against a Discord that refuses, loses answers, and is changed by people meanwhile.

mod budget;
mod desk;
mod doctor;
mod lost;
mod rooms;
mod said;

//! Stories of a broker in a JavaScript process, without the JavaScript.

mod copies;
mod crashes;
mod faults;
mod options;
mod streams;
mod support;
mod time;
mod views;

//! What producing commands share: lines of standard input, and what a line says.

mod lines;
mod reader;
